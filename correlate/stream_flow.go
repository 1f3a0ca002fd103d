package correlate

import (
	"math"

	"sipsniff/correlate/quality"
	"sipsniff/decode"
	"sipsniff/decode/rtp"
)

// A flow is the packets of one SSRC from one address to one address. With a
// call it is a stream, and an orphan is a stream without one; anything else is
// a candidate that a description may yet explain.
type flow struct {
	key   flowKey
	order uint64 // of the first packet
	id    int    // of the stream, 0 until it is published

	call             *callMedia
	orphan           *orphan    // what is guessed of it, iff it is a stream and call is nil
	receiver, sender *mediaLine // the descriptions of both ends, nil where unknown
	guard            *guard     // of a secure one, nil until its first packet as a stream
	epoch            uint64     // callMedia.epoch when it was matched
	listener         listener

	fromCaller bool
	secure     bool
	left       bool          // (RTCP) the source said goodbye
	dirty      bool          // in streamTable.changed
	gone       bool          // no longer in the table
	known      bool          // format is
	tones      bool          // keys are listened for in the sound
	spoil      bool          // too many to hold: spacing begins with the description
	refused    bool          // a candidate that was taken for a stream by mistake
	class      quality.Class // of the packet before
	history    int32         // octets of account, as counted in streamTable.history

	lane    *lane // in which packets wait, nil when there is none
	pulse   pulse
	account quality.Account
	format  format // of the packet before; valid iff known

	first, last           int64
	firstFrame, lastFrame int
	touched               int64 // when callMedia.facts.last was last moved
	octets                uint64
	network               network
	extended              int64  // number of the packet before
	wire                  uint64 // packets, every copy
	copies                uint64 // captured more than once
	controls              uint64 // RTCP packets of this source
	dscp                  uint64 // bit set of the values seen
	types                 [4]typeCount

	modes   *modes        // of AMR and AMR-WB
	reports *controlState // what RTCP says of it; nil: nothing

	carried *carried // what was read of payloads, nil when nothing

	held      []heldPacket // of a candidate and of a young orphan, see hold
	kept      []keptPacket // of a candidate and of an orphan, see keep
	links     candidateLinks
	segments  segments
	listening *listening // how loud it is, nil when nobody asks
	view      *Stream    // as last published
}

// typeCount counts the packets of one payload type.
type typeCount struct {
	packets     uint64 // those of a type whose place this one took, too
	frame       uint32 // of the first
	others      uint16 // so many at most were of other types
	payloadType uint8
}

// add accounts one packet, which is no second capture of another.
func (f *flow) add(p *decode.Packet, b []byte, h *rtp.Header, wireLength int) quality.Class {
	if p.Nanos-f.last > idleEnd && f.lastFrame != 0 && f.format.role != quality.Comfort {
		f.segments.pauses++
	}
	f.last, f.lastFrame = p.Nanos, p.Frame
	f.first = min(f.first, p.Nanos)
	octets := h.PayloadLength
	if f.secure && h.Padding {
		octets = wireLength - h.PayloadOffset // the count of the padding is encrypted
	}
	f.octets += uint64(octets)
	f.dscp |= 1 << (p.DSCP & 63)
	if marks := f.network.count(p, wireLength); marks != f.network.marks {
		f.turn(marks)
	}
	f.countType(h.PayloadType, p.Frame)
	var packet quality.Packet // field by field: a copy would have to wait for all of them
	packet.Arrival, packet.Frame, packet.Timestamp, packet.Octets = p.Nanos, p.Frame, h.Timestamp, uint16(min(octets, math.MaxUint16))
	packet.SequenceNumber, packet.PayloadType, packet.Marker = h.SequenceNumber, h.PayloadType, h.Marker
	class, extended := f.account.Number(h.SequenceNumber)
	if f.call == nil {
		f.hold(&packet, class, extended, octets, headOf(b, h.PayloadOffset))
	}
	if !f.isStream() {
		return class
	}
	f.interpret(&packet, octets)
	f.account.Space(&packet, class, extended)
	f.class, f.extended = class, extended
	if f.orphan != nil {
		f.orphan.watch(&packet, class)
	}
	return class
}

// isStream reports whether the flow is more than a candidate.
func (f *flow) isStream() bool { return f.call != nil || f.orphan != nil }

// interpret sets what the packet's payload type means.
func (f *flow) interpret(p *quality.Packet, octets int) {
	if !f.known || f.format.payloadType != p.PayloadType {
		f.orphan.learn(p, octets)
		f.format, _ = f.lookup(p.PayloadType)
		f.known = true
		f.format.content, f.format.law = f.wanted(), lawOf(f.format.name)
		if f.format.role == quality.Media {
			f.segments.speak(p)
		}
	}
	p.ClockRate = f.format.clock
	p.Role = f.format.role
	if !f.secure {
		p.Role = f.format.roleOf(octets)
	}
}

// countTypes counts so many packets of a payload type that was the latest.
func (f *flow) countTypes(payloadType uint8, frame int, n uint64) {
	for i := range f.types {
		if c := &f.types[i]; c.packets > 0 && c.payloadType == payloadType {
			c.packets += n
			return
		}
	}
	for range n {
		f.countType(payloadType, frame)
	}
}

// countType counts a payload type; a fifth one takes the place of the rarest.
func (f *flow) countType(payloadType uint8, frame int) {
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
	c := &f.types[rarest]
	c.payloadType, c.frame = payloadType, uint32(min(frame, math.MaxUint32))
	c.others = uint16(min(c.packets, math.MaxUint16))
	c.packets++
}
