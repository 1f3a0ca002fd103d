package quality

import "math/bits"

const (
	histogramFine    = 3   // bits of a value that are told apart below its first
	histogramBuckets = 128 // up to half a second, in µs
)

// A histogram counts times in buckets that are an eighth of their value wide,
// so that a percentile is within 6 %. The zero value is ready.
type histogram struct {
	counts [histogramBuckets]uint32
	total  uint64
}

// add takes a time in µs.
func (h *histogram) add(us uint32) {
	h.counts[bucketOf(us)]++
	h.total++
}

// bucketOf is exact up to 2^(histogramFine+1); beyond it the bits behind the
// first decide.
func bucketOf(us uint32) int {
	if us < 1<<histogramFine {
		return int(us)
	}
	shift := bits.Len32(us) - histogramFine - 1
	return min(shift<<histogramFine+int(us>>shift), histogramBuckets-1)
}

// middleOf is the middle of a bucket in µs.
func middleOf(bucket int) float64 {
	if bucket < 2<<histogramFine {
		return float64(bucket)
	}
	shift := bucket>>histogramFine - 1
	low := (bucket - shift<<histogramFine) << shift
	return float64(low) + float64(int(1)<<shift-1)/2
}

// percentile is the value in ms that a share of all is not above, by nearest
// rank; the last bucket holds everything longer.
func (h *histogram) percentile(share float64) float64 {
	if h.total == 0 {
		return 0
	}
	rank := uint64(share*float64(h.total) + 0.9999999)
	var seen uint64
	for i, n := range h.counts {
		if seen += uint64(n); seen >= rank {
			return middleOf(i) / 1000
		}
	}
	return middleOf(histogramBuckets-1) / 1000
}
