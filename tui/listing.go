package tui

import (
	"time"

	"sipsniff/correlate"
	"sipsniff/internal/filter"
)

// slice is how many calls are looked at between two looks at whether the
// listing is still wanted.
const slice = 4096

// A listing is what the call list shows of one snapshot: which calls, in what
// order, and their tally. It does not change once it is made.
type listing struct {
	wish    listWish
	matched matches
	calls   []*correlate.Call // that the filter lets through
	entries []sortEntry       // those the scope shows, in order
	last    int               // largest index that was considered
	counts  callCounts
	counted time.Time // when
	stale   bool      // the tally is that of the listing before
	held    bool      // the order is an old one, new rows stand at the end
}

// A listWish is what a listing is made from. Nothing in it changes.
type listWish struct {
	snap   *correlate.Snapshot
	expr   *filter.Expr // nil for all
	marked map[int]bool
	scope  scope
	found  *findings
	only   bool // calls with a finding

	key        sortKey
	descending bool
	hold       bool // leave the order of the listing before
	now        time.Time
}

// matches remember what the filter said of each call.
type matches struct {
	expr  *filter.Expr
	snap  *correlate.Snapshot
	match []bool // by the place in snap.Calls
}

// make makes the listing, from the one before as far as that helps. It
// returns nil when it became stale.
func (w *listWish) make(before *listing, stale func() bool) *listing {
	l := &listing{wish: *w}
	if w.sameCalls(before) { // only the order is another one
		l.matched, l.calls, l.counts, l.counted = before.matched, before.calls, before.counts, before.counted
	} else {
		if !l.filter(before, stale) {
			return nil
		}
		if stale() {
			return nil
		}
		if w.countsHold(before) {
			l.counts, l.counted, l.stale = before.counts, before.counted, true
		} else {
			l.counts, l.counted = countCalls(w.snap, l.calls, w.shows), w.now
		}
	}
	if stale() {
		return nil
	}
	l.order(before)
	if stale() {
		return nil
	}
	return l
}

// countEvery is how often many calls are tallied while they change: it takes in
// every one of them.
const countEvery = time.Second

// countsHold reports whether the tally of the listing before will do a little
// longer.
func (w *listWish) countsHold(before *listing) bool {
	return before != nil && len(w.snap.Calls) > inlineCalls && w.expr == before.wish.expr && w.scope == before.wish.scope &&
		!w.only && !before.wish.only && w.now.Sub(before.counted) < countEvery
}

// sameCalls reports whether the listing before has the same calls.
func (w *listWish) sameCalls(before *listing) bool {
	return before != nil && !before.stale && before.wish.snap == w.snap && before.wish.scope == w.scope && !w.only && !before.wish.only &&
		before.wish.expr == w.expr && (w.expr == nil || w.expr.Steady())
}

// shows tells whether the scope holds a call.
func (w *listWish) shows(c *correlate.Call) bool {
	if w.only && !w.found.has(c) {
		return false
	}
	switch w.scope {
	case scopeCalls:
		return c.Method == "INVITE"
	case scopeDialogs:
		return c.Method != "OPTIONS"
	}
	return true
}

// filter finds the calls that the filter lets through. It reports false when
// it became stale.
func (l *listing) filter(before *listing, stale func() bool) bool {
	w := &l.wish
	if w.expr == nil {
		l.calls = w.snap.Calls
		return true
	}
	l.matched = matches{expr: w.expr, snap: w.snap, match: make([]bool, len(w.snap.Calls))}
	in := filter.NewScope(w.snap, func(index int) bool { return w.marked[index] })
	in.Problems(w.found.of)
	memory := newMemory(before, w)
	for i, c := range w.snap.Calls {
		if i%slice == 0 && stale() {
			return false
		}
		match, known := memory.recall(c)
		if !known {
			match = w.expr.Match(in, c)
		}
		if match {
			l.matched.match[i] = true
			l.calls = append(l.calls, c)
		}
	}
	return true
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

// order puts the calls in order. What stands in order already is not sorted
// again.
func (l *listing) order(before *listing) {
	w := &l.wish
	for _, c := range l.calls {
		l.last = max(l.last, c.Index)
	}
	same := before != nil && before.wish.key.column == w.key.column && before.wish.descending == w.descending
	switch {
	case same && w.hold:
		l.held = true
		kept, fresh := l.retain(before.entries)
		l.entries = append(kept, fresh...)
	case same && !w.key.volatile:
		kept, fresh := l.retain(before.entries)
		sortEntries(fresh, w.descending)
		l.entries = merge(kept, fresh, w.descending)
	default:
		_, l.entries = l.retain(nil)
		sortEntries(l.entries, w.descending)
	}
}

// retain returns the entries that stay, in their order, and those of the calls
// that are new.
func (l *listing) retain(old []sortEntry) (kept, fresh []sortEntry) {
	w := &l.wish
	if old == nil {
		fresh = make([]sortEntry, 0, len(l.calls))
		for _, c := range l.calls {
			if w.shows(c) {
				fresh = append(fresh, w.key.entry(w.snap, w.found, c))
			}
		}
		return nil, fresh
	}
	wanted := newIndexSet(l.calls)
	for _, c := range l.calls {
		if w.shows(c) {
			wanted.add(c.Index)
		}
	}
	kept = make([]sortEntry, 0, len(old))
	for _, e := range old {
		if wanted.remove(e.index) {
			kept = append(kept, e)
		}
	}
	for _, c := range l.calls {
		if wanted.has(c.Index) {
			fresh = append(fresh, w.key.entry(w.snap, w.found, c))
		}
	}
	return kept, fresh
}

// An indexSet is a set of call indexes.
type indexSet struct {
	least int
	bits  []uint64
}

// newIndexSet makes an empty set for the indexes of calls.
func newIndexSet(calls []*correlate.Call) *indexSet {
	if len(calls) == 0 {
		return &indexSet{}
	}
	least, most := calls[0].Index, calls[0].Index
	for _, c := range calls {
		least, most = min(least, c.Index), max(most, c.Index)
	}
	return &indexSet{least, make([]uint64, (most-least)/64+1)}
}

func (s *indexSet) place(index int) (word int, bit uint64, ok bool) {
	i := index - s.least
	return i / 64, 1 << (i & 63), i >= 0 && i/64 < len(s.bits)
}

func (s *indexSet) add(index int) {
	if word, bit, ok := s.place(index); ok {
		s.bits[word] |= bit
	}
}

func (s *indexSet) has(index int) bool {
	word, bit, ok := s.place(index)
	return ok && s.bits[word]&bit != 0
}

// remove takes an index out and reports whether it was there.
func (s *indexSet) remove(index int) bool {
	if !s.has(index) {
		return false
	}
	word, bit, _ := s.place(index)
	s.bits[word] &^= bit
	return true
}

// merge puts fresh entries in their places among old ones; both are in order.
func merge(old, fresh []sortEntry, descending bool) []sortEntry {
	if len(fresh) == 0 || len(old) == 0 || compare(old[len(old)-1], fresh[0], descending) < 0 {
		return append(old, fresh...)
	}
	out := make([]sortEntry, 0, len(old)+len(fresh))
	for len(old) > 0 && len(fresh) > 0 {
		if compare(old[0], fresh[0], descending) <= 0 {
			out, old = append(out, old[0]), old[1:]
		} else {
			out, fresh = append(out, fresh[0]), fresh[1:]
		}
	}
	return append(append(out, old...), fresh...)
}
