package tui

import "testing"

// The pane below the list names the program of each leg, by its letter.
func TestDetailNamesTheProgramOfEachLeg(t *testing.T) {
	r := ownCapture(t, "bridged", 160, 40)
	if n := r.calls.current().LegCount(); n != 2 {
		t.Fatalf("%d legs", n)
	}
	r.has("  UA  A baresip ", "   B baresip ")
}
