package quality

import (
	"math"
	"testing"
)

const ms = 1_000_000

func near(got, want, tolerance float64) bool { return math.Abs(got-want) <= tolerance }

// The first vector of spec §5.6: 8 kHz, 20 ms.
func TestJitter(t *testing.T) {
	arrivals := []int64{0, 20, 45, 60, 80, 130, 131, 140, 160}
	want := []float64{0, 0, 0.3125, 0.6055, 0.5676, 2.4072, 3.4442, 3.9164, 3.6717}
	var j Jitter
	for i, a := range arrivals {
		j.Add(a*ms, uint32(i*160), 8000)
		if !near(j.Last(), want[i], 0.00005) {
			t.Errorf("after packet %d: %.5f ms, want %.4f", i, j.Last(), want[i])
		}
	}
	var r Report
	j.report(&r)
	mean := (0 + 0.3125 + 0.6055 + 0.5676 + 2.4072 + 3.4442 + 3.9164 + 3.6717) / 8
	if r.JitterMin != 0 {
		t.Errorf("min %g, want 0", r.JitterMin)
	}
	if !near(r.JitterMean, mean, 0.0001) || !near(r.JitterMax, 3.9164, 0.00005) {
		t.Errorf("mean %.4f max %.4f, want %.4f 3.9164", r.JitterMean, r.JitterMax, mean)
	}
}

// The second vector: reordering alone is no jitter.
func TestJitterReordered(t *testing.T) {
	var j Jitter
	timestamps := []uint32{0, 160, 480, 320, 640}
	for i, a := range []int64{0, 20, 60, 40, 80} {
		j.Add(a*ms, timestamps[i], 8000)
		if j.Last() != 0 {
			t.Errorf("after packet %d: %g ms, want 0", i, j.Last())
		}
	}
}

func TestJitterOverTimestampWrap(t *testing.T) {
	var j Jitter
	for i, a := range []int64{0, 20, 45} {
		j.Add(a*ms, 0xFFFFFFFF-159+uint32(i*160), 8000)
	}
	if !near(j.Last(), 0.3125, 1e-9) {
		t.Errorf("%g ms, want 0.3125", j.Last())
	}
}

func TestJitterKeepsTimeOverClockChange(t *testing.T) {
	var j Jitter
	j.Add(0, 0, 8000)
	j.Add(36*ms, 160, 8000) // 16 ms late: J = 1 ms
	j.Add(56*ms, 999, 16000)
	if !near(j.Last(), 1, 1e-9) {
		t.Errorf("%g ms after the change, want 1", j.Last())
	}
	j.Add(76*ms, 999+320, 16000) // exactly on time: J = 15/16 ms
	if !near(j.Last(), 0.9375, 1e-9) {
		t.Errorf("%g ms, want 0.9375", j.Last())
	}
}

func TestJitterJump(t *testing.T) {
	var j Jitter
	j.Add(0, 0, 8000)
	j.Add(20*ms, 160, 8000)
	j.Add(40*ms, 8500, 8000) // 8340 units ahead of the 160 due: more than a second
	j.Add(60*ms, 8660, 8000)
	var r Report
	j.report(&r)
	if r.TimestampJumps != 1 || r.JitterMax != 0 || !r.HasJitter {
		t.Errorf("jumps %d max %g, want 1 and 0", r.TimestampJumps, r.JitterMax)
	}
}

func TestJitterUnknown(t *testing.T) {
	var a Account
	a.Add(&Packet{SequenceNumber: 1})
	a.Add(&Packet{SequenceNumber: 2, Arrival: 20 * ms})
	if r := a.Report(); r.HasJitter || r.JitterMean != 0 || !r.HasDelta {
		t.Errorf("without a clock rate: %+v", r)
	}
}

// stream feeds packets 20 ms apart at 8 kHz and lets edit change each.
func stream(n int, edit func(i int, p *Packet)) Report {
	var a Account
	for i := range n {
		p := Packet{Arrival: int64(i) * 20 * ms, Frame: i + 1, Timestamp: uint32(i * 160),
			ClockRate: 8000, SequenceNumber: uint16(i), PayloadType: 8}
		if edit != nil {
			edit(i, &p)
		}
		a.Add(&p)
	}
	return a.Report()
}

func TestDelta(t *testing.T) {
	r := stream(10, func(i int, p *Packet) {
		if i == 4 {
			p.Arrival += 15 * ms // 35 ms after its predecessor, 5 ms before its successor
		}
	})
	if r.DeltaMin != 5 || r.DeltaMax != 35 || r.DeltaMaxFrame != 5 || r.DeltaMean != 20 {
		t.Errorf("delta %g/%g/%g at frame %d, want 5/20/35 at 5", r.DeltaMin, r.DeltaMean, r.DeltaMax, r.DeltaMaxFrame)
	}
}

