package tui

import (
	"time"

	"sipsniff/correlate/metrics"
)

// countAndOrder tallies the calls and puts them in order.
func (l *listing) countAndOrder(before *listing, stale func() bool) {
	w := &l.wish
	order := func() { l.order(before, stale) }
	switch {
	case w.sameCalls(before):
		l.counts, l.counted, l.counting = before.counts, before.counted, before.counting
		order()
	case w.countsHold(before):
		l.counts, l.counted, l.counting, l.stale = before.counts, before.counted, before.counting, true
		order()
	default:
		var brief *metrics.Brief
		began := time.Now()
		sideBySide(
			func() { l.tally(stale) },
			func() { order(); brief = metrics.BriefOf(w.snap, l.calls) })
		l.counts.brief, l.counted = brief, w.now
		l.counting += time.Since(began)
	}
}

// tally counts the calls, if the survey did not.
func (l *listing) tally(stale func() bool) {
	if l.tallied {
		return
	}
	l.counts = newCallCounts()
	for i, c := range l.calls {
		if i%slice == 0 && stale() {
			return
		}
		l.counts.take(&l.wish, c, l.wish.shows(c))
	}
}

// countEvery is how often many calls are tallied while they change: it takes in
// every one of them. While nobody touches the program countRest times as long
// as it takes has to pass.
const (
	countEvery = time.Second
	countRest  = 300
)

// due reports whether the calls are to be tallied again, if they changed.
func (l *listing) due(now time.Time, unattended bool) bool {
	every := countEvery
	if unattended {
		every = max(every, countRest*l.counting)
	}
	return now.Sub(l.counted) >= every
}

// countsHold reports whether the tally of the listing before will do a little
// longer.
func (w *listWish) countsHold(before *listing) bool {
	return before != nil && len(w.snap.Calls) > inlineCalls && w.sameRules(before) && !before.due(w.now, w.unattended)
}
