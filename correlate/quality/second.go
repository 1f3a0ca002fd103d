package quality

import (
	"math"
	"time"
)

const (
	// secondLength is what a Second stands for at first, in ns.
	secondLength = int64(second)
	// maxSeconds bounds what one stream remembers: an hour in seconds. When
	// there are more, two become one.
	maxSeconds = 3600
)

// A Mark is something that happened in a Second.
type Mark uint8

// The marks. A second without packets is silent when the sender had said that
// it pauses, else nothing arrived although something was expected.
const (
	MarkMedia   Mark = 1 << iota // something else than comfort noise came
	MarkSilent                   // nothing came, as announced
	MarkOutage                   // nothing came
	MarkRestart                  // the numbers or timestamps began anew
)

// A Second is what arrived in a second of a stream, or in several where two
// had to become one: the points of a chart. It takes 16 octets; counts stick
// at their greatest value.
type Second struct {
	Expected uint16             // numbers of packets that belong in it
	Lost     uint16             // of them that never arrived
	discards [bufferCount]uint8 // share of Expected that came but was thrown away, in 1/255, by de-jitter buffer
	Marks    Mark
	jitter   uint16 // highest estimate, 0.1 ms
	delta    uint16 // longest time between two packets, 0.1 ms
	skew     int16  // least transit time against the first packet's, 0.1 ms
	Rate     uint16 // kbit/s of payload
}

// Jitter is the highest estimate in ms.
func (s *Second) Jitter() float64 { return float64(s.jitter) / 10 }

// Delta is the longest time between two packets in ms.
func (s *Second) Delta() float64 { return float64(s.delta) / 10 }

// Skew is the least transit time against that of the first packet, in ms: it
// rises when the path gets longer or the sender's clock is slow. It is not ok
// when nothing with a clock came.
func (s *Second) Skew() (ms float64, ok bool) {
	return float64(s.skew) / 10, s.skew != math.MaxInt16
}

// Discarded is the share of what was expected that a buffer threw away, 0 to 1.
func (s *Second) Discarded(buffer int) float64 { return float64(s.discards[buffer]) / 255 }

// LostShare is the share that never arrived, 0 to 1; ok is false when nothing
// was expected.
func (s *Second) LostShare() (share float64, ok bool) {
	if s.Expected == 0 {
		return 0, false
	}
	return float64(s.Lost) / float64(s.Expected), true
}

// seconds keeps the Seconds of one stream in order of arrival. The zero value
// is ready. All of list but the last are published and never change.
type seconds struct {
	list    []Second
	outages *outages
	next    int64 // arrival at which the running one ends
	highest int64 // number
	doubled uint8 // how often two became one
	running bool
	quiet   bool // the packet before was comfort noise

	// The running second.
	marks          Mark
	expected, came uint32
	octets         uint32
	discarded      [bufferCount]uint32 // of the buffers when it began, modulo 2^32
	jitter         float32             // highest estimate, timestamp units
	delta          uint32              // ns
	skew           int32               // 1024 ns
}

const (
	skewShift   = 10            // 1024 ns
	unknownSkew = math.MaxInt32 // of a second without a transit time
)

// width is how long a Second is in ns.
func (s *seconds) width() int64 { return secondLength << s.doubled }

// enter takes a packet before the buffers have it and, by before, the packet
// before it. Nearly all packets are the next one of the running second.
func (s *seconds) enter(p *Packet, class Class, number int64, before *Spacing, o *playout) {
	if class == InOrder && p.Arrival < s.next && s.running {
		s.expected++
		s.highest = number
		s.note(p, before.Delta.last)
		return
	}
	s.other(p, class, number, before, o)
}

// other takes any other packet.
func (s *seconds) other(p *Packet, class Class, number int64, before *Spacing, o *playout) {
	if class == Duplicate || class == Probation {
		s.octets += uint32(p.Octets)
		return
	}
	since := before.Delta.last
	if !s.running {
		*s = seconds{next: addTime(p.Arrival, secondLength), highest: number - 1, running: true, skew: unknownSkew, octets: s.octets}
		since = p.Arrival
	}
	missing := max(number-s.highest-1, 0)
	if class == Restart {
		missing = 0
		s.highest = number - 1
	}
	if missing > 0 && !s.quiet {
		s.outage(p, since, missing, before)
	}
	if p.Arrival >= s.next {
		silent := s.quiet || missing == 0 && (p.Marker || stood(p, since, before.timestamp))
		missing = s.turn(p, since, missing, silent, o, before.perTick)
	}
	if class == Restart {
		s.marks |= MarkRestart
		s.expected++ // the packet in probation
		s.came++
	}
	if number > s.highest {
		s.expected += uint32(missing) + 1
		s.highest = number
	}
	s.note(p, since)
}

// note counts a packet that came, since the one before.
func (s *seconds) note(p *Packet, since int64) {
	s.came++
	s.octets += uint32(p.Octets)
	if gap := p.Arrival - since; gap > int64(s.delta) && p.Arrival > since {
		s.delta = uint32(min(gap, math.MaxUint32))
	}
	if s.quiet = p.Role == Comfort; !s.quiet {
		s.marks |= MarkMedia
	}
}

