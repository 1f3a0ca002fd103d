package rtp

// A Header is the part of an RTP header that statistics need
// (RFC 3550 §5.1), as a plain value.
type Header struct {
	SSRC           uint32
	Timestamp      uint32
	SequenceNumber uint16
	PayloadType    uint8
	Marker         bool
	Padding        bool
	Extension      bool
	CSRCCount      uint8
	PayloadOffset  int // octets from the start of the packet
	PayloadLength  int // octets on the wire, padding left out where it is in clear; may exceed what was captured

	fixed [fixedSize]byte // what pion reads; here so that it need not be allocated
}

// Kind is the protocol of a datagram on a media port by its first octets
// (RFC 7983, RFC 5761).
type Kind uint8

// What a datagram on a media port may be.
const (
	Unknown Kind = iota
	RTP
	RTCP
	STUN
	DTLS
	ZRTP
	TURNChannel
)
