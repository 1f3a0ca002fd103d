package metrics

import (
	"math"
	"math/bits"
	"slices"
)

// exactLimit is up to how many values percentiles are exact (spec §4.3).
const exactLimit = 10_000

// A Distribution is how values in ns are spread. Up to exactLimit values are
// kept; more are counted in buckets, each 1/128 as wide as its value is large,
// so that a percentile is off by 0.4 % at most.
type Distribution struct {
	count    int
	sum      float64 // of whole ns; 2^53 of them are 104 days, beyond that it is rounded
	min, max int64
	values   []int64 // ascending once it is finished; nil when there are buckets
	buckets  []uint64
}

// Count is how many values there are.
func (d *Distribution) Count() int { return d.count }

// Mean is the arithmetic mean; not ok when there is no value.
func (d *Distribution) Mean() (ns int64, ok bool) {
	if d.count == 0 {
		return 0, false
	}
	return int64(math.Round(d.sum / float64(d.count))), true
}

// Min and Max are exact; 0 when there is no value.
func (d *Distribution) Min() int64 { return d.min }

// Max is the largest value.
func (d *Distribution) Max() int64 { return d.max }

// Percentile is the smallest value that p percent of all are not above
// (nearest rank); not ok when there is no value.
func (d *Distribution) Percentile(p float64) (ns int64, ok bool) {
	if d.count == 0 {
		return 0, false
	}
	rank := min(max(int(math.Ceil(p/100*float64(d.count))), 1), d.count)
	if d.buckets == nil {
		return d.values[rank-1], true
	}
	for i, n := range d.buckets {
		if rank -= int(n); rank <= 0 {
			return min(max(middle(i), d.min), d.max), true
		}
	}
	return d.max, true
}

// add takes a value; negative is unknown, and left out.
func (d *Distribution) add(ns int64) {
	if ns < 0 {
		return
	}
	d.widen(ns, ns)
	d.count++
	d.sum += float64(ns)
	if d.buckets == nil && len(d.values) == exactLimit {
		d.spill()
	}
	if d.buckets != nil {
		d.buckets[bucket(ns)]++
		return
	}
	d.values = append(d.values, ns)
}

// widen moves the extremes; before count is raised.
func (d *Distribution) widen(low, high int64) {
	if d.count == 0 {
		d.min, d.max = low, high
		return
	}
	d.min, d.max = min(d.min, low), max(d.max, high)
}

// spill goes over from values to buckets.
func (d *Distribution) spill() {
	d.buckets = make([]uint64, bucketCount)
	for _, v := range d.values {
		d.buckets[bucket(v)]++
	}
	d.values = nil
}

// merge adds all that o has. What d keeps is its own.
func (d *Distribution) merge(o *Distribution) {
	if o.count == 0 {
		return
	}
	d.widen(o.min, o.max)
	d.count += o.count
	d.sum += o.sum
	if d.buckets == nil && (o.buckets != nil || d.count > exactLimit) {
		d.spill()
	}
	if d.buckets == nil {
		d.values = append(d.values, o.values...)
		return
	}
	for _, v := range o.values {
		d.buckets[bucket(v)]++
	}
	for i, n := range o.buckets {
		d.buckets[i] += n
	}
}

// finish makes the percentiles ready to be asked for.
func (d *Distribution) finish() { slices.Sort(d.values) }

const (
	bucketBits  = 7 // buckets of one power of two: 2^7
	bucketCount = (64-bucketBits)<<bucketBits + 1<<bucketBits
)

// bucket is the place of a value, which is not negative. Up to 2^8 each has
// its own.
func bucket(ns int64) int {
	shift := max(bits.Len64(uint64(ns))-bucketBits-1, 0)
	return shift<<bucketBits + int(ns>>shift)
}

// middle is the value in the middle of a bucket.
func middle(i int) int64 {
	if i < 2<<bucketBits {
		return int64(i)
	}
	shift := i>>bucketBits - 1
	low := int64(i-shift<<bucketBits) << shift
	return low + int64(1)<<(shift-1)
}
