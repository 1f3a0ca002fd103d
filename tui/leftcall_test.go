package tui

import (
	"slices"
	"testing"
)

// A call that left at the limit of memory keeps its row, as it was, until the
// list is made anew without it; the row of the status says where it is.
func TestRowOfACallThatLeft(t *testing.T) {
	r := newRig(t, rigOptions{w: 80, h: 24, snap: manyCalls(inlineCalls + 10), status: liveStatus(), live: true})
	finish := r.deferred()
	r.text()
	r.press("Home", "Down").text()
	before := r.rowWith("▶", "+44")
	next := *r.snap
	next.Generation++
	next.Calls = slices.Clone(r.snap.Calls[2:])
	next.EvictedCalls, next.LimitReached = 2, "calls"
	r.publish(&next)
	if got := r.rowWith("▶", "+44"); got != before {
		t.Errorf("the first row is %q, it was %q", got, before)
	}
	r.has("#2 has left: the oldest make room at the limit (calls)")
	r.sim.SetSize(120, 40)
	r.has("── #2 has left: the oldest make room at the limit (calls) ──")
	r.press("Enter", "v", "y") // nothing to open, and nothing breaks
	finish()
	if id := r.calls.ID(0); id != 3 {
		t.Errorf("#%d is in the first row", id)
	}
	r.hasNot("has left:")
}
