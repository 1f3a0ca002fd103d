package tui

import (
	"slices"

	"sipsniff/correlate"
)

func byIndex(a, b *correlate.Call) int { return a.Index - b.Index }

// inIndexOrder lists calls by their index, which counts them as they turned up
// in the capture. A snapshot has them in the order of their first message: in
// a capture whose frames are not in order that is another one. before is in
// order, and the more it has in common with calls the less is looked at.
func inIndexOrder(before, calls []*correlate.Call) []*correlate.Call {
	if inOrder(before, calls) {
		return calls
	}
	return slices.SortedFunc(slices.Values(calls), byIndex)
}

// inOrder reports whether calls are in the order of their indexes. It does not
// look into those that follow each other in before as well, which is in order.
func inOrder(before, calls []*correlate.Call) bool {
	known := false // the call in front of this one stands in before, in front of what is left of it
	for i, c := range calls {
		same := len(before) > 0 && before[0] == c
		if i > 0 && !(known && same) && byIndex(calls[i-1], c) >= 0 {
			return false
		}
		if known = same; same {
			before = before[1:]
			continue
		}
		for len(before) > 0 && byIndex(before[0], c) <= 0 {
			before = before[1:]
		}
	}
	return true
}

// callAt finds a call by its index, nil when it is not there (any more).
func (u *UI) callAt(index int) *correlate.Call { return correlate.CallAt(u.byIndex, index) }
