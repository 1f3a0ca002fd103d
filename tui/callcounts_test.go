package tui

import (
	"reflect"
	"testing"

	"sipsniff/correlate"
)

// Tallied in portions the calls count as they do in one.
func TestPortionsOfATally(t *testing.T) {
	calls := fiveCalls().Calls
	for _, method := range []string{"INVITE", "REGISTER", "OPTIONS"} { // of the last: one method, or two
		last := *calls[len(calls)-1]
		last.Method = method
		all := append(calls[:len(calls)-1:len(calls)-1], &last)
		w := &listWish{snap: &correlate.Snapshot{Calls: all}, scope: scopeDialogs}
		tally := func(some []*correlate.Call) *callCounts {
			n := newCallCounts()
			for _, c := range some {
				n.take(w, c, w.shows(c))
			}
			return &n
		}
		want := tally(all)
		if want.oneMethod != (method == "INVITE") {
			t.Fatalf("%s: one method is %v", method, want.oneMethod)
		}
		for cut := range len(all) + 1 {
			got := tally(all[:cut])
			got.add(tally(all[cut:]))
			if !reflect.DeepEqual(got, want) {
				t.Errorf("%s, cut at %d: %+v, want %+v", method, cut, got, want)
			}
		}
	}
}
