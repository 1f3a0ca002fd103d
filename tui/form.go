package tui

import (
	"unicode"
	"unicode/utf8"

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

// A radioItem is one of several.
type radioItem struct {
	label  string
	titles func() []string
	at     *int
	usable func(i int) bool // nil: all are
	after  func()           // after a change
	f      **form           // that it stands in, for the mouse
}

func (r *radioItem) focusable() bool { return true }

// place lays the choices out on lines.
func (r *radioItem) place(w int) (lines [][]int) {
	x := w
	for i, title := range r.titles() {
		if x += cells.Width(title) + 4 + 3; x > w+3 || len(lines) == 0 {
			lines = append(lines, nil)
			x = 1 + formLabel + cells.Width(title) + 4 + 3
		}
		lines[len(lines)-1] = append(lines[len(lines)-1], i)
	}
	return lines
}

func (r *radioItem) height(w int) int { return len(r.place(w)) }

func (r *radioItem) draw(u *UI, c canvas, focused bool) {
	drawLabel(u, c, r.label, focused)
	titles := r.titles()
	for y, line := range r.place(c.w) {
		x := 1 + formLabel
		for _, i := range line {
			style, mark := u.theme[roleDialog], "( ) "
			if i == *r.at {
				mark = "(" + u.set.Chosen + ") "
				if focused {
					style = style.Reverse(true)
				}
			}
			if r.usable != nil && !r.usable(i) {
				style = u.theme[roleDim]
			}
			from := x
			x = c.text(x, y, mark+titles[i], style)
			u.zone(c.part(from, y, x-from, 1), func() { r.choose(i) })
			x += 3
		}
	}
}

func (r *radioItem) choose(i int) {
	if r.usable != nil && !r.usable(i) {
		return
	}
	*r.at = i
	if r.f != nil {
		(*r.f).focusOn(r)
	}
	if r.after != nil {
		r.after()
	}
}

func (r *radioItem) press(_ *UI, ev *tcell.EventKey) bool {
	step := 0
	switch keyName(ev) {
	case "Left":
		step = -1
	case "Right", "Space":
		step = 1
	default:
		return false
	}
	n := len(r.titles())
	for i := *r.at + step; i != *r.at; i += step {
		i = (i + n) % n
		if r.usable == nil || r.usable(i) {
			r.choose(i)
			break
		}
		if i == *r.at {
			break
		}
	}
	return true
}

// A textItem is a line of text that can be edited.
type textItem struct {
	label string
	text  []rune
	at    int // of the cursor
	after func()
	list  func(*UI) // opens what can be chosen; nil: nothing
	f     **form
}

func newText(label, text string) *textItem {
	runes := []rune(text)
	return &textItem{label: label, text: runes, at: len(runes)}
}

func (t *textItem) String() string  { return string(t.text) }
func (t *textItem) focusable() bool { return true }
func (t *textItem) height(int) int  { return 1 }

func (t *textItem) set(text string) { t.text = []rune(text); t.at = len(t.text) }

func (t *textItem) draw(u *UI, c canvas, focused bool) {
	x := drawLabel(u, c, t.label, focused)
	style := u.theme[roleDialog]
	if t.list != nil {
		arrow := c.part(c.w-1, 0, 1, 1)
		arrow.text(0, 0, u.set.Choices, style)
		u.zone(arrow, func() { t.list(u) })
		c = c.part(0, 0, c.w-2, 1)
	}
	c.text(x, 0, "[", style)
	c.text(c.w-1, 0, "]", style)
	drawEdited(u, c.part(x+1, 0, c.w-x-2, 1), t.text, t.at, focused, style)
	u.zone(c, func() { (*t.f).focusOn(t) })
}

// drawEdited draws text with its cursor, scrolled so that the cursor is seen.
func drawEdited(u *UI, c canvas, text []rune, at int, focused bool, style tcell.Style) {
	from := 0
	for from < at && cells.Width(u.clean(string(text[from:at]))) >= c.w {
		from++
	}
	x := c.text(0, 0, u.clean(string(text[from:at])), style)
	under := " "
	if at < len(text) {
		under = u.clean(string(text[at]))
	}
	if focused {
		x = c.text(x, 0, under, style.Reverse(true))
	} else {
		x = c.text(x, 0, under, style)
	}
	if at < len(text) {
		c.text(x, 0, u.clean(string(text[at+1:])), style)
	}
}

func (t *textItem) press(_ *UI, ev *tcell.EventKey) bool {
	if !editLine(&t.text, &t.at, ev) {
		return false
	}
	if t.after != nil {
		t.after()
	}
	return true
}

// editLine changes a line of text as its key says.
func editLine(text *[]rune, at *int, ev *tcell.EventKey) bool {
	switch name := keyName(ev); name {
	case "Left":
		*at = max(0, *at-1)
	case "Right":
		*at = min(len(*text), *at+1)
	case "Home", "^A":
		*at = 0
	case "End", "^E":
		*at = len(*text)
	case "Backspace":
		if *at > 0 {
			*text = append((*text)[:*at-1], (*text)[*at:]...)
			*at--
		}
	case "Delete", "^D":
		if *at < len(*text) {
			*text = append((*text)[:*at], (*text)[*at+1:]...)
		}
	case "^U":
		*text, *at = (*text)[*at:], 0
	case "^K":
		*text = (*text)[:*at]
	default:
		r := ev.Rune()
		if ev.Key() != tcell.KeyRune || ev.Modifiers()&(tcell.ModCtrl|tcell.ModAlt|tcell.ModMeta) != 0 || !unicode.IsPrint(r) || !utf8.ValidRune(r) {
			return false
		}
		if len(*text) < maxPrompt {
			*text = append((*text)[:*at], append([]rune{r}, (*text)[*at:]...)...)
			*at++
		}
	}
	return true
}

// A button does something.
type button struct {
	title string
	run   func(u *UI)
}

// A buttonRow is the buttons at the bottom of a dialog.
type buttonRow struct {
	buttons []button
	at      int
	left    bool // at the left, not in the middle
}

func (b *buttonRow) run(u *UI, i int) { b.buttons[i].run(u) }

func (b *buttonRow) draw(u *UI, c canvas, focused bool) {
	width := -3
	for _, button := range b.buttons {
		width += cells.Width(button.title) + 4 + 3
	}
	x := max(0, (c.w-width)/2)
	if b.left {
		x = 0
	}
	for i, button := range b.buttons {
		style := u.theme[roleDialog]
		if focused && i == b.at {
			style = style.Reverse(true)
		}
		from := x
		x = c.text(x, 0, "[ "+button.title+" ]", style)
		u.zone(c.part(from, 0, x-from, 1), func() { b.run(u, i) })
		x += 3
	}
}

func (b *buttonRow) press(u *UI, ev *tcell.EventKey) bool {
	switch keyName(ev) {
	case "Left":
		b.at = (b.at - 1 + len(b.buttons)) % len(b.buttons)
	case "Right":
		b.at = (b.at + 1) % len(b.buttons)
	case "Space":
		b.run(u, b.at)
	default:
		return false
	}
	return true
}

// letter runs the button that begins with it.
func (b *buttonRow) letter(u *UI, r rune) {
	for i := range b.buttons {
		if letter(b.buttons[i].title) == unicode.ToLower(r) {
			b.run(u, i)
			return
		}
	}
}

// letter is the first of a title, in lower case.
func letter(title string) rune {
	first, _ := utf8.DecodeRuneInString(title)
	return unicode.ToLower(first)
}

// lowerFirst writes a title as a word inside of a line.
func lowerFirst(title string) string {
	return string(letter(title)) + title[len(string([]rune(title)[:1])):]
}

// dialogBox draws the frame of a dialog in the middle and returns its inside.
func (u *UI) dialogBox(c canvas, title string, w, h int) canvas {
	w, h = min(w, 76, c.w-2), min(h+2, c.h)
	box := c.part((c.w-w)/2, (c.h-h)/2, w, h)
	u.drawBorder(box, title)
	return box.part(1, 1, w-2, h-2)
}
