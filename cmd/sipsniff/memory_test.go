package main

import "testing"

func TestDefaultMemory(t *testing.T) {
	const g = 1 << 30
	for _, c := range []struct{ machine, container, want int64 }{
		{0, 0, g}, {24 * g, 0, g}, {2 * g, 0, g / 2}, {24 * g, g, g / 4}, {g, 2 * g, g / 4}, {100 << 20, 0, 64 << 20},
	} {
		if got := defaultMemory(c.machine, c.container); got != c.want {
			t.Errorf("of %d and %d: %d, want %d", c.machine, c.container, got, c.want)
		}
	}
}
