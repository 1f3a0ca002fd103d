package tui

import (
	"time"

	"github.com/gdamore/tcell/v2"

	"sipsniff/tui/figure"
	"sipsniff/tui/ladder"
)

// width is the width of everything left of the lanes.
func (m timeMode) width() int {
	return flowGutter + [timeModes]int{timeDelta: 9, timeAbsolute: 13, timeBoth: 21, timeNone: 0}[m]
}

// fineTime is the width of a time with microseconds and of the gap before it.
const fineTime = 16

// fine reports whether times have microseconds on a ladder of so many cells:
// in the classic drawing, as older tools have it, where there is room. Its
// arrows take two lines, so that clock and delta stand below each other.
func (s *flowSettings) fine(w int) bool {
	return s.sdp == ladder.SDPClassic && s.time != timeNone && w >= narrowWidth-1
}

// timeWidth is the width of everything left of the lanes of a ladder of so many
// cells.
func (s *flowSettings) timeWidth(w int) int {
	if s.fine(w) {
		return flowGutter + fineTime
	}
	return s.time.width()
}

// drawTime shows the clock, the time since the row before or the marked row,
// or both, on line number part of a row.
func (v *flowView) drawTime(c canvas, y, row, part, marked int, style tcell.Style) {
	r := &v.l.Rows[row]
	if r.Kind == ladder.GapRow {
		return
	}
	delta, hasDelta := r.Delta, r.HasDelta
	if marked >= 0 {
		delta, hasDelta = r.Nanos-v.l.Rows[marked].Nanos, row != marked
	}
	if v.u.flow.fine(v.drawn.Width) {
		v.drawFineTime(c, y, part, r.Nanos, delta, hasDelta, style)
		return
	}
	if part > 0 {
		return
	}
	mode := v.u.flow.time
	end := mode.width()
	clock := v.u.at(r.Nanos)
	switch mode {
	case timeDelta:
		if hasDelta {
			c.right(end, y, figure.Delta(delta, 9), v.deltaStyle(delta, style))
		} else {
			c.right(end, y, clock.Format("15:04:05"), style)
		}
	case timeAbsolute:
		c.right(end, y, clock.Format("15:04:05.000"), style)
	case timeBoth:
		c.text(flowGutter+1, y, clock.Format("15:04:05.000"), style)
		if hasDelta {
			c.right(end, y, figure.Delta(delta, 8), v.deltaStyle(delta, style))
		}
	}
}

// drawFineTime shows times with microseconds, the delta below the clock where
// both are wanted.
func (v *flowView) drawFineTime(c canvas, y, part int, nanos, delta int64, hasDelta bool, style tcell.Style) {
	mode, end := v.u.flow.time, flowGutter+fineTime
	switch {
	case part == 0 && (mode != timeDelta || !hasDelta):
		c.right(end, y, v.u.at(nanos).Format("15:04:05.000000"), style)
	case hasDelta && (part == 0 && mode == timeDelta || part == 1 && mode == timeBoth):
		c.right(end, y, figure.DeltaTo(delta, 6, fineTime-1), v.deltaStyle(delta, style))
	}
}

// deltaStyle makes long waits stand out.
func (v *flowView) deltaStyle(delta int64, style tcell.Style) tcell.Style {
	_, _, attributes := style.Decompose()
	reverse := attributes&tcell.AttrReverse != 0
	switch {
	case delta >= 4*int64(time.Second):
		return v.u.theme[roleBad].Reverse(reverse)
	case delta >= int64(time.Second):
		return v.u.theme[roleWarn].Reverse(reverse)
	}
	return style
}
