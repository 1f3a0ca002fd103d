package gen

import "time"

// Truth says what is in a generated capture. Where sipsniff's JSON report has
// a field of the same meaning it has the same name there.
type Truth struct {
	Calls  []*Call `json:"calls,omitempty"` // in the order in which they ended; empty with Options.OnCall
	Totals Totals  `json:"totals"`
}

// Totals count what is in the file, copies made by the capture included.
type Totals struct {
	Frames          uint64            `json:"frames"`
	Octets          uint64            `json:"octets"`
	First           time.Time         `json:"first"`
	Last            time.Time         `json:"last"`
	SIPMessages     uint64            `json:"sip_messages"`
	Methods         map[string]uint64 `json:"methods"`
	Responses       map[string]uint64 `json:"responses"`
	Transports      map[string]uint64 `json:"transports"`
	Calls           uint64            `json:"calls"` // those begun with INVITE
	Registrations   uint64            `json:"registrations"`
	States          map[string]uint64 `json:"states"` // of calls and registrations, as in Call.State
	Streams         uint64            `json:"streams"`
	RTPPackets      uint64            `json:"rtp_packets"`
	RTCPPackets     uint64            `json:"rtcp_packets"`
	Lost            uint64            `json:"lost"`
	Duplicates      uint64            `json:"duplicates"`
	Reordered       uint64            `json:"reordered"`
	DuplicateFrames uint64            `json:"duplicate_frames"`
	Fragments       uint64            `json:"fragments"`
	FragmentedPDUs  uint64            `json:"fragmented_datagrams"`
	TCPSegments     uint64            `json:"tcp_segments"` // every one, SYN and pure ACK too
	Noise           uint64            `json:"noise"`
	Strangers       uint64            `json:"strangers"` // of a flood; each sent one SIP message and one RTP packet, which count above
}

// A Call is one exchange: a call leg or a registration.
type Call struct {
	CallID          string    `json:"call_id"`
	Method          string    `json:"method"`
	State           string    `json:"state"` // where it ends: "completed", "busy", "registered" …
	FinalStatus     int       `json:"final_status,omitempty"`
	From            string    `json:"from"`
	To              string    `json:"to"`
	Source          string    `json:"source"`
	Destination     string    `json:"destination"`
	Transport       string    `json:"transport"`
	Started         time.Time `json:"started"`
	Answered        time.Time `json:"answered,omitzero"`
	Ended           time.Time `json:"ended"` // the last message
	EndedBy         string    `json:"ended_by,omitempty"`
	Messages        int       `json:"messages"` // retransmissions counted, copies made by the capture not
	Retransmissions int       `json:"retransmissions"`
	Duplicates      int       `json:"duplicates"` // copies made by the capture
	Legs            []string  `json:"legs,omitempty"`
	DTMF            string    `json:"dtmf,omitempty"`
	Streams         []*Stream `json:"streams,omitempty"`
	Log             []Message `json:"log,omitempty"` // with Options.Log

	open int // actors that still add to it
}

// A Message is one SIP message of a call. Copies made by the capture are not listed.
type Message struct {
	At         time.Time `json:"at"`
	FromCaller bool      `json:"from_caller,omitempty"`
	Method     string    `json:"method"` // of the request, also for its responses
	CSeq       uint32    `json:"cseq"`
	Status     int       `json:"status,omitempty"` // 0 for a request
	Again      bool      `json:"again,omitempty"`  // a retransmission
}

// A Stream is the RTP of one direction of a call. Sent is what left the
// sender; the first and the last packet are never lost, so that the rest
// can be known from the capture alone: Expected = Sent, Lost = Sent − unique.
type Stream struct {
	SSRC        string    `json:"ssrc"`
	Source      string    `json:"source"`
	Destination string    `json:"destination"`
	PayloadType int       `json:"payload_type"`
	Codec       string    `json:"codec"`
	First       time.Time `json:"first"`
	Last        time.Time `json:"last"`
	Sent        int       `json:"sent"`
	Packets     int       `json:"packets"` // recorded, network duplicates counted, copies made by the capture not
	Expected    int       `json:"expected"`
	Lost        int       `json:"lost"`
	LossRuns    int       `json:"loss_runs"`
	Duplicates  int       `json:"duplicates"`
	Reordered   int       `json:"reordered"`
	Copies      int       `json:"copies"` // made by the capture
	Octets      int       `json:"octets"` // RTP payload of Packets
}

func newTotals() Totals {
	return Totals{Methods: map[string]uint64{}, Responses: map[string]uint64{}, Transports: map[string]uint64{}, States: map[string]uint64{}}
}
