package quality

import "testing"

// The vector of spec §5.6: the sender is 120 ppm fast, jitter 0 to 15 ms.
func TestSkew(t *testing.T) {
	g := lcg(7)
	var s skew
	for i := range 6001 { // 120 s
		at := float64(i) * 20 // ms
		arrival := int64((at + 15*g.next()) * 1e6)
		s.add(arrival, arrival-int64(at*(1+120e-6)*1e6))
	}
	drift, doubt, ok := s.ppm()
	if !ok || !near(drift, 115.4, 0.06) {
		t.Errorf("%.3f ppm ± %.1f, want 115.4", drift, doubt)
	}
}

// Over hours the buckets grow, the answer does not change.
func TestSkewOverHours(t *testing.T) {
	for _, ppm := range []float64{-250, 60, 1000} {
		var s skew
		for i := range 3 * 3600 * 10 {
			arrival := int64(float64(i) * 100 / (1 + ppm*1e-6) * 1e6)
			s.add(arrival, arrival-int64(i)*100*ms)
		}
		if drift, _, ok := s.ppm(); !ok || !near(drift, ppm, max(ppm*ppm*1e-6, 0.2)) {
			t.Errorf("%.2f ppm, want %g", drift, ppm)
		}
		var r Report
		if s.report(&r); !r.HasSkew {
			t.Errorf("%g ppm are not reported", ppm)
		}
	}
}

func TestSkewIsSilentWithoutProof(t *testing.T) {
	for name, add := range map[string]func(s *skew){
		"short": func(s *skew) {
			for i := range int64(500) {
				s.add(i*100*ms, i*ms)
			}
		},
		"no drift": func(s *skew) {
			for i := range int64(1000) {
				s.add(i*100*ms, 0)
			}
		},
		"only noise": func(s *skew) {
			g := lcg(3)
			for i := range int64(1000) {
				s.add(i*100*ms, int64(g.next()*30)*ms)
			}
		},
	} {
		var s skew
		add(&s)
		var r Report
		if s.report(&r); r.HasSkew {
			t.Errorf("%s: %.1f ppm ± %.1f", name, r.SkewPPM, r.SkewDoubt)
		}
	}
}

func TestHistogram(t *testing.T) {
	var h histogram
	for i := range uint32(100_000) {
		h.add(i)
	}
	for _, p := range []float64{0.01, 0.5, 0.9, 0.95, 0.99} {
		if got, want := h.percentile(p), p*100; !near(got, want, want*0.07) {
			t.Errorf("p%g: %.2f, want %.1f", p*100, got, want)
		}
	}
	for us := range uint32(1 << 20) {
		if b := bucketOf(us); b > 0 && bucketOf(us-1) > b {
			t.Fatalf("bucket of %d is below that of %d", us, us-1)
		}
	}
	for range 5 * 70_000 { // more than one bucket can count
		h.add(200_000)
	}
	if got := h.percentile(0.5); !near(got, 200, 14) {
		t.Errorf("%g, want 200", got)
	}
	var small histogram
	small.add(7)
	if got := small.percentile(0.95); !near(got, 0.007, 1e-9) {
		t.Errorf("%g, want 0.007", got)
	}
}
