package press

import "sipsniff/decode/dtmf"

// A Press is one event that a stream told of.
type Press struct {
	Code      uint8
	Volume    uint8  // dBm0 below 0
	Ended     bool   // a packet with the end bit came
	Marked    bool   // so did the one with the marker, which begins it
	Doubled   bool   // the same event ended less than 40 ms before
	Segments  uint8  // of a long one; their durations are added up
	Packets   uint32 // copies of the last one too
	Duration  uint32 // in units of the timestamp
	Clock     uint32 // Hz, 0 when unknown
	Frame     int
	At, Last  int64  // arrival of the first and the latest packet, Unix ns
	Timestamp uint32 // of the first segment
}

// Nanos is how long the key was held; negative when the clock is unknown.
func (p *Press) Nanos() int64 {
	if p.Clock == 0 {
		return -1
	}
	return int64(p.Duration) * 1e9 / int64(p.Clock)
}

// MaxPresses is how many presses of one stream are kept.
const MaxPresses = 256

const (
	remembered  = 4          // events that late packets and copies may still belong to
	longest     = 0xFFFF     // duration of a full segment (RFC 4733 §2.5.1.3)
	doubledGap  = 40         // ms
	doubledWait = int64(1e9) // ns of arrival beyond which timestamps are not compared
)

// Events puts the packets of one stream together to presses. The zero value
// is ready.
type Events struct {
	list    []Press
	dropped uint64
	open    [remembered]segment // the newest first
	known   int
}

// A segment is the part of a press that has one timestamp.
type segment struct {
	timestamp uint32
	before    uint32 // duration of the segments before it
	top       uint16
	at        int // in Events.list; -1 when there was no room
	code      uint8
	ended     bool
}

// A Packet is one packet of telephone-event.
type Packet struct {
	Arrival   int64 // Unix ns
	Frame     int
	Timestamp uint32
	Clock     uint32
	Marker    bool
}

// Add takes a packet in order of arrival; second copies of one are left out
// by the caller, the repeated last packet of an event is not.
func (x *Events) Add(p *Packet, e dtmf.Event) {
	for i := range x.known {
		if s := &x.open[i]; s.timestamp == p.Timestamp && s.code == e.Code {
			x.update(s, p, e)
			return
		}
	}
	if x.known > 0 && x.open[0].continues(p, e) {
		s := x.open[0]
		s.before += uint32(p.Timestamp - s.timestamp)
		s.timestamp, s.top = p.Timestamp, 0
		if s.at >= 0 && x.list[s.at].Segments < 0xFF {
			x.list[s.at].Segments++
		}
		x.push(s)
		x.update(&x.open[0], p, e)
		return
	}
	x.begin(p, e)
}

// continues reports whether a packet begins another segment of s: the same
// event goes on where it stood.
func (s *segment) continues(p *Packet, e dtmf.Event) bool {
	step := p.Timestamp - s.timestamp
	return !p.Marker && !s.ended && s.code == e.Code && (step == longest || s.top > 0 && step == uint32(s.top))
}

func (x *Events) update(s *segment, p *Packet, e dtmf.Event) {
	s.top = max(s.top, e.Duration)
	s.ended = s.ended || e.End
	if s.at < 0 {
		return
	}
	k := &x.list[s.at]
	k.Duration = max(k.Duration, s.before+uint32(s.top))
	k.Ended = k.Ended || e.End
	k.Marked = k.Marked || p.Marker
	k.Volume = e.Volume
	k.Last = max(k.Last, p.Arrival)
	k.Packets++
}

// begin starts a press.
func (x *Events) begin(p *Packet, e dtmf.Event) {
	s := segment{timestamp: p.Timestamp, code: e.Code, at: -1}
	if len(x.list) < MaxPresses {
		s.at = len(x.list)
		x.list = append(x.list, Press{Code: e.Code, At: p.Arrival, Last: p.Arrival, Frame: p.Frame,
			Timestamp: p.Timestamp, Clock: p.Clock, Segments: 1, Doubled: x.doubled(p, e)})
	} else {
		x.dropped++
	}
	x.push(s)
	x.update(&x.open[0], p, e)
}

// doubled reports whether the press before was the same key a moment ago, as
// when a gateway hears one tone twice.
func (x *Events) doubled(p *Packet, e dtmf.Event) bool {
	if x.known == 0 || x.open[0].code != e.Code || x.open[0].at < 0 || p.Clock == 0 {
		return false
	}
	s := &x.open[0]
	if p.Arrival-x.list[s.at].Last > doubledWait {
		return false
	}
	pause := int64(int32(p.Timestamp - s.timestamp - uint32(s.top)))
	return pause >= 0 && pause*1000 < doubledGap*int64(p.Clock)
}

func (x *Events) push(s segment) {
	copy(x.open[1:], x.open[:])
	x.open[0] = s
	x.known = min(x.known+1, remembered)
}

// Presses returns a copy of what was pressed, and how many more there was no
// room for.
func (x *Events) Presses() (list []Press, dropped uint64) {
	return append([]Press(nil), x.list...), x.dropped
}

// Count is how many presses are kept.
func (x *Events) Count() int { return len(x.list) }
