package tui

import (
	"math"
	"strings"

	"github.com/gdamore/tcell/v2"

	"sipsniff/correlate/quality"
	"sipsniff/internal/cells"
	"sipsniff/tui/chart"
)

// gutter is the width of the names and limits left of a chart.
const gutter = 9

// An axis is the time that a chart shows, in Unix ns.
type axis struct {
	low, high int64 // all that there is
	from, to  int64 // what is shown
	cells     int
}

// at is the cell of a time; it may lie outside.
func (a axis) at(nanos int64) int {
	if a.to <= a.from {
		return 0
	}
	return int(float64(nanos-a.from) / float64(a.to-a.from) * float64(a.cells))
}

// time is the time of place n of so many.
func (a axis) time(n, of int) int64 {
	return a.from + int64(float64(a.to-a.from)*float64(n)/float64(of))
}

// layout is how clocks are written below an axis in so many steps: finely enough
// that no two are the same.
func (a axis) layout(steps int) string {
	switch step := (a.to - a.from) / int64(max(1, steps)); {
	case step < 100e6:
		return "15:04:05.000"
	case step < 1e9:
		return "15:04:05.0"
	}
	return "15:04:05"
}

// axisOf is the time of all streams, or what the zoom leaves of it around the
// cursor.
func (v *mediaView) axisOf(cells int, s *mediaStream) axis {
	a := axis{cells: cells, low: math.MaxInt64, high: math.MinInt64}
	for i := range v.streams {
		a.low, a.high = min(a.low, v.streams[i].First), max(a.high, v.streams[i].Last)
	}
	if s.Quality.SecondCount() > 0 {
		a.high = max(a.high, s.Quality.SecondStart+int64(s.Quality.SecondWidth))
	}
	a.from, a.to = a.low, a.high
	if v.zoom > 0 {
		length := max((a.high-a.low)>>v.zoom, int64(s.Quality.SecondWidth))
		middle := v.cursorTime(s)
		a.from = max(a.low, min(middle-length/2, a.high-length))
		a.to = a.from + length
	}
	return a
}

// cursorTime is where the cursor of the chart stands: at first in the worst
// second, and with nothing lost in the first.
func (v *mediaView) cursorTime(s *mediaStream) int64 {
	switch {
	case v.follow:
		return s.Last
	case v.at != 0:
		return v.at
	}
	q := &s.Quality
	if q.SecondCount() == 0 {
		return s.First
	}
	worst, most := 0, 0.0
	for i := range q.SecondCount() {
		sec := q.Second(i)
		lost, _ := sec.LostShare()
		if bad := lost + sec.Discarded(v.u.scorer().Used()); bad > most {
			worst, most = i, bad
		}
	}
	return q.SecondStart + int64(worst)*int64(q.SecondWidth)
}

// secondAt is the number of the second of a time, within those that there are.
func secondAt(q *quality.Report, nanos int64) int {
	if q.SecondCount() == 0 || q.SecondWidth <= 0 {
		return 0
	}
	return int(max(0, min((nanos-q.SecondStart)/int64(q.SecondWidth), int64(q.SecondCount()-1))))
}

// drawChart draws the lanes above each other over one axis of time.
func (v *mediaView) drawChart(c canvas, s *mediaStream) {
	u := v.u
	q := v.measured(s)
	v.span = v.axisOf(max(1, c.w-gutter-1), s)
	if c.h < 4 || q.SecondCount() == 0 {
		if c.h > 0 && q.SecondCount() == 0 {
			c.text(1, 0, "nothing to draw: the clock rate is unknown, or no RTP was seen", u.theme[roleDim])
		}
		return
	}
	lanes := v.lanesOf(s, q)
	heights := share(lanes, c.h-2)
	y := 0
	for i, l := range lanes {
		if heights[i] > 0 {
			v.drawLane(c.part(0, y, c.w, heights[i]), &l, q, heights[i])
			y += heights[i]
		}
	}
	v.drawPin(c, y, s)
	v.drawAxis(c.part(0, y, c.w, 2), s)
}

