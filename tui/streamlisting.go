package tui

import (
	"slices"

	"sipsniff/correlate"
	"sipsniff/internal/filter"
)

// A streamListing is the rows of the list and what they are counted from.
type streamListing struct {
	rows                           []*correlate.Stream
	at                             map[int]int // row by ID
	all, inCalls, srtp, fax, bound int
}

// A streamWish is what the rows are made from.
type streamWish struct {
	snap    *correlate.Snapshot
	byIndex []*correlate.Call
	bound   map[int]int
	expr    *filter.Expr
	untied  bool
	faulty  map[int]bool // by ID, those to show; nil: all
	found   *findings
	key     streamKey
	back    bool
}

// make finds the rows and puts them in order.
func (w *streamWish) make() streamListing {
	l := streamListing{at: map[int]int{}}
	in := filter.NewScope(w.snap, nil)
	w.found.tell(in)
	for _, s := range w.snap.Streams {
		call := w.callOf(s)
		l.count(s, call != nil, w.bound)
		if w.untied && call != nil || w.faulty != nil && !w.faulty[s.ID] {
			continue
		}
		if w.expr != nil && !w.expr.Match(in, asCall(s, call)) {
			continue
		}
		l.rows = append(l.rows, s)
	}
	slices.SortStableFunc(l.rows, func(a, b *correlate.Stream) int {
		if c := w.key.compare(a, b); c != 0 && w.back {
			return -c
		} else if c != 0 {
			return c
		}
		return a.ID - b.ID
	})
	for row, s := range l.rows {
		l.at[s.ID] = row
	}
	return l
}

func (w *streamWish) callOf(s *correlate.Stream) *correlate.Call {
	index := 0
	if s.Call != nil {
		index = s.Call.Index
	} else if index = w.bound[s.ID]; index == 0 {
		return nil
	}
	return correlate.CallAt(w.byIndex, index)
}

func (l *streamListing) count(s *correlate.Stream, inCall bool, bound map[int]int) {
	l.all++
	if inCall {
		l.inCalls++
	}
	if bound[s.ID] > 0 {
		l.bound++
	}
	if s.Secure {
		l.srtp++
	}
	if s.UDPTL {
		l.fax++
	}
}
