package tui

import "testing"

// What is wrong with the capture itself stands in its view and in the
// statistics, and what came from the wire in it cannot leave its line.
func TestCaptureHealth(t *testing.T) {
	status := fileStatus()
	status.Health = []Remark{{Fact: "2 frames are older than the one before", Hint: "small delays are not exact"}, {Fact: "most on eth\x1b[2J", Hint: "one is enough"}}
	r := newRig(t, rigOptions{w: 160, h: 60, snap: rows(3), status: status})
	r.press("6").has("Health   2 frames are older than the one before: small delays are not exact", "most on eth", "one is enough").hasNot("\x1b")
	r.press("4").has("2 frames are older than the one before", "most on eth").hasNot("\x1b")
	healthy := newRig(t, rigOptions{w: 160, h: 60, snap: rows(3), status: fileStatus()})
	healthy.press("6").hasNot("Health")
}
