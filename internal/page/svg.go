package page

import (
	"fmt"
	"html"
	"io"
	"strings"

	"sipsniff/correlate"
	"sipsniff/internal/cells"
	"sipsniff/tui/figure"
	"sipsniff/tui/glyph"
	"sipsniff/tui/ladder"
)

// Sizes of a ladder in pixels.
const (
	glyphWidth = 7.3 // of a character, with some room
	rowHeight  = 26
	headHeight = 54
	leftMargin = 230 // clock, time since the row before, letter of the leg
	laneSpan   = 270 // between lifelines
	edge       = 110 // right of the last lifeline
)

// ladderStyle has the colours of a ladder for light and dark screens. They
// stand there as they are: not every program that draws SVG knows variables.
const ladderStyle = `.ladder{font:12px ui-monospace,Menlo,Consolas,"DejaVu Sans Mono",monospace}
.ladder text{fill:#1c1e21}.ladder text.dim,.ladder text.agent{fill:#777}.ladder text.agent{font-size:11px}.ladder text.bad{fill:#b3261e}.ladder text.warn{fill:#a86500}
.ladder .life{stroke:#999;stroke-width:1}.ladder .request{stroke:#b3261e;fill:none}.ladder .response{stroke:#16794c;fill:none}.ladder .media{stroke:#1d4ed8;fill:none}
.ladder .head.request{fill:#b3261e}.ladder .head.response{fill:#16794c}.ladder .head.media{fill:#1d4ed8}
.ladder a{text-decoration:none}.ladder a:hover text{text-decoration:underline}
@media (prefers-color-scheme:dark){.ladder text{fill:#e6e6e6}.ladder text.dim,.ladder text.agent{fill:#999}.ladder text.bad{fill:#ff8a80}.ladder text.warn{fill:#ffc46b}.ladder .life{stroke:#777}
.ladder .request{stroke:#ff8a80}.ladder .response{stroke:#7bdcb0}.ladder .media{stroke:#8ab4ff}.ladder .head.request{fill:#ff8a80}.ladder .head.response{fill:#7bdcb0}.ladder .head.media{fill:#8ab4ff}}`

// SVG writes the ladder of some legs as a picture that needs nothing else.
func SVG(w io.Writer, legs []ladder.Leg, o Options) error {
	return drawLadder(w, ladder.Build(legs, ladder.Choice{ShowKeys: o.ShowKeys}), &o, true)
}

// drawLadder draws rows; standalone: with the colours, which a page has once.
func drawLadder(w io.Writer, l *ladder.Ladder, o *Options, standalone bool) error {
	d := svgLadder{l: l, o: o}
	width := leftMargin + max(len(l.Participants)-1, 0)*laneSpan + edge
	height := headHeight + len(l.Rows)*rowHeight + rowHeight/2
	fmt.Fprintf(&d.b, `<svg class="ladder" xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d" role="img">`+"\n", width, height, width, height)
	if standalone {
		fmt.Fprintf(&d.b, "<style>%s</style>\n", ladderStyle)
	}
	d.heads(height)
	for i := range l.Rows {
		d.row(&l.Rows[i], headHeight+i*rowHeight+rowHeight*2/3)
	}
	d.b.WriteString("</svg>\n")
	_, err := io.WriteString(w, d.b.String())
	return err
}

type svgLadder struct {
	l *ladder.Ladder
	o *Options
	b strings.Builder
}

// lane is where the lifeline of a participant is.
func (d *svgLadder) lane(participant int) int { return leftMargin + participant*laneSpan }

// text writes one line of text; anchor is "start", "middle" or "end".
func (d *svgLadder) text(x, y int, class, anchor, s string) {
	if s != "" {
		fmt.Fprintf(&d.b, `<text x="%d" y="%d" class="%s" text-anchor="%s">%s</text>`+"\n", x, y, class, anchor, html.EscapeString(s))
	}
}

