package page

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"slices"
	"strings"

	"sipsniff/correlate"
	"sipsniff/correlate/diagnosis"
	"sipsniff/correlate/metrics"
	"sipsniff/correlate/mos"
	"sipsniff/internal/amount"
	"sipsniff/internal/clean"
	"sipsniff/tui/ladder"
)

// What one page holds at most. A browser has to draw all of it.
const (
	maxRows    = 5000    // of the table of calls
	maxDetails = 200     // calls drawn as ladders
	maxOrphans = 1000    // streams without a call
	maxArrows  = 400     // rows of one ladder
	maxText    = 1 << 14 // octets of one message
)

//go:embed page.html
var source string

//nolint:gochecknoglobals // parsed once
var pages = template.Must(template.New("page").Parse(source))

// Input is what a page is about.
type Input struct {
	Version   string
	Sources   []string // names of the files or interfaces
	Frames    uint64
	Filter    string // "" for all calls
	Snapshot  *correlate.Snapshot
	Diagnosis *diagnosis.Result
	Scorer    mos.Scorer
	// ShowBodies shows what people wrote to each other, which is left out
	// otherwise (spec §9.14).
	ShowBodies bool
}

// Report writes a page about a capture: what stands above it all, what went
// wrong, a list of the calls, and each call with its ladder and its media.
func Report(w io.Writer, in Input, o Options) error {
	p := newPage(&in, &o)
	p.summary()
	p.causes()
	p.table()
	p.details(p.worstFirst())
	p.orphans()
	return pages.Execute(w, p)
}

// Ladders writes a page of ladders, each with its media and its messages.
func Ladders(w io.Writer, in Input, groups [][]ladder.Leg, o Options) error {
	p := newPage(&in, &o)
	p.Title = "ladder"
	for _, legs := range groups[:min(len(groups), maxDetails)] {
		p.Details = append(p.Details, p.detail(legs))
	}
	if left := len(groups) - maxDetails; left > 0 {
		p.Notes = append(p.Notes, fmt.Sprintf("The first %s of %s ladders are drawn. A filter (-f) chooses others.", amount.Grouped(maxDetails), amount.Grouped(len(groups))))
	}
	return pages.Execute(w, p)
}

// A page is what the template is filled with. Its text is clean; the template
// escapes it, except what has the type template.HTML, which this package made.
type page struct {
	in      *Input
	o       *Options
	streams map[int][]*correlate.Stream // by Call.Index
	calls   map[int]*correlate.Call

	Style   template.CSS
	Title   string
	Version string
	Sources []string
	Span    string
	Filter  string
	Tiles   []tile
	Causes  []cause
	Capture []finding
	Rows    []row
	Details []detail
	Orphans []streamRow
	Notes   []string // what was left out
}

type tile struct{ Name, Value, Note string }

type cause struct {
	Class, Title, Where string
	Count               string
	Calls               []int
	Explanation         string
}

type finding struct {
	Class, Mark, Code, Title, Explanation, Likely, Advice, Confidence string
	Evidence                                                          []evidence
}

type evidence struct{ Link, Text string }

type row struct {
	Index                                             int
	Class, Time, From, To, State, Code, Duration, MOS string
	Verdict                                           string
	Drawn                                             bool
}

func newPage(in *Input, o *Options) *page {
	p := &page{
		in: in, o: o, streams: map[int][]*correlate.Stream{}, calls: map[int]*correlate.Call{},
		Style: template.CSS(pageStyle + ladderStyle + lanesStyle), Title: "report", Version: in.Version, Filter: clean.Line(in.Filter),
	}
	for _, s := range in.Sources {
		p.Sources = append(p.Sources, clean.Line(s))
	}
	if in.Snapshot.First != 0 {
		p.Span = o.moment(in.Snapshot.First) + " – " + o.moment(in.Snapshot.Last) + " " + o.location().String()
	}
	for _, s := range in.Snapshot.Streams {
		if s.Call != nil {
			p.streams[s.Call.Index] = append(p.streams[s.Call.Index], s)
		}
	}
	for _, c := range in.Snapshot.Calls {
		p.calls[c.Index] = c
	}
	return p
}

func (p *page) summary() {
	snap := p.in.Snapshot
	b := metrics.BriefOf(snap, snap.Calls)
	invites, sum, scored, wrong := 0, 0.0, 0, 0
	for _, c := range snap.Calls {
		if c.Method == "INVITE" {
			invites++
			if c.Score != nil {
				sum, scored = sum+c.Score.MOS, scored+1
			}
		}
		if p.in.Diagnosis.Verdict(c.Index) != nil {
			wrong++
		}
	}
	p.Tiles = append(p.Tiles, tile{"calls", amount.Grouped(invites), fmt.Sprintf("of %s dialogs", amount.Grouped(len(snap.Calls)))},
		tile{"with a finding", fmt.Sprint(wrong), ""},
		ratioTile("ASR", "answered", b.AnswerSeizureRatio()), ratioTile("NER", "network did its part", b.NetworkEffectivenessRatio()))
	if ns, ok := b.PostDialDelay.Percentile(95); ok {
		p.Tiles = append(p.Tiles, tile{"PDD p95", seconds(ns), "post-dial delay"})
	}
	if scored > 0 {
		p.Tiles = append(p.Tiles, tile{"MOS", fmt.Sprintf("%.2f", sum/float64(scored)), fmt.Sprintf("est., worst streams of %s calls", amount.Grouped(scored))})
	}
	p.Tiles = append(p.Tiles, tile{"packets", fmt.Sprint(p.in.Frames), ""})
}

