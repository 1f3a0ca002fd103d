package quality

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// lcg is the generator of spec Appendix H.
type lcg uint32

func (g *lcg) next() float64 {
	*g = *g*1664525 + 1013904223
	return float64(*g>>8) / (1 << 24)
}

// sent is a packet of the vectors of spec §5.8: 20 ms each, arrival in ms.
type sent struct {
	seq     int
	arrival float64
}

func (s sent) instant() instant {
	return instant{arrival: int64(s.arrival * 1e6), media: int64(s.seq) * 20 * ms, ptime: 20 * ms}
}

func vectorT1() []sent {
	extra := map[int]float64{10: 70, 11: 50, 12: 30, 13: 10}
	var all []sent
	for i := range 30 {
		all = append(all, sent{i, float64(i)*20 + 50 + extra[i]})
	}
	return byArrival(all)
}

func vectorT2() []sent {
	g := lcg(1)
	var all []sent
	for i := range 1000 {
		all = append(all, sent{i, float64(i)*20 + 30 + 80*g.next()})
	}
	return byArrival(all)
}

func vectorT3() []sent {
	var all []sent
	for i := range 600 {
		transit := 50.0
		if i >= 200 {
			transit = 150
		}
		all = append(all, sent{i, float64(i)*20 + transit})
	}
	return byArrival(all)
}

func byArrival(all []sent) []sent {
	slices.SortStableFunc(all, func(a, b sent) int {
		switch {
		case a.arrival < b.arrival:
			return -1
		case a.arrival > b.arrival:
			return 1
		}
		return 0
	})
	return all
}

// The arrivals that spec §5.8 prints.
func TestVectorT2(t *testing.T) {
	for i, want := range []sent{{0, 48.9164}, {1, 79.5416}, {2, 110.3394}, {4, 114.0435}, {3, 146.3907}} {
		if got := vectorT2()[i]; got.seq != want.seq || !near(got.arrival, want.arrival, 0.00005) {
			t.Errorf("%d: %v, want %v", i, got, want)
		}
	}
}

func fixedOf(delay int64) *fixedBuffer {
	return &fixedBuffer{model: &BufferModel{Delay: delay * ms, Max: 200 * ms}}
}

func TestFixedBuffer(t *testing.T) {
	for _, v := range []struct {
		name  string
		delay int64
		sent  []sent
		late  []int // numbers, or their count in n
		n     uint64
	}{
		{"T1", 20, vectorT1(), []int{10, 11, 12}, 3},
		{"T1", 40, vectorT1(), []int{10, 11}, 2},
		{"T1", 60, vectorT1(), []int{10}, 1},
		{"T1", 80, vectorT1(), nil, 0},
		{"T2", 20, vectorT2(), nil, 529},
		{"T2", 40, vectorT2(), nil, 271},
		{"T2", 60, vectorT2(), nil, 22},
		{"T2", 80, vectorT2(), nil, 0},
		{"T3", 60, vectorT3(), []int{200, 201, 202, 203, 204, 205, 206, 207, 208, 209}, 10},
		{"T3", 120, vectorT3(), nil, 0},
	} {
		b := fixedOf(v.delay)
		var late []int
		for _, s := range v.sent {
			i := s.instant()
			if b.add(&i) == Late {
				late = append(late, s.seq)
			}
		}
		slices.Sort(late)
		if b.Late != v.n || b.Overflowed != 0 || v.late != nil && !slices.Equal(late, v.late) {
			t.Errorf("%s with %d ms: %d late %v, want %d %v; %d overflowed", v.name, v.delay, b.Late, late, v.n, v.late, b.Overflowed)
		}
		if v.name == "T3" && v.delay == 60 && b.playout != 210*ms {
			t.Errorf("T3: playout %d ms, want 210", b.playout/ms)
		}
	}
}

func TestAdaptiveBuffer(t *testing.T) {
	for _, v := range []struct {
		name string
		sent []sent
		late []int
	}{
		{"T1", vectorT1(), []int{10}},
		{"T2", vectorT2(), nil},
		{"T3", vectorT3(), []int{200, 201, 202, 203, 204, 205, 206, 207, 208}},
	} {
		b := &adaptiveBuffer{model: &usual[BufferAdaptive]}
		var late []int
		for _, s := range v.sent {
			i := s.instant()
			if b.add(&i) == Late {
				late = append(late, s.seq)
			}
		}
		slices.Sort(late)
		if !slices.Equal(late, v.late) || b.Overflowed != 0 {
			t.Errorf("%s: late %v, want %v; %d overflowed", v.name, late, v.late, b.Overflowed)
		}
	}
}

