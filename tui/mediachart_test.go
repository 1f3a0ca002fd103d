package tui

import (
	"testing"

	"sipsniff/internal/cells"
)

// The limit of a lane is never cut: 100 would become 1.
func TestLabelOfALane(t *testing.T) {
	for _, l := range []lane{{name: "kb/s", top: "100"}, {name: "kb/s", top: "10000"}, {name: "delta", top: "2000"}, {name: "MOS", top: "4.5"}} {
		got := l.label("~")
		if cells.Width(got) != gutter-1 || got[len(got)-len(l.top):] != l.top {
			t.Errorf("%s up to %s: %q", l.name, l.top, got)
		}
	}
}
