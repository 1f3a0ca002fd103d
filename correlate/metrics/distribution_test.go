package metrics

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"sipsniff/internal/allowance"
)

// nearestRank is the definition, over all values.
func nearestRank(values []int64, p float64) int64 {
	sorted := slices.Clone(values)
	slices.Sort(sorted)
	return sorted[int(math.Ceil(p/100*float64(len(sorted))))-1]
}

func TestPercentilesByHand(t *testing.T) {
	var d Distribution
	for _, v := range []int64{50, 15, 40, 20, 35, -1} { // the example of the nearest-rank method, and an unknown
		d.add(v)
	}
	d.finish()
	for p, want := range map[float64]int64{5: 15, 30: 20, 40: 20, 50: 35, 90: 50, 100: 50} {
		if got, ok := d.Percentile(p); !ok || got != want {
			t.Errorf("p%v is %d, want %d", p, got, want)
		}
	}
	if mean, _ := d.Mean(); mean != 32 || d.Count() != 5 || d.Min() != 15 || d.Max() != 50 {
		t.Errorf("mean %d, count %d, %d to %d", mean, d.Count(), d.Min(), d.Max())
	}
}

func TestNothingHasNoPercentile(t *testing.T) {
	var d Distribution
	d.finish()
	if _, ok := d.Percentile(50); ok {
		t.Error("there is one")
	}
	if _, ok := d.Mean(); ok {
		t.Error("there is a mean")
	}
	if _, ok := (Ratio{}).Percent(); ok {
		t.Error("there is a ratio of nothing")
	}
}

// shapes are delays as networks make them, in ns.
var shapes = map[string]func(r *rand.Rand) int64{
	"even":      func(r *rand.Rand) int64 { return r.Int64N(10e9) },
	"lognormal": func(r *rand.Rand) int64 { return int64(200e6 * math.Exp(r.NormFloat64())) },
	"two peaks": func(r *rand.Rand) int64 {
		if r.IntN(20) == 0 {
			return 4e9 + r.Int64N(1e6)
		}
		return 30e6 + r.Int64N(1e6)
	},
	"constant": func(*rand.Rand) int64 { return 123_456_789 },
	"tiny":     func(r *rand.Rand) int64 { return r.Int64N(300) },
	"huge":     func(r *rand.Rand) int64 { return math.MaxInt64 - r.Int64N(1e15) },
}

// Up to 10,000 values percentiles are exact, above within 1 % (spec §4.3),
// also when they were put together from many.
func TestPercentilesAgainstSorting(t *testing.T) {
	for name, shape := range shapes {
		for _, n := range []int{1, 9_999, 10_000, 10_001, allowance.Share(250_000, 25_000)} {
			r := rand.New(rand.NewPCG(1, uint64(n)))
			var values []int64
			var whole, joined Distribution
			parts := make([]Distribution, 7)
			for i := range n {
				v := shape(r)
				values = append(values, v)
				whole.add(v)
				parts[i*i%7].add(v)
			}
			for i := range parts {
				joined.merge(&parts[i])
			}
			whole.finish()
			joined.finish()
			allowed := 0.0
			if n > 10_000 {
				allowed = 0.01
			}
			for _, p := range []float64{1, 50, 90, 95, 99, 100} {
				want := nearestRank(values, p)
				for how, d := range map[string]*Distribution{"whole": &whole, "joined": &joined} {
					got, _ := d.Percentile(p)
					if e := math.Abs(float64(got)-float64(want)) / max(float64(want), 1); e > allowed {
						t.Errorf("%s %d %s: p%v is %d, want %d (%.2f %% off)", name, n, how, p, got, want, 100*e)
					}
				}
			}
			if joined.Count() != n || joined.Max() != slices.Max(values) || joined.Min() != slices.Min(values) {
				t.Errorf("%s %d: %d values, %d to %d", name, n, joined.Count(), joined.Min(), joined.Max())
			}
		}
	}
}

// Every value is in a bucket whose middle is within 0.4 % of it.
func TestBuckets(t *testing.T) {
	for v := int64(1); v > 0; v = v*9/8 + 1 {
		for _, w := range []int64{v - 1, v, v + 1} {
			i := bucket(w)
			if i >= bucketCount || i < 0 {
				t.Fatalf("bucket %d of %d", i, w)
			}
			if e := math.Abs(float64(middle(i))-float64(w)) / max(float64(w), 1); e > 1.0/256 {
				t.Errorf("%d is counted as %d", w, middle(i))
			}
		}
	}
	if i := bucket(math.MaxInt64); i >= bucketCount {
		t.Errorf("bucket %d of %d", i, bucketCount)
	}
}

func TestRate(t *testing.T) {
	var r Rate
	for _, at := range []float64{10.0, 10.9, 11.0, 11.1, 11.999, 13} {
		r.begin(int64(at * 1e9))
	}
	r.up(10e9, 12e9)
	r.up(11e9, 13e9)
	r.up(12e9, 12e9) // as short as can be, and up at no moment
	r.up(12e9, 0)    // begins when the first one ends
	r.finish(10e9, 13e9)
	if r.Peak != 3 || !r.HasMean || r.Mean != 2 || r.ConcurrentPeak != 2 || r.ConcurrentEnd != 1 {
		t.Errorf("%+v", r)
	}
}

// In less than a second there is no average per second: one call in a
// millisecond is not a thousand a second.
func TestRateOfAMoment(t *testing.T) {
	r := Rate{begins: []int64{1}}
	if r.finish(1, second); r.HasMean || r.Peak != 1 {
		t.Errorf("%+v", r)
	}
	if r.finish(1, 1+second); !r.HasMean || r.Mean != 1 {
		t.Errorf("%+v", r)
	}
}
