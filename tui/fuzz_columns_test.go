package tui

import (
	"slices"
	"strings"
	"unicode"

	"sipsniff/internal/cells"
	"sipsniff/tui/ladder"
)

// covered is the first row that a note, a prompt or the hints lie over.
func (p *presser) covered() int {
	if p.toast != "" || p.prompt != nil {
		return p.grid.h - 2
	}
	return p.grid.h - 1
}

// checkView looks at what the screen on top says of its own columns: nothing
// may stand between them.
func (p *presser) checkView() {
	if p.dialog != nil {
		return
	}
	switch v := p.top().(type) {
	case *callsView:
		if v.Len() > 0 { // else there are no columns
			p.checkList(v.list, p.grid.w)
		}
	case *streamsView:
		p.checkList(v.list, p.grid.w)
	case *registrationsView:
		p.checkList(v.list, p.grid.w)
	case *problemsView:
		if v.Len() > 0 && (!v.full || v.shownCase() == nil) {
			p.checkList(v.list, v.kindsWidth)
		}
		p.checkProblems(v)
	case *statisticsView:
		p.checkStatistics(v)
	case *captureView:
		p.checkLines("capture", v.lines, p.grid.w)
		p.checkHeads("received", strings.Fields("pps Mb/s received kernel iface queue"), func(row int) bool {
			return len(p.status.Inputs) > 0 && strings.HasPrefix(strings.TrimLeft(p.grid.line(row), " "), p.status.Inputs[0].Name)
		})
	case *flowView:
		p.checkLadder(v)
	case *messageView:
		p.checkScroll(&v.scroll, 1, 1)
		p.checkMargin(1, p.covered()-1)
	case *diffView:
		p.checkScroll(&v.body, 0, map[bool]int{true: 4, false: 2}[p.grid.w >= wideDiff])
		p.checkDiff(v)
	case *mediaView:
		p.checkMedia(v)
	case *packetView:
		p.checkScroll(&v.scroll, 1, 3)
		p.checkMargin(3, p.covered())
	}
}

// checkLines fails when a line is wider than its room: its end would be out of
// sight, without a sign of that.
func (p *presser) checkLines(what string, lines []textLine, room int) {
	for i, line := range lines {
		if w := cells.Width(line.String()); w > room {
			p.wrong("line %d of the %s takes %d cells of %d: %q", i, what, w, room, line)
		}
	}
}

// checkScroll wants a sign of the cut at the end of each line that goes on behind
// its room, and nothing but the bar in the last column.
func (p *presser) checkScroll(s *scroller, x, y int) {
	end := p.grid.w - 1
	for i := range min(s.height, len(s.lines)-s.top) {
		if y+i >= p.covered()-1 {
			return
		}
		line := s.lines[s.top+i].String()
		if last := p.grid.at(end-1, y+i); cells.Width(line)-s.right > end-x && last != p.set.Ellipsis {
			p.wrong("%q stands at the end of row %d, whose line goes on: %q", last, y+i, line)
		}
		if bar := p.grid.at(end, y+i); bar != " " && bar != p.set.Thumb && bar != p.set.Track {
			p.wrong("%q stands in the scroll bar of row %d", bar, y+i)
		}
	}
}

// checkMargin fails when something stands in the first cell of some rows.
func (p *presser) checkMargin(from, to int) {
	for y := from; y < to; y++ {
		if !p.grid.blank(0, y) {
			p.wrong("%q stands in the margin of row %d", p.grid.at(0, y), y)
		}
	}
}