// seconds writes a delay in the unit that shows it.
func seconds(ns int64) string {
	if ns < 1e9 {
		return fmt.Sprintf("%d ms", (ns+5e5)/1e6)
	}
	return fmt.Sprintf("%.1f s", float64(ns)/1e9)
}

func ratioTile(name, note string, r metrics.Ratio) tile {
	percent, ok := r.Percent()
	if !ok {
		return tile{name, "–", "no decided attempt"}
	}
	return tile{name, fmt.Sprintf("%.0f %%", percent), fmt.Sprintf("%s, %s of %s", note, amount.Grouped(r.Part), amount.Grouped(r.Whole))}
}

func (p *page) causes() {
	d := p.in.Diagnosis
	for i := range d.Causes {
		c := &d.Causes[i]
		v := d.Verdict(c.Calls[0])
		out := cause{
			Class: c.Severity.String(), Title: c.Title, Count: amount.Of(len(c.Calls), "call"),
			Where: fmt.Sprintf("from %s to %s", c.A, c.B), Calls: c.Calls[:min(len(c.Calls), 20)],
		}
		if v != nil {
			out.Explanation = v.Explanation
		}
		p.Causes = append(p.Causes, out)
	}
	for i := range d.Capture {
		p.Capture = append(p.Capture, p.finding(&d.Capture[i], nil))
	}
}

func (p *page) finding(f *correlate.Finding, link func(frame int) string) finding {
	out := finding{
		Class: f.Severity.String(), Mark: markOf(f.Severity), Code: f.Code, Title: f.Title, Explanation: f.Explanation,
		Likely: f.Likely, Advice: f.Advice, Confidence: f.Confidence.String(),
	}
	for _, e := range f.Evidence {
		text := clean.Line(e.Text)
		if e.Frame > 0 {
			text = fmt.Sprintf("frame %d  %s", e.Frame, text)
		}
		shown := evidence{Text: text}
		if link != nil {
			shown.Link = link(e.Frame)
		}
		out.Evidence = append(out.Evidence, shown)
	}
	return out
}

func markOf(s correlate.Severity) string {
	switch s {
	case correlate.Error, correlate.Critical:
		return "✗"
	case correlate.Warning:
		return "⚠"
	}
	return "·"
}

// worstFirst is the calls with findings, the worst first, then the others.
func (p *page) worstFirst() []*correlate.Call {
	list := slices.Clone(p.in.Snapshot.Calls)
	rank := func(c *correlate.Call) int {
		if v := p.in.Diagnosis.Verdict(c.Index); v != nil {
			return int(v.Severity)
		}
		return -1
	}
	slices.SortStableFunc(list, func(a, b *correlate.Call) int { return rank(b) - rank(a) })
	return list
}

func (p *page) table() {
	calls := p.in.Snapshot.Calls
	for _, c := range calls[:min(len(calls), maxRows)] {
		p.Rows = append(p.Rows, p.row(c))
	}
	if left := len(calls) - maxRows; left > 0 {
		p.Notes = append(p.Notes, fmt.Sprintf("The table holds the first %s of %s calls. A filter (-f) chooses others.", amount.Grouped(maxRows), amount.Grouped(len(calls))))
	}
}

func (p *page) row(c *correlate.Call) row {
	from, to := ladder.Parties(c)
	r := row{
		Index: c.Index, Time: p.o.moment(c.Started), From: clean.Line(from), To: clean.Line(to), State: c.Word(), Class: "none",
	}
	if c.FinalStatus > 0 {
		r.Code = fmt.Sprint(c.FinalStatus)
	}
	if c.Duration >= 0 {
		r.Duration = fmt.Sprintf("%d:%02d", c.Duration/60e9, c.Duration/1e9%60)
	}
	if c.Score != nil {
		r.MOS = fmt.Sprintf("%.2f", c.Score.MOS)
	}
	if v := p.in.Diagnosis.Verdict(c.Index); v != nil {
		r.Verdict, r.Class = markOf(v.Severity)+" "+v.Title, v.Severity.String()
	}
	return r
}

// drawn notes which rows have details to lead to.
func (p *page) drawn(of map[int]bool) {
	for i := range p.Rows {
		p.Rows[i].Drawn = of[p.Rows[i].Index]
	}
}

func cleanLines(s string) string {
	lines := strings.Split(strings.ReplaceAll(s, "\r\n", "\n"), "\n")
	for i := range lines {
		lines[i] = clean.Line(lines[i])
	}
	return strings.Join(lines, "\n")
}
