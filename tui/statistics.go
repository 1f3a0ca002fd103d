package tui

import (
	"fmt"
	"strings"
	"time"

	"github.com/gdamore/tcell/v2"

	"sipsniff/internal/cells"
	"sipsniff/tui/figure"
)

func statisticsTab() tab {
	return tab{wide: "Statistics", medium: "Stats", narrow: "Stat", count: countsNothing,
		open: func(u *UI) view { return newStatisticsView(u) }}
}

// statisticsEvery is how often the numbers are worked out anew while calls
// come in: they take in every call.
const statisticsEvery = 2 * time.Second

// A statPanel is a part of the statistics that the cursor can be in.
type statPanel uint8

const (
	responsesPanel statPanel = iota
	scoresPanel
	peersPanel
	statPanels
)

// statisticsView shows ratios, delays, responses and peers.
type statisticsView struct {
	u       *UI
	window  time.Duration
	figures *statFigures // nil while there are none yet
	made    time.Time
	busy    bool
	turn    turn

	panel statPanel
	row   [statPanels]int
	top   int // of the peers
	room  int // rows of the peers at the last drawing
}

func newStatisticsView(u *UI) *statisticsView { return &statisticsView{u: u, room: 1} }

func (v *statisticsView) context() Context { return InStatistics }

// refresh works the numbers out beside the event loop, now and then. Each
// drawing asks for it, so that the last snapshot is not left out.
func (v *statisticsView) refresh() {
	now := v.u.now()
	if v.busy || v.figures != nil && (v.figures.snap == v.u.snap || !v.u.status.Done && now.Sub(v.made) < statisticsEvery) {
		return
	}
	v.make()
}

func (v *statisticsView) make() {
	stale := v.turn.begin()
	snap, window, narrowed := v.u.snap, v.window, len(v.u.cleared.calls) > 0
	v.busy, v.made = true, v.u.now()
	v.u.workshop.do(func() func() {
		f := newStatFigures(snap, window, narrowed)
		return func() {
			if stale() {
				return
			}
			v.busy, v.figures = false, f
			v.clamp()
		}
	})
}

func (v *statisticsView) nextWindow() {
	v.window = nextWindow(v.window)
	v.make()
}

// length is how many rows a panel has.
func (v *statisticsView) length(p statPanel) int {
	f := v.figures
	switch {
	case f == nil:
		return 0
	case p == responsesPanel:
		return len(f.responses)
	case p == scoresPanel:
		return len(f.scores)
	}
	return len(f.peers)
}

func (v *statisticsView) clamp() {
	for p := range v.row {
		v.row[p] = max(0, min(v.row[p], v.length(statPanel(p))-1))
	}
	v.top = max(0, min(v.top, v.row[peersPanel]))
	v.top = max(v.top, v.row[peersPanel]-v.room+1)
}

func (v *statisticsView) move(m motion) {
	switch m {
	case toLeft, toRight:
		v.nextPanel(map[motion]int{toLeft: -1, toRight: 1}[m])
		return
	}
	v.row[v.panel] = m.from(v.row[v.panel], v.room, v.length(v.panel))
	v.clamp()
}

func (v *statisticsView) nextPanel(step int) {
	v.panel = statPanel((int(v.panel) + step + int(statPanels)) % int(statPanels))
}

// open filters the list of calls by what is under the cursor.
func (v *statisticsView) open() {
	f := v.figures
	if f == nil || v.length(v.panel) == 0 {
		return
	}
	text := ""
	switch row := v.row[v.panel]; v.panel {
	case responsesPanel:
		text = f.responses[row].filter
	case scoresPanel:
		text = f.scores[row].filter
	case peersPanel:
		text = "peer:" + f.peers[row].host.Unmap().String()
	}
	if text == "" {
		v.u.say("provisional responses decide nothing: no call can be filtered by them")
		return
	}
	if v.window > 0 {
		text += fmt.Sprintf(" since:%dm", int(v.window/time.Minute))
	}
	v.u.filterCalls(text)
}

func (v *statisticsView) draw(c canvas) {
	u := v.u
	v.refresh()
	rest := u.drawBanner(u.drawTop(c))
	if v.figures == nil || len(u.snap.Calls) == 0 && len(u.snap.Streams) == 0 {
		line := "Nothing to count yet: " + figure.Grouped(u.status.Frames) + " packets, no SIP and no RTP among them."
		if len(u.cleared.calls) > 0 {
			line = u.clearedAway()
		}
		if v.figures == nil {
			line = "working it out" + u.set.Ellipsis
		}
		rest.text(2, 1, cells.Cut(line, rest.w-3, u.set.Ellipsis), u.theme[rolePlain])
		return
	}
	rest.text(1, rest.h-1, cells.Cut(v.absent(rest.w, rest.h-1), rest.w-2, u.set.Ellipsis), u.theme[roleDim])
	rest = rest.part(0, 0, rest.w, rest.h-1) // the row of notes
	if rest.w >= wideTabs && rest.h >= panelsFrom {
		v.drawPanels(rest)
		return
	}
	v.drawSmall(rest)
}

