package mos

import (
	"math"
	"testing"

	"sipsniff/correlate/quality"
	"sipsniff/correlate/quality/emodel"
)

const ms = 1_000_000

// speech is n packets of 20 ms, those that lost names left out.
func speech(n int, lost func(i int) bool) *quality.Report {
	var a quality.Account
	for i := range n {
		if lost == nil || !lost(i) {
			a.Add(&quality.Packet{Arrival: int64(i) * 20 * ms, Timestamp: uint32(i * 160), ClockRate: 8000, SequenceNumber: uint16(i)})
		}
	}
	r := a.Report()
	return &r
}

func in(encoding string, q *quality.Report) Input {
	return Input{Audio: true, Format: emodel.Format{Encoding: encoding, Clock: 8000, PTime: 20, Mode: -1}, Quality: q, Network: -1}
}

func course(s *Scorer, score Score, encoding string, q *quality.Report) Course {
	return s.Course(&score, in(encoding, q))
}

func near(a, b float64) bool { return math.Abs(a-b) < 0.0006 }

// 2 % of losses one by one in G.711: vector 4 of spec §6.9 V3.
func TestScore(t *testing.T) {
	var s Scorer
	q := speech(1500, func(i int) bool { return i%50 == 25 })
	got := s.Score(in("PCMU", q))
	if !got.Known || got.Reason != "" || !near(got.MOS, 4.235) || math.Abs(got.R-86.189) > 0.001 || got.NetworkLoss != 2 || got.Discarded != 0 || got.BurstRatio != 1 || got.HasDelay {
		t.Errorf("%+v", got)
	}
	if c := course(&s, got, "PCMU", q); len(c.Intervals) != 6 || !near(c.Min, 4.235) || !near(c.Mean, 4.235) || !near(c.P10, 4.235) || c.Below36 != 0 {
		t.Errorf("intervals %+v", c)
	}
	if got.Entry.Basis() != "G.107 PCMU Ie=0 Bpl=25.1" || got.Buffer != "a1" || !got.Bridged {
		t.Errorf("basis %q, buffer %s", got.Entry.Basis(), got.Buffer)
	}
}

func TestScoreWithoutLoss(t *testing.T) {
	var s Scorer
	if got := s.Score(in("G729", speech(500, nil))); !near(got.MOS, 4.139) || math.Abs(got.R-83.2) > 1e-9 {
		t.Errorf("%+v", got)
	}
	if got := s.Score(in("G722", speech(500, nil))); !near(got.MOS, 4.337) || got.Entry.Scale != emodel.WideBand {
		t.Errorf("%+v", got)
	}
}

// Losses of one interval stay in it.
func TestIntervalScores(t *testing.T) {
	var s Scorer
	q := speech(1000, func(i int) bool { return i >= 250 && i < 500 && i%10 == 5 }) // 10 %
	got := course(&s, s.Score(in("PCMA", q)), "PCMA", q)
	if len(got.Intervals) != 4 {
		t.Fatalf("%d intervals", len(got.Intervals))
	}
	for i, want := range []float64{4.409, 3.411, 4.409, 4.409} {
		if v := got.Intervals[i]; v.State != Scored || !near(v.MOS, want) {
			t.Errorf("interval %d: %+v, want %g", i, v, want)
		}
	}
	if !near(got.Min, 3.411) || !near(got.P10, 3.411) || !near(got.Mean, (3*4.4093+3.411)/4) || got.Below36 != 5 || got.Below26 != 0 {
		t.Errorf("%+v", got)
	}
}

// Three seconds without anything take their share of the interval.
func TestDeadTime(t *testing.T) {
	var s Scorer
	q := speech(1000, func(i int) bool { return i >= 300 && i < 450 })
	got := course(&s, s.Score(in("PCMU", q)), "PCMU", q)
	// 150 of 250 lost in one run: BurstR = min(150*(1-0.6), 8) = 8.
	ieff := 95 * 60.0 / (60.0/8 + 25.1)
	want := emodel.MOS((93.2 - ieff) * (1 - 3.0/5))
	if v := got.Intervals[1]; !near(v.MOS, want) || v.MOS > 1.3 {
		t.Errorf("%+v, want %g", v, want)
	}
}

func TestConversation(t *testing.T) {
	var s Scorer
	q := speech(500, nil)
	one := in("PCMU", q)
	one.Network = 90
	got := s.Score(one)
	// Steady packets wait 40 ms at first, and fewer when the buffer shrinks.
	delay := 90 + float64(q.Buffers[quality.BufferAdaptive].Mean())/1e6 + 20 + 0 + 10
	if !got.HasDelay || got.DelayFrom != "rtcp" || math.Abs(got.Delay-delay) > 1e-9 || got.ConMOS >= got.MOS {
		t.Errorf("%+v, want a delay of %g", got, delay)
	}
	s.OneWay = 50
	one.Network = -1
	if got := s.Score(one); got.DelayFrom != "configured" || math.Abs(got.Delay-(delay-40)) > 1e-9 {
		t.Errorf("%+v", got)
	}
}

func TestNoScore(t *testing.T) {
	var s Scorer
	for want, input := range map[string]Input{
		NoCodec:  in("BV32", speech(500, nil)),
		NotAudio: {Quality: speech(500, nil)},
		TooShort: in("PCMU", speech(8, nil)),
		NoClock:  in("PCMU", &quality.Report{Expected: 100}),
	} {
		if got := s.Score(input); got.Known || got.Reason != want || got.MOS != 0 {
			t.Errorf("%+v, want %s", got, want)
		}
	}
}

// A fixed buffer throws away what comes late; the adaptive one waits.
func TestScoreByBuffer(t *testing.T) {
	var a quality.Account
	for i := range 1000 {
		late := int64(0)
		if i%20 == 19 {
			late = 70 * ms
		}
		a.Add(&quality.Packet{Arrival: int64(i)*20*ms + late, Timestamp: uint32(i * 160), ClockRate: 8000, SequenceNumber: uint16(i)})
	}
	r := a.Report()
	fixed := Scorer{Fixed: true, Buffer: 0}
	var adaptive Scorer
	f, v := fixed.Score(in("PCMU", &r)), adaptive.Score(in("PCMU", &r))
	if f.Discarded < 4.9 || f.Discarded > 5.1 || f.Buffer != "f60" || v.Discarded > 1 || v.MOS <= f.MOS {
		t.Errorf("fixed %+v, adaptive %+v", f, v)
	}
}

// The losses before the answer and on hold are not of the talk.
func TestPart(t *testing.T) {
	var s Scorer
	q := speech(1000, func(i int) bool { return i < 250 && i%4 == 2 || i >= 500 && i < 750 && i%50 == 25 })
	score := s.Score(in("PCMU", q))
	for name, v := range map[string]struct {
		keep func(i int) bool
		want float64
		ok   bool
	}{
		"the lossy part": {func(i int) bool { return i == 2 }, 4.235, true},
		"a clean part":   {func(i int) bool { return i == 1 || i == 3 }, 4.409, true},
		"nothing":        {func(i int) bool { return false }, 0, false},
		"all":            {func(int) bool { return true }, score.MOS, true},
	} {
		if got, ok := s.Part(&score, in("PCMU", q), v.keep); ok != v.ok || !near(got, v.want) {
			t.Errorf("%s: %g %v, want %g", name, got, ok, v.want)
		}
	}
}
