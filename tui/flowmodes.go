package tui

import (
	"fmt"

	"sipsniff/internal/cells"
	"sipsniff/tui/figure"
	"sipsniff/tui/ladder"
)

// drawModes tells at the right of a wide screen how far the row is from the
// marked one, what is folded, and what times and streams the ladder shows: as
// much of it as fits behind cell x.
func (v *flowView) drawModes(c canvas, x int) {
	parts := v.modes()
	if room := c.w - 1 - x; cells.Width(parts[0]) <= room {
		c.right(c.w-1, 0, fittingParts(room, "    ", parts), v.u.theme[roleDim])
	}
}

func (v *flowView) modes() []string {
	u := v.u
	delta, apart := "Δ", u.set.None
	if u.set.ASCII {
		delta = "delta"
	}
	if marked := v.markedRow(); marked >= 0 && marked != v.cursor {
		apart = figure.Delta(v.l.Rows[v.cursor].Nanos-v.l.Rows[marked].Nanos, 9)
	}
	parts := []string{delta + " to marked: " + apart}
	if folded := v.folded(); folded != "" {
		parts = append(parts, folded)
	}
	times := [timeModes]string{timeDelta: delta, timeAbsolute: "absolute", timeBoth: "absolute + " + delta, timeNone: "none"}
	streams := map[streamMode]string{streamsAll: "on", streamsOff: "off", streamsActive: "active"}
	return append(parts, "time "+times[u.flow.time], "RTP rows "+streams[u.flow.streams])
}

// folded says how many copies have no row of their own, "" when there are none.
func (v *flowView) folded() string {
	again, twice := 0, 0
	for i := range v.l.Rows {
		switch r := &v.l.Rows[i]; r.Kind {
		case ladder.MessageRow:
			again += len(r.Copies)
			twice += r.Duplicates
		case ladder.CopyRow: // one of those
			again--
		}
	}
	if again <= 0 && twice == 0 {
		return ""
	}
	return fmt.Sprintf("folded: %s, %d captured twice", plural(max(0, again), "retransmission"), twice)
}
