package filter

import (
	"testing"

	"sipsniff/correlate"
)

// What belongs to no call matches nothing.
func TestSelectLeavesStrangers(t *testing.T) {
	e, err := Parse("method:INVITE", Options{})
	if err != nil {
		t.Fatal(err)
	}
	snap := &correlate.Snapshot{
		Calls:   []*correlate.Call{{Index: 1, Method: "INVITE"}, {Index: 2, Method: "OPTIONS"}},
		Streams: []*correlate.Stream{{ID: 1}, {ID: 2, Call: &correlate.CallRef{Index: 1}}, {ID: 3, Call: &correlate.CallRef{Index: 2}}},
		MSRP:    []*correlate.MSRP{{FirstFrame: 1}},
	}
	s := e.Select(snap, nil)
	if s.Matched != 1 || len(s.Snapshot.Streams) != 1 || s.Snapshot.Streams[0].ID != 2 || len(s.Snapshot.MSRP) != 0 {
		t.Errorf("%d calls, %d streams, %d message sessions", s.Matched, len(s.Snapshot.Streams), len(s.Snapshot.MSRP))
	}
	if len(snap.MSRP) != 1 || len(snap.Streams) != 3 {
		t.Error("the whole snapshot was changed")
	}
}
