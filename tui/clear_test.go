package tui

import (
	"testing"

	"sipsniff/correlate"
)

// What came while the question was on the screen was not asked about.
func TestClearingSparesWhatCameMeanwhile(t *testing.T) {
	for _, key := range []string{"F5", "F9"} {
		all := rows(10)
		early := *all
		early.Calls = all.Calls[:7]
		r := newRig(t, rigOptions{w: 80, h: 24, snap: &early, status: liveStatus(), live: true})
		r.press("/").typeText("state:completed").press("Enter", key)
		r.publish(all).press("Enter", "Esc")
		for _, index := range []int{8, 9, 10} {
			if r.callAt(index) == nil {
				t.Errorf("%s cleared call %d, which came later", key, index)
			}
		}
		if kept := r.callAt(7) != nil; kept != (key == "F9") || r.callAt(6) != nil {
			t.Errorf("%s: call 7 is there: %v", key, kept)
		}
		r.press("u")
		if got := len(r.UI.snap.Calls); got != 10 {
			t.Errorf("%s: %d calls after it was undone", key, got)
		}
	}
}

// A view that is held counts what came since then, and undoing works in it.
func TestClearedWhileHeld(t *testing.T) {
	r := newRig(t, rigOptions{w: 100, h: 24, snap: rows(10), status: liveStatus(), live: true})
	r.press("F5", "Enter").has("cleared 10 rows").press("p").has("+0 calls").press("u").has("back again: 10 rows")
	r.publish(rows(12)).has("+2 calls")
	if got := r.calls.Len(); got != 10 {
		t.Errorf("%d rows are held", got)
	}
}

// What undoing goes back to keeps no snapshot alive.
func TestClearedHoldsNoSnapshot(t *testing.T) {
	r := newRig(t, rigOptions{w: 80, h: 24, snap: rows(10), status: liveStatus(), live: true})
	r.press("F5", "Enter").publish(rows(12)).press("F5", "Enter")
	for i, k := range r.cleared.before {
		if k.of != nil || k.left != nil {
			t.Errorf("step %d holds a snapshot", i)
		}
	}
}

// What came since the list was made is not hidden by it: to clear what is hidden
// leaves it.
func TestClearHiddenOfAListBehind(t *testing.T) {
	all := manyCalls(inlineCalls + 9).Calls
	for i, c := range all { // the newer ones match the filter below
		c.Method = "INVITE"
		if i < inlineCalls/2 {
			c.Method = "OPTIONS"
		}
	}
	r := newRig(t, rigOptions{w: 80, h: 24, snap: &correlate.Snapshot{Calls: all[:inlineCalls+3]}, status: liveStatus(), live: true})
	r.press("/").typeText("method:INVITE").press("Enter")
	finish := r.deferred()
	r.publish(&correlate.Snapshot{Calls: all}) // its list is still being made
	r.press("F9").has("Clear 1,000 rows").press("Enter")
	finish()
	if got, want := len(r.UI.snap.Calls), inlineCalls/2+9; got != want {
		t.Errorf("%d calls are left, want %d", got, want)
	}
	if got, want := r.calls.Len(), inlineCalls/2+9; got != want {
		t.Errorf("the list has %d rows, want %d", got, want)
	}
}

// How many rows are cleared does not depend on those that were cleared before and
// have left since.
func TestClearingCountsWhatItClears(t *testing.T) {
	all := rows(10)
	of := func(from, to int) *correlate.Snapshot {
		snap := *all
		snap.Calls = all.Calls[from:to]
		return &snap
	}
	r := newRig(t, rigOptions{w: 80, h: 24, snap: of(0, 7), status: liveStatus(), live: true})
	r.press("F5", "Enter").has("cleared 7 rows").publish(of(6, 10)).press("F5", "Enter").has("cleared 3 rows")
}

// While the view is held, calls that have left meanwhile are cleared from it, too.
func TestClearingAHeldView(t *testing.T) {
	all := rows(10)
	early, late := *all, *all
	early.Calls, late.Calls = all.Calls[:7], all.Calls[4:]
	r := newRig(t, rigOptions{w: 80, h: 24, snap: &early, status: liveStatus(), live: true})
	r.press("p").publish(&late).press("F5", "Enter").has("cleared 7 rows")
	if n := len(r.UI.snap.Calls); n != 0 {
		t.Errorf("%d calls are left of the held view", n)
	}
	r.press("p")
	if n := len(r.UI.snap.Calls); n != 3 {
		t.Errorf("%d calls are left, want those that came meanwhile", n)
	}
}

// A call that comes while the question is on the screen does not keep the streams
// that were asked about.
func TestClearingStreamsWithoutCalls(t *testing.T) {
	all := rows(3)
	early, late := *all, *all
	early.Calls, early.Streams = all.Calls[:2], orphans(4)
	late.Streams = orphans(6)
	r := newRig(t, rigOptions{w: 80, h: 24, snap: &early, status: liveStatus(), live: true})
	r.press("F5").has("Clear all: 2 rows and 4 streams?").publish(&late).press("Enter")
	if c, s := len(r.UI.snap.Calls), len(r.UI.snap.Streams); c != 1 || s != 2 {
		t.Errorf("%d calls and %d streams are left, want those that came meanwhile", c, s)
	}
}
