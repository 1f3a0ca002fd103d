package ladder

import (
	"strings"

	"sipsniff/internal/cells"
	"sipsniff/tui/figure"
	"sipsniff/tui/glyph"
)

// Geometry says where the lifelines stand on a line.
type Geometry struct {
	Edge  int // first cell that an arrow from a column out of view may use
	Left  int // cell of the first visible lifeline
	Span  int // cells from one lifeline to the next
	Width int // cells of the whole line
	First int // index of the first visible participant
	Count int // how many are visible

	LabelLeft bool // labels begin where the arrow begins instead of in its middle
	GapInside bool // the length of a silence stands between the first two lifelines
}

// A Segment is a piece of a line of one kind.
type Segment struct {
	Text  string
	Arrow bool // part of an arrow or its text, not of the lifelines
}

// Lines returns how many lines a row takes.
func (r *Row) Lines(mode SDPMode) int {
	if mode == SDPClassic && r.Kind != GapRow {
		return 2
	}
	return 1 + len(r.Details)
}

// Lanes draws line number n of a row: the lifelines and what crosses them.
func (l *Ladder) Lanes(r *Row, n int, mode SDPMode, g Geometry, set glyph.Set) []Segment {
	s := newStrip(g.Width)
	bar := set.Bar
	if r.Kind == GapRow {
		bar = set.GapBar
	}
	for i := range g.Count {
		s.put(g.Left+i*g.Span, bar, false)
	}
	d := drawer{l: l, g: g, set: set, s: s}
	classic := mode == SDPClassic
	switch {
	case r.Kind == GapRow:
		d.gap(r)
	case classic && n == 0:
		d.between(r, r.Labels)
	case classic:
		d.arrow(r, nil)
	case n > 0 && n <= len(r.Details):
		d.between(r, r.Details[n-1])
	case n == 0:
		d.arrow(r, r.Labels)
	}
	return s.segments()
}

// EmptyLanes draws the lifelines alone.
func (l *Ladder) EmptyLanes(g Geometry, set glyph.Set) []Segment {
	s := newStrip(g.Width)
	for i := range g.Count {
		s.put(g.Left+i*g.Span, set.Bar, false)
	}
	return s.segments()
}

// GapText is the text of a silence: "31.9 s without SIP".
func (r *Row) GapText() string { return figure.Span(r.Gap) + " without SIP" }

type drawer struct {
	l   *Ladder
	g   Geometry
	set glyph.Set
	s   *strip
}

// cell returns where the lifeline of a participant stands, or the cell just
// outside when it is out of view.
func (d *drawer) cell(participant int) (x int, hidden bool) {
	switch {
	case participant < d.g.First:
		return d.g.Edge - 1, true
	case participant >= d.g.First+d.g.Count:
		return d.g.Width, true
	}
	return d.g.Left + (participant-d.g.First)*d.g.Span, false
}

func (d *drawer) gap(r *Row) {
	if !d.g.GapInside {
		return
	}
	text := cells.Cut(r.GapText(), d.g.Span-1, d.set.Ellipsis)
	if d.g.Count < 2 {
		d.s.put(d.g.Left+2, text, false)
		return
	}
	d.s.put(d.g.Left+1+(d.g.Span-1-cells.Width(text))/2, text, false)
}

// arrow draws the arrow of a row with the longest of the labels that fits.
func (d *drawer) arrow(r *Row, labels []Label) {
	if r.From == r.To {
		d.loop(r, labels)
		return
	}
	from, fromHidden := d.cell(r.From)
	to, toHidden := d.cell(r.To)
	lo, hi := min(from, to)+1, max(from, to)-1
	if lo > hi { // both out of view on the same side
		d.aside(r, labels)
		return
	}
	labels = d.named(r, labels, fromHidden, toHidden)
	shaft := d.set.Line
	if r.Kind == StreamRow || r.Kind == DigitRow {
		shaft = d.set.Double
	}
	for x := lo; x <= hi; x++ {
		if (x-d.g.Left)%d.g.Span == 0 && x >= d.g.Left && x <= d.g.Left+(d.g.Count-1)*d.g.Span {
			d.s.put(x, d.set.Cross, true)
		} else {
			d.s.put(x, shaft, true)
		}
	}
	if to > from {
		d.s.put(hi, d.set.Right, true)
	} else {
		d.s.put(lo, d.set.Left, true)
	}
	d.write(lo, hi, to > from, labels)
}

// write puts a label on the shaft between lo and hi.
func (d *drawer) write(lo, hi int, right bool, labels []Label) {
	n := hi - lo + 1
	if n < cramped {
		d.writeCramped(lo, hi, right, labels)
		return
	}
	room := n - 5 // a head, two cells of shaft, a space on either side
	if d.g.LabelLeft && !right {
		room++
	}
	text := d.choose(labels, room)
	if text == "" {
		return
	}
	start := lo + (n-cells.Width(text)-2)/2
	if d.g.LabelLeft {
		start = lo + 2
	}
	d.s.put(start, " "+text+" ", true)
}

