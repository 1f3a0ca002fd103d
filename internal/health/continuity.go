package health

import (
	"encoding/binary"

	"sipsniff/decode"
)

// A silence in a capture looks like a clock that was set forward. Only RTP
// can tell: when its sequence numbers and its timestamps go on where they
// were, no time has passed for its sender.
const (
	// markedStreams is how many streams are remembered, a power of two.
	markedStreams = 256
	// nearby is how close to the leap a stream must have been on both sides.
	nearby = 1 * second
	// goesOn is how many packets may be lost at the leap.
	goesOn = 50
	// noTime is how far the RTP timestamp of a stream may go on: a minute is
	// at least five times as much, at the lowest clock rate of 8000 Hz.
	noTime = 96_000
)

// A mark is the latest packet of an RTP stream.
type mark struct {
	ssrc, timestamp uint32
	sequence        uint16
	source          int32
	frame           int
	nanos           int64
}

// Datagram takes a datagram that is not SIP.
func (w *Watch) Datagram(p *decode.Packet) {
	b := p.Payload
	if len(b) < 12 || b[0]>>6 != 2 || p.Duplicate {
		return // not RTP
	}
	w.Media(b[1]&0x7f, binary.BigEndian.Uint32(b[8:]), binary.BigEndian.Uint32(b[4:]), binary.BigEndian.Uint16(b[2:]), p.Frame, p.Nanos)
}

// Media takes a packet of RTP that was not captured before. One with a payload type
// that may as well be a packet type of RTCP (RFC 5761 §4) is passed over.
func (w *Watch) Media(payloadType uint8, ssrc, timestamp uint32, sequence uint16, frame int, nanos int64) {
	if payloadType >= 64 && payloadType <= 95 {
		return
	}
	m := &w.marks[(ssrc*0x9e3779b1)>>24&(markedStreams-1)]
	if c := w.clock; c != nil && c.leap != nil {
		w.judgeLeap(c, m, &mark{ssrc: ssrc, timestamp: timestamp, sequence: sequence, source: int32(w.source), frame: frame, nanos: nanos})
	}
	m.ssrc, m.timestamp, m.sequence, m.source, m.frame, m.nanos = ssrc, timestamp, sequence, int32(w.source), frame, nanos
}

// judgeLeap decides by one stream whether the clock was set.
func (w *Watch) judgeLeap(c *clock, m, now *mark) {
	l := c.leap
	switch {
	case now.nanos-l.after > nearby:
		c.leap = nil
	case now.nanos < l.after, m.ssrc != now.ssrc, m.source != now.source, m.nanos > l.before, l.before-m.nanos > nearby:
		// another stream, or one that was quiet before
	case m.frame <= c.message:
		// A SIP message stands between: the stream may have been put on hold.
	default:
		c.leap = nil
		if now.sequence-m.sequence-1 < goesOn && now.timestamp-m.timestamp < noTime {
			w.counts.Steps.add(l.after-l.before, l.frame)
		}
	}
}
