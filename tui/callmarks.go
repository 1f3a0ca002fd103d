package tui

import (
	"slices"

	"sipsniff/correlate"
)

func (v *callsView) mark() {
	if v.Len() == 0 {
		return
	}
	id := v.ID(v.list.cursor)
	if v.marked[id] {
		delete(v.marked, id)
	} else {
		v.marked[id] = true
	}
	v.remark()
}

func (v *callsView) markAll() {
	for _, e := range v.order.entries {
		v.marked[e.index] = true
	}
	v.remark()
}

// remark looks at the calls again after marks changed, for the filter may ask
// for them.
func (v *callsView) remark() {
	if v.filter.expr() != nil {
		v.relist(v.holds())
	}
}

// chosen returns the marked calls in the order of their numbers, or the one
// under the cursor.
func (v *callsView) chosen() []*correlate.Call {
	var out []*correlate.Call
	for id := range v.marked {
		if c := v.u.callAt(id); c != nil {
			out = append(out, c)
		}
	}
	if c := v.current(); len(out) == 0 && c != nil {
		return []*correlate.Call{c}
	}
	slices.SortFunc(out, func(a, b *correlate.Call) int { return a.Index - b.Index })
	return out
}
