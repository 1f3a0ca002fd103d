package correlate

import (
	"reflect"
	"slices"
	"testing"
)

// Whatever call had a working memory before, the next one is the same as in a
// memory of its own: each row of the table of states after each of seven others.
func TestSpareIsEmpty(t *testing.T) {
	for i, row := range stateRows {
		t.Run(row.name, func(t *testing.T) {
			for k := range 7 {
				own, used := NewTracker(Config{}), NewTracker(Config{})
				used.hash = own.hash
				other := stateRows[(i+k*k*7+1)%len(stateRows)]
				before := NewTracker(Config{})
				parseScript(t, other.script).play(t, before)
				for _, r := range before.order {
					used.spares.put(r.following)
				}
				if len(used.spares) == 0 {
					continue // frozen, the spare is in before
				}
				script := parseScript(t, row.script)
				script.play(t, own)
				spare := used.spares[len(used.spares)-1]
				script.play(t, used)
				if r := used.order[0]; r.following != spare && !slices.Contains(used.spares, spare) {
					t.Fatal("the spare was not taken")
				}
				want, got := own.Publish(), used.Publish()
				if !reflect.DeepEqual(got.Calls, want.Calls) || got.Totals != want.Totals {
					t.Errorf("after %q\ngot  %+v\nwant %+v", other.name, got.Calls[0], want.Calls[0])
				}
			}
		})
	}
}

// What was published does not change when its working memory serves another call.
func TestSpareSharesNothing(t *testing.T) {
	for _, row := range stateRows {
		t.Run(row.name, func(t *testing.T) {
			tr, twin := NewTracker(Config{}), NewTracker(Config{})
			twin.hash = tr.hash
			script := parseScript(t, row.script)
			script.play(t, tr)
			script.play(t, twin)
			published, want := tr.Publish(), twin.Publish()
			r := tr.order[0]
			tr.spares.put(r.following)
			r.following = nil
			next := NewTracker(Config{})
			next.spares = tr.spares
			parseScript(t, proxied).play(t, next)
			next.Publish()
			if !reflect.DeepEqual(published.Calls, want.Calls) {
				t.Errorf("became %+v\nwas    %+v", published.Calls[0], want.Calls[0])
			}
		})
	}
}

// A call that said more after it was frozen waits as long as stragglers may
// come, so that one with a message a minute is not read again each time.
func TestThawedCallWaits(t *testing.T) {
	tr, r := frozen(t, setup+"2 B>A 486 INVITE 1")
	parseScript(t, "1001 A>B ACK 1 nack").play(t, tr)
	tr.Advance(at(1001 + 60))
	if r.following == nil {
		t.Error("frozen again after a minute")
	}
	tr.Advance(at(1001 + 65))
	if r.following != nil {
		t.Error("not frozen again")
	}
}

func TestCalmCallIsFrozen(t *testing.T) {
	tr := NewTracker(Config{})
	parseScript(t, worked).play(t, tr)
	last := tr.last
	tr.Advance(last + calmAfter)
	if tr.order[0].following == nil {
		t.Error("frozen at once")
	}
	tr.Advance(last + calmAfter + 1)
	if tr.order[0].following != nil {
		t.Error("not frozen")
	}
}
