package tui

import (
	"github.com/gdamore/tcell/v2"

	"sipsniff/internal/cells"
)

// formLabel is how wide the labels of a form are.
const formLabel = 11

// A field is one line or more of a form.
type field interface {
	height(w int) int
	draw(u *UI, c canvas, focused bool)
	// press handles a key; it reports false for keys that mean nothing here.
	// A note is nil: it has no keys.
	press(u *UI, ev *tcell.EventKey) bool
	focusable() bool
}

// A form is items above a row of buttons. One of them has the focus.
type form struct {
	items   []field
	buttons *buttonRow
	focus   int // in items; len(items) is the buttons
	top     int // first item in sight
}

func newForm(buttons *buttonRow, items ...field) *form {
	f := &form{items: items, buttons: buttons, focus: len(items)}
	f.step(1)
	return f
}

// step moves the focus to the next or previous item that takes it.
func (f *form) step(n int) {
	total := len(f.items) + 1
	for range total {
		f.focus = (f.focus + n + total) % total
		if f.focus == len(f.items) || f.items[f.focus].focusable() {
			return
		}
	}
}

// press hands a key to what has the focus; the first letter of a button runs
// it where nothing else wants letters.
func (f *form) press(u *UI, ev *tcell.EventKey) {
	if f.focus < len(f.items) && f.items[f.focus].press(u, ev) {
		return
	}
	if f.focus == len(f.items) && f.buttons.press(u, ev) {
		return
	}
	if ev.Key() == tcell.KeyRune {
		f.buttons.letter(u, ev.Rune())
	}
}

// enter runs the button under the focus, or the first.
func (f *form) enter(u *UI) {
	at := 0
	if f.focus == len(f.items) {
		at = f.buttons.at
	}
	f.buttons.run(u, at)
}

// heights returns the lines that the items take.
func (f *form) heights(w int) (total int) {
	for _, item := range f.items {
		total += item.height(w)
	}
	return total
}

// draw draws the items from the first in sight, and the buttons at the bottom.
func (f *form) draw(u *UI, c canvas) {
	room := c.h - 2
	if f.focus < f.top {
		f.top = f.focus
	}
	for f.top < f.focus && f.below(c.w, f.top, min(f.focus, len(f.items)-1)) > room {
		f.top++
	}
	y := 0
	for i := f.top; i < len(f.items); i++ {
		h := f.items[i].height(c.w)
		if y+h > room {
			break
		}
		f.items[i].draw(u, c.part(0, y, c.w, h), i == f.focus)
		y += h
	}
	f.buttons.draw(u, c.part(0, c.h-1, c.w, 1), f.focus == len(f.items))
}

// below is how many lines the items from one to another take, both included.
func (f *form) below(w, from, to int) (lines int) {
	for i := from; i <= to; i++ {
		lines += f.items[i].height(w)
	}
	return lines
}

// click moves the focus and presses what is under the mouse. The zones of the
// drawing do that; each item registers its own.
func (f *form) focusOn(item field) {
	for i, known := range f.items {
		if known == item {
			f.focus = i
		}
	}
}

// drawLabel writes what stands in front of an item and returns where it begins.
func drawLabel(u *UI, c canvas, label string, focused bool) int {
	style := u.theme[roleDialog]
	if focused {
		style = style.Bold(true)
		c.text(0, 0, u.set.Cursor, style)
	}
	c.text(1, 0, label, style)
	return 1 + formLabel
}

// A noteItem shows what the user should know. Its lines are clean text.
type noteItem struct{ lines func(w int) []textLine }

func (n *noteItem) height(w int) int                { return len(n.lines(w - 1 - formLabel)) }
func (n *noteItem) focusable() bool                 { return false }
func (n *noteItem) press(*UI, *tcell.EventKey) bool { return false }
func (n *noteItem) draw(u *UI, c canvas, _ bool) {
	for y, line := range n.lines(c.w - 1 - formLabel) {
		x := 1 + formLabel
		for _, s := range line {
			x = c.text(x, y, cells.Cut(s.text, c.w-x, u.set.Ellipsis), u.theme[s.role])
		}
	}
}

// dialogBox draws the frame of a dialog in the middle and returns its inside.
func (u *UI) dialogBox(c canvas, title string, w, h int) canvas {
	w, h = min(w, 76, c.w-2), min(h+2, c.h)
	box := c.part((c.w-w)/2, (c.h-h)/2, w, h)
	u.drawBorder(box, title)
	return box.part(1, 1, w-2, h-2)
}
