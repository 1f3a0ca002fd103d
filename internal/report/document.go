package report

// Schema is the version of the JSON below. It changes when a field is
// renamed or removed, not when one is added.
const Schema = 1

// A document is the whole report. Field order is the order in the output. Its
// parts are written one after the other.
type document struct {
	beginning
	Calls   []call   `json:"calls"`
	Streams []stream `json:"streams"`
	middle
	rosterJSON
	end
}

type beginning struct {
	Schema     int               `json:"schema"`
	Program    program           `json:"program"`
	Capture    captureJSON       `json:"capture"`
	Filter     *Filter           `json:"filter,omitempty"` // calls and streams are those that match it
	Totals     totals            `json:"totals"`
	Methods    map[string]uint64 `json:"methods"`
	Responses  map[string]uint64 `json:"responses"`
	Transports map[string]uint64 `json:"transports"`
}

type middle struct {
	MSRP    []msrpJSON   `json:"msrp_sessions,omitempty"` // whose call is not known
	ICMP    []icmpJSON   `json:"icmp,omitempty"`          // about SIP and media of no call
	Metrics *metricsJSON `json:"metrics,omitempty"`
}

type end struct {
	Omitted   *omitted    `json:"omitted,omitempty"` // how many more there are than the lists hold
	Encrypted []encrypted `json:"tls"`
	Findings  []finding   `json:"findings"`
}

type program struct {
	Name    string `json:"name"`
	Version string `json:"version"`
}

type captureJSON struct {
	Sources         []source          `json:"sources"`
	Frames          uint64            `json:"frames"`
	Octets          uint64            `json:"octets"`
	First           string            `json:"first,omitempty"`
	Last            string            `json:"last,omitempty"`
	Truncated       bool              `json:"truncated"`
	KernelDropped   *uint64           `json:"kernel_dropped"` // null for files
	DuplicateFrames uint64            `json:"duplicate_frames"`
	Undecoded       map[string]uint64 `json:"undecoded"`
	Datagrams       map[string]uint64 `json:"datagrams"` // neither SIP nor media, by what their octets say
	Health          *healthJSON       `json:"health"`
	CallsEvicted    uint64            `json:"calls_evicted,omitempty"`
	StreamsEvicted  uint64            `json:"streams_evicted,omitempty"`
	MSRPEvicted     uint64            `json:"msrp_sessions_evicted,omitempty"`
	MSRPLost        uint64            `json:"msrp_lost,omitempty"` // requests and responses that cannot be read
	MSRPSkipped     uint64            `json:"msrp_skipped_octets,omitempty"`
	LimitReached    string            `json:"limit_reached,omitempty"`
	FalsePositives  uint64            `json:"rtp_false_positives,omitempty"` // streams without a call that turned out to be none
	Sent            []sent            `json:"sent,omitempty"`                // by --hep-send
	Error           string            `json:"error,omitempty"`               // why reading ended early
}

type source struct {
	Name     string   `json:"name"`
	Format   string   `json:"format"`
	LinkType string   `json:"link_type"` // several are joined with a comma
	Frames   uint64   `json:"frames"`
	Octets   uint64   `json:"octets"`
	Warnings []string `json:"warnings,omitempty"`
}

type sent struct {
	Name      string `json:"name"` // "udp:192.0.2.5:9060"
	Sent      uint64 `json:"sent"`
	Dropped   uint64 `json:"dropped"`
	Failed    uint64 `json:"failed"`
	Truncated uint64 `json:"truncated"`
	Error     string `json:"error,omitempty"` // the latest
}

