package tui

import (
	"fmt"
	"strconv"

	"sipsniff/correlate/metrics"
	"sipsniff/internal/cells"
	"sipsniff/tui/figure"
)

// A countPart is a piece of the counts bar, and the filter that a click on it
// runs.
type countPart struct {
	text   string
	filter string // "" for none
	rank   int    // what is dropped first when there is no room: the highest
}

// The filters behind the words of the counts bar.
const (
	filterUp     = `state:"IN CALL"`
	filterRing   = `state:RINGING,"CALL SETUP"`
	filterOK     = "state:COMPLETED"
	filterBusy   = "state:BUSY"
	filterCancel = "state:CANCELLED"
	filterFail   = "state:REJECTED,TIMEOUT,FAILED,LOST"
)

// drawCounts shows the tally of the calls that the filter lets through.
func (v *callsView) drawCounts(c canvas) {
	u := v.u
	room := c.w - 2
	if v.tall {
		room = v.drawNote(c)
	}
	gap, bar := 1, u.set.Bar
	switch {
	case c.w >= 150:
		gap, bar = 3, u.set.Bar
	case c.w >= 100:
		gap = 2
	}
	parts := v.counts().parts(c.w, u, v.scope == scopeDialogs)
	if n := u.snap.Orphans; n > 0 {
		parts = append(parts, countPart{text: "|", rank: 9}, countPart{text: plural(n, "stream") + " without a call", rank: 9})
	}
	for len(parts) > 1 && partsWidth(parts, gap, c.w) > room {
		parts = dropLast(parts)
	}
	x := 1
	for i := range parts {
		if parts[i].text == "|" {
			if c.w >= 100 {
				x--
			} else {
				x -= gap
			}
			x = c.text(x, 0, bar, u.theme[roleDim])
			if c.w >= 100 {
				x++
			}
			continue
		}
		from := x
		x = c.text(x, 0, cells.Cut(parts[i].text, max(0, room+1-x), u.set.Ellipsis), u.theme[rolePlain])
		if wanted := parts[i].filter; wanted != "" {
			u.zone(c.part(from, 0, x-from, 1), func() { v.filterWith(wanted) })
		}
		x += gap
	}
}

// partsWidth is how many cells the parts take.
func partsWidth(parts []countPart, gap, width int) int {
	sum := 0
	for _, p := range parts {
		switch {
		case p.text != "|":
			sum += cells.Width(p.text) + gap
		case width >= 100:
			sum++
		default:
			sum += 1 - gap
		}
	}
	return sum - gap
}

// dropLast leaves out the part that matters least.
func dropLast(parts []countPart) []countPart {
	worst := 0
	for i, p := range parts {
		if p.rank >= parts[worst].rank {
			worst = i
		}
	}
	out := append(append([]countPart{}, parts[:worst]...), parts[worst+1:]...)
	if n := len(out); n > 0 && out[n-1].text == "|" {
		return out[:n-1]
	}
	return out
}

// parts are the pieces of the counts bar; a wide screen has longer words.
func (n *callCounts) parts(width int, u *UI, hides bool) []countPart {
	words := [...]string{"up", "ring", "ok", "busy", "canc", "fail"}
	if width >= 150 {
		words = [...]string{"up", "setup/ringing", "completed", "busy", "cancelled", "failed"}
	}
	parts := []countPart{
		{text: words[0] + " " + count(n.classes[classUp]), filter: filterUp},
		{text: words[1] + " " + count(n.classes[classSetup]), filter: filterRing},
		{text: words[2] + " " + count(n.classes[classOK]), filter: filterOK},
		{text: words[3] + " " + count(n.classes[classBusy]), filter: filterBusy},
	}
	if width >= narrowWidth {
		parts = append(parts, countPart{text: words[4] + " " + count(n.classes[classCancelled]), filter: filterCancel, rank: 1})
	}
	fail := words[5] + " " + count(n.classes[classFailed])
	if limit := map[bool]int{true: 6, false: 3}[width >= 150]; width >= 100 && len(n.failures) > 0 {
		fail += " (" + n.topFailures(limit) + ")"
	}
	parts = append(parts, countPart{text: fail, filter: filterFail})
	if d := n.classes[classDiverted]; d > 0 {
		parts = append(parts, countPart{text: "diverted " + count(d), filter: "state:DIVERTED", rank: 2})
	}
	if n.registrations > 0 {
		parts = append(parts, countPart{text: "reg " + count(n.registrations), filter: "method:REGISTER", rank: 6})
	}
	if n.others > 0 {
		parts = append(parts, countPart{text: "other " + count(n.others), filter: u.hiddenMethods().others(), rank: 7})
	}
	if hides && n.hidden > 0 {
		parts = append(parts, countPart{text: "hidden " + count(n.hidden) + " " + u.hiddenMethods().names(u), rank: 3})
	}
	return append(append(parts, n.ratios(width)...), n.quality(width, u)...)
}

// ratios are ASR, NER and PDD; what is not known is left out.
func (n *callCounts) ratios(width int) []countPart {
	b := n.brief
	if b == nil || b.Attempts == 0 {
		return nil
	}
	decimals := 0
	if width >= 150 {
		decimals = 1
	}
	percent := func(name string, r metrics.Ratio) string {
		v, _ := r.Percent()
		return fmt.Sprintf("%s %s%%", name, strconv.FormatFloat(v, 'f', decimals, 64))
	}
	parts := []countPart{
		{text: "|"},
		{text: percent("ASR", b.AnswerSeizureRatio()), rank: 3},
		{text: percent("NER", b.NetworkEffectivenessRatio()), rank: 4},
	}
	median, ok := b.PostDialDelay.Percentile(50)
	late, _ := b.PostDialDelay.Percentile(95)
	switch {
	case !ok:
	case width >= 150:
		parts = append(parts, countPart{text: fmt.Sprintf("PDD p50 %ss p95 %ss", figure.Seconds(median), figure.Seconds(late)), rank: 5})
	case width >= 100:
		parts = append(parts, countPart{text: "PDD " + figure.Seconds(median) + "s", rank: 5})
	default:
		parts = append(parts, countPart{text: "PDD " + figure.Seconds(median), rank: 5})
	}
	if mean, ok := b.Talk.Mean(); ok && width >= 150 {
		parts = append(parts, countPart{text: "ACD " + figure.Clock(mean), rank: 5})
	}
	return parts
}

// quality is the mean MOS of the calls that have one.
func (n *callCounts) quality(width int, u *UI) []countPart {
	if n.scored == 0 {
		return nil
	}
	text := "MOS " + figure.MOS(n.mos/float64(n.scored), false)
	if width >= 150 {
		text += " "
		for _, p := range n.course {
			text += u.bar(p)
		}
	}
	return []countPart{{text: "|", rank: 2}, {text: text, rank: 2}}
}

// bar is one cell of a chart of MOS.
func (u *UI) bar(p part) string {
	if p.n == 0 {
		return u.set.Dot
	}
	return u.mosBar(p.sum / float64(p.n))
}
