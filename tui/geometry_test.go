package tui

import (
	"testing"

	"sipsniff/correlate"
	"sipsniff/tui/internal/sample"
)

// Long addresses are cut to the span between the lifelines: more room at the
// sides than half of it would be empty.
func TestLongAddressesLeaveRoomForArrows(t *testing.T) {
	b := sample.New(1, "a@b", "sip:a@b", "sip:c@d", 0)
	b.Request("[fd17:625c:f037:2:a00:27ff:feb9:1521]:15060", "[fd17:625c:f037:2:a00:27ff:feb9:3519]:5062", "INVITE")
	b.Request("[fd17:625c:f037:2:a00:27ff:feb9:3519]:5062", "[fd17:625c:f037:2:a00:27ff:feb9:4222]:25060", "INVITE")
	r := newRig(t, rigOptions{w: 80, h: 24, snap: &correlate.Snapshot{Calls: []*correlate.Call{&b.Call}, First: 1, Last: 2}, status: fileStatus()})
	r.press("Enter").text()
	g := r.top().(*flowView).drawn
	if g.Span < 22 || g.Left+2*g.Span >= g.Width {
		t.Errorf("three columns stand %d cells apart from cell %d on", g.Span, g.Left)
	}
}
