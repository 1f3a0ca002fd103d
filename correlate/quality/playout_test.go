package quality

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// A scene is the packets of one stream in order of arrival.
type scene struct{ packets []Packet }

// road sends n packets of 20 ms over a road that loses, delays, doubles and
// reorders, beginning at a number.
func road(seed uint64, n int, first int, edit func(i int, p *Packet) (lost bool)) scene {
	var s scene
	for i := range n {
		p := Packet{Arrival: int64(i) * 20 * ms, Frame: i + 1, Timestamp: uint32(i * 160), ClockRate: 8000, SequenceNumber: uint16(first + i)}
		if !edit(i, &p) {
			s.packets = append(s.packets, p)
		}
	}
	slices.SortStableFunc(s.packets, func(a, b Packet) int { return int(a.Arrival - b.Arrival) })
	return s
}

func (s scene) report() Report {
	var a Account
	for i := range s.packets {
		a.Add(&s.packets[i])
	}
	return a.Report()
}

func allIntervals(r *Report) []Interval {
	var all []Interval
	for i := range r.IntervalCount() {
		all = append(all, *r.Interval(i))
	}
	return all
}

// fates are what each buffer makes of the packets, found the slow way: the
// buffers are asked in order of arrival, the answers are put in order of numbers.
func (s scene) fates(first, n int) [bufferCount]string {
	buffers := [bufferCount]interface{ add(*instant) Verdict }{
		&fixedBuffer{model: &usual[BufferFixed60]}, &fixedBuffer{model: &usual[BufferFixed200]}, &adaptiveBuffer{model: &usual[BufferAdaptive]},
	}
	var played [bufferCount][]byte
	for i := range played {
		played[i] = slices.Repeat([]byte{'0'}, n)
	}
	seen := make([]bool, n)
	for i := range s.packets {
		p := &s.packets[i]
		at := int(uint16(p.SequenceNumber - uint16(first)))
		if seen[at] {
			continue
		}
		seen[at] = true
		in := instant{arrival: p.Arrival, media: int64(at) * 20 * ms, ptime: 20 * ms, marker: p.Marker}
		for b := range buffers {
			if buffers[b].add(&in) == Played {
				played[b][at] = '1'
			}
		}
	}
	var out [bufferCount]string
	for i := range out {
		out[i] = string(played[i])
	}
	return out
}

func TestPlayoutAgainstDefinition(t *testing.T) {
	rnd := rand.New(rand.NewPCG(11, 12))
	for round := range 60 {
		n, first := 200+rnd.IntN(3000), rnd.IntN(1<<16)
		loss, jitter, bad := rnd.IntN(12), 1+rnd.Int64N(120), false
		s := road(uint64(round), n, first, func(i int, p *Packet) bool {
			if rnd.IntN(40) == 0 {
				bad = !bad
			}
			p.Arrival += rnd.Int64N(jitter * ms)
			return i > 0 && i < n-1 && (rnd.IntN(100) < loss || bad && rnd.IntN(4) == 0)
		})
		r := s.report()
		if r.Expected != uint64(n) {
			continue // the first or last number was not at its place
		}
		for b, fate := range s.fates(first, n) {
			// The packet times are learned in the first packets; the definition knows them.
			if got, want := r.Buffers[b].Bursts, pattern(fate); got != want {
				t.Fatalf("round %d, buffer %s:\n got %+v\nwant %+v", round, r.Buffers[b].Model, got, want)
			}
		}
		var expected, lost, losses uint64
		for _, v := range allIntervals(&r) {
			expected, lost, losses = expected+uint64(v.Expected), lost+uint64(v.Lost), losses+uint64(v.Losses[BufferAdaptive])
		}
		if expected != r.Expected || lost != r.Lost || losses != r.Buffers[BufferAdaptive].Bursts.Lost {
			t.Fatalf("round %d: intervals say %d expected %d lost %d not played, the stream %d %d %d", round, expected, lost, losses,
				r.Expected, r.Lost, r.Buffers[BufferAdaptive].Bursts.Lost)
		}
	}
}

