package figure

import (
	"testing"
	"time"
)

const second = int64(time.Second)

func TestFigures(t *testing.T) {
	tests := []struct{ got, want string }{
		{Grouped(0), "0"},
		{Grouped(999), "999"},
		{Grouped(1000), "1,000"},
		{Grouped(1101220), "1,101,220"},
		{Counted(0, "packet"), "0 packets"},
		{Counted(1, "packet"), "1 packet"},
		{Counted(100_000, "call"), "100,000 calls"},
		{Compact(9412), "9,412"},
		{Compact(20600), "20.6k"},
		{Compact(488123), "488k"},
		{Compact(1100000), "1.1M"},
		{Clock(151 * second), "2:31"},
		{Clock(3727 * second), "1:02:07"},
		{Clock(5 * second), "0:05"},
		{Span(31_903_000_000), "31.9 s"},
		{Span(133 * second), "2m13s"},
		{Span(3720 * second), "1h02m"},
		{Span(48*3600*second - 1), "47h59m"},
		{Span(51 * 3600 * second), "2d03h"},
		{Span(751667515 * second), "8,699d20h"},
		{Uptime(8 * time.Second), "8 s"},
		{Uptime(858 * time.Second), "14m18s"},
		{Delta(2_216_416_000, 9), "+2.216"},
		{Delta(-4_000_000, 9), "-0.004"},
		{Delta(133_523_000_000, 7), "+133.52"},
		{Delta(123456*second, 7), "+34h17m"},
		{Seconds(1_849_000_000), "1.8"},
		{Percent(362, 7550), "4.8"},
		{Percent(0, 7550), "0.0"},
		{Percent(1, 100000), "<0.1"},
		{Percent(0, 0), ""},
	}
	for i, tt := range tests {
		if tt.got != tt.want {
			t.Errorf("%d: %q, want %q", i, tt.got, tt.want)
		}
	}
}

func TestMOS(t *testing.T) {
	for _, v := range []struct {
		score   float64
		assumed bool
		want    string
	}{{4.409, false, "4.41"}, {4.409, true, "~4.4"}, {1, false, "1.00"}} {
		if got := MOS(v.score, v.assumed); got != v.want {
			t.Errorf("%g: %q, want %q", v.score, got, v.want)
		}
	}
}

func TestFitted(t *testing.T) {
	for _, tt := range []struct {
		n     uint64
		width int
		want  string
	}{{0, 1, "0"}, {7188, 6, "7,188"}, {99_999, 6, "99,999"}, {123_456, 6, "123k"}, {12_345, 5, "12.3k"}, {1_234_567, 9, "1,234,567"}} {
		if got := Fitted(tt.n, tt.width); got != tt.want || len(got) > tt.width {
			t.Errorf("%d in %d cells: %q, want %q", tt.n, tt.width, got, tt.want)
		}
	}
}

func TestCompactIsFiveCells(t *testing.T) {
	for n, want := range map[uint64]string{99_949: "99.9k", 99_950: "100k", 99_999: "100k", 999_499: "999k", 99_970_000: "100M"} {
		if got := Compact(n); got != want {
			t.Errorf("%d is %s, want %s", n, got, want)
		}
	}
}
