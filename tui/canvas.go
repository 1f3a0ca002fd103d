package tui

import (
	"github.com/gdamore/tcell/v2"

	"sipsniff/internal/cells"
)

// A canvas is a rectangle of a frame. Nothing drawn on it can leave it.
type canvas struct {
	cells      *tcell.CellBuffer
	x, y, w, h int
}

// part returns the rectangle at x, y of the canvas, clipped to it.
func (c canvas) part(x, y, w, h int) canvas {
	w, h = min(w, c.w-x), min(h, c.h-y)
	return canvas{c.cells, c.x + x, c.y + y, max(0, w), max(0, h)}
}

// text writes clean text from x on and returns the cell behind it. A wide
// character that would be halved at the edge is left out.
func (c canvas) text(x, y int, s string, style tcell.Style) int {
	if y < 0 || y >= c.h {
		return x
	}
	if s != "" && x < c.w {
		c.free(max(0, x), y)
	}
	for s != "" && x < c.w {
		char, rest, width := cells.Next(s)
		if x >= 0 && x+width <= c.w {
			c.cells.Put(c.x+x, c.y+y, char, style)
		}
		s, x = rest, x+width
	}
	return x
}

// right writes clean text so that it ends at cell x.
func (c canvas) right(x, y int, s string, style tcell.Style) {
	c.text(x-cells.Width(s), y, s, style)
}

// free takes away a wide character that reaches into a cell from the left: its
// left half would cover what is written there.
func (c canvas) free(x, y int) {
	if x += c.x; x == 0 {
		return
	}
	if _, style, width := c.cells.Get(x-1, c.y+y); width > 1 {
		c.cells.Put(x-1, c.y+y, " ", style)
	}
}

// fill paints the cells of a row from x to the end.
func (c canvas) fill(x, y int, style tcell.Style) {
	if x < c.w && y < c.h {
		c.free(x, y)
	}
	for ; x < c.w && y < c.h; x++ {
		c.cells.Put(c.x+x, c.y+y, " ", style)
	}
}

// clear paints everything.
func (c canvas) clear(style tcell.Style) {
	for y := range c.h {
		c.fill(0, y, style)
	}
}

// scrollbar draws the position of a window of size rows from top among total
// in column x.
func (c canvas) scrollbar(x, y, rows, top, total int, thumb, track string, style tcell.Style) {
	if rows <= 0 || total <= rows {
		return
	}
	size := max(1, rows*rows/total)
	at := 0
	if total > rows {
		at = (rows - size) * top / (total - rows)
	}
	for i := range rows {
		glyph := track
		if i >= at && i < at+size {
			glyph = thumb
		}
		c.text(x, y+i, glyph, style)
	}
}
