package correlate

import (
	"iter"
	"slices"
)

// Changes yields what is different in two lists of calls, both in the order of
// their indexes: a call that changed as it was and as it is now, before nil for
// one that came, now nil for one that left. It looks into those only: the
// others are known by their addresses.
func Changes(before, now []*Call) iter.Seq2[*Call, *Call] {
	return func(yield func(before, now *Call) bool) {
		for len(before) > 0 || len(now) > 0 {
			var was, is *Call
			switch {
			case len(before) > 0 && len(now) > 0 && before[0] == now[0]:
				before, now = before[1:], now[1:]
				continue
			case len(now) == 0 || len(before) > 0 && before[0].Index < now[0].Index:
				was, before = before[0], before[1:]
			case len(before) == 0 || now[0].Index < before[0].Index:
				is, now = now[0], now[1:]
			default:
				was, is, before, now = before[0], now[0], before[1:], now[1:]
			}
			if !yield(was, is) {
				return
			}
		}
	}
}

// CallAt finds a call by its index among calls in the order of their indexes,
// which have no gaps until calls leave; nil when it is not there. What it finds in
// a list in another order is right, but it may find nothing.
func CallAt(calls []*Call, index int) *Call {
	if len(calls) == 0 {
		return nil
	}
	if i := index - calls[0].Index; i >= 0 && i < len(calls) && calls[i].Index == index {
		return calls[i]
	}
	i, found := slices.BinarySearchFunc(calls, index, func(c *Call, index int) int { return c.Index - index })
	if !found {
		return nil
	}
	return calls[i]
}
