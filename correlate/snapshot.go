package correlate

import (
	"net/netip"

	"sipsniff/correlate/fax"
	"sipsniff/correlate/mos"
	"sipsniff/correlate/quality"
	"sipsniff/correlate/quality/emodel"
	"sipsniff/decode"
	"sipsniff/decode/sdp"
	"sipsniff/decode/sip"
	sound "sipsniff/internal/audio"
)

// A Snapshot is the state of everything at one moment. It never changes
// after it was published, nor does anything it points to.
type Snapshot struct {
	Generation uint64

	Totals     Totals
	Methods    map[string]uint64           // requests by method, every copy on the wire
	Responses  map[int]uint64              // responses by status code, every copy; 0 for numbers outside 100–699
	Transports map[decode.Transport]uint64 // SIP messages by transport, every copy

	Calls   []*Call   // in the order of their first message
	Streams []*Stream // in the order of their first packet

	Links Links // which pairs of addresses show one side only
	Input Input // what is known of the capture itself

	Bindings []Binding // UDP flows of registrations that were quiet for 25 s or more

	NetworkErrors []NetworkError // about SIP and media, those that belong to no call, the quietest first

	MSRP        []*MSRP // message sessions that no description explains, in the order of their first frame
	EvictedMSRP uint64  // such sessions that made room for others

	First, Last int64 // capture time of the first and the last packet seen, Unix ns; 0 when none

	// What left to stay under the limits. Totals still count it.
	EvictedCalls, EvictedStreams uint64

	Orphans int // streams that have no call

	// Mistaken counts streams without a call that turned out not to be RTP.
	Mistaken uint64

	Datagrams    DatagramCounts
	LimitReached string // "", "calls", "memory" or "streams"
}

// DatagramCounts counts datagrams that are neither SIP, RTP, RTCP nor T.38, by
// what their octets say (RFC 7983). Every copy counts.
type DatagramCounts struct {
	STUNRequests, STUNResponses, STUNErrors, STUNIndications uint64

	// What TURN carries for peers; the content is counted as what it is.
	TURNChannelData, TURNIndications uint64

	DTLS               uint64
	DTLSHandshakes     uint64 // that began
	ZRTP               uint64
	UnknownOnMediaPort uint64 // to or from an address where a description expects media
}

// Totals counts what is in the capture, every copy of a message counted.
type Totals struct {
	SIPMessages   uint64
	SIPMalformed  uint64
	Calls         uint64 // entries of Calls that began with INVITE
	Dialogs       uint64
	Registrations uint64 // entries of Calls that began with REGISTER
	Transactions  uint64
	RTPPackets    uint64
	RTCPPackets   uint64
	SRTPPackets   uint64
	T38Packets    uint64
	Streams       uint64
	MSRPMessages  uint64 // requests and responses of MSRP
}

// A Call is everything that shares one Call-ID, whatever its method; the
// messages without a Call-ID share one entry for each pair of addresses.
type Call struct {
	// What lists and filters ask of every call stands together, so that going
	// through many of them touches little memory.
	Index       int   // 1, 2, 3 … in order of the first message; never reused
	Started     int64 // Unix ns, as all times here; 0 is unknown
	State       State
	HasCallID   bool
	Transport   decode.Transport
	Method      string // of the first request; of the CSeq when only responses were seen
	From, To    string // URI of the first message
	CallID      string
	FinalStatus int // of the last final response to the first request's method that decided the state; 0 none
	Duplicates  int // copies of packets that were captured more than once
	StreamIDs   []int
	Score       *CallScore // nil when no stream has one
	FromDisplay string
	ToDisplay   string
	RequestURI  string
	UserAgent   string         // of the caller: User-Agent of the first request that has one
	Source      netip.AddrPort // of the first request: the caller's side
	Destination netip.AddrPort

	EndedBy string   // "caller", "callee", "network" or ""
	Flags   []string // remarks of spec §3.6: "no_request_seen", "ack_not_seen", "forwarded" …

	Answered, Ended int64
	// Durations are ns; negative is unknown.
	Ring, SessionRequestDelay, PostDialDelay, Setup, Duration int64

	MessageCount    int // distinct messages and retransmissions, duplicates left out
	Retransmissions int
	FinalReason     string
	Cause           string // value of the Reason header that ended it, such as "Q.850;cause=16"

	Attempt         Attempt   // the latest; not Known unless an INVITE set out to begin a call
	EarlierAttempts []Attempt // under the same Call-ID, oldest first
	AttemptsLost    int       // between those and the latest: no more are kept

	Dialogs        []Dialog
	EncryptedMedia bool
	PathChecks     []PathCheck      // of ICE between its addresses, 64 at most
	Handshakes     []MediaHandshake // of DTLS between its addresses, 8 at most
	SharedPorts    []SharedPort     // where another call awaits media as well, 4 at most
	DeviceReports  []*DeviceReport  // what its ends report in signalling, in time order
	DTMF           []Digit          // keys that were pressed, in order of time
	MSRP           *MSRP            // what went over its message sessions; nil when nothing did

	NetworkErrors []NetworkError // about its messages

	messages     []*Message // in time order; append-only
	descriptions []Description
	packed       *packed // in their place, once the call is over; nil before

	// Legs are all legs of the end-to-end call, this one among them, in the
	// order of their INVITEs, then those that may be; nil when it is alone.
	Legs []Leg

	Told
}

