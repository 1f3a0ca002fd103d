package tui

import "testing"

// Frames are counted with commas wherever they are named.
func TestFrameNumbersGrouped(t *testing.T) {
	r := callScreens(t, "../pcaps/demo.pcap", 120, 40)
	r.press("5").has("[1] f1,815 ").press("Esc").flowOf(6).press("v").has("dave hung up (f1,823)").press("W").has("[1] f1,815 ")
}
