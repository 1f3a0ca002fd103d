package tui

import (
	"strings"
	"testing"
	"time"

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

// A stream too short for a score of any second has that of all of it in its lane.
func TestScoreOfAShortStream(t *testing.T) {
	r := readCapture(t, capturePath(t, "c0110"), 80, 24)
	r.press("3", "Enter").has("MOS 4.41 (whole stream)")
	lane := strings.Split(r.text(), "\n")[4]
	if !strings.Contains(lane, "⠒") && !strings.Contains(lane, "⠤") && !strings.Contains(lane, "⠉") {
		t.Errorf("nothing is drawn in %q", lane)
	}
	callScreens(t, "../pcaps/demo.pcap", 80, 24).press("v").hasNot("whole stream")
}

// No two clocks below an axis are the same, however short the time is.
func TestClocksOfAnAxis(t *testing.T) {
	const steps = 6
	for _, high := range []int64{400e6, 3.5e9, 6e9, 3600e9} {
		a, last := axis{to: high, cells: 140}, ""
		for i := range steps + 1 {
			clock := time.Unix(0, a.time(i, steps)).UTC().Format(a.layout(steps))
			if clock == last {
				t.Errorf("%d ns: %s twice", high, clock)
			}
			last = clock
		}
	}
	if got := (axis{to: 60e9}).layout(steps); got != "15:04:05" {
		t.Errorf("of a minute: %s", got)
	}
}
