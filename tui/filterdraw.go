package tui

import (
	"fmt"

	"github.com/gdamore/tcell/v2"

	"sipsniff/internal/cells"
)

// drawn is whether the line has a row of its own on a screen of so many rows
// below the tabs.
func (f *filterLine) drawn(h int) bool { return f.editing() || len(f.text) > 0 || h >= 27 }

// drawAbove draws the tally of the list, or what is wrong with the filter, and
// the line itself. It returns what is left below.
func (f *filterLine) drawAbove(c canvas, tally func(canvas)) canvas {
	if row := c.part(0, 0, c.w, 1); f.err != nil {
		f.drawError(row)
	} else {
		tally(row)
	}
	y := 1
	if f.drawn(c.h) {
		row := c.part(0, y, c.w, 1)
		f.u.zone(row, f.edit)
		f.drawLine(row)
		y++
	}
	return c.part(0, y, c.w, c.h-y)
}

// drawError says what is wrong, where, and what the list shows instead.
func (f *filterLine) drawError(c canvas) {
	u := f.u
	still := "all"
	if f.settled.text != "" {
		still = u.clean(f.settled.text)
	}
	what := fmt.Sprintf("%s filter, column %d: %s", u.set.Bad, f.err.Column, u.clean(f.err.Text))
	rest := fmt.Sprintf(" %s list still shows the last good one: %s", u.set.Dot, still)
	const said = 35 // of the rest stays in sight on a small screen, up to "good"
	x := c.text(1, 0, cells.Cut(what, max(c.w-1-cells.Width(rest), c.w-1-said), u.set.Ellipsis), u.theme[roleBad])
	c.text(x, 0, cells.Cut(rest, c.w-x, u.set.Ellipsis), u.theme[rolePlain])
}

// drawLine shows the text with its caret, and how much the filter leaves.
func (f *filterLine) drawLine(c canvas) {
	u := f.u
	if len(f.text) == 0 && !f.editing() {
		c.text(1, 0, cells.Cut("/ filter: none     (type / then a number, IP, Call-ID, code:503, mos<3.5, state:busy "+u.set.Ellipsis+" Tab completes)", c.w-2, u.set.Ellipsis), u.theme[roleDim])
		return
	}
	note := f.note()
	c.right(c.w-1, 0, note, u.theme[rolePlain])
	role := rolePlain
	switch {
	case f.err != nil && !f.err.Incomplete:
		role = roleBad
	case f.err != nil:
		role = roleWarn
	}
	x := c.text(1, 0, "/ ", u.theme[roleKey])
	f.drawText(c.part(x, 0, max(0, c.w-x-cells.Width(note)-2), 1), u.theme[role])
}

// note is "36 of 420  Esc clears", or a hint.
func (f *filterLine) note() string {
	shown, of := f.view.tally()
	note := fmt.Sprintf("%s of %s", count(shown), count(of))
	hint := ""
	if f.u.width >= 60 {
		note += "  Esc clears"
		hint = f.hint()
	}
	if hint == "" {
		return note
	}
	// What the text leaves is for the hint, which ends with what was meant.
	const around = 8 // the sign in front, the caret, the gaps
	left := f.u.width - cells.Width(f.u.clean(string(f.text))) - cells.Width(note) - around
	return cells.Cut(hint, max(f.u.width/2, left), f.u.set.Ellipsis) + "  " + note
}

// drawText shows the end of the text up to the caret, and as much behind it
// as there is room for.
func (f *filterLine) drawText(c canvas, style tcell.Style) {
	u := f.u
	before, after := u.clean(string(f.text[:f.caret])), u.clean(string(f.text[f.caret:]))
	for cells.Width(before) > max(0, c.w-2) {
		_, before, _ = cells.Next(before)
	}
	x := c.text(0, 0, before, style)
	if !f.editing() {
		c.text(x, 0, after, style)
		return
	}
	if after == "" {
		c.text(x, 0, u.set.Caret, u.theme[roleKey])
		return
	}
	char, rest, _ := cells.Next(after)
	x = c.text(x, 0, char, style.Reverse(true))
	c.text(x, 0, rest, style)
}

// draw shows what the text could go on with.
func (f *filterLine) draw(_ *UI, c canvas) { f.offers.draw(f, c) }
