package filter

import (
	"sipsniff/correlate"
	"sipsniff/correlate/diagnosis"
)

// A Selection is what a filter lets through of a snapshot.
type Selection struct {
	// Snapshot has the calls that match and their streams, and no stream or
	// message session that belongs to no call; everything else in
	// it is still of the whole capture.
	Snapshot *correlate.Snapshot
	Matched  int // calls that match
	Of       int // all calls
}

// Select applies the filter to a whole snapshot, which stays as it is. found
// is what was found out about calls; nil when nobody looked, and then that is not
// known of any.
func (e *Expr) Select(snap *correlate.Snapshot, found *diagnosis.Result) Selection {
	chosen := *snap
	chosen.Calls, chosen.Streams, chosen.MSRP = nil, nil, nil
	in, wanted := NewScope(snap, nil), make(map[int]bool)
	in.Problems(found)
	for _, c := range snap.Calls {
		if e.Match(in, c) {
			chosen.Calls = append(chosen.Calls, c)
			wanted[c.Index] = true
		}
	}
	for _, s := range snap.Streams {
		if s.Call != nil && wanted[s.Call.Index] {
			chosen.Streams = append(chosen.Streams, s)
		}
	}
	return Selection{Snapshot: &chosen, Matched: len(chosen.Calls), Of: len(snap.Calls)}
}
