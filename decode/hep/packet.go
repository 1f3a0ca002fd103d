package hep

import (
	"encoding/binary"
	"errors"
	"net/netip"
)

// Port is where collectors listen by default.
const Port = 9060

// MaxPacket is the longest packet of version 3, in octets: its length field
// has 16 bits.
const MaxPacket = 65535

// A Kind says what a payload is (chunk 0x000b).
type Kind uint8

// The kinds that this program knows apart.
const (
	SIP         Kind = 0x01
	RTP         Kind = 0x04
	RTCP        Kind = 0x05 // as JSON; some agents send the packet as it is
	ReportText  Kind = 0x20 // of Kamailio
	FullReport  Kind = 0x22 // quality as JSON
	ShortReport Kind = 0x23
	RTCPPacket  Kind = 0x3a // as it is
	ReportText2 Kind = 0x63 // of Kamailio
)

// The IP protocols of captured packets. Secure is what Kamailio writes for
// TLS and WebSocket.
const (
	TCP    = 6
	UDP    = 17
	Secure = 22
	SCTP   = 132
)

// A Packet is one captured packet as the agent describes it. The slices are
// parts of what was parsed.
type Packet struct {
	Version  uint8 // 1, 2 or 3
	Src, Dst netip.AddrPort
	Protocol uint8 // of IP, or Secure
	Kind     Kind

	// Nanos is when the agent captured it, in ns since the Unix epoch, valid
	// iff HasTime.
	Nanos   int64
	HasTime bool

	// Agent is the number of the agent, valid iff HasAgent; AgentName what
	// it calls itself, empty when it does not.
	Agent     uint32
	HasAgent  bool
	AgentName []byte

	Key         []byte // for authentication, nil when there is none
	Correlation []byte // usually the Call-ID of the call it belongs to

	// Payload is compressed iff Compressed: see Inflater.
	Payload    []byte
	Compressed bool

	// Damaged is set when a chunk reached beyond the end of the packet: what
	// stood before it is here. Trailing is how many octets followed the end.
	Damaged  bool
	Trailing int
}

// What is wrong with octets that should be a packet.
var (
	// ErrUnknown reports octets that begin like no version of HEP.
	ErrUnknown = errors.New("not HEP")

	// ErrIncomplete reports a packet without addresses or payload.
	ErrIncomplete = errors.New("HEP without addresses or payload")
)

// Parse reads a packet of any version. arrival is when it came, in ns since
// the Unix epoch; it decides the byte order of the time in version 2.
//
// Version 3 is recognised by its mark. Versions 1 and 2 have next to none, so
// only ask for octets that came to a collector.
func Parse(p *Packet, b []byte, arrival int64) error {
	*p = Packet{Protocol: UDP, Kind: SIP}
	switch {
	case IsVersion3(b):
		return p.parse3(b)
	case len(b) >= 4 && (b[0] == 1 || b[0] == 2) && isFamily(b[2]):
		return p.parse2(b, arrival)
	}
	return ErrUnknown
}

// The marks at the beginning of version 3: "HEP3", and those of its drafts.
const (
	markHEP3 = 'H'<<24 | 'E'<<16 | 'P'<<8 | '3'
	markEEP3 = 'E'<<24 | 'E'<<16 | 'P'<<8 | '3'
	markEEP1 = 'E'<<24 | 'E'<<16 | 'P'<<8 | '1'
)

// IsVersion3 reports whether b begins like a packet of version 3.
func IsVersion3(b []byte) bool {
	if len(b) < head3 {
		return false
	}
	switch binary.BigEndian.Uint32(b) {
	case markHEP3, markEEP3, markEEP1:
		return true
	}
	return false
}

// isFamily knows the numbers that systems give to AF_INET and AF_INET6.
func isFamily(family uint8) bool {
	switch family {
	case 2, 10, 24, 28, 30:
		return true
	}
	return false
}
