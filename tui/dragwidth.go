package tui

import "slices"

// The widths that a column can be dragged to, in cells.
const (
	leastDragged = 3
	mostDragged  = 200
)

// grip takes the right edge of a column by the gap behind its head. What is to
// the left of it stays where it is.
func (v *vlist) grip(x, y int) func(x, y int) {
	if y != v.headRow || v.source.Len() == 0 {
		return nil
	}
	for i, p := range v.heads {
		if x != v.gutter+p.x+p.width || p.id == "problem" {
			continue
		}
		before := slices.Clone(v.heads[:i])
		return func(to, _ int) {
			if v.widths == nil {
				v.widths = map[string]int{}
			}
			for _, left := range before {
				if left.id != "number" { // it grows with the numbers
					v.widths[left.id] = left.width
				}
			}
			v.widths[p.id] = max(leastDragged, min(p.width+to-x, mostDragged))
		}
	}
	return nil
}

// grip takes the border of the pane below the list, or the edge of a column.
func (v *callsView) grip(x, y int) func(x, y int) {
	if follow := v.reasons.grip(y); follow != nil {
		return follow
	}
	return v.list.grip(x, y)
}

func (v *registrationsView) grip(x, y int) func(x, y int) { return v.list.grip(x, y) }
func (v *streamsView) grip(x, y int) func(x, y int)       { return v.list.grip(x, y) }

// grip takes the edge of a column of the kinds, as far as they are there.
func (v *problemsView) grip(x, y int) func(x, y int) {
	if v.full || x >= v.kindsWidth {
		return nil
	}
	return v.list.grip(x, y)
}

// withWidths gives columns the widths that they were dragged to. Columns that
// are always shown keep theirs when there would be no room for all of them.
func (v *vlist) withWidths(columns []column, room int) []column {
	if len(v.widths) == 0 {
		return columns
	}
	columns = slices.Clone(columns)
	needed := 0
	for i := range columns {
		c := &columns[i]
		if c.prio > 0 {
			v.widen(c)
			continue
		}
		w := c.min
		if dragged, ok := v.widths[c.id]; ok {
			w = dragged
		}
		needed += w + 1
	}
	for i := range columns {
		if columns[i].prio == 0 && needed <= room-v.gutter {
			v.widen(&columns[i])
		}
	}
	return columns
}

// widen gives a column the width it was dragged to.
func (v *vlist) widen(c *column) {
	if w, ok := v.widths[c.id]; ok {
		c.min, c.ideal, c.max, c.elastic = w, w, w, false
	}
}

// usualWidths gives the list in sight the widths that its columns have by
// themselves.
func (u *UI) usualWidths() {
	list := u.calls.list
	if v, ok := u.top().(interface{ rows() *vlist }); ok {
		list = v.rows()
	}
	if len(list.widths) == 0 {
		u.say("no width of this list was dragged")
		return
	}
	list.widths = nil
	u.say("columns have their usual widths")
}

// forgetWidths gives lists whose columns are chosen anew the widths of the choice.
func (u *UI) forgetWidths(fresh func(key string) bool) {
	for _, v := range append([]view{u.calls}, u.stack...) {
		table, ok := v.(tabled)
		if list, listed := v.(interface{ rows() *vlist }); ok && listed && fresh(table.columnTable().option) {
			list.rows().widths = nil
		}
	}
}