// A talkspurt sets the playout anew; packets that would wait too long are
// thrown away.
func TestFixedBufferTalkspurt(t *testing.T) {
	b := fixedOf(60)
	for _, p := range []struct {
		instant
		want Verdict
	}{
		{instant{arrival: 100 * ms, media: 0, ptime: 20 * ms}, Played},
		{instant{arrival: 620 * ms, media: 420 * ms, ptime: 20 * ms, marker: true}, Played}, // 100 ms later than before
		{instant{arrival: 450 * ms, media: 500 * ms, ptime: 20 * ms}, Overflow},             // 250 ms early
	} {
		if got := b.add(&p.instant); got != p.want {
			t.Errorf("%+v: %d, want %d", p.instant, got, p.want)
		}
	}
	if b.Mean() != 60*ms {
		t.Errorf("mean wait %d", b.Mean())
	}
}

// The order statistics equal those of a sorted copy, whatever comes.
func TestTransits(t *testing.T) {
	rnd := rand.New(rand.NewPCG(7, 8))
	shapes := map[string]func(i int) int64{
		"noise":   func(int) int64 { return rnd.Int64N(100 * ms) },
		"falling": func(i int) int64 { return int64(-i) * 2000 },
		"rising":  func(i int) int64 { return int64(i) * 2000 },
		"equal":   func(int) int64 { return 5 * ms },
		"steps":   func(i int) int64 { return int64(i/300%2) * 30 * ms },
		"few":     func(int) int64 { return rnd.Int64N(4) * ms },
		"spikes":  func(i int) int64 { return max(0, rnd.Int64N(40)-38) * 50 * ms },
	}
	for name, shape := range shapes {
		t.Run(name, func(t *testing.T) {
			var tr transits
			var window []int64
			for i := range 3000 {
				v := shape(i) / transitUnit * transitUnit
				tr.add(v)
				if window = append(window, v); len(window) > ringSize {
					window = window[1:]
				}
				sorted := slices.Sorted(slices.Values(window))
				at := (97*len(sorted)+99)/100 - 1
				if lowest, high := tr.spread(); lowest != sorted[0] || high != sorted[at] {
					t.Fatalf("after %d: %d and %d, want %d and %d", i+1, lowest, high, sorted[0], sorted[at])
				}
			}
		})
	}
}

func TestParseBuffer(t *testing.T) {
	for name, want := range map[string]BufferModel{"f60": Fixed60(), "F200": Fixed200(), "a1": Adaptive1()} {
		if got, err := ParseBuffer(name); err != nil || got != want {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
	for _, name := range []string{"", "f", "f0", "f5000", "60", "a2", "f-3"} {
		if _, err := ParseBuffer(name); err == nil {
			t.Errorf("%q is taken", name)
		}
	}
	if Fixed60().String() != "f60" || Adaptive1().String() != "a1" {
		t.Error("the names differ")
	}
}

// The wait of a buffer bounds what it throws away.
func FuzzBuffers(f *testing.F) {
	f.Add([]byte{1, 2, 3, 200, 5, 9}, true)
	f.Fuzz(func(t *testing.T, steps []byte, marker bool) {
		fixed, adaptive := fixedOf(60), &adaptiveBuffer{model: &usual[BufferAdaptive]}
		i := instant{ptime: 20 * ms, marker: marker}
		for _, s := range steps {
			i.arrival += int64(s) * ms
			i.media += int64(s>>4) * 20 * ms
			fixed.add(&i)
			adaptive.add(&i)
		}
		n := uint64(len(steps))
		if fixed.Played+fixed.Late+fixed.Overflowed != n || adaptive.Played+adaptive.Late+adaptive.Overflowed != n {
			t.Error("packets are missing")
		}
		if fixed.Mean() > 200*ms || adaptive.Mean() > 500*ms {
			t.Error("packets waited longer than the buffer")
		}
	})
}

func BenchmarkAdaptiveBuffer(b *testing.B) {
	all := vectorT2()
	buffer := &adaptiveBuffer{model: &usual[BufferAdaptive]}
	b.ReportAllocs()
	n := 0
	for b.Loop() {
		i := all[n%1000].instant()
		i.arrival += int64(n/1000) * 20 * second
		i.media += int64(n/1000) * 20 * second
		buffer.add(&i)
		n++
	}
}