type totals struct {
	SIPMessages   uint64 `json:"sip_messages"`
	SIPMalformed  uint64 `json:"sip_malformed"`
	Calls         uint64 `json:"calls"`
	Dialogs       uint64 `json:"dialogs"`
	Registrations uint64 `json:"registrations"`
	Transactions  uint64 `json:"transactions"`
	RTPPackets    uint64 `json:"rtp_packets"`
	RTCPPackets   uint64 `json:"rtcp_packets"`
	SRTPPackets   uint64 `json:"srtp_packets"`
	T38Packets    uint64 `json:"t38_packets"`
	Streams       uint64 `json:"streams"`
	MSRPMessages  uint64 `json:"msrp_messages"`
}

type call struct {
	Type                string   `json:"type,omitempty"` // "call", in jsonl only
	CallID              *string  `json:"call_id"`        // null: messages without a Call-ID
	Method              string   `json:"method"`
	From                string   `json:"from,omitempty"`
	To                  string   `json:"to,omitempty"`
	FromDisplay         string   `json:"from_display,omitempty"`
	ToDisplay           string   `json:"to_display,omitempty"`
	RequestURI          string   `json:"request_uri,omitempty"`
	Source              string   `json:"source,omitempty"`
	Destination         string   `json:"destination,omitempty"`
	Transport           string   `json:"transport"`
	UserAgent           string   `json:"user_agent,omitempty"`
	State               string   `json:"state"`
	Flags               []string `json:"flags,omitempty"`
	Started             string   `json:"started,omitempty"`
	Answered            string   `json:"answered,omitempty"`
	Ended               string   `json:"ended,omitempty"`
	EndedBy             string   `json:"ended_by,omitempty"`
	Ring                *float64 `json:"ring_ms,omitempty"`
	SessionRequestDelay *float64 `json:"session_request_delay_ms,omitempty"`
	PostDialDelay       *float64 `json:"pdd_ms,omitempty"`
	Setup               *float64 `json:"setup_ms,omitempty"`
	Duration            *float64 `json:"duration_ms,omitempty"`
	Messages            int      `json:"messages"`
	Retransmissions     int      `json:"retransmissions"`
	Duplicates          int      `json:"duplicates"`
	FinalStatus         int      `json:"final_status,omitempty"`
	FinalReason         string   `json:"final_reason,omitempty"`
	Cause               string   `json:"cause,omitempty"`
	Dialogs             []dialog `json:"dialogs"`
	Legs                []string `json:"legs"` // Call-IDs of the other legs of the same end-to-end call
	LegEvidence         []leg    `json:"leg_evidence,omitempty"`
	StreamIDs           []int    `json:"stream_ids"`
	EncryptedMedia      bool     `json:"encrypted_media"`
	callDigits
	MOSMin    *float64 `json:"mos_min,omitempty"` // of the worst stream while the call was up
	MOSScale  string   `json:"mos_scale,omitempty"`
	MOSStream int      `json:"mos_stream,omitempty"`

	DeviceReports []deviceReport `json:"device_reports,omitempty"` // what its ends report in signalling

	MSRP    *msrpJSON         `json:"msrp,omitempty"`
	ICMP    []icmpJSON        `json:"icmp,omitempty"`    // about its messages
	Columns map[string]string `json:"columns,omitempty"` // of --column, those that have a value

	told

	Findings []finding `json:"findings"` // the first is the verdict
	// Negotiations are of calls that were asked for by name, of those with a
	// finding, and with -v of all.
	Negotiations []negotiation `json:"negotiations,omitempty"`

	Metrics  *callMetrics `json:"metrics,omitempty"`
	Attempts []attempt    `json:"attempts,omitempty"` // when there were several
}

type dialog struct {
	FromTag string `json:"from_tag"`
	ToTag   string `json:"to_tag"`
	State   string `json:"state"`
}

