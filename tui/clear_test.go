package tui

import "testing"

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
