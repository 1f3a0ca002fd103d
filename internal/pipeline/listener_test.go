package pipeline

import (
	"context"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sipsniff/capture"
	"sipsniff/correlate"
)

// endings collects what a listener is told.
type endings struct{ all []*correlate.Ending }

func (e *endings) Changed(_, _ *correlate.Call)     {}
func (e *endings) Finished(ended *correlate.Ending) { e.all = append(e.all, ended) }

// TestListenerSeesTheSame: what is told of each call as it ends is what a
// report says at the end, in every capture of the project, and in whatever
// chunks of wall time it was published.
func TestListenerSeesTheSame(t *testing.T) {
	files, err := filepath.Glob("../../pcaps/*.pcap*")
	if err != nil || len(files) == 0 {
		t.Fatal(err, "no captures")
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			want := analysed(t, file, correlate.Config{})
			var heard endings
			analysed(t, file, correlate.Config{Listener: &heard})
			if len(heard.all) != len(want.Calls) {
				t.Fatalf("told of %d calls, a report has %d", len(heard.all), len(want.Calls))
			}
			streams := make(map[int]*correlate.Stream)
			for _, s := range want.Streams {
				streams[s.ID] = s
			}
			calls := make(map[int]*correlate.Call)
			for _, c := range want.Calls {
				calls[c.Index] = c
			}
			for _, e := range heard.all {
				c := calls[e.Call.Index]
				if diff := cmp.Diff(essence(c), essence(e.Call)); diff != "" || e.Evicted {
					t.Errorf("call %s: %s", e.Call.CallID, diff)
				}
				if len(e.Snapshot.Streams) != len(c.StreamIDs) {
					t.Fatalf("call %s: %d streams, a report has %d", c.CallID, len(e.Snapshot.Streams), len(c.StreamIDs))
				}
				packets := func(list ...*correlate.Stream) (n uint64) {
					for _, s := range list {
						n += s.Packets + s.Quality.Lost
					}
					return n
				}
				var then []*correlate.Stream
				for _, id := range c.StreamIDs {
					then = append(then, streams[id])
				}
				if a, b := packets(e.Snapshot.Streams...), packets(then...); a != b {
					t.Errorf("call %s: %d packets, a report has %d", c.CallID, a, b)
				}
			}
		})
	}
}

// essence is what a line says of a call, but for numbers of streams, which are
// given when somebody looks.
func essence(c *correlate.Call) map[string]any {
	return map[string]any{
		"id": c.CallID, "method": c.Method, "state": c.State, "messages": c.MessageCount, "again": c.Retransmissions, "status": c.FinalStatus,
		"started": c.Started, "answered": c.Answered, "ended": c.Ended, "by": c.EndedBy, "flags": c.Flags, "from": c.From, "legs": len(c.Legs),
		"duration": c.Duration, "streams": len(c.StreamIDs), "cause": c.Cause, "transport": c.Transport,
	}
}

func analysed(t *testing.T, file string, c correlate.Config) *correlate.Snapshot {
	t.Helper()
	source, err := capture.Open([]string{file}, capture.Options{})
	if err != nil {
		t.Skip(err)
	}
	defer func() { _ = source.Close() }()
	p := New(Config{Source: source, Tracker: c})
	_ = p.Run(context.Background()) // damaged files say what they held
	return p.Snapshot()
}
