// Package figure writes numbers and times as the screens and text ladders
// show them. Durations are nanoseconds, as everywhere in the model.
package figure

import (
	"strconv"
	"time"

	"sipsniff/internal/amount"
)

// Grouped writes n with a comma between thousands: "1,101,220".
func Grouped(n uint64) string { return amount.Grouped(n) }

// Counted writes how many there are of what: "1 packet", "1,284 packets".
func Counted(n uint64, what string) string { return amount.Of(n, what) }

// MOS writes a score in four cells: "4.21", and "~4.2" when it rests on an
// assumption.
func MOS(score float64, assumed bool) string {
	if assumed {
		return "~" + strconv.FormatFloat(score, 'f', 1, 64)
	}
	return strconv.FormatFloat(score, 'f', 2, 64)
}

// Compact writes n in at most five cells: "9,412", "20.6k", "488k", "1.1M".
func Compact(n uint64) string {
	units := []struct {
		scale float64
		name  string
	}{{1e12, "T"}, {1e9, "G"}, {1e6, "M"}, {1e3, "k"}}
	if n < 10_000 {
		return Grouped(n)
	}
	for _, u := range units {
		v := float64(n) / u.scale
		switch {
		case v >= 99.95: // which would be "100.0k", six cells
			return strconv.FormatFloat(v, 'f', 0, 64) + u.name
		case v >= 1:
			return strconv.FormatFloat(v, 'f', 1, 64) + u.name
		}
	}
	return strconv.FormatUint(n, 10)
}

// Fitted writes n as Grouped does where that fits in width cells, else as
// Compact.
func Fitted(n uint64, width int) string {
	if s := Grouped(n); len(s) <= width {
		return s
	}
	return Compact(n)
}

// Clock writes a duration as a call list does: "2:31", "1:02:07".
func Clock(nanos int64) string {
	s := nanos / int64(time.Second)
	if s < 3600 {
		return strconv.FormatInt(s/60, 10) + ":" + two(s%60)
	}
	return strconv.FormatInt(s/3600, 10) + ":" + two(s/60%60) + ":" + two(s%60)
}

// Span writes a duration in words: "31.9 s", "2m13s", "1h02m", from two days on "2d03h".
func Span(nanos int64) string {
	s := nanos / int64(time.Second)
	switch {
	case s < 60:
		return strconv.FormatFloat(float64(nanos/1e8)/10, 'f', 1, 64) + " s"
	case s < 3600:
		return strconv.FormatInt(s/60, 10) + "m" + two(s%60) + "s"
	case s < 48*3600:
		return strconv.FormatInt(s/3600, 10) + "h" + two(s/60%60) + "m"
	}
	return Grouped(uint64(s/86400)) + "d" + two(s/3600%24) + "h"
}

// Uptime writes how long something runs: "8 s", "14m18s", "3h02m", "12d03h".
func Uptime(d time.Duration) string {
	if d < time.Minute {
		return strconv.FormatInt(int64(d/time.Second), 10) + " s"
	}
	return Span(int64(d))
}

// Delta writes the time since the row before: "+2.216", "-0.004". Decimals
// give way until it fits in width cells.
func Delta(nanos int64, width int) string { return DeltaTo(nanos, 3, width) }

// DeltaTo is Delta with so many decimals at most.
func DeltaTo(nanos int64, decimals, width int) string {
	for ; decimals > 0; decimals-- {
		s := strconv.FormatFloat(float64(nanos)/1e9, 'f', decimals, 64)
		if nanos >= 0 {
			s = "+" + s
		}
		if len(s) <= width {
			return s
		}
	}
	if nanos < 0 {
		return "-" + Span(-nanos)
	}
	return "+" + Span(nanos)
}

// Seconds writes a delay in seconds with one decimal: "1.8".
func Seconds(nanos int64) string {
	return strconv.FormatFloat(float64(nanos)/1e9, 'f', 1, 64)
}

// Percent writes part of whole in percent with one decimal; a loss that is
// not zero never reads 0.0.
func Percent(part, whole uint64) string {
	if whole == 0 {
		return ""
	}
	v := float64(part) * 100 / float64(whole)
	if part > 0 && v < 0.05 {
		return "<0.1"
	}
	return strconv.FormatFloat(v, 'f', 1, 64)
}

func two(n int64) string {
	if n < 10 {
		return "0" + strconv.FormatInt(n, 10)
	}
	return strconv.FormatInt(n, 10)
}