// A Dialog is one pair of tags within a Call (RFC 3261 §12).
type Dialog struct {
	FromTag, ToTag string
	State          string // "early", "confirmed", "terminated"
}

// A Message is one SIP message as it was captured. It is immutable.
type Message struct {
	Frame     int
	LastFrame int   // of the last octet, when it came in several pieces
	Nanos     int64 // of the first octet
	LastNanos int64
	Src, Dst  netip.AddrPort
	Transport decode.Transport

	// Retransmission is set when the same message was seen before on the
	// same way; First is then that message. Duplicate is set when the packet
	// itself was captured twice. They stand here to be near the other fields
	// that are read for every message.
	Retransmission bool
	Duplicate      bool

	Method     string // of the request; "" for a response
	StatusCode int
	Reason     string
	CSeq       sip.CSeq
	FromTag    string
	ToTag      string
	Branch     string

	First *Message

	Headers  sip.HeaderSet // which header fields it has
	Findings []sip.Finding
	Cut      string       // why the message is incomplete, see decode.Packet
	SDP      *sdp.Session // nil when the body has none
	Raw      string       // the whole message while it is held; see Text

	// Where and how it was captured. Interface is "" where nobody knows; VLAN
	// is the outermost tag, 0 for none. WireLength is the octets on the wire,
	// more than those of Raw when it was cut. TTL is the hop limit of IPv6, too,
	// and 0 where nobody knows. Agent says that a HEP agent reported it, so that
	// DSCP is unknown.
	Interface  string
	VLAN       uint16
	DSCP       uint8
	TTL        uint8
	Fragmented bool // in several IP fragments
	Agent      bool
	Elsewhere  bool // a Contact or Via may give another address than Src
	WireLength int32

	where       textPlace // of the text in the capture
	sessionSize int       // octets of SDP; 0 when a message before it has the same
	home        *unpacked // that it is a part of; nil when it is held by itself
}

// A Stream is the packets of one SSRC from one address to one address.
type Stream struct {
	ID                    int      // 1, 2, 3 … in order of the first packet; never reused
	Call                  *CallRef // nil when no signalling explains it
	SSRC                  uint32
	Src, Dst              netip.AddrPort
	Secure                bool   // SRTP by its SDP, or without a call by the DTLS between its addresses
	Media                 string // "audio", "video", "text", "fax" or "" when unknown
	PayloadType           uint8  // of most packets that are not telephone-event or comfort noise
	Codec                 string // encoding name, "" when unknown
	CodecFrom             string // where Codec and ClockRate come from: "sdp", "static" (RFC 3551), "guess", or ""
	ClockRate             uint32 // Hz, 0 when unknown
	FirstFrame, LastFrame int
	First, Last           int64  // Unix ns
	Packets               uint64 // RTP duplicates counted, capture duplicates not
	CaptureDuplicates     uint64
	Octets                uint64  // RTP payload
	OctetsRTP, OctetsIP   uint64  // with the headers of RTP, and those of UDP and IP
	DSCP, TTL             []uint8 // every value seen, ascending
	CopyDSCP              []uint8 // others that second captures of its packets had
	DSCPChanges           uint32  // how often a packet had another than the one before
	TTLChanges            uint32
	RTCPPackets           uint64      // RTCP packets sent by this source
	Detected              string      // of a stream without a call, how sure it is one: "proven", "strong" or "suspect"
	Ending                string      // "bye", "ssrc_change", or "" when it just stops or goes on, see EndedBy
	Continues             int         // ID of the stream that went on as this one from or to another address; 0 none
	Pauses                int         // more than 30 s without a packet, comfort noise before it left out
	Turns                 []CodecTurn // the codecs in turn, at most eight; nil when there was one only
	Types                 []TypeCount // the payload types, at most four
	PeakRate              uint32      // octets of IP a second, in the busiest ten seconds; 0 when it was shorter
	PayloadSize           uint16      // octets, of most packets that carry media: sampled twice a second
	Sampled               Sampled
	Pace                  *Pace          // of timestamps that do not keep up; nil when they do
	AfterEnd              *AfterEnd      // what came after the end of the call; nil when nothing did
	Fragmented            uint64         // packets that came in several IP fragments
	FromCaller            bool           // sent by the caller's side; meaningful when Call is set
	DescribedSrc          netip.AddrPort // where the sender's SDP says it is, when that is not Src: NAT, a relay; else invalid
	MappedSrc             netip.AddrPort // what a STUN server saw Src at; invalid when unknown or the same
	Protection            *Protection    // of a secure stream: how it was opened
	Quality               quality.Report
	UDPTL                 bool          // T.38 packets; it has no SSRC and no payload type
	Repair                bool          // retransmissions or forward error correction alone: no statistics of loss
	Content               *Content      // what was read of the payload; nil when nothing
	Fax                   *fax.Report   // of UDPTL
	Levels                *sound.Levels // how loud it was; nil when not measured, see Config.Levels
	Format                emodel.Format // what the codec's impairments depend on
	Score                 mos.Score     // of the whole stream; see ScoreInput
	Control               *Control      // what RTCP says; nil when nothing

	NetworkErrors []NetworkError // about its packets
}

// A CallRef names a Call without holding it.
type CallRef struct {
	Index  int
	CallID string
}
