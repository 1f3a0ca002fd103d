package tui

import (
	"strings"

	"sipsniff/internal/cells"
	"sipsniff/tui/figure"
)

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
