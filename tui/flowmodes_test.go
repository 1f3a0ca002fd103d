package tui

import (
	"strings"
	"testing"

	"sipsniff/correlate"
	"sipsniff/tui/internal/sample"
)

// A wide ladder says how far the row is from the marked one, what is folded,
// and what it shows.
func TestModesOfTheLadder(t *testing.T) {
	r := bridged(t, 200, 60)
	if row := r.statusRow(60); !strings.HasSuffix(row, "    Δ to marked: –    time Δ    RTP rows on") {
		t.Errorf("the status is %q", row)
	}
	r.press("Space", "Down", "w", "m")
	if row := r.statusRow(60); !strings.HasSuffix(row, "    Δ to marked: +0.001    time absolute    RTP rows off") {
		t.Errorf("the status is %q", row)
	}
	r = bridged(t, 80, 24)
	r.hasNot("to marked")
	snap := &correlate.Snapshot{Calls: []*correlate.Call{sample.Cancelled(1)}}
	r = newRig(t, rigOptions{w: 300, h: 60, snap: snap, status: fileStatus()})
	r.press("Enter").has("folded: 11 retransmissions, 0 captured twice").press("E").hasNot("folded:")
}
