package tui

import (
	"slices"
	"testing"
)

// In a capture whose frames are not in order a call that turned up last may
// have begun first. It is in the list all the same, also when it comes later.
func TestCallsOfACaptureOutOfOrder(t *testing.T) {
	all := rows(14)
	late := *all
	late.Calls = slices.Concat(all.Calls[10:], all.Calls[:10]) // these begin the snapshot, with the highest numbers
	want := []string{" 1 12:", " 4 12:", " 10 12:", " 11 12:", " 14 12:"}

	newRig(t, rigOptions{w: 120, h: 40, snap: &late, status: fileStatus()}).has(want...)
	before := *all
	before.Calls = all.Calls[:10]
	newRig(t, rigOptions{w: 120, h: 40, snap: &before, status: liveStatus(), live: true}).publish(&late).has(want...)
}