// leave takes it after the buffers had it, with the jitter after it in ms.
func (s *seconds) leave(p *Packet, o *playout, g *Spacing) {
	if e := float32(g.Jitter.estimate); e > s.jitter {
		s.jitter = e
	}
	if p.Role > Comfort || p.Role == Event || !g.skew.started || p.ClockRate == 0 {
		return
	}
	if o.jumped && p.Arrival > s.next-s.width() {
		s.marks |= MarkRestart
	}
	if d := (o.transit - g.skew.transit) >> skewShift; d < int64(s.skew) {
		s.skew = int32(max(d, math.MinInt32))
	}
}

// turn ends the running second and those in which nothing came before a
// packet. Numbers that are missing since the packet before are spread over the
// time in which they are; those of the second of the packet are returned.
func (s *seconds) turn(p *Packet, since, missing int64, silent bool, o *playout, perTick float64) int64 {
	left := missing
	gap := float64(p.Arrival) - float64(since) // captures say what they want of time: the difference may be too large
	for p.Arrival >= s.next && s.next < math.MaxInt64 {
		due := int64(float64(missing)*(float64(s.next)-float64(since))/gap) - (missing - left)
		due = max(0, min(due, left))
		left -= due
		s.expected += uint32(due)
		if s.came == 0 {
			if silent {
				s.marks |= MarkSilent
			} else {
				s.marks |= MarkOutage
			}
		}
		s.close(o, perTick)
	}
	return left
}

// close ends the running second.
func (s *seconds) close(o *playout, perTick float64) {
	if late := int(s.came) - int(s.expected); late > 0 && len(s.list) > 0 {
		before := &s.list[len(s.list)-1]
		before.Lost -= uint16(min(late, int(before.Lost))) // they came after all
	}
	s.list = append(s.list, s.second(o, perTick, s.width()))
	if len(s.list) == maxSeconds {
		s.halve()
	}
	s.next = addTime(s.next, s.width())
	s.expected, s.came, s.octets, s.jitter, s.delta, s.skew, s.marks = 0, 0, 0, 0, 0, unknownSkew, 0
	for i := range s.discarded {
		s.discarded[i] = uint32(o.waiting(i).thrown())
	}
}

// second is what the running one held, of which so many ns are over.
func (s *seconds) second(o *playout, perTick float64, length int64) Second {
	v := Second{Expected: uint16(min(s.expected, math.MaxUint16)), Marks: s.marks, jitter: saturate(float64(s.jitter) * perTick * 10),
		delta: saturate(float64(s.delta) / deltaUnit), skew: math.MaxInt16, Rate: saturate(float64(s.octets) * 8e6 / float64(max(length, 1)))}
	if s.expected > s.came {
		v.Lost = uint16(min(s.expected-s.came, math.MaxUint16))
	}
	if s.skew != unknownSkew {
		v.skew = int16(min(max(int64(s.skew)<<skewShift/deltaUnit, math.MinInt16), math.MaxInt16-1))
	}
	for i := range v.discards {
		if n := uint64(uint32(o.waiting(i).thrown()) - s.discarded[i]); n > 0 && s.expected > 0 {
			v.discards[i] = uint8(min((255*n+uint64(s.expected)-1)/uint64(s.expected), 255))
		}
	}
	return v
}

// deltaUnit is the resolution of a Second in ns.
const deltaUnit = 100_000

// halve makes one of two; the running second is twice as long from now on.
func (s *seconds) halve() {
	list := make([]Second, len(s.list)/2, len(s.list)/2+64)
	for i := range list {
		list[i] = joined(&s.list[2*i], &s.list[2*i+1])
	}
	s.list = list
	s.doubled++
}

func joined(a, b *Second) Second {
	v := Second{Expected: sum16(a.Expected, b.Expected), Lost: sum16(a.Lost, b.Lost), Marks: a.Marks | b.Marks,
		jitter: max(a.jitter, b.jitter), delta: max(a.delta, b.delta), skew: min(a.skew, b.skew), Rate: uint16((uint32(a.Rate) + uint32(b.Rate) + 1) / 2)}
	for i := range v.discards {
		n := uint64(a.discards[i])*uint64(a.Expected) + uint64(b.discards[i])*uint64(b.Expected)
		if all := uint64(a.Expected) + uint64(b.Expected); n > 0 {
			v.discards[i] = uint8(min((n+all-1)/all, 255))
		}
	}
	return v
}

func sum16(a, b uint16) uint16 { return uint16(min(uint32(a)+uint32(b), math.MaxUint16)) }

// addTime adds two times that a capture made up.
func addTime(a, b int64) int64 {
	if a > math.MaxInt64-b {
		return math.MaxInt64
	}
	return a + b
}

// report fills the seconds of a report.
func (s *seconds) report(o *playout, g *Spacing, r *Report) {
	if !s.running {
		return
	}
	s.outages.report(r)
	settled, width := max(len(s.list)-1, 0), s.width()
	r.SecondWidth, r.SecondStart = time.Duration(width), s.next-int64(len(s.list)+1)*width
	r.Seconds = s.list[:settled:settled]
	r.SecondsTail = append(make([]Second, 0, 2), s.list[settled:]...)
	r.SecondsTail = append(r.SecondsTail, s.second(o, g.perTick, min(max(g.Delta.last-(s.next-width), width/10), width)))
}
