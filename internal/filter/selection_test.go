package filter

import (
	"slices"
	"testing"

	"sipsniff/correlate"
	"sipsniff/correlate/diagnosis"
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

// When nobody looked, it is not known whether a call has a finding; when somebody
// did, a call without is known to have none.
func TestSelectByFindings(t *testing.T) {
	one := []correlate.Finding{{Code: "MED-01", Name: "one-way-audio", Severity: correlate.Error}}
	looked := &diagnosis.Result{ByCall: map[int][]correlate.Finding{4: one}}
	for _, c := range []struct {
		text  string
		found *diagnosis.Result
		want  []int
	}{
		{"oneway:no", nil, nil}, {"oneway:yes", nil, nil}, {"oneway!=yes", nil, nil}, {"silent:no", nil, nil}, {"severity<=critical", nil, nil},
		{"oneway:no", &diagnosis.Result{}, []int{1, 4}}, {"silent:no", &diagnosis.Result{}, []int{1, 4}},
		{"oneway:no", looked, []int{1}}, {"oneway:yes", looked, []int{4}}, {"finding:MED-01", looked, []int{4}}, {"finding:MED-01", nil, nil},
		{"severity:>=error", looked, []int{4}}, {"severity: >= warning", looked, []int{4}}, {"severity:>error", looked, nil}, {"severity:!=error", looked, nil},
	} {
		e, err := Parse(c.text, Options{})
		if err != nil {
			t.Fatal(err)
		}
		var got []int
		for _, call := range e.Select(sample(), c.found).Snapshot.Calls {
			got = append(got, call.Index)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s, looked %v: calls %v, want %v", c.text, c.found != nil, got, c.want)
		}
	}
}