// Publishing in the middle changes nothing, and what was published stays.
func TestPlayoutReportsAtAnyTime(t *testing.T) {
	rnd := rand.New(rand.NewPCG(13, 14))
	s := road(1, 4000, 65000, func(i int, p *Packet) bool {
		p.Arrival += rnd.Int64N(90 * ms)
		return rnd.IntN(20) == 0
	})
	want := s.report()
	var a Account
	var before, kept []Interval
	for i := range s.packets {
		a.Add(&s.packets[i])
		if i%37 == 0 {
			r := a.Report()
			if !slices.Equal(before, kept) {
				t.Fatal("a published interval changed")
			}
			before, kept = r.Intervals, slices.Clone(r.Intervals)
			if n := len(kept); n > 0 && !slices.Equal(kept, want.Intervals[:min(n, len(want.Intervals))]) {
				t.Fatal("a settled interval differs from that at the end")
			}
		}
	}
	if got := a.Report(); !slices.Equal(allIntervals(&got), allIntervals(&want)) || got.Buffers != want.Buffers {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestIntervals(t *testing.T) {
	s := road(1, 1500, 100, func(i int, p *Packet) bool { // 30 s
		switch {
		case i >= 250 && i < 500: // five to ten seconds: comfort noise
			p.Role = Comfort
			return i%50 != 0
		case i >= 750 && i < 1000: // the third five seconds later: nothing arrives
			return true
		}
		return i == 1100 || i == 1101 || i == 1103
	})
	for i := range s.packets { // comfort noise has numbers that go on
		s.packets[i].SequenceNumber = uint16(100 + i)
		if s.packets[i].Timestamp >= 1000*160 {
			s.packets[i].SequenceNumber = uint16(100 + 255 + 250 + (s.packets[i].Timestamp/160 - 750))
		}
		if at := s.packets[i].Timestamp / 160; at >= 500 && at < 750 {
			s.packets[i].SequenceNumber = uint16(100 + 255 + at - 500)
		}
	}
	r := s.report()
	intervals := allIntervals(&r)
	if len(intervals) != 6 {
		t.Fatalf("%d intervals, want 6: %+v", len(intervals), intervals)
	}
	for i, want := range []Interval{
		{Expected: 250, Media: true},
		{Expected: 5, Media: false},
		{Expected: 250, Media: true},
		{Expected: 250, Lost: 250, Media: true},
		{Expected: 250, Lost: 3, Media: true},
		{Expected: 250, Media: true},
	} {
		got := intervals[i]
		if got.Expected != want.Expected || got.Lost != want.Lost || got.Media != want.Media || got.Outage {
			t.Errorf("interval %d: %+v, want %+v", i, got, want)
		}
	}
	if dead := intervals[3].Dead[BufferAdaptive]; dead != 5000 {
		t.Errorf("%d ms dead, want 5000", dead)
	}
	if runs := intervals[4].Runs[BufferAdaptive]; runs != 2 {
		t.Errorf("%d runs, want 2", runs)
	}
}

// A sender that falls silent without saying so is an outage; one that marks
// the next talkspurt was silent.
func TestIntervalOutage(t *testing.T) {
	for _, marked := range []bool{false, true} {
		s := road(1, 500, 1, func(i int, p *Packet) bool {
			if i >= 250 {
				p.Arrival += 12 * second
				p.Timestamp += 12 * 8000
				p.Marker = marked && i == 250
			}
			return false
		})
		r := s.report()
		outages := 0
		for _, v := range allIntervals(&r) {
			if v.Outage {
				outages++
			}
		}
		if want := map[bool]int{false: 2, true: 0}[marked]; outages != want || r.Lost != 0 {
			t.Errorf("marked %v: %d outages, want %d; %+v", marked, outages, want, r.Intervals)
		}
	}
}

// A new range of numbers goes on with the same stream.
func TestPlayoutRestart(t *testing.T) {
	s := road(1, 1000, 500, func(i int, p *Packet) bool {
		if i >= 600 {
			p.SequenceNumber += 20000
		}
		return i == 300 || i == 301
	})
	r := s.report()
	b := r.Buffers[BufferAdaptive].Bursts
	if r.Restarts != 1 || b.Packets != 1000 || b.Lost != 2 || b.Runs != 1 {
		t.Errorf("restarts %d, %+v, want 1000 packets, 2 lost in one run", r.Restarts, b)
	}
}

// One packet in ten seconds: more intervals end than are remembered.
func TestPlayoutOfASlowStream(t *testing.T) {
	s := road(1, 300, 1, func(i int, p *Packet) bool {
		p.Arrival = int64(i) * 10 * second
		p.Timestamp = uint32(i) * 80000
		return i == 200
	})
	r := s.report()
	if n := r.IntervalCount(); n != 599 {
		t.Errorf("%d intervals, want 599", n)
	}
	if b := r.Buffers[0].Bursts; b.Packets != 300 || b.Lost != 1 {
		t.Errorf("%+v", b)
	}
}

func FuzzAccount(f *testing.F) {
	f.Add([]byte{1, 20, 1, 20, 3, 60, 1, 0, 255, 20})
	f.Fuzz(func(t *testing.T, steps []byte) {
		var a Account
		p := Packet{ClockRate: 8000}
		for i := 0; i+1 < len(steps); i += 2 {
			p.SequenceNumber += uint16(int8(steps[i])) * 7
			p.Arrival += int64(steps[i+1]) * 40 * ms
			p.Timestamp += uint32(int8(steps[i])) * 160
			p.Marker = steps[i]&3 == 0
			p.Role = Role(steps[i+1] & 3)
			a.Add(&p)
		}
		r := a.Report()
		for _, b := range r.Buffers {
			if b.Bursts.Packets > r.Expected+1 || b.Bursts.Lost > b.Bursts.Packets {
				t.Errorf("%+v of %d expected", b.Bursts, r.Expected)
			}
		}
	})
}
