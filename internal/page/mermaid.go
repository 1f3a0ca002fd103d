package page

import (
	"fmt"
	"io"
	"strings"

	"sipsniff/tui/ladder"
)

// Mermaid writes the ladder of some legs as a sequence diagram of Mermaid,
// which wikis and trackers draw.
func Mermaid(w io.Writer, legs []ladder.Leg, o Options) error {
	l := ladder.Build(legs, ladder.Choice{ShowKeys: o.ShowKeys})
	var b strings.Builder
	b.WriteString("sequenceDiagram\n")
	for i := range l.Participants {
		p := &l.Participants[i]
		name := mermaidText(p.Names()[0])
		if p.Agent != "" {
			name += "<br/>" + mermaidText(p.Agent)
		}
		fmt.Fprintf(&b, "    participant p%d as %s\n", i, name)
	}
	for i := range l.Rows {
		b.WriteString("    " + mermaidRow(l, &l.Rows[i], o) + "\n")
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// mermaidRow is one row: solid arrows are requests, dashed ones responses and
// open ones media.
func mermaidRow(l *ladder.Ladder, r *ladder.Row, o Options) string {
	if r.Kind == ladder.GapRow {
		over := "p0"
		if last := len(l.Participants) - 1; last > 0 {
			over = fmt.Sprintf("p0,p%d", last)
		}
		return fmt.Sprintf("Note over %s: %s", over, mermaidText(r.GapText()))
	}
	arrow := "->>"
	switch {
	case r.Kind == ladder.StreamRow || r.Kind == ladder.DigitRow:
		arrow = "-)"
	case r.Message != nil && r.Message.StatusCode != 0:
		arrow = "-->>"
	}
	text := ""
	if len(r.Labels) > 0 {
		text = r.Labels[0].Text
	}
	if len(l.Legs) > 1 {
		text = ladder.Letter(r.Leg) + " " + text
	}
	return fmt.Sprintf("p%d%sp%d: %s %s", r.From, arrow, r.To, o.clock(r.Nanos), mermaidText(text))
}

// mermaidText keeps text from being read as a part of the diagram: Mermaid
// takes character references without the ampersand.
func mermaidText(s string) string {
	var b strings.Builder
	for _, c := range s {
		switch {
		case strings.ContainsRune("#;<>{}%\"&", c):
			fmt.Fprintf(&b, "#%d;", c)
		default:
			b.WriteRune(c)
		}
	}
	// A word of its own ends a block.
	return strings.NewReplacer("end", "#101;nd").Replace(b.String())
}
