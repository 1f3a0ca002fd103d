package tui

import (
	"strings"
	"testing"
)

// The classic drawing has times with six digits, as older tools have them; the
// delta stands below the clock.
func TestClassicTimes(t *testing.T) {
	r := bridged(t, 80, 24)
	lines := func() []string { return strings.Split(r.text(), "\n") }
	v := r.press("d", "d", "d").top().(*flowView)
	r.text()
	at := v.bodyTop
	if first, second := lines()[at], lines()[at+2]; !strings.HasPrefix(first, "▶   12:09:38.402000") || !strings.HasPrefix(second, "          +0.001000 ") {
		t.Errorf("the first rows are %q and %q", first, second)
	}
	r.press("w").has("    12:09:38.403000 ")
	r.press("w")
	if clock, delta := lines()[at+2], lines()[at+3]; !strings.HasPrefix(clock, "    12:09:38.403000 ") || !strings.HasPrefix(delta, "          +0.001000 ") {
		t.Errorf("clock and delta are %q and %q", clock, delta)
	}
	r.press("w").hasNot("12:09:38.403").press("w", "d").has("▶   12:09:38  ", " +0.001 ").hasNot("+0.001000")
}
