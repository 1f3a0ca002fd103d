package mos

import (
	"math"
	"testing"

	"sipsniff/correlate/quality"
)

// One packet of ten is lost, one by one. By hand, PCMU (Ie 0, Bpl 25.1):
// Ie,eff = 95·10/(10+25.1), R = 93.2 - Ie,eff = 66.13.
func TestSecond(t *testing.T) {
	var s Scorer
	q := speech(1000, func(i int) bool { return i%10 == 5 })
	score := s.Score(in("PCMU", q))
	r := 93.2 - 950/35.1
	want := 1 + 0.035*r + r*(r-60)*(100-r)*7e-6
	for i := range q.SecondCount() - 1 {
		got, ok := s.Second(&score, in("PCMU", q), q.Second(i), s.Used())
		if !ok || math.Abs(got-want) > 0.01 {
			t.Errorf("second %d: %.3f, want %.3f", i, got, want)
		}
	}
	for _, tt := range []struct {
		second quality.Second
		mos    float64
		ok     bool
	}{
		{quality.Second{Marks: quality.MarkOutage, Expected: 50, Lost: 50}, 1, true},
		{quality.Second{Marks: quality.MarkOutage}, 1, true},
		{quality.Second{Marks: quality.MarkSilent}, 0, false},
		{quality.Second{}, 0, false},
		{quality.Second{Marks: quality.MarkMedia, Expected: 3}, 0, false},
		{quality.Second{Expected: 50}, 0, false}, // comfort noise alone
	} {
		if got, ok := s.Second(&score, in("PCMU", q), &tt.second, s.Used()); got != tt.mos || ok != tt.ok {
			t.Errorf("%+v: %g, %v", tt.second, got, ok)
		}
	}
}
