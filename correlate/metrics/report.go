package metrics

import (
	"cmp"
	"net/netip"
	"slices"
	"time"

	"sipsniff/correlate"
)

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
	c := newCollector(s)
	r := new(Report)
	for _, call := range s.Calls {
		c.add(call)
		r.AttemptsLost += call.AttemptsLost
	}
	for i, since := range c.since {
		r.Windows = append(r.Windows, Window{Length: windows[i], Span: c.span(i, since)})
	}
	r.Span = c.span(len(c.since), s.First)
	return r
}

type pair struct{ source, destination netip.Addr }

// ordered is the pair whichever way it is meant.
func (p pair) ordered() pair {
	if p.destination.Less(p.source) {
		return pair{p.destination, p.source}
	}
	return p
}

// busier orders rows by attempts, then by messages, then by address.
func busier(a, b Row) int {
	return cmp.Or(
		b.Attempts+b.Pending-a.Attempts-a.Pending,
		b.Registrations-a.Registrations,
		b.Forward.Messages+b.Backward.Messages-a.Forward.Messages-a.Backward.Messages,
		a.Source.Compare(b.Source), a.Destination.Compare(b.Destination))
}