func (d *svgLadder) heads(height int) {
	room := inGlyphs(laneSpan) - 2
	set := glyph.Unicode()
	heads := d.l.Heads(room, set)
	for i, head := range heads {
		x := d.lane(i)
		d.text(x, 18, "", "middle", head)
		d.text(x, 33, "agent", "middle", cells.Cut(d.l.Participants[i].Agent, room, set.Ellipsis))
		fmt.Fprintf(&d.b, `<line class="life" x1="%d" y1="%d" x2="%d" y2="%d"/>`+"\n", x, headHeight-14, x, height)
	}
}

func (d *svgLadder) row(r *ladder.Row, y int) {
	if r.Kind == ladder.GapRow {
		d.text((d.lane(0)+d.lane(len(d.l.Participants)-1))/2, y, "dim", "middle", r.GapText())
		return
	}
	link := ""
	if d.o.Link != nil && r.Message != nil {
		link = d.o.Link(r.Message)
	}
	if link != "" {
		fmt.Fprintf(&d.b, `<a href="%s">`, html.EscapeString(link))
	}
	d.times(r, y)
	d.arrow(r, y)
	if link != "" {
		d.b.WriteString("</a>\n")
	}
}

// times is what stands left of the lifelines: a mark, the leg, clock and delta.
func (d *svgLadder) times(r *ladder.Row, y int) {
	if r.Message != nil {
		switch severity, marked := d.o.Marks[r.Message.Frame]; {
		case marked && severity >= correlate.Error:
			d.text(4, y, "bad", "start", "✗")
		case marked && severity == correlate.Warning:
			d.text(4, y, "warn", "start", "⚠")
		}
	}
	if len(d.l.Legs) > 1 {
		d.text(20, y, "dim", "start", ladder.Letter(r.Leg))
	}
	d.text(40, y, "dim", "start", d.o.clock(r.Nanos))
	if r.HasDelta {
		d.text(leftMargin-20, y, "dim", "end", strings.TrimSpace(figure.Delta(r.Delta, 9)))
	}
}

// arrow draws the line, its head and its label. Media is a double line.
func (d *svgLadder) arrow(r *ladder.Row, y int) {
	class := "request"
	switch {
	case r.Kind == ladder.StreamRow || r.Kind == ladder.DigitRow:
		class = "media"
	case r.Message != nil && r.Message.StatusCode != 0:
		class = "response"
	}
	from, to := d.lane(r.From), d.lane(r.To)
	if from == to {
		fmt.Fprintf(&d.b, `<path class="%s" d="M%d %d h24 v8 h-18"/>`+"\n", class, from, y-8)
		d.head(class, from+2, y, -1)
		d.text(from+30, y, "", "start", d.label(r, laneSpan-60))
		return
	}
	way := 1
	if to < from {
		way = -1
	}
	d.text((from+to)/2, y-5, "", "middle", d.label(r, (to-from)*way-20))
	fmt.Fprintf(&d.b, `<line class="%s" x1="%d" y1="%d" x2="%d" y2="%d"/>`+"\n", class, from, y, to-6*way, y)
	if class == "media" {
		fmt.Fprintf(&d.b, `<line class="%s" x1="%d" y1="%d" x2="%d" y2="%d"/>`+"\n", class, from, y+3, to-6*way, y+3)
	}
	d.head(class, to, y, way)
}

func (d *svgLadder) head(class string, x, y, way int) {
	fmt.Fprintf(&d.b, `<path class="head %s" d="M%d %d l%d -4 v8 z"/>`+"\n", class, x, y, -8*way)
}

// label is the longest form of a row's text that fits in so many pixels.
func (d *svgLadder) label(r *ladder.Row, pixels int) string {
	room := inGlyphs(pixels)
	text := ""
	for i := range r.Labels {
		if text = r.Labels[i].Text; cells.Width(text) <= room {
			return text
		}
	}
	return cells.Cut(text, room, glyph.Unicode().Ellipsis)
}

// inGlyphs is how many characters fit in so many pixels.
func inGlyphs(pixels int) int { return int(float64(pixels) / glyphWidth) }
