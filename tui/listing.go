package tui

import (
	"slices"
	"sync/atomic"
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
	wish     listWish
	matched  matches
	calls    []*correlate.Call // that the filter lets through
	rows     indexSet          // those the scope shows; only while the listing is made
	entries  []sortEntry       // those the scope shows, in order
	taken    *atomic.Int64     // see extend
	last     int               // largest index of the snapshot
	counts   callCounts
	tallied  bool          // by the survey
	counted  time.Time     // when
	counting time.Duration // how long that took
	stale    bool          // the tally is that of the listing before
	held     bool          // the order is an old one, new rows stand at the end
	took     time.Duration // to make it
}

// A listWish is what a listing is made from. Nothing in it changes.
type listWish struct {
	snap    *correlate.Snapshot
	byIndex []*correlate.Call // those of snap
	expr    *filter.Expr      // nil for all
	marked  map[int]bool
	scope   scope
	hide    hiddenMethods // of what scopeDialogs holds
	found   *findings
	only    bool // calls with a finding
	parties partyForm

	key        sortKey
	descending bool
	hold       bool // leave the order of the listing before
	unattended bool // nobody waits for the tally
	now        time.Time
}

// listRest is how many times as long as it took a list of many calls stays as
// it is while nobody touches the program, unless it is one that follows.
const listRest = 100

// rests reports whether news may wait: the listing before is not old for what
// it takes to make another.
func (w *listWish) rests(before *listing) bool {
	return w.unattended && len(w.snap.Calls) > inlineCalls && w.now.Sub(before.wish.now) < listRest*before.took && !w.follows(before)
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
	began := time.Now()
	l := &listing{wish: *w}
	if !l.survey(before, stale) {
		return nil
	}
	l.countAndOrder(before, stale)
	if stale() {
		return nil
	}
	l.rows, l.took = indexSet{}, time.Since(began)
	return l
}

// sameCalls reports whether the listing before has the same calls.
func (w *listWish) sameCalls(before *listing) bool {
	return before != nil && !before.stale && before.wish.snap == w.snap && w.sameRules(before) && (w.expr == nil || w.expr.Steady())
}

// sameRules reports whether the listing before chose its rows in the same way, and
// by nothing that is not in the snapshot, as findings are.
func (w *listWish) sameRules(before *listing) bool {
	return w.expr == before.wish.expr && w.scope == before.wish.scope && slices.Equal(w.hide, before.wish.hide) && !w.only && !before.wish.only
}

// sameOrder reports whether the listing before was asked for the same order.
func (w *listWish) sameOrder(before *listing) bool {
	return before != nil && before.wish.key.column == w.key.column && before.wish.descending == w.descending && before.wish.parties == w.parties
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
		return !w.hide.has(c.Method)
	}
	return true
}

// order puts the calls in order. What stands in order already is not sorted
// again. It leaves off when it became stale.
func (l *listing) order(before *listing, stale func() bool) {
	w := &l.wish
	if n := len(w.byIndex); n > 0 {
		l.last = w.byIndex[n-1].Index
	}
	same := w.sameOrder(before)
	switch {
	case w.follows(before):
		l.follow(before)
	case same && w.hold:
		l.held = true
		kept, fresh := l.retain(before.entries, nil, stale)
		l.entries = append(kept, fresh...)
	case same && !w.key.volatile:
		kept, fresh := l.retain(before.entries, w.moved(before), stale)
		sortEntries(fresh, w.descending)
		l.entries = merge(kept, fresh, w.descending)
	default:
		_, l.entries = l.retain(nil, nil, stale)
		sortEntries(l.entries, w.descending)
	}
}

// retain returns the entries that stay, in their order, and those of the calls
// that are new or have moved.
func (l *listing) retain(old []sortEntry, moved map[int]bool, stale func() bool) (kept, fresh []sortEntry) {
	if old == nil {
		return nil, l.freshEntries(stale)
	}
	kept = make([]sortEntry, 0, len(old))
	for i := range old {
		if !moved[old[i].index] && l.rows.remove(old[i].index) {
			kept = append(kept, old[i])
		}
	}
	return kept, l.freshEntries(stale)
}

// freshEntries makes the entries of the rows that are left.
func (l *listing) freshEntries(stale func() bool) []sortEntry {
	w := &l.wish
	in := sortScope{w.snap, w.found, w.parties}
	fresh := make([]sortEntry, 0, l.rows.len())
	for index := range l.rows.all() {
		if len(fresh)%slice == 0 && stale() {
			break
		}
		fresh = append(fresh, w.key.entry(&in, correlate.CallAt(w.byIndex, index)))
	}
	return fresh
}

// merge puts fresh entries in their places among old ones; both are in order.
func merge(old, fresh []sortEntry, descending bool) []sortEntry {
	if endsWith(old, fresh, descending) {
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
