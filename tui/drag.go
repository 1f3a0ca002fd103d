package tui

import (
	"net/netip"
	"slices"
)

// A grippable view has edges that can be dragged.
type grippable interface {
	// grip returns what follows the mouse from a place of the screen on, nil
	// when nothing there can be dragged.
	grip(x, y int) (follow func(x, y int))
}

// grab begins to drag what is under the mouse, if anything.
func (u *UI) grab(x, y int) {
	u.drag = nil
	if g, ok := u.top().(grippable); ok && u.dialog == nil && u.prompt == nil {
		u.drag = g.grip(x, y)
	}
}

// dragTo reports whether something follows the mouse.
func (u *UI) dragTo(x, y int) bool {
	if u.drag == nil || u.dialog != nil || u.prompt != nil {
		return false
	}
	u.drag(x, y)
	return true
}

// The widths that a column can be dragged to, in cells.
const (
	leastDragged = 3
	mostDragged  = 200
)

// grip takes the right edge of a column by the gap behind its head. What is to
// the left of it stays where it is.
func (v *callsView) grip(x, y int) func(x, y int) {
	if y != v.list.headRow || v.Len() == 0 {
		return nil
	}
	for i, p := range v.list.heads {
		if x != v.list.gutter+p.x+p.width || p.id == "problem" {
			continue
		}
		before := slices.Clone(v.list.heads[:i])
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

// withWidths gives columns the widths that they were dragged to. Columns that
// are always shown keep theirs when there would be no room for all of them.
func (v *callsView) withWidths(columns []column, room int) []column {
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
		if columns[i].prio == 0 && needed <= room-v.list.gutter {
			v.widen(&columns[i])
		}
	}
	return columns
}

// widen gives a column the width it was dragged to.
func (v *callsView) widen(c *column) {
	if w, ok := v.widths[c.id]; ok {
		c.min, c.ideal, c.max, c.elastic = w, w, w, false
	}
}

// A border divides the ladder from the preview.
type border struct {
	x, y int // of the bar beside the ladder, or of the rule below it; -1 where there is none
	w, h int // of the screen around both
}

// grip takes the border of the preview, or the head of a column.
func (v *flowView) grip(x, y int) func(x, y int) {
	b := v.border
	switch {
	case b.x >= 0 && x == b.x && y > 0:
		return func(to, _ int) { v.u.flow.size = rounded(b.w-to-previewWidth(b.w), previewStep) }
	case b.y >= 0 && y == b.y:
		return func(_, to int) { v.u.flow.size = rounded(b.h-to-b.h/2, previewRows) }
	case y >= 1 && y < v.bodyTop && v.l != nil && (b.x < 0 || x < b.x):
		at := v.columnAt(x)
		if at < 0 {
			return nil
		}
		return func(to, _ int) {
			if next := v.columnAt(to); next >= 0 && next != at && v.placeColumn(at, next) {
				at = next
			}
		}
	}
	return nil
}

// rounded is n in steps, to the nearest.
func rounded(n, step int) int {
	if n < 0 {
		return -rounded(-n, step)
	}
	return (n + step/2) / step
}

// columnAt is the column of the ladder whose lifeline is nearest to x, -1 for
// none.
func (v *flowView) columnAt(x int) int {
	g := v.drawn
	if g.Count == 0 || g.Span <= 0 || x < g.Edge {
		return -1
	}
	i := rounded(x-g.Left, g.Span)
	return g.First + max(0, min(i, g.Count-1))
}

// placeColumn moves a column of the ladder to the place of another.
func (v *flowView) placeColumn(from, to int) bool {
	n := len(v.l.Participants)
	if from < 0 || to < 0 || from >= n || to >= n {
		return false
	}
	order := make([]netip.Addr, 0, n)
	for i := range v.l.Participants {
		order = append(order, v.l.Participants[i].Addr)
	}
	moved := order[from]
	order = slices.Insert(slices.Delete(order, from, from+1), to, moved)
	v.u.flow.order = slices.Compact(order)
	v.build()
	return true
}