// checkList looks at the columns of a list: heads that are their titles, gaps
// that are blank, numbers at the right, the marks and the scroll bar where they
// belong.
func (p *presser) checkList(list *vlist, width int) {
	if list.source.Len() == 0 || list.height < 2 { // with less room there are heads only
		return
	}
	last := min(list.headRow+min(list.height, list.source.Len()-list.top), p.covered()-1)
	end := 0
	for i, h := range list.heads {
		x := list.gutter + h.x
		p.checkHead(list, h, x)
		for y := list.headRow + 1; y <= last; y++ {
			if i < len(list.heads)-1 && !p.grid.blank(x+h.width, y) {
				p.wrong("%q stands behind column %s, in cell %d,%d", p.grid.at(x+h.width, y), h.id, x+h.width, y)
			}
			text := p.grid.row(y, x, x+h.width)
			if h.right && strings.TrimSpace(text) != "" && strings.HasSuffix(text, " ") {
				p.wrong("%q of column %s does not stand at the right of its %d cells", text, h.id, h.width)
			}
		}
		end = x + h.width
	}
	for y := list.headRow + 1; y <= last; y++ {
		for x := end; x < width-1; x++ {
			if !p.grid.blank(x, y) {
				p.wrong("%q stands behind the last column, in cell %d,%d", p.grid.at(x, y), x, y)
			}
		}
		if s := p.grid.at(width-1, y); s != " " && s != p.set.Thumb && s != p.set.Track {
			p.wrong("%q stands in the scroll bar of row %d", s, y)
		}
		for x, allowed := range []string{p.set.Cursor, p.set.Mark, ""}[:list.gutter] {
			if s := p.grid.at(x, y); s != " " && s != allowed && !(list.gutter == plainGutter && x == 1) {
				p.wrong("%q stands in front of row %d", s, y)
			}
		}
	}
}

// checkHead wants the title of a column above it. The arrow of the order may
// reach into the gap at the left.
func (p *presser) checkHead(list *vlist, h placed, x int) {
	from := x
	if h.id == list.sorted && h.right {
		from--
	}
	shown := p.grid.row(list.headRow, from, x+h.width)
	if h.id == list.sorted {
		bare := strings.TrimSuffix(strings.TrimRight(shown, " "), p.arrow(list))
		if bare == strings.TrimRight(shown, " ") {
			p.wrong("the head %q of the column that decides the order has no arrow", shown)
		}
		bare = strings.TrimSpace(bare)
		if !strings.HasPrefix(h.title, bare) && !strings.HasPrefix(h.short, bare) {
			p.wrong("the head of %s is %q", h.id, shown)
		}
		return
	}
	if !p.sameText(shown, h.title) && !p.sameText(shown, h.short) {
		p.wrong("the head of %s is %q", h.id, shown)
	}
}

func (p *presser) arrow(list *vlist) string { return list.arrow(p.UI) }

// checkProblems looks at the line between the kinds and the explanation.
func (p *presser) checkProblems(v *problemsView) {
	if v.full && v.shownCase() != nil {
		p.checkLines("explanation", v.pane.lines, p.grid.w-2)
		return
	}
	if v.Len() == 0 || p.grid.w < wideTabs {
		return
	}
	left := v.kindsWidth
	for y := v.list.headRow; y < p.covered()-1; y++ {
		if p.grid.at(left, y) != p.set.Bar {
			p.wrong("%q stands in the line beside the explanation, in cell %d,%d", p.grid.at(left, y), left, y)
		}
		if !p.grid.blank(left+1, y) {
			p.wrong("%q stands at the line beside the explanation, in row %d", p.grid.at(left+1, y), y)
		}
	}
}

// checkHeads looks for a row with these heads, whose values stand at the right
// below them, and fails when a value reaches over the end of its head.
func (p *presser) checkHeads(mark string, heads []string, wanted func(row int) bool) {
	for y := range p.grid.h {
		line := p.grid.line(y)
		if !strings.Contains(line, mark) {
			continue
		}
		at := 0
		for _, head := range heads {
			i := strings.Index(line[min(at, len(line)):], head)
			if i < 0 {
				break
			}
			at += i + len(head)
			end := cells.Width(line[:at])
			if end >= p.grid.w-2 { // cut
				return
			}
			for row := y + 1; row < p.covered() && wanted(row); row++ {
				if !p.grid.blank(end, row) {
					p.wrong("%q in row %d reaches over the end of %s", p.grid.row(row, end-8, end+1), row, head)
				}
			}
		}
		return
	}
}

// checkStatistics looks at the frames of the panels, or at the table of the
// peers.
func (p *presser) checkStatistics(v *statisticsView) {
	if v.figures == nil || len(p.snap.Calls) == 0 && len(p.snap.Streams) == 0 {
		return
	}
	if p.covered() == p.grid.h-1 {
		corners := 0
		for _, s := range p.grid.cells {
			if s == p.set.TopLeft {
				corners++
			}
		}
		if found := p.boxes(&p.grid); !p.set.ASCII && len(found) != corners {
			p.wrong("%d corners of panels, and %d of them are closed", corners, len(found))
		}
	}
	p.checkHeads("Peer ", strings.Fields("Calls ASR NER PDD MOS Loss%"), func(row int) bool {
		return strings.ContainsFunc(p.grid.row(row, 0, p.grid.w), unicode.IsDigit) && !strings.Contains(p.grid.line(row), p.set.Rule+p.set.Rule) &&
			!strings.Contains(p.grid.line(row), "methods and capture health")
	})
}

