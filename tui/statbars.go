package tui

import (
	"fmt"
	"strings"

	"github.com/gdamore/tcell/v2"

	"sipsniff/internal/cells"
)

// barColumns are the widths of a name and a number, and the gap before the bar
// behind them.
type barColumns struct{ name, number, gap int }

// The columns of the panels, and of a small screen.
var (
	responseColumns = [...]barColumns{{7, 6, 1}, {8, 6, 2}}
	scoreColumns    = [...]barColumns{{4, 5, 1}, {5, 6, 2}}
)

// bar is where the bar begins.
func (b barColumns) bar() int { return 1 + b.name + b.number + b.gap }

// in draws a name and a number.
func (b barColumns) in(c canvas, y int, name string, n int, style tcell.Style) {
	c.text(1, y, fmt.Sprintf("%-*s%*d", b.name, name, b.number, n), style)
}

func (v *statisticsView) drawResponses(c canvas, columns barColumns) {
	u, most := v.u, 0
	for _, r := range v.figures.responses {
		most = max(most, r.n)
	}
	x, bar := columns.bar(), min(36, max(6, c.w/3, c.w-42))
	if columns == responseColumns[1] {
		bar = min(36, c.w-42)
	}
	from := v.first(responsesPanel, c.h)
	for i, r := range v.figures.responses[from:max(from, min(from+c.h, len(v.figures.responses)))] {
		style := u.theme[v.mark(c, responsesPanel, from+i, i)]
		columns.in(c, i, r.name, r.n, style)
		c.text(x, i, u.barOf(float64(r.n), float64(most), bar), u.theme[roleDim])
		if room := c.w - x - bar - 1; r.note != "" && room > 4 {
			note := cells.Cut(r.note, room, u.set.Ellipsis)
			if strings.Contains(r.note, ":") { // codes
				note = cutWords(r.note, room, u.set.Ellipsis)
			}
			c.text(x+bar+1, i, note, u.theme[rolePlain])
		}
	}
}

// cutWords leaves out the words that there is no room for.
func cutWords(text string, room int, ellipsis string) string {
	if cells.Width(text) <= room {
		return text
	}
	words := strings.Fields(text)
	for n := len(words) - 1; n > 0; n-- {
		for _, gap := range []string{" ", ""} {
			if text := strings.Join(words[:n], " ") + gap + ellipsis; cells.Width(text) <= room {
				return text
			}
		}
	}
	return cells.Cut(text, room, ellipsis)
}

func (v *statisticsView) drawScores(c canvas, columns barColumns) {
	u, most := v.u, 0
	for _, r := range v.figures.scores {
		most = max(most, r.n)
	}
	x := columns.bar()
	from := v.first(scoresPanel, c.h)
	for i, r := range v.figures.scores[from:max(from, min(from+c.h, len(v.figures.scores)))] {
		style := u.theme[v.mark(c, scoresPanel, from+i, i)]
		columns.in(c, i, r.name, r.n, style)
		c.text(x, i, u.barOf(float64(r.n), float64(most), c.w-x-2*columns.gap), u.theme[roleDim])
	}
}
