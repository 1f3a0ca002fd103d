package detect

// A Packet is what the judgement needs of one packet that has the shape of RTP.
type Packet struct {
	Arrival     int64 // Unix ns
	Number      int64 // the extended sequence number; means nothing when Jumped
	Timestamp   uint32
	Head        uint32 // the first four octets of payload, the first the highest; 0 where there are none
	Octets      int    // of payload
	PayloadType uint8
	Marker      bool
	Repeated    bool // the number came before
	Jumped      bool // the number is far from those before
}

// Support is what else speaks for a stream (spec §5.4).
type Support struct {
	SSRC      uint32
	EvenPorts bool // media ports are even (RFC 3550 §11)
	Reverse   bool // a flow of the same shape comes the other way
	Report    bool // RTCP names the SSRC
}

// corroborated reports whether other packets speak for the stream.
func (s *Support) corroborated() bool { return s.Reverse || s.Report }

// A Guess is what a stream most likely carries.
type Guess struct {
	PayloadType uint8
	Static      bool   // the codec is that of RFC 3551
	Codec       string // encoding name, "" when nothing tells
	ClockRate   uint32 // Hz
	FMTP        string // parameters, as SDP would have them
	Media       string // "audio" or "video"

	HasEvents  bool // telephone-event as EventsType, beside the codec
	EventsType uint8
}

const (
	leastPackets = 5   // that are judged (spec §5.4: a RULE)
	leastWithin  = 3e9 // ns in which so many have to come
	maxStep      = 5   // numbers from one packet to the next
)
