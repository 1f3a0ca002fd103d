package tui

import (
	"time"

	"sipsniff/correlate"
	"sipsniff/internal/filter"
)

// glance is how many calls are filtered and then tallied: what was read of them
// is still in the cache.
const glance = 128

// A portion is what one worker found out about some of the calls.
type portion struct {
	calls  []*correlate.Call // that the filter lets through
	rows   indexSet          // of them, those the scope shows
	counts callCounts        // if they are tallied
	took   time.Duration     // to tally them
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
	portions := make([]portion, workers(len(calls)))
	inParts(len(calls), len(portions), func(part, from, to int) {
		s := &portions[part]
		s.rows, s.counts = newIndexSet(w.byIndex), newCallCounts()
		var asked *judge
		if filtered {
			asked = l.judge(known)
		}
		l.look(s, calls, from, to, asked, tallied, stale)
	})
	if stale() {
		return false
	}
	l.rows = newIndexSet(w.byIndex)
	lists := make([][]*correlate.Call, len(portions))
	for i := range portions {
		l.rows.addAll(&portions[i].rows)
		lists[i] = portions[i].calls
	}
	if l.calls = calls; filtered {
		l.calls = joined(lists)
	}
	if tallied {
		l.counts, l.tallied = newCallCounts(), true
		for i := range portions {
			l.counts.add(&portions[i].counts)
			l.counting = max(l.counting, portions[i].took)
		}
	}
	return true
}

// look looks at the calls from one place to another.
func (l *listing) look(s *portion, calls []*correlate.Call, from, to int, asked *judge, tallied bool, stale func() bool) {
	w := &l.wish
	for i := from; i < to; i += glance {
		if (i-from)%slice == 0 && stale() {
			return
		}
		some := calls[i:min(i+glance, to)]
		if asked != nil {
			n := len(s.calls)
			for k, c := range some {
				if asked.lets(c) {
					l.matched.match[i+k] = true
					s.calls = append(s.calls, c)
				}
			}
			some = s.calls[n:]
		}
		var began time.Time
		if tallied {
			began = time.Now()
		}
		for _, c := range some {
			shown := w.shows(c)
			if shown {
				s.rows.add(c.Index)
			}
			if tallied {
				s.counts.take(w, c, shown)
			}
		}
		if tallied {
			s.took += time.Since(began)
		}
	}
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
	in.Problems(w.found.of)
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
