package tui

import "testing"

// The title of a message tells how its packet was carried, where there is room.
func TestTitleTellsMarks(t *testing.T) {
	const carried = "192.0.2.21:5060 → 192.0.2.5:5060 · UDP 1,068 B"
	r := ownCapture(t, "call-auth", 160, 40)
	r.flowOf(1).press("Down", "Down", "Down", "Enter").has(carried + " · TTL 64 DSCP 0")
	r.top().(*messageView).message().TTL = 0 // an agent reported it
	r.has(carried).hasNot("TTL")
	ownCapture(t, "call-auth", 80, 24).flowOf(1).press("Enter").has("Message 1/16").hasNot("TTL")
}
