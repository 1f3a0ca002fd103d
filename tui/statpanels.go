package tui

import (
	"fmt"
	"strings"

	"sipsniff/internal/cells"
	"sipsniff/tui/figure"
)

// A statBox is a panel with its frame.
type statBox struct {
	title string
	rows  int // that it would like to show
	draw  func(c canvas)
}

// statRows are the heights of the panels, from the top.
type statRows struct{ chart, responses, scores, methods int }

// leastMethods is how high methods and health have to be to be worth it.
const leastMethods = 8

// panelRows shares out the height of a large screen. What has no room is 0.
func panelRows(h, peers int) statRows {
	r := statRows{chart: 8, responses: 10, scores: 8, methods: 10}
	if h >= 48 {
		r.chart = 12
	}
	for r.sum() > h && (r.chart > 6 || r.methods > leastMethods) {
		if r.methods > leastMethods {
			r.methods--
		} else {
			r.chart--
		}
	}
	if r.sum() > h {
		r.chart, r.methods = 8, 0
	}
	r.scores = min(h-r.sum()+r.scores, max(9, 3+peers))
	return r
}

func (r *statRows) sum() int { return r.chart + r.responses + r.scores + r.methods }

// drawPanels is the statistics on a large screen: two columns of panels.
func (v *statisticsView) drawPanels(c canvas) {
	u, f := v.u, v.figures
	left, y := c.w/2, 0
	rows := panelRows(c.h, len(f.peers))
	v.see(true, true)
	pair := func(h int, a, b statBox) {
		if h > 0 {
			v.panelAt(c.part(0, y, left, h), a)
			v.panelAt(c.part(left, y, c.w-left, h), b)
		}
		y += h
	}
	series, most := paceIn(&u.status.Pace, f.since, f.snap.Last)
	pair(rows.chart, v.callChart(), statBox{
		title: fmt.Sprintf("packets/s now %s %s SIP %s RTP %s RTCP %s in all", count(int(last(series))), u.set.Dot, figure.Compact(f.snap.Totals.SIPMessages),
			figure.Compact(f.snap.Totals.RTPPackets), figure.Compact(f.snap.Totals.RTCPPackets)),
		draw: func(p canvas) {
			v.drawChart(p, series, most, func(n float64) string { return figure.Fitted(uint64(n), chartAxis-1) })
		},
	})
	pair(rows.responses, statBox{"final responses " + u.set.Dot + " window " + u.windowName(v.window), len(f.responses), func(p canvas) { v.drawResponses(p, responseColumns[1]) }}, statBox{"calls", 7, v.drawCalls})
	pair(rows.scores, statBox{"MOS of answered calls (worst stream)", len(f.scores), func(p canvas) { v.drawScores(p, scoreColumns[1]) }},
		statBox{"peers (Enter filters the call list)", 1 + len(f.peers), func(p canvas) { v.drawPeers(p, &peerTight) }})
	health := v.healthRows(c.w - left - 4)
	pair(rows.methods, statBox{"methods / s", len(f.methods), v.drawMethods}, statBox{"capture health", len(health), func(p canvas) { v.drawHealth(p, health) }})
}

func (v *statisticsView) callChart() statBox {
	u, f := v.u, v.figures
	calls, peak := f.callsNow()
	up := f.total.Rate
	return statBox{
		title: fmt.Sprintf("calls/s now %s peak %s %s up %s (max %s)", rateText(calls), rateText(peak), u.set.Dot, count(up.ConcurrentEnd), count(up.ConcurrentPeak)),
		draw:  func(p canvas) { v.drawChart(p, f.series, peak, rateText) },
	}
}

// panelAt draws a panel in its frame, which says when it does not show all.
func (v *statisticsView) panelAt(c canvas, b statBox) {
	if c.h < 3 {
		return
	}
	if room := c.h - 2; b.rows > room {
		b.title += fmt.Sprintf(" %s %d of %d lines", v.u.set.Dot, room, b.rows)
	}
	v.u.drawBorder(c, b.title)
	b.draw(c.part(1, 1, c.w-2, c.h-2))
}

// absent says which panels the screen has no room for, "" when it has for all.
func (v *statisticsView) absent(w, h int) string {
	switch {
	case w < wideTabs || h < panelsFrom:
		what := "methods and capture health"
		if h < peersFrom {
			what = "peers, " + what
		}
		if h < packetsFrom {
			what = "packets, " + what
		}
		return fmt.Sprintf("%s: on a screen of %d%s%d and more", what, wideTabs, v.u.set.Times, leastPanelRows()+4)
	case panelRows(h, 0).methods == 0:
		return fmt.Sprintf("methods and capture health: on a screen with %d rows and more", leastPanelRows()+4)
	}
	return ""
}

// leastPanelRows is how many rows it takes to show all panels.
func leastPanelRows() int {
	h := panelsFrom
	for panelRows(h, 0).methods == 0 {
		h++
	}
	return h
}

// chartAxis is the width of the numbers beside a chart, with the gap.
const chartAxis = 6

// drawChart is an area with its scale and the times of its ends.
func (v *statisticsView) drawChart(c canvas, series []float64, most float64, scale func(float64) string) {
	u, f := v.u, v.figures
	h := c.h - 1
	c.text(1, 0, scale(most), u.theme[roleDim])
	c.text(1, h-1, "0", u.theme[roleDim])
	for i, line := range areaChart(series, c.w-chartAxis-1, h, most, u.set.ASCII) {
		c.text(chartAxis, i, line, u.theme[roleMedia])
	}
	c.text(chartAxis, h, u.at(f.since).Format("15:04"), u.theme[roleDim])
	c.right(c.w-1, h, u.at(f.snap.Last).Format("15:04"), u.theme[roleDim])
}