// panelsFrom is how many rows the panels need.
const panelsFrom = 26

// drawSmall is the statistics on a small screen.
func (v *statisticsView) drawSmall(c canvas) {
	u, f := v.u, v.figures
	const label = 28
	calls, peak := f.callsNow()
	v.drawSmallChart(c, 0, label, fmt.Sprintf("calls/s  now %s peak %s", rateText(calls), rateText(peak)), f.series, peak)
	series, most := paceIn(&u.status.Pace, f.since, f.snap.Last)
	v.drawSmallChart(c, 2, label, fmt.Sprintf("pkts/s  now %s pk %s", count(int(last(series))), count(int(most))), series, most)
	c.text(1, 4, cells.Cut(v.ratioLine(), c.w-2, u.set.Ellipsis), u.theme[rolePlain])
	y := 5
	rows := min(8, c.h-y-4)
	half, title := c.w, "final responses "+u.set.Dot+" window "+u.windowName(v.window)
	if rows < len(f.responses) {
		title = fmt.Sprintf("%d of %d final responses %s window %s", max(0, rows), len(f.responses), u.set.Dot, u.windowName(v.window))
	}
	u.rule(c, y, title, "")
	if c.w >= 70 {
		c.right(c.w, y, " worst-stream MOS of answered calls", u.theme[rolePlain])
		half = c.w*55/100 - 1
		v.drawScores(c.part(half, y+1, c.w-half, min(rows, len(f.scores))), scoreColumns[0])
	}
	v.drawResponses(c.part(0, y+1, half, rows), responseColumns[0])
	y += 1 + rows
	if y+2 < c.h {
		u.rule(c, y, "by peer   (Enter filters the list)", "")
		layout := &peerLoose
		if c.w < 72 {
			layout = &peerTight
		}
		v.drawPeers(c.part(0, y+1, c.w, c.h-y-1), layout)
	}
}

func (v *statisticsView) drawSmallChart(c canvas, y, label int, title string, series []float64, most float64) {
	u := v.u
	c.text(1, y, cells.Cut(title, label-1, u.set.Ellipsis), u.theme[rolePlain])
	for i, line := range areaChart(series, c.w-label-1, 2, most, u.set.ASCII) {
		c.text(label, y+i, line, u.theme[roleMedia])
	}
}

// rateText is a rate per second; small ones have decimals.
func rateText(v float64) string {
	switch {
	case v >= 100:
		return count(int(v + 0.5))
	case v >= 10:
		return fmt.Sprintf("%.1f", v)
	}
	return fmt.Sprintf("%.2f", v)
}

func last(series []float64) float64 {
	if len(series) == 0 {
		return 0
	}
	return series[len(series)-1]
}

// callsNow is the calls per second at the end of the window, over a twelfth of
// it, and the most in any part of the chart.
func (f *statFigures) callsNow() (now, peak float64) {
	part := f.series[len(f.series)*11/12:]
	for _, v := range part {
		now += v / float64(len(part))
	}
	for _, v := range f.series {
		peak = max(peak, v)
	}
	return now, peak
}

// ratioLine is "ASR 75.3%  NER 88.5%  SEER 84.1%  ACD 1:52  PDD p50 1.8 p95 3.2 s  CPS max 1.1".
func (v *statisticsView) ratioLine() string {
	t, none := &v.figures.total, v.u.set.None
	parts := []string{
		"ASR " + percentOf(t.AnswerSeizureRatio(), 1, none) + "%", "NER " + percentOf(t.NetworkEffectivenessRatio(), 1, none) + "%",
		"SEER " + percentOf(t.EffectivenessRatio(), 1, none) + "%",
	}
	acd := none
	if mean, ok := t.AverageDuration(); ok {
		acd = figure.Clock(mean)
	}
	parts = append(parts, "ACD "+acd)
	if p50, ok := t.PostDialDelay.Percentile(50); ok {
		p95, _ := t.PostDialDelay.Percentile(95)
		parts = append(parts, fmt.Sprintf("PDD p50 %s p95 %s s", figure.Seconds(p50), figure.Seconds(p95)))
	}
	return strings.Join(append(parts, fmt.Sprintf("CPS max %d", t.Rate.Peak)), "  ")
}

