package tui

import (
	"github.com/gdamore/tcell/v2"
	"github.com/rivo/tview"
)

// root is the one primitive that tview knows: it hands drawing and the mouse
// on to the UI.
type root struct {
	*tview.Box
	u *UI
}

func newRoot(u *UI) *root { return &root{Box: tview.NewBox(), u: u} }

// Draw implements tview.Primitive.
func (r *root) Draw(screen tcell.Screen) { r.u.draw(screen) }

// MouseHandler implements tview.Primitive.
func (r *root) MouseHandler() func(tview.MouseAction, *tcell.EventMouse, func(tview.Primitive)) (bool, tview.Primitive) {
	return func(action tview.MouseAction, ev *tcell.EventMouse, _ func(tview.Primitive)) (bool, tview.Primitive) {
		x, y := ev.Position()
		return r.u.mouseAction(action, x, y), nil
	}
}

// PasteHandler implements tview.Primitive.
func (r *root) PasteHandler() func(string, func(tview.Primitive)) {
	return func(text string, _ func(tview.Primitive)) { r.u.paste(text) }
}

// wheelRows is how far one notch of the wheel goes.
const wheelRows = 3

// mouseAction handles a click or the wheel; it reports whether to redraw.
func (u *UI) mouseAction(action tview.MouseAction, x, y int) bool {
	switch action {
	case tview.MouseScrollUp, tview.MouseScrollDown:
		u.wheel(action == tview.MouseScrollUp)
		return true
	case tview.MouseLeftDown:
		u.grab(x, y)
	case tview.MouseMove:
		return u.dragTo(x, y)
	case tview.MouseLeftUp:
		u.drag = nil
	case tview.MouseLeftClick, tview.MouseLeftDoubleClick:
		u.toast = ""
		if u.clickZone(x, y) {
			return true
		}
		c, ok := u.top().(clickable)
		return ok && u.dialog == nil && u.prompt == nil && c.click(x, y, action == tview.MouseLeftDoubleClick)
	case tview.MouseRightClick:
		c, ok := u.top().(clickable)
		if ok && u.dialog == nil && u.prompt == nil && c.click(x, y, false) {
			u.dialog = &palette{row: true}
			return true
		}
	}
	return false
}

// wheel moves three rows, or one line of a dialog.
func (u *UI) wheel(upwards bool) {
	m, key := down, tcell.KeyDown
	if upwards {
		m, key = up, tcell.KeyUp
	}
	switch {
	case u.prompt != nil:
	case u.dialog != nil:
		if a := u.action(tcell.KeyNames[key]); a != nil {
			u.do(a)
		}
	default:
		for range wheelRows {
			u.top().move(m)
		}
	}
}

// A clickable view does something where it is clicked; x, y are on the screen.
type clickable interface {
	click(x, y int, double bool) bool
}

// click moves the cursor to the row, opens it on a double click, or sorts by
// the head that was hit.
func (v *callsView) click(x, y int, double bool) bool {
	if v.reasons.click(y, v) {
		return true
	}
	if y == v.list.headRow {
		id, ok := v.list.headAt(x)
		return ok && v.sortBy(id)
	}
	if !v.list.click(y) {
		return false
	}
	v.follow = false
	if double {
		v.open()
	}
	return true
}

// sortBy orders by a column; the same column again reverses the order.
func (v *callsView) sortBy(id string) bool {
	if id == v.order.key.column {
		v.reverse()
		return true
	}
	if key, ok := keyOfColumn(id); ok {
		v.setSort(key)
		return true
	}
	return false
}
