package tui

import (
	"github.com/gdamore/tcell/v2"

	"sipsniff/internal/cells"
)

// A check is one of several things that are on or off.
type check struct {
	title  func() string
	on     *bool
	usable func() bool // nil: always
}

func (k *check) can() bool { return k.usable == nil || k.usable() }

// called is a title that stays as it is.
func called(title string) func() string { return func() string { return title } }

// A checksItem is several checks in a row, or in as many rows as they need.
type checksItem struct {
	label  string
	checks []check
	at     int
	after  func() // after a change
	f      **form // that it stands in, for the mouse
}

// checkGap is what stands between two checks.
const checkGap = 2

func (k *checksItem) focusable() bool { return true }

// place lays the checks out on lines.
func (k *checksItem) place(w int) (lines [][]int) {
	x := 0
	for i := range k.checks {
		width := cells.Width(k.checks[i].title()) + 4
		if len(lines) == 0 || x+width > w-1-formLabel {
			lines, x = append(lines, nil), 0
		}
		lines[len(lines)-1] = append(lines[len(lines)-1], i)
		x += width + checkGap
	}
	return lines
}

func (k *checksItem) height(w int) int { return len(k.place(w)) }

func (k *checksItem) draw(u *UI, c canvas, focused bool) {
	drawLabel(u, c, k.label, focused)
	for y, line := range k.place(c.w) {
		x := 1 + formLabel
		for _, i := range line {
			style, mark := u.theme[roleDialog], "[ ] "
			switch on := *k.checks[i].on; {
			case !k.checks[i].can():
				style = u.theme[roleDim]
			case on:
				mark = "[x] "
			}
			if focused && i == k.at {
				style = style.Reverse(true)
			}
			from := x
			x = c.text(x, y, cells.Cut(mark+k.checks[i].title(), c.w-x, u.set.Ellipsis), style)
			u.zone(c.part(from, y, x-from, 1), func() { k.toggle(i) })
			x += checkGap
		}
	}
}

// toggle switches one, if it can be had now.
func (k *checksItem) toggle(i int) {
	k.at = i
	if k.f != nil {
		(*k.f).focusOn(k)
	}
	if !k.checks[i].can() {
		return
	}
	*k.checks[i].on = !*k.checks[i].on
	if k.after != nil {
		k.after()
	}
}

func (k *checksItem) press(_ *UI, ev *tcell.EventKey) bool {
	switch n := len(k.checks); keyName(ev) {
	case "Left":
		k.at = (k.at - 1 + n) % n
	case "Right":
		k.at = (k.at + 1) % n
	case "Space":
		k.toggle(k.at)
	default:
		return false
	}
	return true
}
