package tui

import (
	"fmt"
	"strings"

	"sipsniff/correlate"
	"sipsniff/internal/cells"
	"sipsniff/tui/ladder"
)

// leastTime is the room for the time of a message behind its text.
const leastTime = 15

// drawStatus tells in full what the row under the cursor is.
func (v *flowView) drawStatus(c canvas) {
	r := v.row()
	if r == nil {
		c.text(1, 0, "nothing to show: m brings the RTP rows back, M and D all rows", v.u.theme[rolePlain])
		return
	}
	x := c.text(1, 0, cells.Cut(v.statusOf(r, c.w-2), c.w-2, v.u.set.Ellipsis), v.u.theme[rolePlain])
	if c.w >= previewColumns {
		v.drawModes(c, x+4)
	}
}

func (v *flowView) statusOf(r *ladder.Row, width int) string {
	u := v.u
	switch {
	case r.Kind == ladder.GapRow:
		return r.GapText()
	case r.Stream != nil:
		return v.streamStatus(r, width)
	case len(r.Digits) > 0:
		return v.digitStatus(r.Digits)
	}
	m := r.Message
	dot, long, brief := " "+u.set.Dot+" ", "", ""
	for _, repeated := range []struct {
		n          int
		sign, text string
	}{
		{r.Retransmissions, u.set.Again, plural(r.Retransmissions, "retransmission")},
		{r.Duplicates, u.set.Twin, fmt.Sprintf("%d captured twice", r.Duplicates)},
	} {
		if repeated.n > 0 {
			long += dot + repeated.sign + repeated.text
			brief += fmt.Sprintf("%s%s%d", dot, repeated.sign, repeated.n)
		}
	}
	for _, f := range m.Findings {
		text := dot + u.clean(strings.ReplaceAll(f.Code, "_", " "))
		long, brief = long+text, brief+text
	}
	head := r.Said // in full, where there is room for it and for the time
	if head == "" || cells.Width(head+brief) > width-leastTime {
		head = u.headline(m)
	}
	if whole := fittingMessage(u, m, anyWidth, head) + long; cells.Width(whole) <= width {
		return whole
	}
	return fittingMessage(u, m, max(0, width-cells.Width(brief)), head) + brief
}

// digitStatus tells each key of a row with its time and how long it was held.
func (v *flowView) digitStatus(digits []correlate.Digit) string {
	u := v.u
	line := "DTMF"
	for i := range digits {
		d := &digits[i]
		line += fmt.Sprintf(" %s %s @%s", u.set.Dot, u.clean(d.Shown(u.config.ShowKeys)), u.at(d.At).Format("15:04:05.000"))
		if d.Duration >= 0 {
			line += fmt.Sprintf(" (%d ms)", d.Duration/1e6)
		}
		if d.NoEnd(u.snap.Last) {
			line += " no end"
		}
	}
	return line
}
