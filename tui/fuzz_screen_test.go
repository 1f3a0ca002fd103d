package tui

import (
	"slices"
	"strings"

	"github.com/gdamore/tcell/v2"

	"sipsniff/internal/cells"
)

// A grid is what stands in each cell of a screen. The right half of a wide
// character is empty.
type grid struct {
	w, h  int
	cells []string
}

func (g *grid) at(x, y int) string {
	if x < 0 || y < 0 || x >= g.w || y >= g.h {
		return " "
	}
	return g.cells[y*g.w+x]
}

// blank reports whether nothing is in a cell.
func (g *grid) blank(x, y int) bool { return g.at(x, y) == " " }

// row is the text of a part of a row.
func (g *grid) row(y, from, to int) string {
	from, to = max(0, from), min(to, g.w)
	if y < 0 || y >= g.h || from >= to {
		return ""
	}
	return strings.Join(g.cells[y*g.w+from:y*g.w+to], "")
}

func (g *grid) line(y int) string { return g.row(y, 0, g.w) }

func (g *grid) text() string {
	var b strings.Builder
	for y := range g.h {
		b.WriteString(strings.TrimRight(g.line(y), " ") + "\n")
	}
	return b.String()
}

// gridOf draws the UI and takes down what is on the screen.
func (p *presser) gridOf(screen tcell.SimulationScreen) grid {
	p.draw(screen)
	w, h := screen.Size()
	g := grid{w, h, make([]string, w*h)}
	for y := range h {
		for x := 0; x < w; {
			s, _, width := screen.Get(x, y)
			if s == "" {
				s = " "
			}
			g.cells[y*w+x] = s
			if x+width > w {
				p.grid = g
				p.wrong("%q in cell %d,%d is halved at the edge", s, x, y)
			}
			x += max(1, width)
		}
	}
	return g
}

// check draws and looks at the screen.
func (p *presser) check() {
	p.t.Helper()
	p.grid = p.gridOf(p.sim)
	p.checkCharacters()
	if p.grid.w < leastWidth || p.grid.h < leastHeight {
		return
	}
	p.seen[p.place()]++
	if _, help := p.dialog.(*helpDialog); p.dialog == nil || help {
		p.checkFirstRow(&p.grid)
	}
	p.checkLastRow()
	p.checkDialog()
	p.checkView()
	if p.steps%16 == 0 {
		p.checkAnew()
	}
}

// checkCharacters fails when a cell holds something a terminal would act upon.
func (p *presser) checkCharacters() {
	for i, s := range p.grid.cells {
		if r, found := harmful(s); found {
			p.wrong("cell %d,%d holds %q", i%p.grid.w, i/p.grid.w, r)
		}
		if p.set.ASCII && s != "" && (s < " " || s > "~") {
			p.wrong("cell %d,%d of an ASCII screen holds %q", i%p.grid.w, i/p.grid.w, s)
		}
	}
}

// harmful finds what a terminal would act upon.
func harmful(s string) (r rune, found bool) {
	if len(s) == 1 && s[0] >= ' ' && s[0] <= '~' {
		return 0, false
	}
	for _, c := range s {
		if c < ' ' || c >= 0x7f && c < 0xa0 || c >= 0x200b && c <= 0x200f || c >= 0x2028 && c <= 0x202e || c >= 0x2066 && c <= 0x2069 || c == 0xfeff {
			return c, true
		}
	}
	return 0, false
}

// firstWords are what the first row of a screen begins with.
var firstWords = map[Context][]string{
	InLadder: {"Flow"}, InMessage: {"Message ", "All "}, InMedia: {"Media", "Packets "}, InDiff: {"Compare "},
}

// checkFirstRow wants to see in the first row where the user is.
func (p *presser) checkFirstRow(g *grid) {
	first := g.line(0)
	wanted := firstWords[p.top().context()]
	if _, help := p.dialog.(*helpDialog); help {
		wanted = []string{"Help "}
	}
	if wanted == nil {
		wanted = []string{"sipsniff "}
		if p.grid.w < narrowWidth { // the badge alone
			wanted = []string{p.set.Live, p.set.File, p.set.Stopped, p.set.Frozen, "sipsniff "}
		}
	}
	if !slices.ContainsFunc(wanted, func(w string) bool { return strings.HasPrefix(first, " "+w) }) {
		p.wrong("the first row begins with none of %q", wanted)
	}
}

// checkLastRow wants to see the keys there, the first of them in full.
func (p *presser) checkLastRow() {
	last := p.grid.line(p.grid.h - 1)
	if p.prompt != nil {
		if !strings.HasPrefix(last, " Enter Done Esc Cancel") {
			p.wrong("the last row has not the hints of the prompt")
		}
		return
	}
	for _, a := range p.hints() {
		key := p.hintKey(a)
		if key == "" {
			continue
		}
		title := a.Title
		if a.Now != nil {
			title = a.Now(p.UI)
		}
		if title == "" {
			continue
		}
		if !strings.HasPrefix(last, " "+key+" "+title) {
			p.wrong("the last row does not begin with the hint %s %s", key, title)
		}
		return
	}
}

