package correlate

import (
	"bytes"
	"slices"

	"sipsniff/decode"
	"sipsniff/decode/rtp"
)

// Bounds of the RTCP that waits for a description.
const (
	maxEarlyControls = 256
	maxEarlyOctets   = 1500 // of one packet
)

// earlyControls are the latest RTCP packets that no description explains: one
// may come, as it may for RTP (spec §5.1). The oldest make room.
type earlyControls struct {
	ring []earlyControl
	next int // the oldest, when the ring is full

	named bool // one of them says which call it belongs to
}

// An earlyControl is an RTCP packet with memory of its own. An empty one was
// explained since.
type earlyControl struct {
	packet     decode.Packet
	b          []byte
	wireLength int
}

// keep copies a packet.
func (e *earlyControls) keep(p *decode.Packet, b []byte, wireLength int) {
	if len(b) > maxEarlyOctets {
		return
	}
	if len(e.ring) < maxEarlyControls {
		e.ring = append(e.ring, earlyControl{})
		e.next = len(e.ring) - 1
	}
	c := &e.ring[e.next]
	c.packet, c.b, c.wireLength = *p, append(c.b[:0], b...), wireLength
	c.packet.Payload = nil
	c.packet.Correlation = bytes.Clone(p.Correlation)
	e.named = e.named || len(p.Correlation) > 0
	e.next = (e.next + 1) % maxEarlyControls
}

// adoptControls counts the RTCP that a new description explains and that is
// not long gone.
func (t *streamTable) adoptControls(p *party) {
	e := &t.early
	if len(e.ring) == 0 {
		return
	}
	waiting := 0
	for i := range e.ring {
		c := &e.ring[i]
		if len(c.b) == 0 {
			continue
		}
		if c.packet.Nanos >= p.nanos-lateSDP && t.explains(p, &c.packet) && t.described(&c.packet, c.b, c.wireLength) {
			c.b = c.b[:0]
			continue
		}
		waiting++
	}
	if waiting == 0 {
		*e = earlyControls{}
	}
}

// adoptNamed takes the RTCP whose agent said that it belongs to a call which
// now begins.
func (t *streamTable) adoptNamed(callID string, nanos int64) {
	if !t.early.named || callID == "" {
		return
	}
	for i := range t.early.ring {
		c := &t.early.ring[i]
		if len(c.b) > 0 && string(c.packet.Correlation) == callID && c.packet.Nanos >= nanos-lateSDP && t.correlated(&c.packet, c.b, c.wireLength) {
			c.b = c.b[:0]
		}
	}
}

// names reports whether a packet that waits is of the source of a flow.
func (e *earlyControls) names(f *flow) bool {
	for i := range e.ring {
		c := &e.ring[i]
		if len(c.b) == 0 || !isBeside(&c.packet, f) {
			continue
		}
		if first, err := rtp.FirstControl(c.b, c.wireLength); err == nil && first.HasSSRC && first.SSRC == f.key.ssrc {
			return true
		}
	}
	return false
}

// controlOf counts the RTCP of a flow that became a stream without a call.
func (e *earlyControls) controlOf(t *streamTable, f *flow) {
	for i := range e.ring {
		c := &e.ring[i]
		if len(c.b) > 0 && c.packet.Nanos >= f.first-lateSDP && isBeside(&c.packet, f) && t.besideOrphan(&c.packet, c.b, c.wireLength) {
			c.b = c.b[:0]
		}
	}
}

// isBeside reports whether RTCP runs between the addresses of a flow.
func isBeside(p *decode.Packet, f *flow) bool {
	ends := beside(p)
	return slices.Contains(ends[:], pair{f.key.src, f.key.dst})
}

// explains reports whether one of the ends of a packet is in a description.
func (t *streamTable) explains(p *party, packet *decode.Packet) bool {
	return slices.ContainsFunc(p.expectations, func(e *expectation) bool { return e.at == packet.Dst || e.at == packet.Src })
}
