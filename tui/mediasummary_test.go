package tui

import (
	"testing"
	"time"

	"sipsniff/correlate/quality"
)

// What was lost in an outage is told apart from what was lost elsewhere.
func TestOutagesInWords(t *testing.T) {
	q := &quality.Report{Lost: 1715, OutageLost: 1712, Outages: []quality.Outage{{Start: 0, End: 34.3e9}}}
	if got, want := outagesOf(q), "lost 1,712 in 1 outage 34.3 s, 3 elsewhere"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if got := outagesOf(&quality.Report{Lost: 3}); got != "" {
		t.Errorf("without an outage: %q", got)
	}
}

// The longest time without sound counts, not the sum of several.
func TestLongestSilence(t *testing.T) {
	q := &quality.Report{SecondWidth: time.Second}
	for _, marks := range []quality.Mark{1, 0, 0, 1, 0, 0, 0, 1} {
		q.Seconds = append(q.Seconds, quality.Second{Marks: marks * quality.MarkMedia})
	}
	if got := silence(q); got != 3*time.Second {
		t.Errorf("silent for %v", got)
	}
}

// The row of flags answers what people ask, as much of it as there is room for.
func TestMediaSummary(t *testing.T) {
	const first = "one-way: no     NAT: SDP address = source address     SSRC changes: 0"
	callScreens(t, "../pcaps/demo.pcap", 200, 60).flowOf(6).press("v").has(first+"     PT changes: 0     silence > 5 s: no", "Why     ✗ The callee lost 7.8 %", "(W for evidence)")
	callScreens(t, "../pcaps/demo.pcap", 80, 24).flowOf(6).press("v").has(" ✗ The callee lost 7.8 %", "(W: why)").hasNot("Why     ✗")
}

// Where there is room the row of the cursor says what to do with it.
func TestCursorHint(t *testing.T) {
	ownCapture(t, "bridged", 120, 40).flowOf(1).press("v").has("64 kbit/s      ←→ move  Enter packets")
	ownCapture(t, "bridged", 80, 24).flowOf(1).press("v").has("64 kbit/s").hasNot("←→ move")
}
