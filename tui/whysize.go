package tui

import "sipsniff/correlate"

// rows is how many rows of a screen the pane wants.
func (w *whyPane) rows(calls []*correlate.Call, width, height int) int {
	w.shown = 0
	if !w.open {
		return 0
	}
	w.build(calls, width-1)
	if n := w.u.whyRows; n > 0 {
		return max(leastWhy, min(n, height-whyLeaves))
	}
	return max(leastWhy, min(len(w.lines)+1, height/2))
}

// A pane that is dragged has at least so many rows, and leaves so many to what
// is above it, unless the screen has no room for both.
const (
	leastWhy  = 3
	whyLeaves = 8
)

// grip takes the border of the pane.
func (w *whyPane) grip(y int) func(x, y int) {
	if w.shown == 0 || y != w.screen-1 {
		return nil
	}
	end := w.screen + w.height
	return func(_, to int) { w.u.whyRows = max(leastWhy, end-to) }
}
