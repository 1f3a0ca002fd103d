package capture

import (
	"math"
	"math/bits"
)

// An ngClock turns the 64-bit times of a pcapng interface into nanoseconds
// since the epoch. All values of if_tsresol are possible: 10⁻ⁿ and 2⁻ⁿ
// seconds for n from 0 to 127, of which most make no sense.
type ngClock struct {
	multiplier uint64
	divisor    uint64 // at least 1; other than 1 only when multiplier is 1
	shift      uint   // bits to the right, after the multiplication
	offset     int64  // nanoseconds, from if_tsoffset
	fine       bool   // finer than a microsecond
}

// newNGClock reads if_tsresol and if_tsoffset (seconds). A unit too small for
// 64 bits to reach a nanosecond makes every time 0.
func newNGClock(resolution byte, offset int64) ngClock {
	exponent := int(resolution & 0x7f)
	c := ngClock{multiplier: 1, divisor: 1, offset: saturatedProduct(offset, 1e9)}
	switch {
	case resolution&0x80 != 0:
		c.multiplier, c.shift, c.fine = 1e9, uint(exponent), exponent > 20
	case exponent <= 9:
		c.multiplier, c.fine = power10(9-exponent), exponent > 6
	case exponent <= 9+19:
		c.divisor, c.fine = power10(exponent-9), true
	default:
		c.multiplier, c.fine = 0, true
	}
	return c
}

// nanos is not ok when the time does not fit and was clamped.
func (c *ngClock) nanos(ticks uint64) (n int64, ok bool) {
	hi, lo := bits.Mul64(ticks, c.multiplier)
	if c.divisor != 1 {
		lo /= c.divisor
	}
	if c.shift != 0 {
		hi, lo = shiftRight(hi, lo, c.shift)
	}
	if hi != 0 || lo > math.MaxInt64 {
		return math.MaxInt64, false
	}
	if c.offset == 0 {
		return int64(lo), true
	}
	return saturatedSum(int64(lo), c.offset)
}

// shiftRight shifts the 128 bits of hi and lo by up to 127. Go defines shifts
// by 64 and more to give 0, which makes this right for each n.
func shiftRight(hi, lo uint64, n uint) (uint64, uint64) {
	if n >= 64 {
		return 0, hi >> (n - 64)
	}
	return hi >> n, lo>>n | hi<<(64-n)
}

func power10(n int) uint64 {
	p := uint64(1)
	for range n {
		p *= 10
	}
	return p
}

func saturatedProduct(a, b int64) int64 {
	switch limit := math.MaxInt64 / b; {
	case a > limit:
		return math.MaxInt64
	case a < -limit:
		return math.MinInt64
	}
	return a * b
}

func saturatedSum(a, b int64) (int64, bool) {
	switch {
	case b > 0 && a > math.MaxInt64-b:
		return math.MaxInt64, false
	case b < 0 && a < math.MinInt64-b:
		return math.MinInt64, false
	}
	return a + b, true
}
