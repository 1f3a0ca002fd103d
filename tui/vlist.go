package tui

import (
	"strings"

	"sipsniff/internal/cells"
)

// A listSource answers for the rows of a list.
type listSource interface {
	Len() int
	ID(row int) int  // what stays the same when the row moves
	Find(id int) int // row of an ID, -1 when it is gone
	Marked(id int) bool
}

// A vlist shows a window of rows of any number. Its cursor belongs to an ID
// and to a row of the screen: when rows come and go both stay.
type vlist struct {
	columns []column
	source  listSource
	empty   bool // nothing was under the cursor yet
	gutter  int  // cells in front of a row

	cursor, top int
	id          int // under the cursor
	wanted      int // that the user put it on; the other one is near it while this has no row
	height      int // rows at the last drawing
	skip        int // columns scrolled out at the left

	sorted  string // ID of the column that decides the order
	sortUp  bool
	widths  map[string]int // that columns were dragged to, by ID
	heads   []placed       // as drawn, for the mouse
	headRow int
}

func newVList(source listSource) *vlist {
	return &vlist{source: source, empty: true, height: 1, gutter: listGutter}
}

// refresh finds the cursor's row again after the rows have changed.
func (v *vlist) refresh() {
	n := v.source.Len()
	if n == 0 {
		return
	}
	if v.empty {
		v.set(0)
		v.empty = false
		return
	}
	row := v.source.Find(v.wanted)
	if row < 0 {
		row = v.source.Find(v.id)
	}
	if row < 0 {
		row = min(v.cursor, n-1)
	}
	v.id = v.source.ID(row)
	v.top += row - v.cursor
	v.cursor = row
	v.clampTop()
}

// set moves the cursor to a row, as near as there is one.
func (v *vlist) set(row int) {
	n := v.source.Len()
	if n == 0 {
		return
	}
	v.cursor = max(0, min(row, n-1))
	v.id = v.source.ID(v.cursor)
	v.settle()
	v.clampTop()
}

// settle makes the row under the cursor the one that the user wants: a filter
// that hid another one is there to stay.
func (v *vlist) settle() { v.wanted = v.id }

func (v *vlist) clampTop() {
	if v.cursor < v.top {
		v.top = v.cursor
	}
	if v.cursor >= v.top+v.height {
		v.top = v.cursor - v.height + 1
	}
	v.top = max(0, min(v.top, v.source.Len()-v.height))
}

func (v *vlist) move(m motion) {
	switch m {
	case toLeft:
		v.skip = max(0, v.skip-1)
	case toRight:
		v.skip = min(v.skip+1, v.scrollable())
	default:
		v.set(m.from(v.cursor, v.height, v.source.Len()))
	}
}

// scrollable is how many columns can be scrolled out.
func (v *vlist) scrollable() int {
	n := 0
	for _, c := range v.columns {
		if c.prio > 0 {
			n++
		}
	}
	return max(0, n-1)
}

// listGutter is the cursor, the mark and a blank in front of a row.
const listGutter = 3

// plainGutter is the same of a list whose rows are not marked.
const plainGutter = 2

// draw shows the heads and the rows, with a scroll bar in the last column.
func (v *vlist) draw(u *UI, c canvas) {
	if height := max(1, c.h-1); height != v.height {
		v.height = height
		v.clampTop()
	}
	v.skip = min(v.skip, v.scrollable()) // there may be fewer columns now
	shown, hidden := layout(v.withWidths(v.columns, c.w-1), c.w-v.gutter-1, v.skip)
	v.heads, v.headRow = shown, c.y
	v.drawHeads(u, c, shown, hidden)
	for i := range min(v.height, v.source.Len()-v.top) {
		v.drawRow(u, c, shown, v.top+i, 1+i)
	}
	c.scrollbar(c.w-1, 1, v.height, v.top, v.source.Len(), u.set.Thumb, u.set.Track, u.theme[roleDim])
}

func (v *vlist) drawHeads(u *UI, c canvas, shown []placed, hidden int) {
	for _, p := range shown {
		title, x, w := p.title, v.gutter+p.x, p.width
		if cells.Width(title) > w && p.short != "" {
			title = p.short
		}
		if p.id == v.sorted {
			room := w - 1
			if p.right { // its title may reach into the gap at its left
				room = w
			}
			title, _ = cells.Split(title, room)
			title += v.arrow(u)
			over := max(0, cells.Width(title)-w)
			x, w = x-over, w+over
		}
		c.text(x, 0, align(title, w, p.right, u.set.Ellipsis), u.theme[rolePlain])
	}
	if v.skip > 0 {
		c.text(0, 0, u.set.MoreLeft, u.theme[roleKey])
	}
	if hidden > 0 {
		c.text(c.w-1, 0, u.set.MoreRight, u.theme[roleKey])
	}
}

// arrow shows the direction of the order.
func (v *vlist) arrow(u *UI) string {
	if v.sortUp {
		return u.set.Up
	}
	return u.set.Down
}

func (v *vlist) drawRow(u *UI, c canvas, shown []placed, row, y int) {
	id := v.source.ID(row)
	marked, current := v.source.Marked(id), row == v.cursor
	base := u.theme[rolePlain]
	if current {
		base = base.Reverse(true)
		c.part(0, 0, c.w-1, c.h).fill(0, y, base)
		c.text(0, y, u.set.Cursor, base)
	}
	if marked {
		c.text(1, y, u.set.Mark, base.Bold(true))
	}
	for _, p := range shown {
		got := p.cell(row, p.width)
		style := u.theme[got.role]
		if current {
			style = style.Reverse(true)
		}
		if marked {
			style = style.Bold(true)
		}
		c.text(v.gutter+p.x, y, align(got.text, p.width, p.right, u.set.Ellipsis), style)
	}
}

func align(s string, width int, right bool, ellipsis string) string {
	if right {
		return cells.PadLeft(s, width, ellipsis)
	}
	return cells.PadRight(s, width, ellipsis)
}

// rowAt returns the row at y of the screen, for a click.
func (v *vlist) rowAt(y int) (row int, ok bool) {
	at := y - v.headRow - 1
	return v.top + at, at >= 0 && at < v.height && v.top+at < v.source.Len()
}

// click moves the cursor to the row at y; it reports whether there is one.
func (v *vlist) click(y int) bool {
	row, ok := v.rowAt(y)
	if ok {
		v.set(row)
	}
	return ok
}

// headAt returns the column whose head is at x, for a click.
func (v *vlist) headAt(x int) (id string, ok bool) {
	for _, p := range v.heads {
		if x >= v.gutter+p.x && x <= v.gutter+p.x+p.width {
			return p.id, strings.TrimSpace(p.id) != ""
		}
	}
	return "", false
}
