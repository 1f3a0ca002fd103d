package correlate

import (
	"encoding/binary"
	"net/netip"

	"sipsniff/correlate/quality"
	"sipsniff/decode"
	"sipsniff/decode/rtp"
)

// A flow is the packets of one SSRC from one address to one address. With a
// call it is a stream; without, a candidate that a description may yet explain.
type flow struct {
	key      flowKey
	src, dst netip.AddrPort
	order    uint64 // of the first packet
	id       int    // of the stream, 0 until it is published

	call             *callMedia
	receiver, sender *mediaLine // the descriptions of both ends, nil where unknown
	fromCaller       bool
	secure           bool
	epoch            uint64 // callMedia.epoch when it was matched
	left             bool   // (RTCP) the source said goodbye
	dirty            bool   // in streamTable.changed
	gone             bool   // no longer in the table

	account quality.Account
	format  format // of the packet before; valid iff known
	known   bool

	first, last           int64
	firstFrame, lastFrame int
	touched               int64 // when callMedia.facts.last was last moved
	octets                uint64
	wire                  uint64 // packets, every copy
	copies                uint64 // captured more than once
	controls              uint64 // RTCP packets of this source
	dscp                  uint64 // bit set of the values seen
	types                 [4]typeCount

	held  []heldPacket // of a candidate, see hold
	spoil bool         // too many to hold: spacing begins with the description
	links candidateLinks
	view  *Stream // as last published
}

// typeCount counts the packets of one payload type.
type typeCount struct {
	payloadType uint8
	packets     uint64
}

// flowKey identifies a flow: both addresses in their 16-octet form, the
// ports, the SSRC, and the tunnel that the packets came through. It is plain
// integers without gaps because that is what a map hashes fastest.
type flowKey struct {
	src, dst [2]uint64
	ports    uint32
	ssrc     uint32
	tunnel   uint64
}

func (t *streamTable) keyOf(p *decode.Packet, ssrc uint32) flowKey {
	k := flowKey{
		src:   wide(p.Src.Addr()),
		dst:   wide(p.Dst.Addr()),
		ports: uint32(p.Src.Port())<<16 | uint32(p.Dst.Port()),
		ssrc:  ssrc,
	}
	if p.TunnelSrc.IsValid() {
		k.tunnel = t.tunnelOf(p)
	}
	return k
}

func wide(a netip.Addr) [2]uint64 {
	b := a.As16()
	return [2]uint64{binary.BigEndian.Uint64(b[:8]), binary.BigEndian.Uint64(b[8:])}
}

// maxTunnels bounds the tunnels that are told apart; further ones are one.
const maxTunnels = 4096

// tunnelOf numbers the tunnels from 1 in order of appearance.
func (t *streamTable) tunnelOf(p *decode.Packet) uint64 {
	ends := [2]netip.Addr{p.TunnelSrc, p.TunnelDst}
	n, known := t.tunnels[ends]
	if !known && len(t.tunnels) < maxTunnels {
		n = uint64(len(t.tunnels) + 1)
		t.tunnels[ends] = n
	}
	return n
}

// begin makes a flow of its first packet, which is yet to be added.
func (f *flow) begin(k flowKey, p *decode.Packet) {
	f.key, f.src, f.dst = k, p.Src, p.Dst
	f.first, f.firstFrame = p.Nanos, p.Frame
}

// add accounts one packet, which is no second capture of another.
func (f *flow) add(p *decode.Packet, h *rtp.Header, wireLength int) {
	f.last, f.lastFrame = p.Nanos, p.Frame
	f.first = min(f.first, p.Nanos)
	octets := h.PayloadLength
	if f.secure && h.Padding {
		octets = wireLength - h.PayloadOffset // the count of the padding is encrypted
	}
	f.octets += uint64(octets)
	f.dscp |= 1 << (p.DSCP & 63)
	f.countType(h.PayloadType)
	packet := quality.Packet{Arrival: p.Nanos, Frame: p.Frame, Timestamp: h.Timestamp,
		SequenceNumber: h.SequenceNumber, PayloadType: h.PayloadType, Marker: h.Marker}
	if f.call == nil {
		class, extended := f.account.Sequence.Add(h.SequenceNumber)
		f.hold(&packet, class, extended, octets)
		return
	}
	f.interpret(&packet, octets)
	f.account.Add(&packet)
}

// interpret sets what the packet's payload type means.
func (f *flow) interpret(p *quality.Packet, octets int) {
	if !f.known || f.format.payloadType != p.PayloadType {
		f.format, _ = f.lookup(p.PayloadType)
		f.known = true
	}
	p.ClockRate = f.format.clock
	p.Role = f.format.role
	if !f.secure {
		p.Role = f.format.roleOf(octets)
	}
}

// countType counts a payload type; a fifth one takes the place of the rarest.
func (f *flow) countType(payloadType uint8) {
	rarest := 0
	for i := range f.types {
		if c := &f.types[i]; c.packets > 0 && c.payloadType == payloadType {
			c.packets++
			return
		}
		if f.types[i].packets < f.types[rarest].packets {
			rarest = i
		}
	}
	f.types[rarest].payloadType = payloadType
	f.types[rarest].packets++
}
