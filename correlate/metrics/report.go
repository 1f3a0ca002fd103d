package metrics

import (
	"cmp"
	"math"
	"net/netip"
	"slices"
	"time"

	"sipsniff/correlate"
)

// maxRows is how many pairs of hosts have a row; the calls of further ones
// are counted together.
const maxRows = 10_000

// windows are the spans before the last packet that have metrics of their own.
var windows = [...]time.Duration{time.Minute, 5 * time.Minute, 15 * time.Minute, time.Hour}

// A Report is all metrics of a Snapshot.
type Report struct {
	Span
	Windows      []Window // the shortest first; those that are shorter than the capture
	AttemptsLost int      // that were not kept, because one Call-ID had too many
}

// A Span is the metrics of a span of time. An attempt, a message and a
// registration belong to it when they began in it.
type Span struct {
	Total Summary
	Pairs []Row // by the host that sent the INVITE and the host that it was sent to; most attempts first

	// Others is what the pairs beyond the first maxRows have; nil when there
	// are no more.
	Others *Summary

	first, last int64
}

// BySource adds up the rows by the host that calls, most attempts first.
// Others are not in it.
func (s *Span) BySource() []Row {
	return s.by(func(r *Row) pair { return pair{source: r.Source} })
}

// ByDestination adds up the rows by the host that is called.
func (s *Span) ByDestination() []Row {
	return s.by(func(r *Row) pair { return pair{destination: r.Destination} })
}

func (s *Span) by(key func(*Row) pair) []Row {
	at := make(map[pair]int)
	var rows []Row
	for i := range s.Pairs {
		k := key(&s.Pairs[i])
		j, known := at[k]
		if !known {
			j = len(rows)
			at[k] = j
			rows = append(rows, Row{Source: k.source, Destination: k.destination})
		}
		rows[j].merge(&s.Pairs[i].Summary)
	}
	for i := range rows {
		rows[i].finish(s.first, s.last)
	}
	slices.SortFunc(rows, busier)
	return rows
}

// A Window is the span before the last packet.
type Window struct {
	Length time.Duration
	Span
}

// A Row is the metrics of the calls from one host to another. By source or by
// destination the other one is not valid.
type Row struct {
	Source, Destination netip.Addr
	// OneSided is what the capture shows of the two, see correlate.Link; ""
	// when it shows both sides, or is not sure.
	OneSided string
	Summary
}

// Of makes the report of a Snapshot. Each leg of a call that several hosts
// handle is a call of its own; a leg that is seen on several hops counts once,
// on the hop nearest to the caller (spec §9.13).
func Of(s *correlate.Snapshot) *Report {
	r := &Report{Span: spanOf(s, math.MinInt64)}
	for _, c := range s.Calls {
		r.AttemptsLost += c.AttemptsLost
	}
	for _, length := range windows {
		if since := s.Last - int64(length); since > s.First {
			r.Windows = append(r.Windows, Window{Length: length, Span: spanOf(s, since)})
		}
	}
	return r
}

// spanOf takes what began after a moment.
func spanOf(s *correlate.Snapshot, since int64) Span {
	c := newCollector(s, since)
	for _, call := range s.Calls {
		c.add(call)
	}
	return c.span()
}

type pair struct{ source, destination netip.Addr }

// ordered is the pair whichever way it is meant.
func (p pair) ordered() pair {
	if p.destination.Less(p.source) {
		return pair{p.destination, p.source}
	}
	return p
}

// A collector makes one Span.
type collector struct {
	snapshot *correlate.Snapshot
	since    int64
	rows     map[pair]*Row
	list     []*Row
	others   *Summary
	blind    map[pair]bool // one-sided for certain
	sided    map[pair]string
	scan     scan

	recent  pair // the row that was asked for last
	summary *Summary
}

func newCollector(s *correlate.Snapshot, since int64) *collector {
	c := &collector{snapshot: s, since: since, rows: make(map[pair]*Row), blind: make(map[pair]bool), sided: make(map[pair]string)}
	for _, l := range s.Links.List {
		if l.Certain {
			p := pair{l.A, l.B}.ordered()
			c.blind[p], c.sided[p] = true, l.Seen
		}
	}
	return c
}

// row is the summary of a pair, made when it is new.
func (c *collector) row(p pair) *Summary {
	if c.summary != nil && p == c.recent {
		return c.summary
	}
	c.recent = p
	switch r := c.rows[p]; {
	case r != nil:
		c.summary = &r.Summary
	case len(c.list) < maxRows:
		r = &Row{Source: p.source, Destination: p.destination, OneSided: c.sided[p.ordered()]}
		c.rows[p], c.summary = r, &r.Summary
		c.list = append(c.list, r)
	default:
		if c.others == nil {
			c.others = new(Summary)
		}
		c.summary = c.others
	}
	return c.summary
}

// add takes a call.
func (c *collector) add(call *correlate.Call) {
	if n := len(call.Messages); n == 0 || call.Messages[n-1].Nanos <= c.since && !call.Attempt.Up() {
		return
	}
	for i := range call.EarlierAttempts {
		c.attempt(call, &call.EarlierAttempts[i])
	}
	if call.Attempt.Known() {
		c.attempt(call, &call.Attempt)
	}
	c.messages(call)
}

func (c *collector) attempt(call *correlate.Call, a *correlate.Attempt) {
	p := pair{a.Source.Addr(), a.Destination.Addr()}
	row := c.row(p)
	fall := a.Ended
	if a.Connected != 0 && (fall > c.since || a.Up() && fall == 0) {
		row.Rate.up(max(a.Connected, c.since+1), fall)
	}
	if began := cmp.Or(a.Counted, a.Credited, call.Started); began > c.since {
		row.Rate.begin(began)
		row.attempt(a, c.blind[p.ordered()])
	}
}

// span adds up and puts in order.
func (c *collector) span() (s Span) {
	for _, r := range c.list {
		s.Total.merge(&r.Summary)
	}
	first, last := max(c.snapshot.First, c.since), c.snapshot.Last
	s.first, s.last = first, last
	if c.others != nil {
		s.Total.merge(c.others)
		c.others.finish(first, last)
		s.Others = c.others
	}
	s.Total.finish(first, last)
	s.Pairs = make([]Row, len(c.list))
	for i, r := range c.list {
		s.Pairs[i] = *r
		s.Pairs[i].finish(first, last)
	}
	slices.SortFunc(s.Pairs, busier)
	return s
}

// busier orders rows by attempts, then by messages, then by address.
func busier(a, b Row) int {
	return cmp.Or(
		b.Attempts+b.Pending-a.Attempts-a.Pending,
		b.Registrations-a.Registrations,
		b.Forward.Messages+b.Backward.Messages-a.Forward.Messages-a.Backward.Messages,
		a.Source.Compare(b.Source), a.Destination.Compare(b.Destination))
}
