package quality

import "testing"

// A player sends packets of 20 ms at 8 kHz.
type player struct {
	a      Account
	number uint16
	ticks  uint32
	nanos  int64
	frame  int
}

func (s *player) send(n int, change func(*Packet)) {
	for range n {
		s.frame++
		p := Packet{Arrival: s.nanos, Frame: s.frame, Timestamp: s.ticks, ClockRate: 8000, SequenceNumber: s.number}
		if change != nil {
			change(&p)
		}
		s.a.Add(&p)
		s.number++
		s.pass(1)
	}
}

// pass lets the time of n packets pass in which the sender sends nothing.
func (s *player) pass(n int) {
	s.ticks += uint32(160 * n)
	s.nanos += int64(n) * 20 * ms
}

// lose sends n packets that do not arrive.
func (s *player) lose(n int) {
	s.number += uint16(n)
	s.pass(n)
}

// More numbers are lost than a jump of them may be: 80 s of packets of 20 ms.
func TestFarOutage(t *testing.T) {
	s := player{nanos: 5000 * ms}
	s.send(100, nil)
	s.lose(4000)
	s.send(100, nil)
	s.number += 20000 // another sender in the same place
	s.ticks += 1 << 30
	s.pass(60)
	s.send(20, nil)
	want := Outage{Start: 6980 * ms, End: 87000 * ms, Lost: 4000, Frame: 101}
	if r := s.a.Report(); len(r.Outages) != 1 || r.Outages[0] != want || r.OutageLost != 0 || r.Restarts != 2 {
		t.Errorf("%+v, %d lost, %d restarts", r.Outages, r.OutageLost, r.Restarts)
	}
}

// Three speakers: with comfort noise, without it, and one that chops.
func TestSpurts(t *testing.T) {
	comfort := func(p *Packet) { p.Role = Comfort }
	mark := func(p *Packet) { p.Marker = true }
	var noise, bare, chopped player
	for range 4 {
		noise.send(1, mark)
		noise.send(49, nil)
		noise.send(1, comfort)
		noise.pass(20)
		noise.send(1, comfort)
		noise.pass(20)

		bare.send(1, mark)
		bare.send(49, nil)
		bare.pass(40)

		chopped.send(1, mark)
		chopped.send(6, nil)
		chopped.pass(10)
	}
	for name, tt := range map[string]struct {
		s                   *player
		spurts, short, bare uint64
		silent              bool
	}{
		"noise":   {&noise, 4, 0, 0, true},
		"bare":    {&bare, 3, 0, 3, false}, // the last one may go on
		"chopped": {&chopped, 3, 3, 3, false},
	} {
		r := tt.s.a.Report()
		b := r.Breaks
		if b.Spurts != tt.spurts || b.ShortSpurts != tt.short || b.BareSpurts != tt.bare || r.EndsSilent != tt.silent || r.Lost != 0 {
			t.Errorf("%s: %d spurts, %d short, %d bare, ends silent %v", name, b.Spurts, b.ShortSpurts, b.BareSpurts, r.EndsSilent)
		}
	}
}

func TestRhythm(t *testing.T) {
	var steady, random player
	seed := uint32(7)
	for range 30 {
		steady.send(49, nil)
		steady.lose(1)
		seed = seed*1664525 + 1013904223
		random.send(3+int(seed>>8)%90, nil)
		random.lose(1)
	}
	steady.send(1, nil)
	random.send(1, nil)
	if got := steady.a.Report().Breaks.Rhythm; got.Packets != 50 || got.Share < 0.99 {
		t.Errorf("every fiftieth packet: %+v", got)
	}
	if got := random.a.Report().Breaks.Rhythm; got.Share > 0.5 {
		t.Errorf("losses at random: %+v", got)
	}
	var few player
	for range 5 {
		few.send(49, nil)
		few.lose(1)
	}
	if got := few.a.Report().Breaks.Rhythm; got != (Rhythm{}) {
		t.Errorf("four losses: %+v", got)
	}
}

func TestUnmarkedJumps(t *testing.T) {
	var s player
	s.send(30, nil)
	s.ticks += 40000
	s.send(30, nil)
	s.ticks += 40000
	s.send(1, func(p *Packet) { p.Marker = true })
	s.send(30, nil)
	s.nanos += 5000 * ms // on hold: the timestamps stood still
	s.send(30, nil)
	if r := s.a.Report(); r.TimestampJumps != 3 || r.Breaks.UnmarkedJumps != 1 {
		t.Errorf("%d jumps, %d without the marker", r.TimestampJumps, r.Breaks.UnmarkedJumps)
	}
}
