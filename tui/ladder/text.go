package ladder

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"sipsniff/correlate"
	"sipsniff/internal/cells"
	"sipsniff/tui/figure"
	"sipsniff/tui/glyph"
)

// Options choose how Text writes a ladder.
type Options struct {
	ASCII    bool           // nothing outside ASCII
	ShowKeys bool           // which keys were pressed
	Width    int            // cells to keep to where the columns allow it; 0 for no limit
	Location *time.Location // of the clock; nil for UTC
}

const (
	textSpan    = 40 // cells between lifelines when nothing limits them
	minimalSpan = 18
	clockWidth  = 12 // 09:40:49.188
	deltaWidth  = 9
	letterWidth = 3 // a space and the letters of a leg
	laneIndent  = 5 // from the delta to the first lifeline
)

// TextOfLegs writes the ladder of a call, or one of several legs merged by time,
// as lines of text; with several each row begins with the letter of its leg. All
// participants are printed, whatever the width.
func TextOfLegs(w io.Writer, legs []Leg, o Options) error {
	t := newTextLadder(Build(legs, Choice{ASCII: o.ASCII, ShowKeys: o.ShowKeys}), o)
	var b strings.Builder
	for _, line := range t.lines() {
		b.WriteString(strings.TrimRight(line, " "))
		b.WriteByte('\n')
	}
	_, err := io.WriteString(w, b.String())
	return err
}

type textLadder struct {
	l      *Ladder
	o      Options
	set    glyph.Set
	digits int // of the largest frame number
	g      Geometry
}

func newTextLadder(l *Ladder, o Options) *textLadder {
	t := &textLadder{l: l, o: o, set: glyph.Unicode()}
	if o.ASCII {
		t.set = glyph.ASCII()
	}
	if o.Location == nil {
		t.o.Location = time.UTC
	}
	for i := range l.Rows {
		t.digits = max(t.digits, len(strconv.Itoa(frameOf(&l.Rows[i]))))
	}
	t.g = t.geometry()
	return t
}

func (t *textLadder) geometry() Geometry {
	const tail = 10 // room for the header of the last column
	margin := t.margin()
	n := len(t.l.Participants)
	span := textSpan
	if t.o.Width > 0 && n > 1 {
		span = max(minimalSpan, min(span, (t.o.Width-margin-laneIndent-tail)/(n-1)))
	}
	left := margin + laneIndent
	return Geometry{
		Edge: margin, Left: left, Span: span, Width: left + (n-1)*span + 1, Count: n,
		LabelLeft: true, GapInside: true,
	}
}

// margin is the width of the letter of the leg where there are several, the
// frame number, the clock and the delta.
func (t *textLadder) margin() int {
	margin := 1 + 1 + t.digits + 2 + clockWidth + deltaWidth
	if len(t.l.Legs) > 1 {
		margin += letterWidth
	}
	return margin
}

func (t *textLadder) lines() []string {
	lines := append(t.titles(), t.stories()...)
	lines = append(lines, t.header()...)
	for i := range t.l.Rows {
		r := &t.l.Rows[i]
		var b strings.Builder
		for _, s := range t.l.Lanes(r, 0, SDPCodecs, t.g, t.set) {
			b.WriteString(s.Text)
		}
		lane := b.String()
		if left := t.left(r); left != "" {
			lane = left + lane[len(left):] // both are ASCII as far as the first lifeline
		}
		lines = append(lines, lane)
	}
	return lines
}

// left is the frame number, the clock and the delta of a row.
func (t *textLadder) left(r *Row) string {
	if r.Kind == GapRow {
		return ""
	}
	delta := ""
	if r.HasDelta {
		delta = figure.Delta(r.Delta, deltaWidth)
	}
	clock := time.Unix(0, r.Nanos).In(t.o.Location).Format("15:04:05.000")
	letter := ""
	if len(t.l.Legs) > 1 {
		letter = fmt.Sprintf(" %-*s", letterWidth-1, Letter(r.Leg))
	}
	frame := ""
	if n := frameOf(r); n > 0 {
		frame = "f" + strconv.Itoa(n)
	}
	return fmt.Sprintf("%s %-*s  %s%*s", letter, t.digits+1, frame, clock, deltaWidth, delta)
}

func frameOf(r *Row) int {
	switch {
	case r.Message != nil:
		return r.Message.Frame
	case r.Turn > 0:
		return 0 // nobody noted it
	case r.Stream != nil:
		return r.Stream.FirstFrame
	case len(r.Digits) > 0:
		return r.Digits[0].Frame
	}
	return 0
}

// titles is the call, or the end-to-end call and its legs.
func (t *textLadder) titles() []string {
	legs := t.l.Legs
	if len(legs) == 1 {
		return []string{t.title(legs[0].Call)}
	}
	show := cleaner(t.o.ASCII)
	first := legs[0].Call
	from, to := Parties(first)
	title := fmt.Sprintf("Calls %s  %s %s %s   %s   legs %s", Numbers(legs), show(from), t.set.To, show(to), first.Word(), Letters(len(legs)))
	lines := []string{title}
	for i := range legs {
		lines = append(lines, fmt.Sprintf("  %-*s %s", letterWidth-1, Letter(i), t.title(legs[i].Call)))
		if with := Evidence(legs, i); with != "" {
			lines = append(lines, fmt.Sprintf("  %-*s   %s", letterWidth-1, "", show(with)))
		}
	}
	return lines
}

func (t *textLadder) title(c *correlate.Call) string {
	show := cleaner(t.o.ASCII)
	from, to := Parties(c)
	parts := []string{
		fmt.Sprintf("Call %d  %s %s %s", c.Index, show(from), t.set.To, show(to)),
		c.Word(),
	}
	if c.Method != "INVITE" && c.Method != "" {
		parts = append(parts, show(c.Method))
	}
	if c.Started > 0 {
		parts = append(parts, time.Unix(0, c.Started).In(t.o.Location).Format(time.DateOnly))
	}
	if c.HasCallID {
		parts = append(parts, "Call-ID "+show(c.CallID))
	} else {
		parts = append(parts, "no Call-ID")
	}
	return strings.Join(parts, "   ")
}

// header is the addresses, the programs and a line of lifelines.
func (t *textLadder) header() []string {
	heads := t.l.Heads(t.g.Span-2, t.set)
	names, agents := newStrip(t.g.Width+textSpan), newStrip(t.g.Width+textSpan)
	hasAgent, end := false, t.g.Edge-1
	for i, head := range heads {
		start := max(t.g.Left+i*t.g.Span-cells.Width(head)/2, end)
		room := t.g.Left + (i+1)*t.g.Span - t.g.Span/4 - start - 2
		names.put(start, head, false)
		agent := cells.CutMiddle(t.l.Participants[i].Agent, room, t.set.Ellipsis)
		agents.put(start, agent, false)
		hasAgent = hasAgent || agent != ""
		end = start + max(cells.Width(head), cells.Width(agent)) + 1
	}
	lines := []string{names.text()}
	if hasAgent {
		lines = append(lines, agents.text())
	}
	lanes := newStrip(t.g.Width)
	for _, s := range t.l.EmptyLanes(t.g, t.set) {
		lanes.put(0, s.Text, false)
	}
	return append(lines, lanes.text())
}

func (s *strip) text() string { return strings.Join(s.cells, "") }
