package tui

import (
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"

	"sipsniff/correlate"
	"sipsniff/correlate/metrics"
)

// statFigures are the numbers of the statistics, of one window of a snapshot.
type statFigures struct {
	snap   *correlate.Snapshot
	since  int64 // Unix ns, where the window begins
	total  metrics.Summary
	series []float64 // calls per second over the window
	again  int       // retransmissions, of the whole capture

	responses []responseRow
	scores    []scoreRow
	peers     []peerRow
	methods   []methodRow
	codes     []codeCount
}

// A responseRow is a class of responses.
type responseRow struct {
	name, filter, note string
	n                  int
}

// A scoreRow is the answered calls with a MOS in a range.
type scoreRow struct {
	name, filter string
	n            int
}

// A methodRow is the requests of a method.
type methodRow struct {
	name   string
	n      int
	perSec float64
}

// A peerRow is the calls from one host.
type peerRow struct {
	host         netip.Addr
	calls        int
	asr, ner     metrics.Ratio
	pdd          int64 // ns, median; -1 unknown
	mos          float64
	scored       int
	lost, expect uint64
	fails        []codeCount
}

// A codeCount is a final status, 0 for none, and how often.
type codeCount struct{ code, n int }

func (c codeCount) String() string {
	if c.code == 0 {
		return "timeout:" + strconv.Itoa(c.n)
	}
	return strconv.Itoa(c.code) + ":" + strconv.Itoa(c.n)
}

// mostValues is how many values a chart is made from at most. None stands for
// less than a second: one call in a tenth of it would be ten a second.
const mostValues = 240

// maxPeers is how many hosts have a row.
const maxPeers = 500

// newStatFigures works the numbers out. window 0 is the whole capture; narrowed
// is whether calls were cleared away, which its totals do not know.
func newStatFigures(snap *correlate.Snapshot, window time.Duration, narrowed bool) *statFigures {
	f := &statFigures{snap: snap, since: snap.First}
	report := metrics.Of(snap)
	span := &report.Span
	if window > 0 {
		for i := range report.Windows {
			if report.Windows[i].Length == window {
				span = &report.Windows[i].Span
				f.since = snap.Last - int64(window)
			}
		}
	}
	f.total = span.Total
	f.codes = codeCounts(span.Total.Finals)
	f.countCalls()
	f.countMessages(narrowed || window > 0 && f.since > snap.First)
	f.countPeers(span.BySource())
	return f
}

func (f *statFigures) countCalls() {
	span := max(1, f.snap.Last-f.since)
	n := int(max(1, min(mostValues, span/1e9)))
	width := float64(max(span, 1e9)) / float64(n) // ns
	f.series = make([]float64, n)
	names := [...]string{"4.3+", "4.0", "3.6", "3.1", "2.6", "<2.6"}
	filters := [...]string{"mos>=4.3", "mos>=4 mos<4.3", "mos>=3.6 mos<4", "mos>=3.1 mos<3.6", "mos>=2.6 mos<3.1", "mos<2.6"}
	floors := [...]float64{4.3, 4.0, 3.6, 3.1, 2.6, 0}
	f.scores = make([]scoreRow, len(names))
	for i := range names {
		f.scores[i] = scoreRow{name: names[i], filter: filters[i]}
	}
	for _, c := range f.snap.Calls {
		f.again += c.Retransmissions
		if c.Method != "INVITE" || c.Started < f.since {
			continue
		}
		i := int(float64(c.Started-f.since) / width)
		f.series[max(0, min(n-1, i))] += 1e9 / width
		if c.Score != nil && c.Answered > 0 {
			row := slices.IndexFunc(floors[:], func(floor float64) bool { return c.Score.MOS >= floor })
			f.scores[max(0, row)].n++
		}
	}
}

// countMessages fills in responses and methods; of a window it goes through
// the messages, of the whole capture the totals know.
func (f *statFigures) countMessages(part bool) {
	responses, methods := map[int]int{}, map[string]int{}
	if part {
		for _, c := range f.snap.Calls {
			for i := len(c.Messages()) - 1; i >= 0 && c.Messages()[i].Nanos >= f.since; i-- {
				if m := c.Messages()[i]; m.Method != "" {
					methods[m.Method]++
				} else {
					responses[m.StatusCode]++
				}
			}
		}
	} else {
		for code, n := range f.snap.Responses {
			responses[code] = int(n)
		}
		for method, n := range f.snap.Methods {
			methods[method] = int(n)
		}
	}
	f.classes(responses)
	seconds := float64(max(1, f.snap.Last-f.since)) / 1e9
	for name, n := range methods {
		f.methods = append(f.methods, methodRow{name, n, float64(n) / seconds})
	}
	slices.SortFunc(f.methods, func(a, b methodRow) int {
		if a.n != b.n {
			return b.n - a.n
		}
		return strings.Compare(a.name, b.name)
	})
}