// checkAnew draws once more, and then on an empty screen: the same has to come
// out, nothing may be left over from before.
func (p *presser) checkAnew() {
	if again := p.gridOf(p.sim); !slices.Equal(again.cells, p.grid.cells) {
		p.wrong("drawn twice, and the second time it is\n%s", again.text())
	}
	fresh := tcell.NewSimulationScreen("UTF-8")
	if err := fresh.Init(); err != nil {
		p.t.Fatal(err)
	}
	defer fresh.Fini()
	fresh.SetSize(p.grid.w, p.grid.h)
	if anew := p.gridOf(fresh); !slices.Equal(anew.cells, p.grid.cells) {
		p.wrong("an empty screen becomes\n%s", anew.text())
	}
}

// A box is a rectangle with a border.
type box struct{ x, y, w, h int }

// boxes are the rectangles on a grid whose border is closed. A title may stand
// in the upper one.
func (p *presser) boxes(g *grid) (all []box) {
	for y := range g.h {
		for x := range g.w {
			if g.at(x, y) == p.set.TopLeft {
				if b, closed := p.boxAt(g, x, y); closed {
					all = append(all, b)
				}
			}
		}
	}
	return all
}

// boxAt follows the border of the box whose upper left corner is at x, y. Notes
// and prompts may lie over the row above the hints.
func (p *presser) boxAt(g *grid, x, y int) (b box, closed bool) {
	covered := -1
	if p.toast != "" || p.prompt != nil {
		covered = g.h - 2
	}
	bottom := y + 1
	for bottom < g.h && (g.at(x, bottom) == p.set.Bar || bottom == covered && g.at(x, bottom) != p.set.BottomLeft) {
		bottom++
	}
	if g.at(x, bottom) != p.set.BottomLeft && bottom-1 != covered {
		return b, false
	}
	for right := x + 1; right < g.w; right++ {
		if g.at(right, y) != p.set.TopRight {
			continue
		}
		whole := true
		for row := y + 1; row < bottom; row++ {
			whole = whole && (g.at(right, row) == p.set.Bar || row == covered)
		}
		for cell := x + 1; cell < right && bottom != covered && bottom-1 != covered; cell++ {
			whole = whole && g.at(cell, bottom) == p.set.Rule
		}
		if whole && (bottom-1 == covered || g.at(right, bottom) == p.set.BottomRight) {
			return box{x, y, right - x + 1, bottom - y + 1}, true
		}
	}
	return b, false
}

// checkDialog takes the dialog away and looks at what it covers: all of it has
// to be inside of one box with a closed border.
func (p *presser) checkDialog() {
	var restore func()
	switch d := p.dialog.(type) {
	case nil, *helpDialog: // which has the whole screen
		return
	case *filterLine:
		if !d.offers.open() {
			return
		}
		offers := d.offers.list
		d.offers.list = nil
		restore = func() { d.offers.list = offers }
	case *question:
		if p.dialog = d.below; isLine(d.below) { // it is not being edited below a question
			p.dialog = nil
		}
		restore = func() { p.dialog = d }
	default:
		p.dialog = nil
		restore = func() { p.dialog = d }
	}
	below := p.gridOf(p.sim)
	if p.dialog == nil {
		p.checkFirstRow(&below)
	}
	restore()
	p.draw(p.sim)
	if q, ok := p.dialog.(*question); ok && isLine(q.below) && q.below.(*filterLine).offers.open() {
		return // they are below as well
	}
	low, high := [2]int{p.grid.w, p.grid.h}, [2]int{-1, -1}
	for y := range p.grid.h - 1 {
		if y == p.grid.h-2 && (p.toast != "" || p.prompt != nil) {
			continue
		}
		for x := range p.grid.w {
			if was := below.at(x, y); p.grid.at(x, y) != was && !(p.grid.blank(x, y) && (was == "" || cells.Width(was) > 1)) { // a half of what is covered goes with it
				low[0], low[1], high[0], high[1] = min(low[0], x), min(low[1], y), max(high[0], x), max(high[1], y)
			}
		}
	}
	if high[0] < 0 {
		if f, ok := p.dialog.(*filterLine); ok && f.rowOnScreen() >= p.grid.h-6 {
			return
		}
		p.wrong("%T is not on the screen", p.dialog)
	}
	for _, b := range p.boxes(&p.grid) {
		if b.x <= low[0] && b.y <= low[1] && high[0] < b.x+b.w && high[1] < b.y+b.h {
			return
		}
	}
	p.wrong("%T covers %v to %v, and no closed border is around that; below it is\n%s", p.dialog, low, high, below.text())
}

func isLine(d dialog) bool {
	_, ok := d.(*filterLine)
	return ok
}

// sameText reports whether what stands in cells is text, or its beginning with
// the sign of a cut behind it.
func (p *presser) sameText(shown, text string) bool {
	shown = strings.TrimSpace(shown)
	begin, cut := strings.CutSuffix(shown, p.set.Ellipsis)
	return shown == text || cut && strings.HasPrefix(text, begin) && cells.Width(shown) <= cells.Width(text)
}
