package tui

import (
	"github.com/gdamore/tcell/v2"

	"sipsniff/internal/cells"
	"sipsniff/tui/ladder"
)

const (
	flowGutter     = 3   // cursor, mark, leg letter
	previewColumns = 118 // from this width on the preview stands at the right
	leastLadder    = 3   // lines that the preview leaves to the ladder
	previewStep    = 4   // cells that it grows by beside the ladder
	previewRows    = 2   // and rows below it
)

func (v *flowView) draw(c canvas) {
	v.drawTitle(c.part(0, 0, c.w, 1))
	why := v.reasons.rows(v.shownCalls(), c.w, c.h)
	// A small screen has one pane below the ladder, and no row that tells all
	// of the message then.
	under := c.w < previewColumns && (why > 0 || v.previewShown())
	if !under {
		v.drawStatus(c.part(0, c.h-1, c.w, 1))
		c.h--
	}
	if why > 0 {
		v.reasons.draw(c.part(0, c.h-why, c.w, why), v.shownCalls())
		c.h -= why
	}
	body, right, below := v.panes(c, why > 0)
	if right.w > 0 {
		v.drawPreview(right, true)
	}
	if below.h > 0 {
		v.drawPreview(below, false)
		body.h -= below.h
	}
	v.drawLadder(body)
}

// previewShown tells whether the preview is open: as the user wants it, else
// where there is room beside the ladder.
func (v *flowView) previewShown() bool {
	if v.u.flow.preview != previewAuto {
		return v.u.flow.preview == previewOn
	}
	width, _ := v.u.screen.Size()
	return width >= previewColumns
}

// previewWidth is the usual width of the preview on a screen of so many cells.
func previewWidth(w int) int { return max(40, min(62, w*35/100)) }

// previewHeight is the usual height of the preview below the ladder, on a
// screen of so many rows.
func previewHeight(h int) int { return (h + 1) / 2 }

// panes divides the screen below the title.
func (v *flowView) panes(c canvas, why bool) (left, right, below canvas) {
	left = c.part(0, 1, c.w, c.h-1)
	v.border = border{x: -1, y: -1, w: c.w, h: c.h}
	s := &v.u.flow
	if !v.previewShown() || why && c.w < previewColumns {
		return left, right, below
	}
	if c.w >= previewColumns {
		w := previewWidth(c.w) + s.size*previewStep
		w = max(30, min(w, c.w-50))
		v.border.x = c.w - w
		right = c.part(c.w-w, 1, w, c.h-1)
		left.w -= w
		return left, right, below
	}
	h := max(3, min(previewHeight(c.h)+s.size*previewRows, c.h-1-4-leastLadder))
	v.border.y = c.h - h
	return left, right, c.part(0, c.h-h, c.w, h)
}

// geometry places the lifelines in the width there is.
func (v *flowView) geometry(w int) ladder.Geometry {
	const least, most, leastHalf, mostHalf = 18, 60, 8, 15
	timeWidth := v.u.flow.timeWidth(w)
	n := len(v.l.Participants)
	g := ladder.Geometry{Edge: timeWidth, Width: w, Count: n}
	half := leastHalf
	for i := range v.l.Participants {
		p := &v.l.Participants[i]
		half = max(half, min(mostHalf, cells.Width(p.Names()[0])/2))
		if n <= 2 { // there is room for the names of the programs as well
			half = max(half, min(mostHalf, cells.Width(p.Agent)/2))
		}
	}
	if n <= 1 {
		g.Left, g.Span = timeWidth+half, max(least, w-timeWidth-2*half)
		return g
	}
	span := (w - timeWidth - 2*half) / (n - 1)
	if narrow := (w - timeWidth) / n; half > span/2 && narrow >= least { // names are cut to the span: the room is better between the lifelines
		half = max(leastHalf, min(half, narrow/2))
		span = (w - timeWidth - 2*half) / (n - 1)
	}
	if span < least {
		half = leastHalf
		span = (w - timeWidth - 2*half) / (n - 1)
	}
	if span < least {
		g.Count = max(1, min(n, (w-timeWidth-2*half)/least+1))
		span = (w - timeWidth - 2*half) / max(1, g.Count-1)
	}
	g.Left, g.Span = timeWidth+half, max(least, min(most, span))
	g.First = max(0, min(v.firstColumn, n-g.Count))
	return g
}

func (v *flowView) drawLadder(c canvas) {
	u := v.u
	g := v.geometry(c.w - 1)
	v.visible, v.firstColumn, v.drawn = g.Count, g.First, g
	header := v.drawHeader(c, g)
	marked := v.markedRow()
	v.height, v.bodyTop = max(1, c.h-header), c.y+header
	v.clamp()
	lines := v.starts[len(v.starts)-1]
	row := 0
	for i := range v.height {
		line := v.top + i
		if line >= lines {
			v.drawSegments(c, header+i, v.l.EmptyLanes(g, u.set), rolePlain, false)
			continue
		}
		for line >= v.starts[row+1] {
			row++
		}
		v.drawRow(c, header+i, row, line-v.starts[row], g, marked)
	}
	c.scrollbar(c.w-1, header, v.height, v.top, lines, u.set.Thumb, u.set.Track, u.theme[roleDim])
}

// centered writes text around x, within cells from … to.
func (v *flowView) centered(c canvas, x, y int, s string, from, to int, r role) {
	s = cells.Cut(s, to-from+1, v.u.set.Ellipsis)
	start := max(from, min(x-cells.Width(s)/2, to+1-cells.Width(s)))
	c.text(start, y, s, v.u.theme[r])
}

func (v *flowView) drawSegments(c canvas, y int, segments []ladder.Segment, r role, reverse bool) {
	x := 0
	for _, s := range segments {
		style := v.u.theme[rolePlain]
		if s.Arrow {
			style = v.u.theme[r]
		}
		x = c.text(x, y, s.Text, style.Reverse(reverse))
	}
}

func (v *flowView) drawRow(c canvas, y, row, part int, g ladder.Geometry, marked int) {
	u := v.u
	r := &v.l.Rows[row]
	current := row == v.cursor
	v.drawSegments(c, y, v.l.Lanes(r, part, u.flow.sdp, g, u.set), v.rowRole(r), current)
	plain := u.theme[rolePlain].Reverse(current)
	if r.Kind == ladder.GapRow {
		v.drawGap(c, y, r, g, plain)
	}
	v.drawTime(c, y, row, part, marked, plain)
	if part > 0 {
		return
	}
	if current {
		c.text(0, y, u.set.Cursor, plain)
	}
	if severity, found := v.severity(r); found {
		c.text(1, y, u.severityGlyph(severity), u.theme[severityRole(severity)].Reverse(current))
	}
	if row == marked {
		c.text(1, y, u.set.Mark, plain.Bold(true))
	}
	if len(v.legs) > 1 && r.Kind != ladder.GapRow {
		c.text(2, y, legLetter(r.Leg), plain)
	}
}

// drawGap names the silence left of the lanes, as wide as there is room.
func (v *flowView) drawGap(c canvas, y int, r *ladder.Row, g ladder.Geometry, style tcell.Style) {
	text, dots := r.GapText(), v.u.set.Gap
	for _, form := range []string{"  " + dots + " " + text, " " + dots + " " + text, " " + dots + text, dots + text} {
		if cells.Width(form) <= g.Left {
			c.text(0, y, form, style)
			return
		}
	}
	c.text(0, y, cells.Cut(dots+text, g.Left, v.u.set.Ellipsis), style)
}
