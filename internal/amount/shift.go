package amount

import (
	"fmt"
	"math"
)

// Shift writes by how much a clock was set, from ns: "0.4 s forward", "1:00 h back",
// "8,699.6 days back".
func Shift(nanos int64) string {
	const second, minute, hour, day = 1e9, 60e9, 3600e9, 24 * 3600e9
	way, n := " forward", float64(nanos)
	if n < 0 {
		way, n = " back", -n
	}
	switch {
	case n < 100*second:
		return fmt.Sprintf("%.1f s%s", math.Floor(n/(second/10))/10, way)
	case n < hour:
		return fmt.Sprintf("%d:%02d min%s", int(n/minute), int(n/second)%60, way)
	case n < 2*day:
		return fmt.Sprintf("%d:%02d h%s", int(n/hour), int(n/minute)%60, way)
	}
	tenths := int64(n / (day / 10))
	return fmt.Sprintf("%s.%d days%s", Grouped(tenths/10), tenths%10, way)
}