// checkLadder looks at the lifelines, the times and what stands between them.
func (p *presser) checkLadder(v *flowView) {
	g := v.drawn
	if v.l == nil || len(v.legs) == 0 || g.Count == 0 {
		return
	}
	bottom := min(v.bodyTop+v.height, p.covered())
	if v.reasons.shown > 0 { // on a low screen the pane and the row above it leave no row to the ladder
		bottom = min(bottom, v.reasons.screen-1)
		if p.grid.w >= previewColumns {
			bottom--
		}
	}
	p.checkColumnHeads(v, &g)
	row := 0
	for y := v.bodyTop; y < bottom; y++ {
		line := v.top + y - v.bodyTop
		r := (*ladder.Row)(nil)
		if line < v.starts[len(v.starts)-1] {
			for line >= v.starts[row+1] {
				row++
			}
			r = &v.l.Rows[row]
		}
		p.checkLanes(&g, r, y)
		if r != nil && r.Kind != ladder.GapRow { // the length of a silence stands there
			p.checkTime(&g, y)
		}
	}
	if b := v.border.x; b >= 0 {
		for y := 1; y < min(bottom, v.border.h-1); y++ {
			if s := p.grid.at(b, y); s != p.set.Bar && s != p.set.Track && y > 1 {
				p.wrong("%q stands in the border of the preview, in row %d", s, y)
			}
		}
	}
}

// lifeline is where the lifeline of a column stands; where the column is out of
// view it is the edge of what is in view.
func lifeline(g *ladder.Geometry, column int) int {
	switch {
	case column < g.First:
		return g.Edge
	case column >= g.First+g.Count:
		return g.Width - 1
	}
	return g.Left + (column-g.First)*g.Span
}

// checkLanes fails when something stands in the lanes of a row that its arrow
// does not pass, or when a lifeline is missing there.
func (p *presser) checkLanes(g *ladder.Geometry, r *ladder.Row, y int) {
	from, to := g.Width, -1 // what the row may write over
	switch {
	case r == nil:
	case r.Kind == ladder.GapRow:
		from, to = g.Edge, g.Width
	default:
		a, b := lifeline(g, r.From), lifeline(g, r.To)
		from, to = min(a, b), max(a, b)
		if r.From == r.To { // it returns to its column, or is noted at the edge
			from, to = max(g.Edge, a-g.Span+1), min(a+g.Span-1, g.Width)
			if a == g.Edge || a == g.Width-1 || r.From == g.First+g.Count-1 {
				from, to = max(g.Edge, a-g.Span+1), g.Width
			}
		} else if a == b { // both ends are out of view
			last := g.Left + (g.Count-1)*g.Span
			if from, to = last+1, g.Width; a == g.Edge {
				from, to = g.Edge, g.Left-1
			}
		}
	}
	lines := []string{p.set.Bar, p.set.GapBar, p.set.Cross}
	for x := g.Edge; x < g.Width; x++ {
		s, here := p.grid.at(x, y), (x-g.Left)%g.Span == 0 && x >= g.Left && x <= g.Left+(g.Count-1)*g.Span
		switch {
		case x >= from && x <= to:
		case here && !slices.Contains(lines, s):
			p.wrong("%q stands in the place of a lifeline, in cell %d,%d, edge %d", s, x, y, g.Edge)
		case !here && s != " ":
			p.wrong("%q stands between lifelines that the row does not join, in cell %d,%d; it may write from %d to %d", s, x, y, from, to)
		}
	}
}

// checkTime fails when something else than a time stands in its column.
func (p *presser) checkTime(g *ladder.Geometry, y int) {
	text := p.grid.row(y, flowGutter, g.Edge)
	if strings.Trim(text, "0123456789:.+-smhd ") != "" {
		p.wrong("%q stands in the column of times, in row %d", text, y)
	}
}