// cramped is the length below which an arrow gives its shaft up for its text.
// Only arrows to a column out of view are so short.
const cramped = 12

func (d *drawer) writeCramped(lo, hi int, right bool, labels []Label) {
	text := d.choose(labels, hi-lo) // all but the head
	if !right {
		lo++
	}
	d.s.put(lo, text, true)
}

func (d *drawer) choose(labels []Label, room int) string {
	const worthCutting = 12
	if room < 1 {
		return ""
	}
	for _, label := range labels {
		if cells.Width(label.Text) <= room {
			return label.Text
		}
		if label.Cut && room >= worthCutting {
			return cells.Cut(label.Text, room, d.set.Ellipsis)
		}
	}
	if len(labels) == 0 {
		return ""
	}
	return cells.Cut(labels[len(labels)-1].Text, room, d.set.Ellipsis)
}

// named adds the name of the column that is out of view to every label, as
// long as it fits.
func (d *drawer) named(r *Row, labels []Label, fromHidden, toHidden bool) []Label {
	if !fromHidden && !toHidden || len(labels) == 0 {
		return labels
	}
	var named []Label
	for _, label := range labels {
		text := label.Text
		if fromHidden {
			text = d.l.Participants[r.From].Addr.String() + " " + d.set.To + " " + text
		}
		if toHidden {
			text += " " + d.set.To + " " + d.l.Participants[r.To].Addr.String()
		}
		named = append(named, Label{Text: text})
	}
	return append(named, labels...)
}

// aside notes an arrow whose both ends are out of view at the edge.
func (d *drawer) aside(r *Row, labels []Label) {
	if r.From < d.g.First {
		d.s.put(d.g.Edge, d.set.MoreLeft+d.choose(labels, d.g.Left-d.g.Edge-2), true)
		return
	}
	last := d.g.Left + (d.g.Count-1)*d.g.Span
	text := d.choose(labels, d.g.Width-last-2) + d.set.MoreRight
	d.s.put(d.g.Width-cells.Width(text), text, true)
}

// loop draws an arrow from a column to itself, on the side that has room.
func (d *drawer) loop(r *Row, labels []Label) {
	x, hidden := d.cell(r.From)
	if hidden {
		d.aside(r, labels)
		return
	}
	room := d.g.Span - 1
	if r.From == d.g.First+d.g.Count-1 {
		room = d.g.Width - x - 1
	}
	if room >= 12 || r.From == d.g.First {
		d.s.put(x+1, cells.Cut(d.set.Left+d.set.Turn+" "+d.choose(labels, room-3), room, ""), true)
		return
	}
	text := d.choose(labels, d.g.Span-4) + " " + d.set.TurnLeft + d.set.Right
	d.s.put(x-cells.Width(text), text, true)
}

// between writes text over the span of an arrow without its shaft.
func (d *drawer) between(r *Row, labels []Label) {
	from, _ := d.cell(r.From)
	to, _ := d.cell(r.To)
	lo, hi := min(from, to)+1, max(from, to)-1
	if r.From == r.To {
		hi = min(lo+d.g.Span-2, d.g.Width-1)
	}
	text := d.choose(labels, hi-lo+1)
	d.s.put(lo+max(0, hi-lo+1-cells.Width(text))/2, text, true)
}

// A strip is one line of cells. A wide character owns two of them.
type strip struct {
	cells []string
	arrow []bool
}

func newStrip(width int) *strip {
	s := &strip{cells: make([]string, max(0, width)), arrow: make([]bool, max(0, width))}
	for i := range s.cells {
		s.cells[i] = " "
	}
	return s
}

// put writes text from cell x on; what does not fit is left out.
func (s *strip) put(x int, text string, arrow bool) {
	for text != "" {
		var char string
		var width int
		char, text, width = cells.Next(text)
		if x < 0 || x+width > len(s.cells) {
			x += width
			continue
		}
		s.cells[x], s.arrow[x] = char, arrow
		for i := 1; i < width; i++ {
			s.cells[x+i], s.arrow[x+i] = "", arrow
		}
		x += width
	}
}

func (s *strip) segments() []Segment {
	var out []Segment
	for start := 0; start < len(s.cells); {
		end := start
		for end < len(s.cells) && s.arrow[end] == s.arrow[start] {
			end++
		}
		out = append(out, Segment{Text: strings.Join(s.cells[start:end], ""), Arrow: s.arrow[start]})
		start = end
	}
	return out
}
