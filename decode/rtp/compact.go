package rtp

import (
	"encoding/binary"
	"math"
)

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

// Read reads the header of a packet if its octets are those of RTP and the header
// fits, and reports whether it did; h is refilled where it is not the shortest
// there is: nearly all are, without padding, extension and CSRCs.
func (c *Compact) Read(b []byte, wireLength int, h *Header) bool {
	wireLength = max(wireLength, len(b))
	if len(b) < fixedSize || b[0] != version2 || wireLength > math.MaxUint16 {
		return Classify(b) == RTP && Parse(b, wireLength, h) == nil && c.Pack(h)
	}
	if isControl(b[1]) {
		return false
	}
	c.ReadFixed(b)
	c.payloadLength = uint16(wireLength - fixedSize)
	return true
}

// ReadFixed reads the header of a packet that was captured whole, has no more than
// 65535 octets, and whose header is the shortest there is: without padding, extension
// and CSRCs (RFC 3550 §5.1).
func (c *Compact) ReadFixed(b []byte) {
	c.SequenceNumber, c.Timestamp, c.SSRC = binary.BigEndian.Uint16(b[2:]), binary.BigEndian.Uint32(b[4:]), binary.BigEndian.Uint32(b[8:])
	c.payloadType, c.bits = b[1]&0x7F, b[1]>>3&compactMarker
	c.payloadOffset, c.payloadLength = fixedSize, uint16(len(b)-fixedSize)
}
