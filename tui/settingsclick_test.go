package tui

import "testing"

// What is typed for an option is not taken for another one that is clicked on meanwhile.
func TestClickWhileAnOptionIsTyped(t *testing.T) {
	r := newRig(t, rigOptions{w: 80, h: 24, snap: rows(3), status: liveStatus(), live: true})
	r.press("F8", "Backtab", "Enter").typeText("udp:192.0.2.1:9060").clickOn("Agent number")
	d := r.dialog.(*settingsDialog)
	if d.editing != nil || d.current().Key != "hep.id" {
		t.Errorf("%v is typed, the cursor is on %s", d.editing, d.current().Key)
	}
	if r.press("Enter", "Enter"); len(d.changes) > 1 || d.changes["hep.id"] != "2001" {
		t.Errorf("changes %v", d.changes)
	}
	r.press("Up", "Up", "Up", "Enter").typeText("x").clickOn("2001") // a value is opened at once
	if d.current().Key != "hep.id" || d.editing == nil || d.editing.String() != "2001" {
		t.Errorf("the cursor is on %s, %v is typed", d.current().Key, d.editing)
	}
}
