package tui

import (
	"github.com/gdamore/tcell/v2"

	"sipsniff/internal/cells"
)

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