type stream struct {
	Type        string   `json:"type,omitempty"` // "stream", in jsonl only
	ID          int      `json:"id"`
	CallID      *string  `json:"call_id"`
	SSRC        *string  `json:"ssrc"` // null for T.38
	Source      string   `json:"source"`
	Destination string   `json:"destination"`
	Kind        string   `json:"kind"` // "rtp", "srtp", "udptl"
	Media       string   `json:"media,omitempty"`
	PayloadType *uint8   `json:"payload_type"` // null for T.38
	Codec       string   `json:"codec,omitempty"`
	CodecFrom   string   `json:"codec_from,omitempty"` // "sdp", "static" or "guess", of codec and clock_rate
	ClockRate   uint32   `json:"clock_rate,omitempty"`
	PTime       float64  `json:"ptime_ms,omitempty"`
	First       string   `json:"first"`
	Last        string   `json:"last"`
	Packets     uint64   `json:"packets"`
	Octets      uint64   `json:"octets"`
	Expected    uint64   `json:"expected"`
	Lost        uint64   `json:"lost"`
	LossPercent *float64 `json:"loss_percent,omitempty"`
	Duplicates  uint64   `json:"duplicates"`
	Copies      uint64   `json:"capture_duplicates"` // packets captured twice, in no other count
	Reordered   uint64   `json:"reordered"`
	Jitter      *jitter  `json:"jitter_ms,omitempty"`
	Delta       *delta   `json:"delta_ms,omitempty"`
	DSCP        []int    `json:"dscp"`
	Detected    string   `json:"detected,omitempty"`      // without a call: how sure it is, "proven", "strong" or "suspect"
	EndedBy     string   `json:"ended_by,omitempty"`      // "bye", "ssrc_change", "call_end" or "idle"
	Continues   int      `json:"continues,omitempty"`     // the stream whose source went on as this one
	Restarts    uint64   `json:"restarts,omitempty"`      // of the sequence numbers
	Pauses      int      `json:"pauses,omitempty"`        // of more than 30 s
	Codecs      []turn   `json:"codecs,omitempty"`        // in turn, when there were several
	Described   string   `json:"sdp_source,omitempty"`    // where SDP says the sender is, when that is not the source
	Mapped      string   `json:"mapped_source,omitempty"` // what a STUN server saw the source at
	Basis       string   `json:"basis,omitempty"`         // "rtcp": no RTP was seen, codec and clock are those of the description
	Control     *control `json:"rtcp,omitempty"`          // what the other ends report
	SRTP        *srtp    `json:"srtp,omitempty"`          // of encrypted streams
	qualityJSON
	payloadJSON
	Levels *levels    `json:"levels,omitempty"` // with --levels
	ICMP   []icmpJSON `json:"icmp,omitempty"`   // about its packets
}

// turn is a codec that a stream went over to.
type turn struct {
	Since       string `json:"since"`
	PayloadType uint8  `json:"payload_type"`
	Codec       string `json:"codec,omitempty"`
	ClockRate   uint32 `json:"clock_rate,omitempty"`
}

// srtp says how a stream was decrypted. decrypted and failed count the packets
// that were tried: all when somebody wants the payload, else a sample.
type srtp struct {
	Key           string  `json:"key"` // "sdes", "dtls", or "" when none fits
	Suite         string  `json:"suite,omitempty"`
	ROC           *uint32 `json:"roc,omitempty"`
	Decrypted     uint64  `json:"decrypted"`
	Failed        uint64  `json:"failed"`
	RTCPDecrypted uint64  `json:"rtcp_decrypted"`
	RTCPFailed    uint64  `json:"rtcp_failed"`
	Problem       string  `json:"problem,omitempty"`       // why no key fits
	ClientRandom  string  `json:"client_random,omitempty"` // what a key log has to name
}

type jitter struct {
	Min  float64 `json:"min"`
	Mean float64 `json:"mean"`
	P95  float64 `json:"p95"` // within 6 %
	Max  float64 `json:"max"`
}

type delta struct {
	Min      float64 `json:"min"`
	Mean     float64 `json:"mean"`
	P95      float64 `json:"p95"` // within 6 %
	Max      float64 `json:"max"`
	MaxFrame int     `json:"max_frame,omitempty"`
}
