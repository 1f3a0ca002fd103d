package main

import (
	"runtime"
	"runtime/debug"
	"testing"
)

func TestDefaultMemory(t *testing.T) {
	const g = 1 << 30
	for _, c := range []struct{ machine, container, live, files int64 }{
		{0, 0, g, g}, {24 * g, 0, g, 6 * g}, {2 * g, 0, g / 2, g / 2}, {24 * g, g, g / 4, g / 4}, {g, 2 * g, g / 4, g / 4}, {100 << 20, 0, 64 << 20, 64 << 20}, {0, 8 * g, g, 2 * g},
	} {
		if got := defaultMemory(c.machine, c.container, false); got != c.live {
			t.Errorf("live, of %d and %d: %d, want %d", c.machine, c.container, got, c.live)
		}
		if got := defaultMemory(c.machine, c.container, true); got != c.files {
			t.Errorf("for files, of %d and %d: %d, want %d", c.machine, c.container, got, c.files)
		}
	}
}

func TestLeanReport(t *testing.T) {
	usual := debug.SetGCPercent(77)
	defer debug.SetGCPercent(usual)
	percent := func() int {
		now := debug.SetGCPercent(100)
		debug.SetGCPercent(now)
		return now
	}
	runtime.GC() // so that it is known what is in use
	end := leanReport(1 << 40)
	if got := percent(); got != leanPercent {
		t.Errorf("of a small heap: %d %%, want %d", got, leanPercent)
	}
	end()
	if got := percent(); got != 77 {
		t.Errorf("after a report: %d %%, want the 77 of before", got)
	}
	end = leanReport(1)
	if got := percent(); got < usualPercent {
		t.Errorf("of a large heap: %d %%, want %d at least", got, usualPercent)
	}
	end()
	if got := percent(); got != 77 {
		t.Errorf("after a large report: %d %%, want the 77 of before", got)
	}
}

// What the reading has given up may be used by the garbage of the report.
func TestPercentWithin(t *testing.T) {
	for _, c := range []struct {
		live, had uint64
		want      int
	}{{100, 400, 200}, {100, 200, 100}, {100, 40, 100}, {100, 1 << 40, 1000}, {0, 400, 100}, {100, 0, 100}} {
		if got := percentWithin(c.live, c.had); got != c.want {
			t.Errorf("%d live of %d: %d %%, want %d", c.live, c.had, got, c.want)
		}
	}
}
