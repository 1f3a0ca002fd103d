package amount

import (
	"math"
	"testing"
)

func TestAmounts(t *testing.T) {
	for _, tt := range []struct{ got, want string }{
		{Grouped(0), "0"},
		{Grouped(999), "999"},
		{Grouped(1000), "1,000"},
		{Grouped(uint64(1101220)), "1,101,220"},
		{Grouped(uint64(math.MaxUint64)), "18,446,744,073,709,551,615"},
		{Grouped(-1), "-1"},
		{Grouped(int32(-123456)), "-123,456"},
		{Grouped(int64(math.MinInt64)), "-9,223,372,036,854,775,808"},
		{Of(0, "packet"), "0 packets"},
		{Of(1, "packet"), "1 packet"},
		{Of(uint64(100_000), "call"), "100,000 calls"},
		{Of(1, "key press"), "1 key press"},
		{Of(2, "key press"), "2 key presses"},
		{Shift(0), "0.0 s forward"},
		{Shift(-400e6), "0.4 s back"},
		{Shift(-40e6), "0.0 s back"},
		{Shift(99_999e6), "99.9 s forward"},
		{Shift(100e9), "1:40 min forward"},
		{Shift(754e9), "12:34 min forward"},
		{Shift(-3600e9), "1:00 h back"},
		{Shift(-751667515e9), "8,699.8 days back"}, // 751667515 / 86400 = 8699.855
		{Shift(math.MinInt64), "106,751.9 days back"},
	} {
		if tt.got != tt.want {
			t.Errorf("%q instead of %q", tt.got, tt.want)
		}
	}
}
