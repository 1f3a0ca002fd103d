package settings

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// A Range is where the two limits of an option may lie: the one from which on a
// value is bad, and the one from which on it is poor.
type Range struct {
	Least, Most float64
	Falling     bool // small values are the bad ones, as of MOS
}

// Limits reads two limits, the worse first: "3.1 / 3.6".
func Limits(text string) (bad, poor float64, ok bool) {
	first, second, _ := strings.Cut(text, "/")
	bad, err := strconv.ParseFloat(strings.TrimSpace(first), 64)
	if err != nil {
		return 0, 0, false
	}
	poor, err = strconv.ParseFloat(strings.TrimSpace(second), 64)
	return bad, poor, err == nil
}

// check says what is wrong with two limits; "" is nothing.
func (r *Range) check(text string) string {
	bad, poor, ok := Limits(text)
	inside := func(x float64) bool { return !math.IsNaN(x) && x >= r.Least && x <= r.Most }
	switch {
	case !ok || !inside(bad) || !inside(poor):
		return fmt.Sprintf("%q are no two numbers from %g to %g, such as 3.1 / 3.6", text, r.Least, r.Most)
	case r.Falling && bad > poor:
		return "the first number, bad, is the smaller one"
	case !r.Falling && bad < poor:
		return "the first number, bad, is the larger one"
	}
	return ""
}

// limitsOf is a list of two numbers of the file as text.
func limitsOf(list []any) (string, bool) {
	if len(list) != 2 {
		return "", false
	}
	var parts [2]string
	for i, item := range list {
		switch n := item.(type) {
		case int64:
			parts[i] = strconv.FormatInt(n, 10)
		case float64:
			parts[i] = strconv.FormatFloat(n, 'g', -1, 64)
		default:
			return "", false
		}
	}
	return parts[0] + " / " + parts[1], true
}

// listOfLimits is the opposite of limitsOf, for a text that Check let pass.
func listOfLimits(text string) string {
	bad, poor, _ := Limits(text)
	return fmt.Sprintf("[%s, %s]", strconv.FormatFloat(bad, 'f', -1, 64), strconv.FormatFloat(poor, 'f', -1, 64))
}