func (v *mediaView) drawLane(c canvas, l *lane, q *quality.Report, height int) {
	u := v.u
	n := v.span.cells
	points := n
	if !l.columns {
		points = chart.Points(n, u.set.ASCII)
	}
	values := make([]float64, points)
	for i := range values {
		values[i] = over(q, v.span.time(i, points), v.span.time(i+1, points), l)
	}
	var lines []string
	if l.columns {
		lines = chart.Columns(values, height, l.axis, u.set.ASCII)
	} else {
		lines = chart.Curve(values, height, l.axis, u.set.ASCII)
	}
	for y, line := range lines {
		label := ""
		switch {
		case y == 0:
			label = l.label(u.set.Ellipsis)
		case y == height-1:
			label = strings.Repeat(" ", max(0, gutter-1-len(l.low))) + l.low
		}
		c.text(0, y, cells.PadRight(label, gutter-1, ""), u.theme[rolePlain])
		tick := u.set.Bar
		if label != "" {
			tick = u.set.Tick
		}
		c.text(gutter-1, y, tick, u.theme[roleDim])
		v.drawCells(c, y, line, q, height-1 == y)
	}
}

// drawCells colours a row of a lane: times with losses, and those without
// sound where nothing is drawn.
func (v *mediaView) drawCells(c canvas, y int, line string, q *quality.Report, bottom bool) {
	u := v.u
	x := 0
	for line != "" && x < v.span.cells {
		var char string
		char, line, _ = cells.Next(line)
		from, to := v.span.time(x, v.span.cells), v.span.time(x+1, v.span.cells)
		marks, lost := marksOver(q, from, to)
		style := u.theme[roleMedia]
		switch {
		case lost:
			style = u.theme[roleBad]
		case bottom && char == " " && marks != 0 && marks&quality.MarkMedia == 0:
			char, style = u.set.Hatch, u.theme[roleDim]
		}
		c.text(gutter+x, y, char, style)
		x++
	}
}

// over is the worst of the seconds of a time.
func over(q *quality.Report, from, to int64, l *lane) float64 {
	worst := chart.None
	first, last, ok := secondsIn(q, from, to)
	for i := first; ok && i <= last; i++ {
		switch x := l.value(q.Second(i)); {
		case math.IsNaN(x):
		case math.IsNaN(worst):
			worst = x
		default:
			worst = l.worst(worst, x)
		}
	}
	return worst
}

func marksOver(q *quality.Report, from, to int64) (marks quality.Mark, lost bool) {
	first, last, ok := secondsIn(q, from, to)
	for i := first; ok && i <= last; i++ {
		marks |= q.Second(i).Marks
		lost = lost || q.Second(i).Lost > 0
	}
	return marks, lost
}

// secondsIn are the first and the last second of a time; ok is false when it
// lies outside of the stream.
func secondsIn(q *quality.Report, from, to int64) (first, last int, ok bool) {
	width := int64(q.SecondWidth)
	end := q.SecondStart + int64(q.SecondCount())*width
	if to <= q.SecondStart || from >= end {
		return 0, 0, false
	}
	return secondAt(q, from), secondAt(q, max(to-1, from)), true
}

// drawPin draws the cursor where nothing else is.
func (v *mediaView) drawPin(c canvas, height int, s *mediaStream) {
	u := v.u
	x := gutter + min(v.span.at(v.cursorTime(s)), v.span.cells-1)
	style := u.theme[roleKey]
	if v.onChart {
		style = style.Bold(true)
	}
	for y := range height {
		c.over(x, y, u.set.Pin, style)
	}
}

// over writes a character into a cell that is blank.
func (c canvas) over(x, y int, char string, style tcell.Style) {
	if x < 0 || x >= c.w || y < 0 || y >= c.h {
		return
	}
	if text, _, _ := c.cells.Get(c.x+x, c.y+y); text == " " || text == "" {
		c.text(x, y, char, style)
	}
}

// drawAxis draws the time line with the events of the call, and clocks below.
func (v *mediaView) drawAxis(c canvas, s *mediaStream) {
	u := v.u
	pin := min(v.span.at(v.cursorTime(s)), v.span.cells-1)
	c.text(gutter-1, 0, u.set.Corner, u.theme[roleDim])
	for x := range v.span.cells {
		c.text(gutter+x, 0, u.set.Rule, u.theme[roleDim])
	}
	for _, e := range v.events() {
		if x := v.span.at(e.nanos); x >= 0 && x < v.span.cells {
			c.text(gutter+x, 0, u.set.Foot, u.theme[roleRequest])
		}
	}
	c.text(gutter+pin, 0, u.set.AxisPin, u.theme[roleKey])
	steps := max(1, v.span.cells/22)
	for i := range steps + 1 {
		clock := u.at(v.span.time(i, steps)).Format(v.span.layout(steps))
		x := gutter + i*v.span.cells/steps - len(clock)*i/steps
		c.text(x, 1, clock, u.theme[rolePlain])
	}
}
