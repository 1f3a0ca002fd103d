package tui

import (
	"fmt"
	"strings"

	"sipsniff/internal/cells"
	"sipsniff/tui/figure"
)

// drawPanels is the statistics on a large screen: two columns of panels.
func (v *statisticsView) drawPanels(c canvas) {
	u, f := v.u, v.figures
	left := c.w / 2
	chart := 8
	methods := 0
	if c.h >= 48 {
		chart, methods = 12, 10
	}
	y := 0
	row := func(h int, a, b func(canvas), titleA, titleB string) {
		v.panelAt(c.part(0, y, left, h), titleA, a)
		v.panelAt(c.part(left, y, c.w-left, h), titleB, b)
		y += h
	}
	calls, peak := f.callsNow()
	series, most := paceIn(&u.status.Pace, f.since, f.snap.Last)
	up := f.total.Rate
	row(chart,
		func(p canvas) { v.drawChart(p, f.series, peak, rateText) },
		func(p canvas) { v.drawChart(p, series, most, func(n float64) string { return count(int(n)) }) },
		fmt.Sprintf("calls/s now %s peak %s %s up %s (max %s)", rateText(calls), rateText(peak), u.set.Dot, count(up.ConcurrentEnd), count(up.ConcurrentPeak)),
		fmt.Sprintf("packets/s now %s %s SIP %s RTP %s RTCP %s in all", count(int(last(series))), u.set.Dot, figure.Compact(f.snap.Totals.SIPMessages),
			figure.Compact(f.snap.Totals.RTPPackets), figure.Compact(f.snap.Totals.RTCPPackets)))
	row(10, v.drawResponses, v.drawCalls, "final responses "+u.set.Dot+" window "+u.windowName(v.window), "calls")
	peers := min(10+max(0, c.h-y-10-methods), 10+len(f.peers))
	peers = max(9, min(peers, c.h-y-methods))
	row(peers, v.drawScores, v.drawPeers, "MOS of answered calls (worst stream)", "peers (Enter filters the call list)")
	if methods > 0 && c.h-y >= methods {
		row(methods, v.drawMethods, v.drawHealth, "methods / s", "capture health")
	}
}

// panelAt draws a panel in its frame.
func (v *statisticsView) panelAt(c canvas, title string, inside func(canvas)) {
	if c.h < 3 {
		return
	}
	v.u.drawBorder(c, title)
	inside(c.part(1, 1, c.w-2, c.h-2))
}

// drawChart is an area with its scale and the times of its ends.
func (v *statisticsView) drawChart(c canvas, series []float64, most float64, scale func(float64) string) {
	u, f := v.u, v.figures
	const axis = 6
	h := c.h - 1
	c.text(1, 0, cells.Cut(scale(most), axis-1, ""), u.theme[roleDim])
	c.text(1, h-1, "0", u.theme[roleDim])
	for i, line := range areaChart(series, c.w-axis-1, h, most, u.set.ASCII) {
		c.text(axis, i, line, u.theme[roleMedia])
	}
	c.text(axis, h, u.at(f.since).Format("15:04"), u.theme[roleDim])
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
	if p95, ok := t.RegistrationDelay.Percentile(95); ok {
		pdd += "     RRD p95 " + figure.Seconds(p95) + " s"
	}
	refused, silent := f.failures()
	lines := []string{
		fmt.Sprintf("ASR  %6s %%   answered / finished attempts (CANCEL counts as attempt)", percentOf(t.AnswerSeizureRatio(), 1, none)),
		fmt.Sprintf("NER  %6s %%   answered+busy+no answer / attempts (network did its part)", percentOf(t.NetworkEffectivenessRatio(), 1, none)),
		fmt.Sprintf("SEER %6s %%   RFC 6076 (401/407 excluded)", percentOf(t.EffectivenessRatio(), 1, none)),
		fmt.Sprintf("ACD  %6s     average duration of answered calls", acd),
		"PDD    " + pdd,
		"codes  " + joinCodes(f.codes, 8),
		fmt.Sprintf("attempts %s   refused %s   no reply %s   pending %s", count(t.Attempts), count(refused), count(silent), count(t.Pending)),
	}
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

// drawHealth is how good the capture is.
func (v *statisticsView) drawHealth(c canvas) {
	u := v.u
	for i, line := range u.healthLines(v.figures.again) {
		if i < c.h {
			c.text(1, i, cells.Cut(line, c.w-2, u.set.Ellipsis), u.theme[rolePlain])
		}
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
	if len(undecoded) > 0 {
		lines = append(lines, "not decoded: "+strings.Join(undecoded, ", "))
	}
	return lines
}
