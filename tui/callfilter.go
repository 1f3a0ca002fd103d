package tui

import (
	"fmt"

	"sipsniff/correlate"
	"sipsniff/internal/cells"
	"sipsniff/internal/filter"
)

// A callFilter is the calls of a snapshot that the display filter lets
// through; all of them when there is no filter.
type callFilter struct {
	expr  *filter.Expr
	calls []*correlate.Call
}

// apply finds the calls of a snapshot. Calls change while they go on, so each
// is looked at again.
func (f *callFilter) apply(snap *correlate.Snapshot, marked func(int) bool) {
	if f.expr == nil {
		f.calls = snap.Calls
		return
	}
	in := filter.NewScope(snap, marked)
	f.calls = nil // the list before may be in use
	for _, c := range snap.Calls {
		if f.expr.Match(in, c) {
			f.calls = append(f.calls, c)
		}
	}
}

// narrows reports whether there is a filter.
func (f *callFilter) narrows() bool { return f.expr != nil }

// drawFilter names the filter above the list, with how much it leaves.
func (v *callsView) drawFilter(c canvas) {
	note := fmt.Sprintf("%s of %s", count(len(v.filter.calls)), count(len(v.u.snap.Calls)))
	c.right(c.w-1, 0, note, v.u.theme[rolePlain])
	room := c.w - cells.Width(note) - 4
	c.text(1, 0, cells.Cut("filter: "+v.u.clean(v.filter.expr.String()), room, v.u.set.Ellipsis), v.u.theme[roleKey])
}
