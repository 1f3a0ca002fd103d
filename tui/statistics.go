package tui

import (
	"fmt"
	"strings"
	"time"

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
	seen  [statPanels]bool // those on the screen at the last drawing, all before it
	top   int              // of the peers
	room  int              // rows of the peers at the last drawing
}

func newStatisticsView(u *UI) *statisticsView {
	return &statisticsView{u: u, room: 1, seen: [statPanels]bool{true, true, true}}
}

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

// nextPanel moves the cursor to another panel that is on the screen.
func (v *statisticsView) nextPanel(step int) {
	for range statPanels {
		if v.panel = statPanel((int(v.panel) + step + int(statPanels)) % int(statPanels)); v.seen[v.panel] {
			return
		}
	}
}

// see notes which panels are drawn. The cursor leaves one that is not.
func (v *statisticsView) see(scores, peers bool) {
	if v.seen = [statPanels]bool{true, scores, peers}; !v.seen[v.panel] {
		v.panel = responsesPanel
	}
}

// first is the first row of a panel to be drawn, where so many have room: that
// under the cursor is among them.
func (v *statisticsView) first(p statPanel, room int) int { return max(0, v.row[p]-room+1) }

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

// peersFrom is how many rows a small screen needs to show peers, packetsFrom for a
// chart of packets.
const (
	peersFrom   = 9
	packetsFrom = 10
)

// drawSmall is the statistics on a small screen.
func (v *statisticsView) drawSmall(c canvas) {
	u, f := v.u, v.figures
	const label = 28
	calls, peak := f.callsNow()
	v.drawSmallChart(c, 0, label, fmt.Sprintf("calls/s  now %s peak %s", rateText(calls), rateText(peak)), f.series, peak)
	y, peers, scores := 2, c.h >= peersFrom, c.w >= 70
	if c.h >= packetsFrom {
		series, most := paceIn(&u.status.Pace, f.since, f.snap.Last)
		say := func(number func(n uint64) string) string {
			return fmt.Sprintf("pkts/s  now %s pk %s", number(uint64(last(series))), number(uint64(most)))
		}
		v.drawSmallChart(c, y, label, fitting(label-1, say(figure.Grouped), say(figure.Compact)), series, most)
		y += 2
	}
	v.see(scores, peers)
	c.text(1, y, cells.Cut(v.ratioLine(), c.w-2, u.set.Ellipsis), u.theme[rolePlain])
	y++
	rows := min(8, c.h-y-1)
	if peers {
		rows = min(8, c.h-y-4)
	}
	half, title := c.w, "final responses "+u.set.Dot+" window "+u.windowName(v.window)
	if rows < len(f.responses) {
		title = fmt.Sprintf("%d of %d final responses %s window %s", rows, len(f.responses), u.set.Dot, u.windowName(v.window))
	}
	u.rule(c, y, title, "")
	if scores {
		c.right(c.w, y, " worst-stream MOS of answered calls", u.theme[rolePlain])
		half = c.w*55/100 - 1
		v.drawScores(c.part(half, y+1, c.w-half, min(rows, len(f.scores))), scoreColumns[0])
	}
	v.drawResponses(c.part(0, y+1, half, rows), responseColumns[0])
	y += 1 + rows
	if peers {
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

// rateText is a rate per second in five cells; small ones have decimals.
func rateText(v float64) string {
	switch {
	case v >= 100:
		return figure.Fitted(uint64(v+0.5), chartAxis-1)
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
