package tui

import (
	"time"

	"sipsniff/correlate"
	"sipsniff/internal/filter"
)

// glance is how many calls are filtered and then tallied: what was read of them
// is still in the cache.
const glance = 128

// A portion is what was found out about a piece of the calls.
type portion struct {
	calls  []*correlate.Call // that the filter lets through
	counts callCounts        // if they are tallied
	took   time.Duration     // to give them rows and to tally them
}

// A surveyor looks at pieces of the calls, on one goroutine.
type surveyor struct {
	l      *listing
	rows   indexSet // of what it saw, what the scope shows
	asked  *judge   // nil without a filter
	tally  bool
	warmth int // so that what is read ahead is not left out
}

// survey finds out which calls there are, which of them have a row, and tallies
// them unless that of the listing before will do. It reports false when it
// became stale.
func (l *listing) survey(before *listing, stale func() bool) bool {
	w := &l.wish
	if w.follows(before) {
		l.calls = w.snap.Calls
		return !stale()
	}
	calls, filtered, tallied := w.snap.Calls, w.expr != nil, !w.countsHold(before)
	var known memory
	switch {
	case w.sameCalls(before): // only the order is another one
		l.matched, calls, filtered, tallied = before.matched, before.calls, false, false
	case filtered:
		l.matched = matches{expr: w.expr, snap: w.snap, match: make([]bool, len(calls))}
		known = newMemory(before, w)
	}
	surveyors := make([]surveyor, workers(len(calls)))
	for i := range surveyors {
		surveyors[i] = surveyor{l: l, rows: newIndexSet(w.byIndex), tally: tallied}
		if filtered {
			surveyors[i].asked = l.judge(known)
		}
	}
	portions := make([]portion, sliced(len(calls)))
	handOut(len(calls), len(surveyors), func(worker, piece, from, to int) {
		if !stale() {
			surveyors[worker].look(&portions[piece], calls, from, to)
		}
	})
	if stale() {
		return false
	}
	l.rows = surveyors[0].rows
	for i := range surveyors[1:] {
		l.rows.addAll(&surveyors[i+1].rows)
	}
	if l.calls = calls; filtered {
		l.calls = passed(portions)
	}
	if l.tallied = tallied; tallied {
		l.sum(portions, len(surveyors))
	}
	return true
}

// passed are the calls that the filter lets through.
func passed(portions []portion) []*correlate.Call {
	lists := make([][]*correlate.Call, len(portions))
	for i := range portions {
		lists[i] = portions[i].calls
	}
	return joined(lists)
}

// sum puts the tallies together, in the order of the calls, so that sums of
// fractions come out the same each time.
func (l *listing) sum(portions []portion, workers int) {
	l.counts = newCallCounts()
	for i := range portions {
		l.counts.add(&portions[i].counts)
		l.counting += portions[i].took
	}
	l.counting /= time.Duration(workers)
}

// look looks at the calls from one place to another.
func (s *surveyor) look(p *portion, calls []*correlate.Call, from, to int) {
	p.counts = newCallCounts()
	for i := from; i < to; i += glance {
		some := calls[i:min(i+glance, to)]
		if s.asked != nil {
			n := len(p.calls)
			s.sift(p, some, i)
			some = p.calls[n:]
		}
		s.count(p, some)
	}
}

// sift asks the filter about calls of which the first stands at a place of the
// snapshot.
func (s *surveyor) sift(p *portion, calls []*correlate.Call, at int) {
	if s.asked.known.before == nil { // else little is asked
		s.warmth += warm(calls)
	}
	for k, c := range calls {
		if s.asked.lets(c) {
			s.l.matched.match[at+k] = true
			p.calls = append(p.calls, c)
		}
	}
}

// count notes which calls have a row, and tallies them.
func (s *surveyor) count(p *portion, calls []*correlate.Call) {
	w, began := &s.l.wish, time.Now()
	for _, c := range calls {
		shown := w.shows(c)
		if shown {
			s.rows.add(c.Index)
		}
		if s.tally {
			p.counts.take(w, c, shown)
		}
	}
	p.took += time.Since(began)
}

// warm reads of each call what filters look at. Nothing here waits for
// anything else, so that the processor fetches the memory of many calls at
// once; a filter has to decide about one before it goes on to the next.
func warm(calls []*correlate.Call) (n int) {
	for _, c := range calls {
		n += int(c.State) + len(c.CallID) + len(c.UserAgent) + int(c.Destination.Port())
	}
	for _, c := range calls {
		n += begins(c.From) + begins(c.To) + begins(c.CallID) + begins(c.RequestURI) + begins(c.UserAgent)
	}
	return n
}

// begins is the first octet of a text, 0 of an empty one.
func begins(s string) int {
	if s == "" {
		return 0
	}
	return int(s[0])
}

// A judge asks a filter about one call after the other, in the order of the
// snapshot. It belongs to one goroutine.
type judge struct {
	expr  *filter.Expr
	in    *filter.Scope
	known memory
}

func (l *listing) judge(known memory) *judge {
	w := &l.wish
	in := filter.NewScope(w.snap, func(index int) bool { return w.marked[index] })
	w.found.tell(in)
	return &judge{w.expr, in, known}
}

// lets reports whether the filter lets a call through.
func (j *judge) lets(c *correlate.Call) bool {
	match, known := j.known.recall(c)
	if !known {
		match = j.expr.Match(j.in, c)
	}
	return match
}

// A memory knows what a filter said of the calls of the snapshot before, as
// far as that still holds.
type memory struct {
	before  *matches // nil: nothing is known
	narrows bool     // only "no" still holds
	changed map[int]bool
	next    int
}

// newMemory finds out what of the listing before can be relied on.
func newMemory(before *listing, w *listWish) memory {
	if before == nil {
		return memory{}
	}
	m := &before.matched
	switch {
	case m.expr == nil || !m.expr.Steady() || !w.expr.Steady():
		return memory{}
	case m.expr == w.expr:
		return memory{before: m, changed: changedStreams(m.snap, w.snap)}
	case w.expr.Narrows(m.expr):
		return memory{before: m, narrows: true, changed: changedStreams(m.snap, w.snap)}
	}
	return memory{}
}

// recall returns what is known of a call. Calls are asked for in the order of
// the snapshot.
func (m *memory) recall(c *correlate.Call) (match, known bool) {
	if m.before == nil {
		return false, false
	}
	calls := m.before.snap.Calls
	for m.next < len(calls) && calls[m.next].Index < c.Index {
		m.next++
	}
	if m.next >= len(calls) || calls[m.next] != c || m.changed[c.Index] {
		return false, false
	}
	match = m.before.match[m.next]
	return match, !match || !m.narrows
}

// changedStreams are the calls of which a stream is another one than before.
func changedStreams(before, now *correlate.Snapshot) map[int]bool {
	if before == now {
		return nil
	}
	changed := map[int]bool{}
	note := func(s *correlate.Stream) {
		if s.Call != nil {
			changed[s.Call.Index] = true
		}
	}
	for i, s := range now.Streams {
		if i >= len(before.Streams) || before.Streams[i] != s {
			note(s)
		}
	}
	for i, s := range before.Streams {
		if i >= len(now.Streams) || now.Streams[i] != s {
			note(s) // it may have left its call
		}
	}
	return changed
}
