package tui

import (
	"fmt"
	"strings"

	"sipsniff/correlate"
	"sipsniff/internal/cells"
	"sipsniff/tui/figure"
	"sipsniff/tui/ladder"
)

// drawStatus tells in full what the row under the cursor is.
func (v *flowView) drawStatus(c canvas) {
	r := v.row()
	if r == nil {
		c.text(1, 0, "nothing to show: m brings the RTP rows back, M and D all rows", v.u.theme[rolePlain])
		return
	}
	c.text(1, 0, cells.Cut(v.statusOf(r), c.w-2, v.u.set.Ellipsis), v.u.theme[rolePlain])
}

func (v *flowView) statusOf(r *ladder.Row) string {
	u := v.u
	switch {
	case r.Kind == ladder.GapRow:
		return r.GapText()
	case r.Stream != nil:
		return v.streamStatus(r.Stream)
	case len(r.Digits) > 0:
		return v.digitStatus(r.Digits)
	}
	m := r.Message
	line := u.headline(m) + " " + u.set.Dot + " " + u.at(m.Nanos).Format("15:04:05.000000") + " " + u.set.Dot + " " + u.envelope(m)
	if r.Retransmissions > 0 {
		line += fmt.Sprintf(" %s %s%s", u.set.Dot, u.set.Again, plural(r.Retransmissions, "retransmission"))
	}
	if r.Duplicates > 0 {
		line += fmt.Sprintf(" %s %s%d captured twice", u.set.Dot, u.set.Twin, r.Duplicates)
	}
	for _, f := range m.Findings {
		line += " " + u.set.Dot + " " + u.clean(strings.ReplaceAll(f.Code, "_", " "))
	}
	return line
}

func (v *flowView) streamStatus(s *correlate.Stream) string {
	u := v.u
	line := fmt.Sprintf("RTP %s%s%s ssrc %08x %s %s", s.Src, u.set.To, s.Dst, s.SSRC, ladder.StreamName(s, u.set.ASCII), packetsOf(s))
	if s.UDPTL {
		line = fmt.Sprintf("UDPTL %s%s%s %s %s", s.Src, u.set.To, s.Dst, ladder.StreamName(s, u.set.ASCII), packetsOf(s))
	}
	q := &s.Quality
	if loss := figure.Percent(q.Lost, q.Expected); loss != "" {
		line += fmt.Sprintf(" lost %s (%s%%)", figure.Grouped(q.Lost), loss)
	}
	if q.HasJitter {
		line += fmt.Sprintf(" jit %.1f max %.1f ms", q.JitterMean, q.JitterMax)
	}
	if q.HasDelta {
		line += fmt.Sprintf(" delta max %.1f ms", q.DeltaMax)
	}
	if q.Duplicates > 0 || q.Reordered > 0 {
		line += fmt.Sprintf(" duplicated %d reordered %d", q.Duplicates, q.Reordered)
	}
	return line
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

// drawPreview shows the message under the cursor beside or below the ladder.
func (v *flowView) drawPreview(c canvas, beside bool) {
	u := v.u
	m := v.message()
	title := "no message on this row"
	if m != nil {
		title = u.headline(m) + " " + u.set.Dot + " " + u.envelope(m)
	}
	focus := ""
	if v.focus {
		focus = "Tab leaves"
	}
	text := c.part(1, 1, c.w-1, c.h-1)
	if beside {
		for y := range c.h {
			c.text(0, y, u.set.Bar, u.theme[roleDim])
		}
		room := c.w - 3
		if focus != "" {
			c.right(c.w-1, 0, focus, u.theme[rolePlain])
			room -= cells.Width(focus) + 2
		}
		c.text(2, 0, cells.Cut(title, room, u.set.Ellipsis), u.theme[roleTitle])
		text = c.part(2, 1, c.w-2, c.h-1)
	} else {
		u.rule(c, 0, title, focus)
	}
	v.preview.height = max(1, text.h)
	if m == nil {
		v.preview.lines = nil
		return
	}
	key := textKey{m: m, width: text.w - 1, looks: u.looks, wire: u.flow.wire, syntax: !u.flow.noSyntax}
	if key != v.preview.key {
		v.preview.lines, v.preview.key = messageText(u, m, key), key
	}
	v.preview.draw(u, text, "")
}
