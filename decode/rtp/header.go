package rtp

import "math"

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

// A Compact is a Header in few octets, on its way from where packets are read
// to where streams are accounted.
type Compact struct {
	SSRC           uint32
	Timestamp      uint32
	SequenceNumber uint16
	payloadOffset  uint16
	payloadLength  uint16
	payloadType    uint8
	bits           uint8 // CSRCCount, and those below
}

// The bits of a Compact above the count.
const (
	compactMarker = 0x10 << iota
	compactPadding
	compactExtension
)

// Pack packs a header, and reports whether it fits.
func (c *Compact) Pack(h *Header) bool {
	if h.PayloadOffset > math.MaxUint16 || h.PayloadLength < 0 || h.PayloadLength > math.MaxUint16 {
		return false
	}
	c.SSRC, c.Timestamp, c.SequenceNumber, c.payloadType = h.SSRC, h.Timestamp, h.SequenceNumber, h.PayloadType
	c.payloadOffset, c.payloadLength = uint16(h.PayloadOffset), uint16(h.PayloadLength)
	bits := h.CSRCCount & csrcBits
	if h.Marker {
		bits |= compactMarker
	}
	if h.Padding {
		bits |= compactPadding
	}
	if h.Extension {
		bits |= compactExtension
	}
	c.bits = bits
	return true
}

// Unpack fills in the header that was packed.
func (c *Compact) Unpack(h *Header) {
	h.SSRC, h.Timestamp, h.SequenceNumber, h.PayloadType = c.SSRC, c.Timestamp, c.SequenceNumber, c.payloadType
	h.PayloadOffset, h.PayloadLength, h.CSRCCount = int(c.payloadOffset), int(c.payloadLength), c.bits&csrcBits
	h.Marker, h.Padding, h.Extension = c.bits&compactMarker != 0, c.bits&compactPadding != 0, c.bits&compactExtension != 0
}

// PayloadType is Header.PayloadType.
func (c *Compact) PayloadType() uint8 { return c.payloadType }

// PayloadLength is Header.PayloadLength.
func (c *Compact) PayloadLength() uint16 { return c.payloadLength }

// Marker is Header.Marker.
func (c *Compact) Marker() bool { return c.bits&compactMarker != 0 }

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
