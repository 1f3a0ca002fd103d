package tui

import (
	"slices"

	"sipsniff/correlate"
)

func byIndex(a, b *correlate.Call) int { return a.Index - b.Index }

// inIndexOrder lists calls by their index, which counts them as they turned up
// in the capture. A snapshot has them in the order of their first message: in
// a capture whose frames are not in order that is another one.
func inIndexOrder(calls []*correlate.Call) []*correlate.Call {
	if slices.IsSortedFunc(calls, byIndex) {
		return calls
	}
	return slices.SortedFunc(slices.Values(calls), byIndex)
}

// callAt finds a call by its index, nil when it is not there (any more).
func (u *UI) callAt(index int) *correlate.Call { return callIn(u.byIndex, index) }

// callIn finds a call by its index among calls in the order of their indexes,
// which have no gaps until calls leave; nil when it is not there.
func callIn(calls []*correlate.Call, index int) *correlate.Call {
	if len(calls) == 0 {
		return nil
	}
	if i := index - calls[0].Index; i >= 0 && i < len(calls) && calls[i].Index == index {
		return calls[i]
	}
	i, found := slices.BinarySearchFunc(calls, index, func(c *correlate.Call, index int) int { return c.Index - index })
	if !found {
		return nil
	}
	return calls[i]
}
