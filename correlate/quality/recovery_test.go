package quality

import "testing"

func addAll(s *Sequence, numbers ...uint16) {
	for _, n := range numbers {
		s.Add(n)
	}
}

func located(s *Sequence, number uint16) int64 {
	extended, _ := s.Locate(number)
	return extended
}

func TestRecover(t *testing.T) {
	var s Sequence
	addAll(&s, 65533, 65534, 2, 3) // 65535, 0 and 1 are missing
	for _, tt := range []struct {
		number uint16
		want   bool
	}{{65535, true}, {65535, false}, {1, true}, {65534, false}, {3, false}, {4, false}, {65532, false}} {
		if got := s.Recover(located(&s, tt.number)); got != tt.want {
			t.Errorf("%d: recovered %v, want %v", tt.number, got, tt.want)
		}
	}
	var r Report
	s.report(&r)
	if r.Lost != 3 || r.Recovered != 2 || r.Residual() != 1 {
		t.Errorf("lost %d, recovered %d", r.Lost, r.Recovered)
	}
	s.Add(1) // late: no longer lost, so nothing was recovered
	s.report(&r)
	if r.Lost != 2 || r.Recovered != 1 || r.Reordered != 1 {
		t.Errorf("after it came: lost %d, recovered %d, reordered %d", r.Lost, r.Recovered, r.Reordered)
	}
	// Another number at the same place of the window is missing anew.
	for n := uint16(4); n < 4094; n++ {
		s.Add(n)
	}
	s.Add(4096) // 4095 is 4096 after 65535
	if !s.Recover(located(&s, 4095)) {
		t.Error("4095 cannot be recovered: the window remembers 65535")
	}
	addAll(&s, 30000, 30001, 30003) // a restart
	if s.Wanted(located(&s, 4094)) || !s.Recover(located(&s, 30002)) {
		t.Error("recovery after a restart")
	}
	s.report(&r)
	if r.Recovered != 3 || r.Restarts != 1 {
		t.Errorf("%+v", r)
	}
}

// What was recovered is played; the network lost it all the same.
func TestRecoveredIsPlayed(t *testing.T) {
	for _, recover := range []bool{false, true} {
		var a Account
		for n := range uint16(400) {
			if n%10 == 5 {
				continue
			}
			a.Add(&Packet{Arrival: int64(n) * 20e6, Frame: int(n), Timestamp: uint32(n) * 160, ClockRate: 8000, SequenceNumber: n})
			if recover && n%10 == 6 {
				a.Recover(located(&a.Sequence, n-1))
			}
		}
		r := a.Report()
		b := &r.Buffers[BufferAdaptive]
		want := uint64(40)
		if recover {
			want = 0
		}
		if r.Lost != 40 || r.Residual() != want || b.Bursts.Lost != want || r.Interval(0).Lost != 25 {
			t.Errorf("recover %v: lost %d, residual %d, not played %d, in the first interval %d", recover, r.Lost, r.Residual(), b.Bursts.Lost, r.Interval(0).Lost)
		}
	}
}