// drawCalls is the ratios with what they mean.
func (v *statisticsView) drawCalls(c canvas) {
	u, f := v.u, v.figures
	t, none := &f.total, u.set.None
	acd := none
	if mean, ok := t.AverageDuration(); ok {
		acd = figure.Clock(mean)
	}
	pdd := none
	if p50, ok := t.PostDialDelay.Percentile(50); ok {
		p95, _ := t.PostDialDelay.Percentile(95)
		pdd = fmt.Sprintf("p50 %s s   p95 %s s   max %s s", figure.Seconds(p50), figure.Seconds(p95), figure.Seconds(t.PostDialDelay.Max()))
	}
	lines := []string{
		fmt.Sprintf("ASR  %6s %%   answered / finished attempts (CANCEL counts as attempt)", percentOf(t.AnswerSeizureRatio(), 1, none)),
		fmt.Sprintf("NER  %6s %%   answered+busy+no answer / attempts (network did its part)", percentOf(t.NetworkEffectivenessRatio(), 1, none)),
		fmt.Sprintf("SEER %6s %%   RFC 6076 (401/407 excluded)", percentOf(t.EffectivenessRatio(), 1, none)),
		fmt.Sprintf("ACD  %6s     average duration of answered calls", acd),
		"PDD    " + pdd,
	}
	if p95, ok := t.RegistrationDelay.Percentile(95); ok {
		rrd := "RRD p95 " + figure.Seconds(p95) + " s"
		if both := lines[4] + "     " + rrd; cells.Width(both) <= c.w-2 {
			lines[4] = both
		} else { // a number that is cut is another one
			lines = append(lines, strings.Replace(rrd, "RRD", "RRD   ", 1))
		}
	}
	refused, silent := f.failures()
	lines = append(lines,
		"codes  "+cutWords(joinCodes(f.codes, 8), c.w-9, u.set.Ellipsis),
		fmt.Sprintf("attempts %s   refused %s   no reply %s   pending %s", count(t.Attempts), count(refused), count(silent), count(t.Pending)))
	for i, line := range lines[:min(len(lines), c.h)] {
		c.text(1, i, cells.Cut(line, c.w-2, u.set.Ellipsis), u.theme[rolePlain])
	}
}

func (v *statisticsView) drawMethods(c canvas) {
	u, most := v.u, 0.0
	for _, m := range v.figures.methods {
		most = max(most, m.perSec)
	}
	for i, m := range v.figures.methods[:min(c.h, len(v.figures.methods))] {
		c.text(1, i, fmt.Sprintf("%s%8s%8.2f", cells.PadRight(u.clean(m.name), 12, u.set.Ellipsis), count(m.n), m.perSec), u.theme[rolePlain])
		c.text(31, i, u.barOf(m.perSec, most, c.w-33), u.theme[roleDim])
	}
}

// healthRows is how good the capture is, in lines of so many cells.
func (v *statisticsView) healthRows(w int) (rows []string) {
	for _, line := range v.u.healthLines(v.figures.again) {
		if cells.Width(line) <= w {
			rows = append(rows, line)
			continue
		}
		for i, part := range wrapWords(line, w-2) {
			if i > 0 {
				part = "  " + part
			}
			rows = append(rows, part)
		}
	}
	return rows
}

func (v *statisticsView) drawHealth(c canvas, rows []string) {
	for i, line := range rows[:min(c.h, len(rows))] {
		c.text(1, i, cells.Cut(line, c.w-2, v.u.set.Ellipsis), v.u.theme[rolePlain])
	}
}

// healthLines are the counters of the capture that are known; again is the
// retransmissions of all calls.
func (u *UI) healthLines(again int) []string {
	s, t := &u.status, &u.snap.Totals
	received := "received " + figure.Grouped(s.Frames)
	if s.knowsDrops() {
		received += fmt.Sprintf("   dropped by kernel %s   by interface %s   by sipsniff queue %s", figure.Grouped(s.Drops.Kernel),
			figure.Grouped(s.Drops.Interface), figure.Grouped(s.Drops.Queue))
	}
	lines := []string{received, fmt.Sprintf("SIP messages %s, malformed %s   retransmissions %s", figure.Grouped(t.SIPMessages), figure.Grouped(t.SIPMalformed), count(again))}
	lines = append(lines, s.Decode...)
	lines = append(lines, fmt.Sprintf("calls kept %s, left %s   streams kept %s, left %s", count(len(u.snap.Calls)), figure.Grouped(u.snap.EvictedCalls),
		count(len(u.snap.Streams)), figure.Grouped(u.snap.EvictedStreams)))
	if s.Limits != "" {
		lines = append(lines, s.Limits)
	}
	if s.Spool != "" {
		lines = append(lines, "spool "+u.clean(s.Spool))
	}
	var undecoded []string
	for _, reason := range byCount(s.Undecoded) {
		undecoded = append(undecoded, fmt.Sprintf("%s %s", u.clean(strings.ReplaceAll(reason, "_", " ")), figure.Grouped(s.Undecoded[reason])))
	}
	for _, r := range s.Health {
		lines = append(lines, u.clean(r.Fact))
	}
	if len(undecoded) > 0 {
		lines = append(lines, "not decoded: "+strings.Join(undecoded, ", "))
	}
	return lines
}
