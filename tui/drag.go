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

// A border divides the ladder from the preview.
type border struct {
	x, y int // of the bar beside the ladder, or of the rule below it; -1 where there is none
	w, h int // of the screen around both
}

// grip takes the border of a pane, or the head of a column.
func (v *flowView) grip(x, y int) func(x, y int) {
	if follow := v.reasons.grip(y); follow != nil {
		return follow
	}
	b := v.border
	switch {
	case b.x >= 0 && x == b.x && y > 0:
		return func(to, _ int) { v.u.flow.size = rounded(b.w-to-previewWidth(b.w), previewStep) }
	case b.y >= 0 && y == b.y:
		return func(_, to int) { v.u.flow.size = rounded(b.h-to-previewHeight(b.h), previewRows) }
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

// grip takes the border of the pane that says why.
func (v *mediaView) grip(_, y int) func(x, y int) { return v.reasons.grip(y) }

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
	v.u.flow.keepOrder(slices.Compact(order))
	v.build()
	return true
}
