package capture

import (
	"math"
	bignum "math/big"
	"testing"
)

func TestNGClock(t *testing.T) {
	tests := []struct {
		name       string
		resolution byte
		offset     int64
		ticks      uint64
		nanos      int64
		ok         bool
	}{
		{"seconds", 0, 0, 1_700_000_000, 1_700_000_000e9, true},
		{"milliseconds", 3, 0, 1_700_000_000_123, 1_700_000_000_123e6, true},
		{"microseconds", 6, 0, 1_700_000_000_123_456, 1_700_000_000_123_456_000, true},
		{"nanoseconds", 9, 0, 1_700_000_000_123_456_789, 1_700_000_000_123_456_789, true},
		{"tenths of nanoseconds", 10, 0, 12_345_678_909, 1_234_567_890, true},
		{"picoseconds", 12, 0, 5_999, 5, true},
		{"10 to the -28, the smallest that can reach a nanosecond", 28, 0, math.MaxUint64, 1, true},
		{"10 to the -29", 29, 0, math.MaxUint64, 0, true},
		{"10 to the -64", 64, 0, math.MaxUint64, 0, true},
		{"10 to the -127", 127, 0, math.MaxUint64, 0, true},
		{"binary: seconds", 0x80, 0, 7, 7e9, true},
		{"binary: half seconds", 0x81, 0, 7, 3_500_000_000, true},
		{"binary: 2 to the -20", 0x80 | 20, 0, 3 << 20, 3e9, true},
		{"binary: 2 to the -32, as of NTP", 0x80 | 32, 0, 5<<32 | 1<<31, 5_500_000_000, true},
		{"binary: 2 to the -64", 0x80 | 64, 0, 1 << 63, 500_000_000, true},
		{"binary: 2 to the -127", 0xff, 0, math.MaxUint64, 0, true},
		{"an offset", 6, 1000, 250, 1000e9 + 250_000, true},
		{"an offset back", 6, -1, 250, -1e9 + 250_000, true},
		{"seconds beyond 2262", 0, 0, 10_000_000_000, math.MaxInt64, false},
		{"the largest of each", 0, math.MaxInt64, math.MaxUint64, math.MaxInt64, false},
		{"an offset beyond 2262", 6, math.MaxInt64, 1, math.MaxInt64, false},
		{"an offset before 1677", 6, math.MinInt64, 0, math.MinInt64, true},
		{"an offset beyond 2262 once added", 9, 9_223_372_036, 999_999_999, math.MaxInt64, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := newNGClock(tt.resolution, tt.offset)
			if got, ok := c.nanos(tt.ticks); got != tt.nanos || ok != tt.ok {
				t.Errorf("got %d, %v, want %d, %v", got, ok, tt.nanos, tt.ok)
			}
		})
	}
}

// Every resolution, against arithmetic with integers of any size.
func TestNGClockAllResolutions(t *testing.T) {
	ticks := []uint64{0, 1, 999, 1 << 31, 1_700_000_000, 1_700_000_000_123_456, 1_700_000_000_123_456_789, 1 << 63, math.MaxUint64}
	for resolution := range 256 {
		base := int64(10)
		if resolution >= 128 {
			base = 2
		}
		unit := new(bignum.Int).Exp(bignum.NewInt(base), bignum.NewInt(int64(resolution&127)), nil)
		c := newNGClock(byte(resolution), 0)
		for _, n := range ticks {
			want := new(bignum.Int).SetUint64(n)
			want.Mul(want, bignum.NewInt(1e9)).Quo(want, unit)
			got, ok := c.nanos(n)
			if want.IsInt64() != ok || ok && got != want.Int64() || !ok && got != math.MaxInt64 {
				t.Errorf("resolution %#x, %d ticks: got %d, %v, want %s", resolution, n, got, ok, want)
			}
		}
	}
}
