package tui

import (
	"testing"
	"time"

	"sipsniff/correlate"
	"sipsniff/correlate/diagnosis"
)

// The rules rest the longer the longer they took, and longer still while nobody
// touches the program, but a minute at most for that.
func TestDiagnosisRests(t *testing.T) {
	for _, c := range []struct {
		took, since time.Duration
		unattended  bool
		due         bool
	}{
		{0, 0, false, true},
		{time.Millisecond, 0, false, true}, // no rest that anybody would notice
		{100 * time.Millisecond, 899 * time.Millisecond, false, false},
		{100 * time.Millisecond, 900 * time.Millisecond, false, true},
		{100 * time.Millisecond, 900 * time.Millisecond, true, false},
		{100 * time.Millisecond, 19899 * time.Millisecond, true, false},
		{100 * time.Millisecond, 19900 * time.Millisecond, true, true},
		{time.Second, 59 * time.Second, true, false},
		{time.Second, 60 * time.Second, true, true},
		{10 * time.Second, 89 * time.Second, true, false},
	} {
		ended := time.Unix(1000, 0)
		j := judging{ended: ended, took: c.took}
		if got := j.due(ended.Add(c.since), c.unattended); got != c.due {
			t.Errorf("%v after it took %v, unattended %v: due %v", c.since, c.took, c.unattended, got)
		}
	}
}

// A snapshot that came while the rules rested is owed to the user, without
// being taken for work that goes on, and judged at once when it is the last.
func TestDiagnosisIsOwed(t *testing.T) {
	var judged *correlate.Snapshot
	r := newRig(t, rigOptions{w: 80, h: 24, snap: rows(3), status: liveStatus(), live: true, diagnose: func(snap *correlate.Snapshot) *diagnosis.Result {
		judged = snap
		return &diagnosis.Result{}
	}})
	r.pace = &pace{}
	r.publish(r.snap)
	if judged != r.snap || r.owes.Load() {
		t.Fatalf("of the first snapshot something is owed: %v", r.owes.Load())
	}
	first := judged
	r.judging.took = time.Hour
	r.publish(rows(4))
	if judged != first || !r.owes.Load() || r.workshop.busy() {
		t.Errorf("judged while the rules rest: %v, owed: %v, busy: %v", judged != first, r.owes.Load(), r.workshop.busy())
	}
	r.status.Done = true
	r.publish(r.snap)
	if judged != r.snap || r.owes.Load() {
		t.Errorf("the last snapshot was judged: %v, owed: %v", judged == r.snap, r.owes.Load())
	}
}

// While nobody touches the program, a long list that a filter makes is not made
// again for each news; what is put off comes when the list is asked for, and in
// the end.
func TestListRests(t *testing.T) {
	r := newRig(t, rigOptions{w: 80, h: 24, snap: manyCalls(inlineCalls + 100), status: liveStatus(), live: true})
	r.pace = &pace{}
	r.press("/").typed("invite").press("Enter")
	all := r.calls.Len()
	if all == 0 {
		t.Fatal("the filter shows nothing")
	}
	r.calls.shown.took = time.Hour
	r.publish(manyCalls(inlineCalls + 200))
	if r.calls.Len() != all || !r.owes.Load() {
		t.Errorf("%d rows, before %d; owed: %v", r.calls.Len(), all, r.owes.Load())
	}
	r.pace.asked.Store(time.Now().UnixNano())
	r.catchUp()
	if r.calls.Len() <= all {
		t.Errorf("after a key %d rows, before %d", r.calls.Len(), all)
	}
	all = r.calls.Len()
	r.pace.asked.Store(0)
	r.calls.shown.took = time.Hour
	r.status.Done = true
	if r.publish(manyCalls(inlineCalls + 300)); r.calls.Len() <= all || r.owes.Load() {
		t.Errorf("in the end %d rows, before %d; owed: %v", r.calls.Len(), all, r.owes.Load())
	}
}

// An order by what was found is renewed when more is found.
func TestOrderByWhyIsRenewed(t *testing.T) {
	r := newRig(t, rigOptions{w: 120, h: 40, snap: rows(10), status: fileStatus()})
	r.calls.sortBy("why")
	r.text()
	r.found = &findings{&diagnosis.Result{ByCall: map[int][]correlate.Finding{7: {{Severity: correlate.Error, Title: "x"}}}}}
	r.calls.foundOut()
	r.text()
	if first := r.calls.call(0); first == nil || first.Index != 7 {
		t.Errorf("the first row is %+v", first)
	}
}
