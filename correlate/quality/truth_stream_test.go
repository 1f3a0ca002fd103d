package quality

import (
	"math"
	"math/rand/v2"
	"slices"
)

// A shape is one codec with one packet time.
type shape struct {
	codecShape
	step uint32 // ticks of a packet
}

// shapes is every codec with each of its packet times.
func shapes() (all []shape) {
	for _, c := range codecShapes {
		for _, step := range c.ticks {
			all = append(all, shape{c, step})
		}
	}
	return all
}

// nanos is the time of so many packets.
func (s shape) nanos(packets int64) float64 {
	return float64(packets) * float64(s.step) / float64(s.clock) * 1e9
}

func (s shape) ptime() float64 { return s.nanos(1) / 1e6 }

// A sentPacket is a packet with what only its sender knows.
type sentPacket struct {
	Packet
	number int64 // without wraps; goes on over restarts
	ticks  int64 // of the clock since the stream began
	again  bool  // the road doubled it
	anew   int   // how often the numbers began anew before it
}

// A truth is a generated stream: its packets in order of arrival, and what was
// done to them.
type truth struct {
	shape
	packets                         []sentPacket
	sent, lost, duplicates, pauses  uint64
	restarts, wraps, shifts, quiets uint64
	drift                           float64 // ppm
}

// A road is what lies between sender and probe.
type roadShape struct {
	rnd               *rand.Rand
	loss, duplicate   float64
	jitter            float64 // ns at most
	bursty, bad       bool
	shiftFrom, shiftN int // packets that take another way
	shift             float64
}

func (r *roadShape) loses() bool {
	if !r.bursty {
		return r.rnd.Float64() < r.loss
	}
	if r.rnd.IntN(60) == 0 {
		r.bad = !r.bad
	}
	return r.bad && r.rnd.Float64() < 2*r.loss
}

func (r *roadShape) delay(i int) float64 {
	d := r.rnd.Float64() * r.jitter
	if r.shiftN > 0 && i >= r.shiftFrom && i < r.shiftFrom+r.shiftN {
		d += r.shift
	}
	return d
}

// A sender makes the packets of one stream.
type sender struct {
	*truth
	road   roadShape
	number int64
	base   int64  // what the numbers on the wire are ahead of it
	first  uint32 // timestamp
	ticks  int64
	still  float64 // packets that the road leaves alone
}

// generated makes the stream of a seed. Each shape comes three times or more;
// those that can keep silent do so in two of three.
func generated(seed int) *truth {
	all := shapes()
	rnd := rand.New(rand.NewPCG(uint64(seed), 99))
	t := &truth{shape: all[seed%len(all)]}
	round := seed / len(all)
	n := 4000 + rnd.IntN(4000)
	s := &sender{truth: t, base: rnd.Int64N(1 << 16), first: rnd.Uint32()}
	s.road = roadShape{rnd: rnd, loss: rnd.Float64() * 0.2, bursty: rnd.IntN(2) == 0, jitter: rnd.Float64() * 40e6, duplicate: rnd.Float64() * 0.02}
	if rnd.IntN(2) == 0 { // numbers and timestamps wrap soon
		s.base, s.first = 1<<16-1-rnd.Int64N(1000), math.MaxUint32-uint32(rnd.IntN(100000))
	}
	restart := -1
	switch rnd.IntN(4) {
	case 0:
		t.drift, s.road.jitter = float64(rnd.IntN(1600)-800), rnd.Float64()*2e6
		n = max(n, int(100e9/t.nanos(1)))
	case 1:
		restart = n / 2
		t.restarts++
	case 2:
		s.road.shiftFrom, s.road.shiftN, s.road.shift = n/3, n/3, min(100e6+rnd.Float64()*800e6, t.nanos(80))
		t.shifts++
	}
	silent := t.pause != speaks && round != 1
	for i := range n {
		if restart > 0 && i == restart-int(60e6/t.nanos(1))-2 {
			s.still = 60e6/t.nanos(1) + 8 // what is lost right in front of a restart nobody can know
		}
		if i == restart { // the sender begins its numbers anew, as after a transfer
			s.base += 20000
		}
		anew := 0
		if restart >= 0 && i >= restart {
			anew = 1
		}
		marker := i == 0
		if silent && i%500 == 499 && s.still <= 0 {
			s.keepsSilent(anew)
			marker = true
		}
		s.send(Packet{PayloadType: 96, Marker: marker}, anew, i == 0 || i == n-1, i)
		s.ticks += int64(t.step)
	}
	slices.SortStableFunc(t.packets, func(a, b sentPacket) int { return int(a.Arrival - b.Arrival) })
	t.wraps = uint64((s.base + s.number - 1) >> 16)
	return t
}

// keepsSilent lets 50 to 149 packets of time pass, in the way of the codec.
func (s *sender) keepsSilent(anew int) {
	s.pauses++
	for range 5 + s.road.rnd.IntN(10) {
		if s.pause == noise || s.pause == frames {
			p := Packet{PayloadType: 96, Role: Comfort}
			if s.pause == noise {
				p.PayloadType = 13
			}
			s.quiets++
			s.send(p, anew, false, 0)
		}
		s.ticks += 10 * int64(s.step)
	}
}

// send puts a packet on the road; one that is kept arrives for certain.
func (s *sender) send(p Packet, anew int, kept bool, i int) {
	at := float64(s.ticks) / float64(s.clock) * 1e9 / (1 + s.drift*1e-6)
	p.SequenceNumber, p.Timestamp, p.ClockRate = uint16(s.base+s.number), s.first+uint32(s.ticks), s.clock
	p.Arrival = int64(at + s.road.delay(i))
	q := sentPacket{Packet: p, number: s.number, ticks: s.ticks, anew: anew}
	s.number++
	s.sent++
	gone := s.road.loses()
	if s.still > 0 {
		s.still--
		q.Arrival, gone, kept = int64(at), false, true
	}
	if gone && !kept {
		s.lost++
		return
	}
	s.packets = append(s.packets, q)
	if !kept && s.road.rnd.Float64() < s.road.duplicate {
		q.again = true
		q.Arrival += int64(s.road.rnd.Float64() * 5e6)
		s.packets = append(s.packets, q)
		s.duplicates++
	}
}

// counted calls f for the packets that count, in order of arrival: no copies,
// and not the first after the numbers began anew, which proves nothing.
func (t *truth) counted(f func(p *sentPacket, anew bool)) {
	segment, odd := 0, false
	for i := range t.packets {
		p := &t.packets[i]
		switch {
		case p.again:
			continue
		case p.anew != segment:
			segment, odd = p.anew, true
			continue
		}
		f(p, odd)
		odd = false
	}
}

// reordered is how many packets came behind a higher number.
func (t *truth) reordered() (n uint64) {
	highest := int64(-1)
	for i := range t.packets {
		if p := &t.packets[i]; !p.again && p.number < highest {
			n++
		}
		highest = max(highest, t.packets[i].number)
	}
	return n
}

// jitter is RFC 3550 §6.4.1 in ms, with the transit of each packet by the time
// it was sent at.
func (t *truth) jitter() (mean, highest float64) {
	var j, before, sum float64
	n := -1
	t.counted(func(p *sentPacket, anew bool) {
		transit := float64(p.Arrival)/1e6 - float64(p.ticks)/float64(t.clock)*1e3
		if n >= 0 && !anew {
			j += (math.Abs(transit-before) - j) / 16
			sum += j
			highest = max(highest, j)
		}
		if !anew {
			n++
		}
		before = transit
	})
	return sum / float64(n), highest
}