func TestDeltaLeavesPausesOut(t *testing.T) {
	tests := []struct {
		name string
		edit func(i int, p *Packet)
	}{
		{"marked talkspurt", func(i int, p *Packet) {
			if i >= 30 {
				p.Arrival += 500 * ms
				p.Timestamp += 4000
				p.Marker = i == 30
			}
		}},
		{"after comfort noise", func(i int, p *Packet) {
			if i >= 30 {
				p.Arrival += 500 * ms
				p.Timestamp += 4000
			}
			if i == 29 {
				p.Role = Comfort
			}
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if r := stream(60, tt.edit); r.DeltaMax != 20 {
				t.Errorf("delta max %g, want 20", r.DeltaMax)
			}
		})
	}
	unmarked := stream(60, func(i int, p *Packet) {
		if i >= 30 {
			p.Arrival += 500 * ms
			p.Timestamp += 4000
		}
	})
	if unmarked.DeltaMax != 520 {
		t.Errorf("without marker: delta max %g, want 520", unmarked.DeltaMax)
	}
}

func TestDeltaClampsTimeRunningBack(t *testing.T) {
	r := stream(3, func(i int, p *Packet) {
		if i == 2 {
			p.Arrival = 10 * ms
		}
	})
	if r.DeltaMin != 0 || r.DeltaMean != 10 {
		t.Errorf("delta min %g mean %g, want 0 and 10", r.DeltaMin, r.DeltaMean)
	}
}

func TestPTime(t *testing.T) {
	tests := []struct {
		name string
		n    int
		edit func(i int, p *Packet)
		want float64
	}{
		{"twenty packets are too few", 20, nil, 0},
		{"twenty-one packets give twenty steps", 21, nil, 20},
		{"mode, not mean", 60, func(i int, p *Packet) {
			if i >= 50 {
				p.Timestamp += uint32((i - 49) * 160) // the last ten steps are 40 ms
			}
		}, 20},
		{"16 kHz, 10 ms", 40, func(i int, p *Packet) { p.ClockRate = 16000 }, 10},
		{"markers do not count", 40, func(i int, p *Packet) { p.Marker = true }, 0},
		{"constant timestamps do not count", 40, func(i int, p *Packet) { p.Timestamp = 7 }, 0},
		{"the second window wins", 1100, func(i int, p *Packet) {
			if i >= 520 {
				p.Timestamp += uint32((i - 519) * 160)
			}
		}, 40},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := stream(tt.n, tt.edit).PTime; got != tt.want {
				t.Errorf("ptime %g, want %g", got, tt.want)
			}
		})
	}
}

func TestSpacingSkips(t *testing.T) {
	clean := stream(60, nil)
	if !clean.HasJitter || clean.JitterMax != 0 || clean.TimestampJumps != 0 {
		t.Fatalf("a clean stream: %+v", clean)
	}
	t.Run("telephone-event", func(t *testing.T) {
		r := stream(60, func(i int, p *Packet) {
			if i >= 30 && i < 40 {
				p.Role, p.PayloadType, p.Timestamp = Event, 101, 30*160
			}
		})
		if r.JitterMax != 0 || r.PTime != 20 {
			t.Errorf("jitter max %g ptime %g, want 0 and 20", r.JitterMax, r.PTime)
		}
	})
	t.Run("duplicates", func(t *testing.T) {
		var a Account
		for i := range 30 {
			p := Packet{Arrival: int64(i) * 20 * ms, Timestamp: uint32(i * 160), ClockRate: 8000, SequenceNumber: uint16(i)}
			a.Add(&p)
			p.Arrival += 3 * ms
			a.Add(&p)
		}
		r := a.Report()
		if r.JitterMax != 0 || r.DeltaMin != 20 || r.Duplicates != 30 {
			t.Errorf("jitter max %g delta min %g duplicates %d, want 0, 20, 30", r.JitterMax, r.DeltaMin, r.Duplicates)
		}
	})
	t.Run("restart", func(t *testing.T) {
		r := stream(60, func(i int, p *Packet) {
			if i >= 30 {
				p.SequenceNumber += 20000
				p.Timestamp += 123456789
			}
		})
		if r.JitterMax != 0 || r.TimestampJumps != 0 || r.Restarts != 1 || r.Lost != 0 {
			t.Errorf("jitter max %g jumps %d restarts %d lost %d, want 0 0 1 0", r.JitterMax, r.TimestampJumps, r.Restarts, r.Lost)
		}
	})
}

func TestAccountAllocatesNothing(t *testing.T) {
	var a Account
	p := Packet{ClockRate: 8000}
	if n := testing.AllocsPerRun(1000, func() {
		p.SequenceNumber++
		p.Timestamp += 160
		p.Arrival += 20 * ms
		a.Add(&p)
	}); n != 0 {
		t.Errorf("%g allocations per packet, want 0", n)
	}
}

func BenchmarkAccount(b *testing.B) {
	var a Account
	p := Packet{ClockRate: 8000}
	b.ReportAllocs()
	for b.Loop() {
		p.SequenceNumber++
		p.Timestamp += 160
		p.Arrival += 20 * ms
		a.Add(&p)
	}
}
