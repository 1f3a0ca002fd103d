package page

import (
	"fmt"
	"html/template"
	"strings"

	"sipsniff/correlate"
	"sipsniff/internal/amount"
	"sipsniff/internal/clean"
	"sipsniff/tui/ladder"
)

// A detail is one end-to-end call: why, ladder, media, messages.
type detail struct {
	Index    int
	Class    string
	Head     string
	About    string // Call-IDs
	Findings []finding
	Ladder   template.HTML
	Cut      string // what of the ladder was left out
	Streams  []streamRow
	Messages []message
}

type streamRow struct {
	Direction, Source, Destination, Codec, Packets, Lost, Percent, Jitter, MOS, Basis string
	Chart                                                                             template.HTML
}

type message struct{ Anchor, Head, Text string }

// details draws calls, and with each the legs that belong to it, until the
// page is full.
func (p *page) details(calls []*correlate.Call) {
	done := make(map[int]bool)
	left := 0
	for _, c := range calls {
		if done[c.Index] {
			continue
		}
		if len(p.Details) >= maxDetails {
			left++
			continue
		}
		legs := ladder.LegsOf(c, func(i int) *correlate.Call { return p.calls[i] }, func(c *correlate.Call) []*correlate.Stream { return p.streams[c.Index] })
		for i := range legs {
			done[legs[i].Call.Index] = true
		}
		p.Details = append(p.Details, p.detail(legs))
	}
	if left > 0 {
		p.Notes = append(p.Notes, fmt.Sprintf("%s calls are drawn, those with the worst findings first; %s are not. A filter (-f) chooses others.", amount.Grouped(len(p.Details)), amount.Grouped(left)))
	}
	p.drawn(done)
}

func (p *page) detail(legs []ladder.Leg) detail {
	c := legs[0].Call
	from, to := ladder.Parties(c)
	d := detail{Index: c.Index, Class: "none", Head: fmt.Sprintf("#%s  %s → %s  %s", ladder.Numbers(legs), clean.Line(from), clean.Line(to), c.Word())}
	if v := p.in.Diagnosis.Verdict(c.Index); v != nil {
		d.Class = v.Severity.String()
	}
	ids := make([]string, 0, len(legs))
	anchors := make(map[int]string)
	marks := make(map[int]correlate.Severity)
	for i := range legs {
		ids = append(ids, "Call-ID "+clean.Line(legs[i].Call.CallID))
		p.messages(&d, legs[i].Call, anchors)
		list := p.in.Diagnosis.Of(legs[i].Call.Index)
		for j := range list {
			for _, frame := range list[j].Frames {
				marks[frame] = max(marks[frame], list[j].Severity)
			}
			d.Findings = append(d.Findings, p.finding(&list[j], func(frame int) string { return anchors[frame] }))
		}
		for _, s := range legs[i].Streams {
			d.Streams = append(d.Streams, p.stream(s, ladder.Letter(i), len(legs) > 1))
		}
	}
	d.About = strings.Join(ids, " · ")
	p.draw(&d, legs, anchors, marks)
	return d
}

// draw draws the ladder with arrows that lead to the messages.
func (p *page) draw(d *detail, legs []ladder.Leg, anchors map[int]string, marks map[int]correlate.Severity) {
	l := ladder.Build(legs, ladder.Choice{ShowKeys: p.o.ShowKeys})
	if over := len(l.Rows) - maxArrows; over > 0 {
		d.Cut = fmt.Sprintf("%s more rows are not drawn", amount.Grouped(over))
		l.Rows = l.Rows[:maxArrows]
	}
	o := *p.o
	o.Marks = marks
	o.Link = func(m *correlate.Message) string { return anchors[m.Frame] }
	var b strings.Builder
	_ = drawLadder(&b, l, &o, false) // a Builder takes everything
	d.Ladder = template.HTML(b.String())
}

// messages lists the messages of a leg and notes where each of them is.
func (p *page) messages(d *detail, c *correlate.Call, anchors map[int]string) {
	for _, m := range c.Messages() {
		if m.Duplicate || len(d.Messages) >= maxArrows {
			continue
		}
		anchor := fmt.Sprintf("m%d-%d", c.Index, len(d.Messages))
		if _, taken := anchors[m.Frame]; !taken {
			anchors[m.Frame] = "#" + anchor
		}
		name := m.Method
		if name == "" {
			name = fmt.Sprintf("%d %s", m.StatusCode, m.Reason)
		}
		d.Messages = append(d.Messages, message{
			Anchor: anchor, Text: p.text(m),
			Head: fmt.Sprintf("%s  frame %d  %s → %s  %s", p.o.clock(m.Nanos), m.Frame, m.Src, m.Dst, clean.Line(name)),
		})
	}
}

// text is a message as on the wire, without its secrets.
func (p *page) text(m *correlate.Message) string {
	raw, err := m.Read()
	if err != nil {
		return "[" + err.Error() + "]"
	}
	raw, note := p.withoutSecrets(raw)
	if len(raw) > maxText {
		raw, note = raw[:maxText], fmt.Sprintf("\n[%s octets more]", amount.Grouped(len(raw)-maxText))+note
	}
	return cleanLines(raw) + note
}

func (p *page) stream(s *correlate.Stream, letter string, several bool) streamRow {
	r := streamRow{
		Source: s.Src.String(), Destination: s.Dst.String(), Codec: ladder.StreamName(s, false), Packets: fmt.Sprint(s.Packets),
		Chart: template.HTML(lanes(s, &p.in.Scorer, p.o)),
	}
	if s.Call != nil {
		r.Direction = "◀"
		if s.FromCaller {
			r.Direction = "▶"
		}
		if several {
			r.Direction = letter + r.Direction
		}
	}
	q := &s.Quality
	if q.Expected > 0 && !s.Repair {
		r.Lost, r.Percent = fmt.Sprint(q.Lost), fmt.Sprintf("%.1f", 100*float64(q.Lost)/float64(q.Expected))
	}
	if q.HasJitter {
		r.Jitter = fmt.Sprintf("%.1f / %.1f", q.JitterMean, q.JitterMax)
	}
	if s.Score.Known {
		r.MOS = fmt.Sprintf("%.2f", s.Score.MOS)
		if s.Score.Entry.Assumed() {
			r.MOS += "*"
		}
	} else if s.Score.Reason != "" {
		r.Basis = strings.ReplaceAll(s.Score.Reason, "_", " ")
	}
	return r
}

// orphans lists the streams that no signalling explains.
func (p *page) orphans() {
	left := 0
	for _, s := range p.in.Snapshot.Streams {
		switch {
		case s.Call != nil:
		case len(p.Orphans) >= maxOrphans:
			left++
		default:
			r := p.stream(s, "", false)
			if len(p.Orphans) >= maxDetails {
				r.Chart = ""
			}
			p.Orphans = append(p.Orphans, r)
		}
	}
	if left > 0 {
		p.Notes = append(p.Notes, fmt.Sprintf("%s more streams without a call are not listed.", amount.Grouped(left)))
	}
}
