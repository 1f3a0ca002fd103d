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
	if got := percent(); got != 77 {
		t.Errorf("of a large heap: %d %%, want the 77 of before", got)
	}
	end()
}