// mark shows the cursor in front of a row of a panel and returns its style. A
// click puts it there; one on the row that has it is Enter.
func (v *statisticsView) mark(c canvas, p statPanel, row, y int) role {
	current := v.panel == p && v.row[p] == row
	v.u.zone(c.part(0, y, c.w, 1), func() {
		if current {
			v.open()
			return
		}
		v.panel, v.row[p] = p, row
	})
	if !current {
		return rolePlain
	}
	c.text(0, y, v.u.set.Cursor, v.u.theme[rolePlain])
	return roleHit
}

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
	for i, r := range v.figures.responses[:max(0, min(c.h, len(v.figures.responses)))] {
		style := u.theme[v.mark(c, responsesPanel, i, i)]
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
	for i, r := range v.figures.scores[:max(0, min(c.h, len(v.figures.scores)))] {
		style := u.theme[v.mark(c, scoresPanel, i, i)]
		columns.in(c, i, r.name, r.n, style)
		c.text(x, i, u.barOf(float64(r.n), float64(most), c.w-x-2*columns.gap), u.theme[roleDim])
	}
}

// A peerLayout is where the columns of a peer stand: how far in its name is,
// and the widths. Columns that there is no room for are left out, the last
// first: a number that is cut is another one.
type peerLayout struct {
	indent, name int
	numbers      [6]int
}

// The layouts of a panel, and of a small screen, with their titles.
var (
	peerTitles = [...]string{"Calls", "ASR", "NER", "PDD", "MOS", "Loss%"}
	peerTight  = peerLayout{1, 16, [...]int{6, 5, 5, 5, 6, 6}}
	peerLoose  = peerLayout{2, 22, [...]int{6, 6, 6, 6, 6, 7}}
)

// leastFails is what the failures of a peer need.
const leastFails = 4

// line puts the columns of a row together in so many cells.
func (l *peerLayout) line(width int, name, fails, ellipsis string, number func(i int) string) string {
	line := strings.Repeat(" ", l.indent) + cells.PadRight(cells.CutMiddle(name, l.name, ellipsis), l.name, ellipsis)
	for i, w := range l.numbers {
		if cells.Width(line)+w > width {
			return line
		}
		line += cells.PadLeft(number(i), w, "")
	}
	switch room := width - cells.Width(line) - 2; {
	case room < leastFails:
	case cells.Width(fails) <= room:
		line += "  " + fails
	default: // what says that there is more needs a cell, too
		line += " " + cutWords(fails, room+1, ellipsis)
	}
	return line
}

func (v *statisticsView) drawPeers(c canvas, l *peerLayout) {
	u, f := v.u, v.figures
	c.text(0, 0, l.line(c.w-1, "Peer", "fails", u.set.Ellipsis, func(i int) string { return peerTitles[i] }), u.theme[rolePlain])
	v.room = max(1, c.h-1)
	v.clamp()
	for i := range max(0, min(c.h-1, len(f.peers)-v.top)) {
		p := &f.peers[v.top+i]
		numbers := v.peerNumbers(p)
		style := u.theme[v.mark(c, peersPanel, v.top+i, i+1)]
		line := l.line(c.w-1, p.host.Unmap().String(), joinCodes(p.fails, 3), u.set.Ellipsis, func(i int) string { return numbers[i] })
		c.text(1, 1+i, line[1:], style) // the cursor stands in front
	}
	c.scrollbar(c.w-1, 1, c.h-1, v.top, len(f.peers), u.set.Thumb, u.set.Track, u.theme[roleDim])
}

// peerNumbers are what stands in the columns of a peer.
func (v *statisticsView) peerNumbers(p *peerRow) []string {
	none := v.u.set.None
	pdd, mos, loss := none, none, none
	if p.pdd >= 0 {
		pdd = figure.Seconds(p.pdd)
	}
	if p.scored > 0 {
		mos = figure.MOS(p.mos/float64(p.scored), false)
	}
	if p.expect > 0 {
		loss = figure.Percent(p.lost, p.expect)
	}
	return []string{count(p.calls), percentOf(p.asr, 0, none), percentOf(p.ner, 0, none), pdd, mos, loss}
}

// failures is how many attempts were refused, and how many got no final
// response.
func (f *statFigures) failures() (peers, silent int) {
	for _, c := range f.codes {
		if c.code == 0 {
			silent += c.n
		} else if c.code >= 400 {
			peers += c.n
		}
	}
	return peers, silent
}
