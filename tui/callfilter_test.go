package tui

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"sipsniff/correlate"
	"sipsniff/internal/filter"
	"sipsniff/tui/internal/sample"
)

func filtered(t *testing.T, text string, o rigOptions) *rig {
	t.Helper()
	e, err := filter.Parse(text, filter.Options{Location: time.UTC})
	if err != nil {
		t.Fatal(err)
	}
	o.filter = e
	return newRig(t, o)
}

// fiveCalls are five calls of which those with even numbers were busy.
func fiveCalls() *correlate.Snapshot {
	snap := &correlate.Snapshot{Generation: 1, First: sample.Start.UnixNano(), Last: sample.Start.UnixNano()}
	for i := 1; i <= 5; i++ {
		c := &sample.New(i, fmt.Sprintf("call-%d", i), fmt.Sprintf("sip:caller%d@a", i), "sip:bob@b", float64(i)).Call
		c.State = correlate.StateInCall
		if i%2 == 0 {
			c.State, c.FinalStatus = correlate.StateBusy, 486
		}
		snap.Calls = append(snap.Calls, c)
	}
	return snap
}

func (r *rig) rows() string {
	var ids []string
	for row := range r.calls.Len() {
		ids = append(ids, fmt.Sprint(r.calls.ID(row)))
	}
	return strings.Join(ids, " ")
}

func TestListFilter(t *testing.T) {
	r := filtered(t, "code:486", rigOptions{w: 80, h: 24, snap: fiveCalls()})
	text := r.text()
	if r.rows() != "2 4" || !strings.Contains(text, "/ code:486") || !strings.Contains(text, "2 of 5") {
		t.Errorf("rows %s\n%s", r.rows(), text)
	}
	if !strings.Contains(text, "up 0 ring 0 ok 0 busy 2") {
		t.Errorf("the counts are not of what is shown:\n%s", text)
	}
}

func TestListFilterNothing(t *testing.T) {
	r := filtered(t, "code:599 xyz:1", rigOptions{w: 80, h: 24, snap: fiveCalls()})
	for _, want := range []string{`0 of 5 dialogs match "code:599 xyz:1". Esc clears`, "xyz: is no field, searching the text (xcid:?)"} {
		if text := r.text(); !strings.Contains(text, want) {
			t.Errorf("no %q:\n%s", want, text)
		}
	}
}

// What a call is changes while it goes on, and so does whether it is shown.
func TestListFilterFollowsCalls(t *testing.T) {
	for _, column := range []string{"number", "code"} { // the second is an order that stands still while live
		t.Run(column, func(t *testing.T) {
			r := filtered(t, "code:486", rigOptions{w: 80, h: 24, snap: fiveCalls(), live: true})
			for _, key := range sortKeys() {
				if key.column == column {
					r.calls.setSort(key)
				}
			}
			next := fiveCalls()
			next.Generation = 2
			next.Calls[0].State, next.Calls[0].FinalStatus = correlate.StateBusy, 486
			next.Calls[1].State, next.Calls[1].FinalStatus = correlate.StateRejected, 404
			r.show(next, r.status)
			want := map[string]string{"number": "1 4", "code": "4 1"}[column]
			if r.rows() != want {
				t.Errorf("rows %s, want %s", r.rows(), want)
			}
		})
	}
}

func TestListFilterMarked(t *testing.T) {
	r := filtered(t, "!marked:yes", rigOptions{w: 80, h: 24, snap: fiveCalls()})
	r.press("Space")
	if r.rows() != "2 3 4 5" {
		t.Errorf("rows %s", r.rows())
	}
}

// How many calls a filter was asked about is said of those that it was asked about:
// while the list of later ones is made it has not seen them.
func TestFilterCountsWhatItSaw(t *testing.T) {
	all := manyCalls(inlineCalls + 9).Calls
	r := newRig(t, rigOptions{w: 80, h: 24, snap: &correlate.Snapshot{Calls: all[:inlineCalls+3]}, status: liveStatus(), live: true})
	r.press("/").typeText("idx:1..40").press("Enter").has("40 of 2,003")
	finish := r.deferred()
	r.publish(&correlate.Snapshot{Calls: all}).has("40 of 2,003")
	finish()
	r.has("40 of 2,009")
}

// The same of streams.
func TestFilterCountsTheStreamsItSaw(t *testing.T) {
	r := newRig(t, rigOptions{w: 80, h: 24, snap: &correlate.Snapshot{Streams: orphans(inlineCalls + 3), First: 1, Last: 2}, status: liveStatus(), live: true})
	r.press("3", "/").typeText("codec:PCMU").press("Enter").has("of 2,003")
	finish := r.deferred()
	r.publish(&correlate.Snapshot{Streams: orphans(inlineCalls + 9), First: 1, Last: 2}).has("of 2,003")
	finish()
	r.has("of 2,009")
}
