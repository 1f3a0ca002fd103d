package tui

import "github.com/gdamore/tcell/v2"

// A frame is where a screen is drawn before the terminal gets it. tview clears
// the screen before each drawing, and tcell takes a cell that was cleared and
// written again for a changed one: without the frame every redraw would send
// the whole screen over the line.
type frame struct {
	cells tcell.CellBuffer
	w, h  int
}

// begin empties the frame.
func (f *frame) begin(w, h int) canvas {
	if w != f.w || h != f.h {
		f.cells.Resize(w, h)
		f.w, f.h = w, h
	}
	f.cells.Fill(' ', tcell.StyleDefault)
	return canvas{&f.cells, 0, 0, w, h}
}

// show copies the cells that differ to the screen.
func (f *frame) show(screen tcell.Screen) {
	for y := range f.h {
		for x := 0; x < f.w; {
			text, style, width := f.cells.Get(x, y)
			oldText, oldStyle, oldWidth := screen.Get(x, y)
			if text != oldText || style != oldStyle {
				screen.Put(x, y, text, style)
				if oldWidth > width && x+1 < f.w {
					// The right half of a wide character is gone from the
					// terminal: whatever stands there has to be sent again.
					screen.Put(x+1, y, "-", style)
				}
			}
			x += width
		}
	}
}
