// Package amount writes how many there are of something, for people: findings,
// reports and screens say it in one way. Numbers that name something, such as ports,
// status codes and frames of a finding, and all numbers of JSON and CSV are written
// without it.
package amount

import (
	"strconv"
	"strings"
)

type whole interface {
	~int | ~int16 | ~int32 | ~int64 | ~uint8 | ~uint16 | ~uint32 | ~uint64
}

// Grouped writes n with a comma between thousands: "1,101,220".
func Grouped[N whole](n N) string {
	s, sign := strconv.FormatUint(uint64(n), 10), ""
	if n < 0 {
		s, sign = strconv.FormatUint(-uint64(n), 10), "-"
	}
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return sign + s
}

// Of writes a number with what it counts: "1 packet", "1,284 packets", "2 key presses".
func Of[N whole](n N, what string) string {
	if n == 1 {
		return "1 " + what
	}
	if strings.HasSuffix(what, "s") {
		what += "e"
	}
	return Grouped(n) + " " + what + "s"
}