// classes adds responses up by class; challenges are no failures.
func (f *statFigures) classes(responses map[int]int) {
	rows := []responseRow{
		{name: "1xx"}, {name: "2xx", filter: "code:2xx"}, {name: "3xx", filter: "code:3xx"},
		{name: "401/407", filter: "code:401,407", note: "auth challenges, not failures"},
		{name: "4xx", filter: "code:4xx"}, {name: "5xx", filter: "code:5xx"}, {name: "6xx", filter: "code:6xx"},
		{name: "none", filter: "state:timeout", note: "no final reply", n: f.total.Finals[0]},
	}
	place := map[int]int{1: 0, 2: 1, 3: 2, 4: 4, 5: 5, 6: 6}
	detail := make([]map[int]int, len(rows))
	for code, n := range responses {
		row, ok := place[code/100]
		if code == 401 || code == 407 {
			row, ok = 3, true
		}
		if !ok {
			continue
		}
		rows[row].n += n
		if row >= 4 {
			if detail[row] == nil {
				detail[row] = map[int]int{}
			}
			detail[row][code] = n
		}
	}
	for i, codes := range detail {
		if codes != nil {
			rows[i].note = joinCodes(codeCounts(codes), 6)
		}
	}
	f.responses = rows
}

// codeCounts are the codes of failures, the most frequent first.
func codeCounts(codes map[int]int) []codeCount {
	var out []codeCount
	for code, n := range codes {
		if (code == 0 || code >= 300) && code != 401 && code != 407 && n > 0 {
			out = append(out, codeCount{code, n})
		}
	}
	slices.SortFunc(out, func(a, b codeCount) int {
		if a.n != b.n {
			return b.n - a.n
		}
		return a.code - b.code
	})
	return out
}

func joinCodes(codes []codeCount, limit int) string {
	var parts []string
	for _, c := range codes[:min(limit, len(codes))] {
		parts = append(parts, c.String())
	}
	return strings.Join(parts, " ")
}

func (f *statFigures) countPeers(rows []metrics.Row) {
	at := map[netip.Addr]int{}
	for i := range rows[:min(len(rows), maxPeers)] {
		r := &rows[i]
		row := peerRow{host: r.Source, calls: r.Attempts + r.Pending, asr: r.AnswerSeizureRatio(), ner: r.NetworkEffectivenessRatio(),
			pdd: -1, fails: codeCounts(r.Finals)}
		if row.calls == 0 {
			continue
		}
		if median, ok := r.PostDialDelay.Percentile(50); ok {
			row.pdd = median
		}
		at[r.Source] = len(f.peers)
		f.peers = append(f.peers, row)
	}
	for _, c := range f.snap.Calls {
		if c.Method != "INVITE" || c.Started < f.since {
			continue
		}
		i, known := at[c.Source.Addr()]
		if !known {
			continue
		}
		p := &f.peers[i]
		if c.Score != nil {
			p.mos += c.Score.MOS
			p.scored++
		}
		for _, s := range streamsIn(f.snap, c) {
			p.lost, p.expect = p.lost+s.Quality.Lost, p.expect+s.Quality.Expected
		}
	}
}

// paceIn is packets per second over a window, from the pace of the capture.
func paceIn(p *Pace, since, until int64) (series []float64, peak float64) {
	if p.Width <= 0 {
		return nil, 0
	}
	for i, n := range p.Frames {
		from := p.From + int64(i)*p.Width
		if from+p.Width <= since || from > until {
			continue
		}
		length := p.Width
		if until > from && until < from+p.Width {
			length = until - from // the last one is not over
		}
		v := float64(n) * 1e9 / float64(max(length, p.Width/4))
		series = append(series, v)
		peak = max(peak, v)
	}
	return series, peak
}

// percentOf is "75 %", a dash when there is nothing to take a part of.
func percentOf(r metrics.Ratio, decimals int, none string) string {
	v, ok := r.Percent()
	if !ok {
		return none
	}
	return fmt.Sprintf("%.*f", decimals, v)
}
