package main

import "testing"

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