// checkColumnHeads fails when the heads of two columns run into each other, or
// when a lifeline does not begin below its head.
func (p *presser) checkColumnHeads(v *flowView, g *ladder.Geometry) {
	foot := v.bodyTop - 1
	if foot < 1 || v.bodyTop >= p.covered() {
		return
	}
	room := func(participant int) int { return v.headWidth(*g, participant-g.First) }
	names, agents := v.l.HeadsIn(room, p.set)[g.First:g.First+g.Count], make([]string, g.Count)
	for i := range agents {
		agents[i] = cells.CutMiddle(v.l.Participants[g.First+i].Agent, room(g.First+i), p.set.Ellipsis)
	}
	p.checkHeadRow(g, names, p.rowWith(names, 1, foot, g.Width))
	if row := p.rowWith(agents, 1, foot, g.Width); row >= 0 {
		p.checkHeadRow(g, agents, row)
	}
	for i := range g.Count {
		x := g.Left + i*g.Span
		if s := p.grid.at(x, foot); s != p.set.Foot {
			p.wrong("%q stands where a lifeline begins, in cell %d,%d", s, x, foot)
		}
	}
}

// rowWith is the row that has the beginning of one of some texts in its first
// cells, -1 for none.
func (p *presser) rowWith(texts []string, from, to, width int) int {
	for y := from; y < to; y++ {
		for _, text := range texts {
			if begin, _ := cells.Split(text, 6); begin != "" && strings.Contains(p.grid.row(y, 0, width), begin) {
				return y
			}
		}
	}
	return -1
}

// checkHeadRow wants to see each head around its lifeline, and a blank between
// those of two columns.
func (p *presser) checkHeadRow(g *ladder.Geometry, heads []string, row int) {
	if row < 0 {
		p.wrong("none of the heads %q is there", heads)
	}
	half := g.Span/2 - 1
	for i, head := range heads {
		x := g.Left + i*g.Span
		from, to := x-half, x+half+1
		if i == 0 {
			from = 0
		} else if from > 0 && !p.grid.blank(from-1, row) {
			p.wrong("%q stands between two heads, in cell %d,%d", p.grid.at(from-1, row), from-1, row)
		}
		if i == len(heads)-1 {
			to = g.Width + 1
		}
		if shown := p.grid.row(row, from, to); !p.sameText(shown, head) {
			p.wrong("the head %q of a column is %q", head, shown)
		}
	}
}

// checkDiff wants the lines between both sides to be straight.
func (p *presser) checkDiff(v *diffView) {
	if p.grid.w < wideDiff {
		return
	}
	names, half := v.columns(p.grid.w)
	for y := 4; y < min(p.covered(), 4+len(v.body.lines)-v.body.top); y++ {
		if line := v.body.lines[v.body.top+y-4]; len(line) < 3 || strings.HasPrefix(line[0].text, p.set.Rule+p.set.Rule) {
			continue
		}
		if y >= 4+v.body.height {
			return
		}
		for _, x := range []int{names, names + half} {
			if p.grid.at(x, y) != p.set.Bar {
				p.wrong("%q stands in the line between both sides, in cell %d,%d", p.grid.at(x, y), x, y)
			}
		}
	}
}

// checkMedia looks at the table of streams and at the axis of the chart.
func (p *presser) checkMedia(v *mediaView) {
	if v.stream() == nil {
		return
	}
	for y := v.tableTop; y < min(v.tableTop+min(v.tableRows, len(v.streams)-v.topRow), p.covered()); y++ {
		for i, c := range v.heads {
			x := plainGutter + c.x
			text := p.grid.row(y, x, x+c.width)
			x += c.width
			bar := i == len(v.heads)-1 && x == p.grid.w-1 && len(v.streams) > v.tableRows && slices.Contains([]string{p.set.Thumb, p.set.Track}, p.grid.at(x, y))
			if c.id != "flags" && !bar && !p.grid.blank(x, y) {
				p.wrong("%q stands behind column %s, in cell %d,%d", p.grid.at(x, y), c.title, x, y)
			}
			if c.right && strings.TrimSpace(text) != "" && strings.HasSuffix(text, " ") {
				p.wrong("%q of column %s does not stand at the right", text, c.title)
			}
		}
	}
	axis := 0
	for y := v.tableTop; y < p.covered(); y++ {
		if p.grid.at(gutter-1, y) == p.set.Corner && p.grid.row(y, 0, gutter-1) == strings.Repeat(" ", gutter-1) {
			axis = y
		}
	}
	for y := axis - 1; y > v.tableTop+v.tableRows; y-- {
		if s := p.grid.at(gutter-1, y); s != p.set.Bar && s != p.set.Tick {
			p.wrong("%q stands in the axis of the chart, in row %d", s, y)
		}
	}
}
