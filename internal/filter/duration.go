package filter

import (
	"strconv"
	"strings"
)

// Durations are float64 numbers of nanoseconds.
const (
	millisecond float64 = 1e6
	second      float64 = 1e9
	minute              = 60 * second
	hour                = 60 * minute
)

// units are the longest first, where one begins like another.
var units = [...]struct {
	name string
	size float64
}{
	{"us", 1e3}, {"µs", 1e3}, {"ms", millisecond}, {"min", minute}, {"s", second}, {"m", minute}, {"h", hour}, {"d", 24 * hour},
}

// readDuration reads 30s, 250ms, 1m30s, 1:22 and 1:02:03; a number alone is
// in the unit bare.
func readDuration(text string, bare float64) (reading, bool) {
	if strings.Contains(text, ":") {
		return readClock(text)
	}
	if r, ok := readDecimal(text); ok {
		return reading{interval: interval{r.from * bare, r.from * bare}, step: r.step * bare}, true
	}
	var sum, step float64
	for text != "" {
		digits := len(text) - len(strings.TrimLeft(text, "0123456789."))
		r, ok := readDecimal(text[:digits])
		size, rest := cutUnit(text[digits:])
		if !ok || size == 0 {
			return reading{}, false
		}
		sum, step, text = sum+r.from*size, r.step*size, rest
	}
	return reading{interval: interval{sum, sum}, step: step}, step > 0
}

// cutUnit cuts the unit that text begins with; 0 when it begins with none.
func cutUnit(text string) (size float64, rest string) {
	for _, u := range units {
		if len(text) >= len(u.name) && strings.EqualFold(text[:len(u.name)], u.name) {
			return u.size, text[len(u.name):]
		}
	}
	return 0, text
}

// readClock reads minutes and seconds, or hours, minutes and seconds, as the
// list writes durations.
func readClock(text string) (reading, bool) {
	parts := strings.Split(text, ":")
	if len(parts) > 3 {
		return reading{}, false
	}
	sum := 0.0
	for i, p := range parts {
		n, err := strconv.ParseUint(p, 10, 16)
		if err != nil || i > 0 && (n > 59 || len(p) != 2) {
			return reading{}, false
		}
		sum = sum*60 + float64(n)
	}
	return reading{interval: interval{sum * second, sum * second}, step: second}, true
}
