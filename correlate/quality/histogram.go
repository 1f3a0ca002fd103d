package quality

import (
	"math"
	"math/bits"
)

const (
	histogramFine    = 3   // bits of a value that are told apart below its first
	histogramBuckets = 128 // up to half a second, in µs
)

// A histogram counts times in buckets that are an eighth of their value wide,
// so that a percentile is within 6 %. When a bucket is full all are halved, which
// keeps the shares. The zero value is ready.
type histogram struct {
	counts [histogramBuckets]uint16
}

// add takes a time in µs.
func (h *histogram) add(us uint32) {
	n := &h.counts[bucketOf(us)]
	if *n == math.MaxUint16 {
		h.halve()
	}
	*n++
}

func (h *histogram) halve() {
	for i := range h.counts {
		h.counts[i] = uint16((uint32(h.counts[i]) + 1) / 2)
	}
}

func (h *histogram) total() (n uint64) {
	for _, c := range h.counts {
		n += uint64(c)
	}
	return n
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
	total := h.total()
	if total == 0 {
		return 0
	}
	rank := uint64(share*float64(total) + 0.9999999)
	var seen uint64
	for i, n := range h.counts {
		if seen += uint64(n); seen >= rank {
			return middleOf(i) / 1000
		}
	}
	return middleOf(histogramBuckets-1) / 1000
}
