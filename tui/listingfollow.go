package tui

import (
	"slices"
	"sync/atomic"

	"sipsniff/correlate"
)

// follows reports whether the listing is the one before but for the calls that
// changed since: which others have a row, and where, is as it was.
func (w *listWish) follows(before *listing) bool {
	return w.sameOrder(before) && (w.hold || !w.key.volatile) && w.expr == nil && w.sameRules(before)
}

// follow makes the rows from those of the listing before. It looks into the
// calls that changed, however many there are.
func (l *listing) follow(before *listing) {
	w := &l.wish
	in := sortScope{w.snap, w.found, w.parties}
	var fresh []sortEntry
	gone := map[int]bool{}
	for was, is := range correlate.Changes(before.wish.byIndex, w.byIndex) {
		had, has := was != nil && w.shows(was), is != nil && w.shows(is)
		if had && has && (w.hold || w.samePlace(&in, was, is)) {
			continue
		}
		if had {
			gone[was.Index] = true
		}
		if has {
			fresh = append(fresh, w.key.entry(&in, is))
		}
	}
	kept := before.entries
	if len(gone) > 0 {
		kept = make([]sortEntry, 0, len(before.entries)+len(fresh))
		for _, e := range before.entries {
			if !gone[e.index] {
				kept = append(kept, e)
			}
		}
	}
	if l.held = w.hold; !l.held {
		sortEntries(fresh, w.descending)
	}
	switch {
	case len(gone) == 0 && (l.held || endsWith(kept, fresh, w.descending)):
		l.extend(before, fresh)
	case l.held:
		l.entries = append(kept, fresh...)
	default:
		l.entries = merge(kept, fresh, w.descending)
	}
}

// samePlace reports whether a call that changed stays where it is in the order.
func (w *listWish) samePlace(in *sortScope, was, is *correlate.Call) bool {
	return compare(w.key.entry(in, was), w.key.entry(in, is), false) == 0
}

// moved are the calls that have another place in the order than in the listing
// before, by their index.
func (w *listWish) moved(before *listing) map[int]bool {
	in := sortScope{w.snap, w.found, w.parties}
	moved := map[int]bool{}
	for was, is := range correlate.Changes(before.wish.byIndex, w.byIndex) {
		if was != nil && is != nil && !w.samePlace(&in, was, is) {
			moved[is.Index] = true
		}
	}
	return moved
}

// endsWith reports whether all fresh entries belong behind the old ones.
func endsWith(old, fresh []sortEntry, descending bool) bool {
	return len(fresh) == 0 || len(old) == 0 || compare(old[len(old)-1], fresh[0], descending) < 0
}

// extend puts fresh entries behind those of the listing before, in the same
// array as long as it has room: most listings of a long list differ in a few
// rows at its end. The first that asks may have the room behind the entries,
// taken is how far it was given away.
func (l *listing) extend(before *listing, fresh []sortEntry) {
	from, to := int64(len(before.entries)), int64(len(before.entries)+len(fresh))
	if before.taken != nil && to <= int64(cap(before.entries)) && before.taken.CompareAndSwap(from, to) {
		l.entries, l.taken = append(before.entries, fresh...), before.taken
		return
	}
	l.entries, l.taken = append(slices.Clip(before.entries), fresh...), new(atomic.Int64)
	l.taken.Store(to)
}
