package watch

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"sipsniff/correlate"
	"sipsniff/correlate/mos"
	"sipsniff/internal/pipeline"
)

func ending(n int, octets int64) *correlate.Ending {
	c := &correlate.Call{Index: n, CallID: fmt.Sprint("call-", n), HasCallID: true, Method: "INVITE", State: correlate.StateCompleted}
	return &correlate.Ending{Call: c, Octets: octets, Snapshot: &correlate.Snapshot{Calls: []*correlate.Call{c}}}
}

func watcher(c Config) *Watcher {
	w := New(c)
	w.Bind(mos.Scorer{}, func() pipeline.Status { return pipeline.Status{Frames: 7} }, func() *correlate.Snapshot { return &correlate.Snapshot{} }, func() string { return "" })
	return w
}

// written collects the call IDs and events of lines.
func written(t *testing.T, text []byte) (ids []string) {
	t.Helper()
	for line := range bytes.Lines(text) {
		var l struct {
			Event  string `json:"ev"`
			CallID string `json:"call_id"`
		}
		if err := json.Unmarshal(line, &l); err != nil {
			t.Fatalf("%v: %s", err, line)
		}
		ids = append(ids, l.Event+" "+l.CallID)
	}
	return ids
}

// A blocked writer lets nothing through until it is opened.
type blocked struct {
	bytes.Buffer
	open chan struct{}
}

func (b *blocked) Write(p []byte) (int, error) {
	<-b.open
	return b.Buffer.Write(p)
}

// A reader that takes nothing does not hold up the capture: what does not fit
// is counted, what did comes out in order.
func TestSlowReader(t *testing.T) {
	out := &blocked{open: make(chan struct{})}
	w := watcher(Config{Out: out, Events: Set{CallEnd}})
	const each, n = 1 << 20, 1000
	for i := range n { // nobody takes anything off the queue
		w.Finished(ending(i, each))
	}
	fits := queueOctets / each
	if got := w.Skipped(); got != uint64(n-fits) {
		t.Errorf("%d lines skipped, want %d", got, n-fits)
	}
	done := make(chan error, 1)
	go func() { done <- w.Write(func() {}) }()
	close(out.open)
	w.Close()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	got := written(t, out.Bytes())
	if len(got) != fits || got[0] != "call.end call-0" || got[fits-1] != fmt.Sprint("call.end call-", fits-1) {
		t.Errorf("%d lines, %v … %v", len(got), got[0], got[len(got)-1])
	}
}

// A file waits for its reader, and nothing is lost.
func TestPatience(t *testing.T) {
	var out bytes.Buffer
	w := watcher(Config{Out: &out, Events: Set{CallEnd}, Patient: true})
	done := make(chan error, 1)
	go func() { done <- w.Write(func() {}) }()
	for i := range 1000 {
		w.Finished(ending(i, 1<<20))
	}
	w.Close()
	if err := <-done; err != nil || w.Skipped() != 0 {
		t.Fatal(err, w.Skipped())
	}
	if got := written(t, out.Bytes()); len(got) != 1000 {
		t.Errorf("%d lines", len(got))
	}
}

// A reader that has gone ends the run, and nothing waits for it.
func TestGoneReader(t *testing.T) {
	gone := errors.New("gone")
	w := watcher(Config{Out: failing{gone}, Events: Set{CallEnd}, Patient: true})
	stopped := make(chan struct{})
	done := make(chan error, 1)
	go func() { done <- w.Write(func() { close(stopped) }) }()
	w.Finished(ending(1, 1))
	<-stopped
	for i := range 100 {
		w.Finished(ending(i, queueOctets))
	}
	w.Close()
	if err := <-done; !errors.Is(err, gone) {
		t.Errorf("%v", err)
	}
}

type failing struct{ err error }

func (f failing) Write([]byte) (int, error) { return 0, f.err }

func TestProgress(t *testing.T) {
	var out bytes.Buffer
	w := watcher(Config{Out: &out, Events: Set{CallStart, CallAnswer, Registered, Statistics}})
	ringing := &correlate.Call{CallID: "a", HasCallID: true, Method: "INVITE", State: correlate.StateRinging, Setup: -1}
	up := &correlate.Call{CallID: "a", HasCallID: true, Method: "INVITE", State: correlate.StateInCall, Answered: 5, Setup: 3e6}
	held := &correlate.Call{CallID: "a", HasCallID: true, Method: "INVITE", State: correlate.StateHold, Answered: 5, Setup: 3e6}
	asked := &correlate.Call{CallID: "r", HasCallID: true, Method: "REGISTER", State: correlate.StateChallenged}
	known := &correlate.Call{CallID: "r", HasCallID: true, Method: "REGISTER", State: correlate.StateRegistered}
	other := &correlate.Call{CallID: "o", HasCallID: true, Method: "OPTIONS", State: correlate.StateOK}
	for _, c := range [][2]*correlate.Call{{nil, ringing}, {ringing, up}, {up, held}, {nil, asked}, {asked, known}, {known, known}, {nil, other}, {nil, up}} {
		w.Changed(c[0], c[1])
	}
	w.Finished(ending(1, 1)) // nobody wants it
	w.Close()
	if err := w.Write(func() {}); err != nil {
		t.Fatal(err)
	}
	want := []string{"call.start a", "call.answer a", "reg r", "call.start a", "call.answer a", "stats "}
	if got := written(t, out.Bytes()); !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	if !strings.Contains(out.String(), `"setup_ms":3`) || !strings.Contains(out.String(), `"frames":7`) || !strings.Contains(out.String(), `"calls_ended":1`) {
		t.Errorf("%s", out.String())
	}
}

func TestSet(t *testing.T) {
	var s Set
	if err := s.Set("call.end, stats"); err != nil || !s.Has(CallEnd) || !s.Has(Statistics) || s.Has(Drops) {
		t.Error(err, s)
	}
	if err := s.Set("all"); err != nil || len(s) != len(Events) {
		t.Error(err, s)
	}
	if err := s.Set("call.ends"); err == nil {
		t.Error("a misspelled event is taken")
	}
}
