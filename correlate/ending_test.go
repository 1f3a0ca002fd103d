package correlate

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"sipsniff/internal/allowance"
)

// A diary keeps what a listener was told.
type diary struct {
	lines []string
	ends  []*Ending
}

func (d *diary) Changed(before, now *Call) {
	switch {
	case before == nil:
		d.lines = append(d.lines, "new "+now.CallID)
	case before.State != now.State:
		d.lines = append(d.lines, fmt.Sprintf("%s %s", now.State, now.CallID))
	}
}

func (d *diary) Finished(e *Ending) {
	d.lines = append(d.lines, "end "+e.Call.CallID)
	d.ends = append(d.ends, e)
}

func (d *diary) check(t *testing.T, want ...string) {
	t.Helper()
	if !slices.Equal(d.lines, want) {
		t.Errorf("the listener heard\n%s\nwant\n%s", strings.Join(d.lines, "\n"), strings.Join(want, "\n"))
	}
	d.lines = nil
}

const refused = "0 A>B INVITE 1 id=x\n0.1 B>A 486 INVITE 1 id=x\n0.2 A>B ACK 1 nack id=x"

// A call is told of once it was silent for the time asked for, and forgotten
// when stragglers are no longer to be expected.
func TestListenerHearsTheEnd(t *testing.T) {
	d := &diary{}
	tr := NewTracker(Config{Listener: d, Linger: 2 * time.Second})
	parseScript(t, refused).play(t, tr)
	tr.Advance(at(2))
	d.check(t, "new x")
	tr.Advance(at(3.5))
	d.check(t, "end x")
	if e := d.ends[0]; e.Call.State != StateBusy || e.Evicted || e.Call.MessageCount != 3 || len(e.Snapshot.Streams) != 0 || len(e.Snapshot.Calls) != 1 || e.Snapshot.Calls[0] != e.Call || e.Octets < 3*360 {
		t.Errorf("%+v of %+v", e, e.Call)
	}
	parseScript(t, "10 B>A 486 INVITE 1 id=x").play(t, tr) // a straggler
	tr.Advance(at(20))
	d.check(t)
	if tr.live != 1 {
		t.Error("the call is forgotten too early")
	}
	tr.Advance(at(100))
	s := tr.Publish()
	if tr.live != 0 || tr.memory != 0 || len(s.Calls) != 0 || s.EvictedCalls != 0 || s.Totals.Calls != 1 {
		t.Errorf("%d calls live, %d octets, %d published, %d evicted, %d in total", tr.live, tr.memory, len(s.Calls), s.EvictedCalls, s.Totals.Calls)
	}
	tr.Flush()
	d.check(t)
}

// What goes on at the end of the capture is told of then, in order.
func TestListenerHearsTheRest(t *testing.T) {
	d := &diary{}
	tr := NewTracker(Config{Listener: d})
	parseScript(t, "0 A>B INVITE 1 id=two\n0.1 B>A 180 INVITE 1 id=two\n1 A>B OPTIONS 1 id=one\n1.1 B>A 200 OPTIONS 1 id=one").play(t, tr)
	tr.Flush()
	d.check(t, "new two", "new one", "end two", "end one")
	if d.ends[0].Call.State != StateRinging {
		t.Errorf("the first is %s", d.ends[0].Call.State)
	}
}

// Every call of a flood is told of once, those that make room too.
func TestListenerHearsTheEvicted(t *testing.T) {
	d := &diary{}
	tr := NewTracker(Config{Listener: d, MaxCalls: 100})
	flood(t, tr, 5000, 0)
	tr.Flush()
	told, evicted := make(map[string]int), 0
	for _, e := range d.ends {
		told[e.Call.CallID]++
		if e.Evicted {
			evicted++
		}
	}
	if len(told) != 5000 || len(d.ends) != 5000 || evicted != 4900 {
		t.Errorf("told of %d calls %d times, %d evicted", len(told), len(d.ends), evicted)
	}
}

// A million calls one after the other leave nothing behind.
func TestListenerKeepsMemoryFlat(t *testing.T) {
	calls := allowance.Share(20_000, 4_000)
	d := &counter{}
	tr := NewTracker(Config{Listener: d})
	most := 0
	for i := range calls {
		parseScriptLine(t, fmt.Sprintf("%d.%d A>B OPTIONS 1 id=c%d", i/10, i%10, i), 2*i+1).play(t, tr)
		parseScriptLine(t, fmt.Sprintf("%d.%d5 B>A 200 OPTIONS 1 id=c%d", i/10, i%10, i), 2*i+2).play(t, tr)
		most = max(most, tr.live)
	}
	// Ten a second, told of after 64 s and kept for as long.
	if most > 10*70 || len(tr.order) > 3*most {
		t.Errorf("%d calls at once, %d in the list", most, len(tr.order))
	}
	if tr.Flush(); d.ends != calls {
		t.Errorf("%d ends", d.ends)
	}
}

type counter struct{ ends int }

func (c *counter) Changed(_, _ *Call) {}
func (c *counter) Finished(*Ending)   { c.ends++ }

// A clock that is set forward by an hour and back again does not keep calls
// that end afterwards from being told of.
func TestListenerAndClockSteps(t *testing.T) {
	d := &diary{}
	tr := NewTracker(Config{Listener: d, Linger: 2 * time.Second})
	parseScript(t, "0 A>B OPTIONS 1 id=before\n3600 A>B OPTIONS 1 id=ahead").play(t, tr)
	parseScript(t, strings.ReplaceAll(refused, "x", "after")).play(t, tr)
	for s := 0.5; s < 15; s += 0.5 {
		tr.Advance(at(s))
	}
	if !slices.Contains(d.lines, "end after") || tr.last != at(3600) {
		t.Errorf("heard %q", d.lines)
	}
	tr.Advance(at(120))
	if tr.live > 2 { // those that nobody answered, by a clock that stands
		t.Errorf("%d calls are kept", tr.live)
	}
}

// Two sources, one of whose clocks is an hour behind, do not make time fly.
func TestProgressOfTwoClocks(t *testing.T) {
	var p progress
	for i := range int64(1000) {
		p.see(5000*second + i*second/10)
		p.see(1400*second + i*second/10)
		p.see(5000*second + i*second/10 - second/2) // late
	}
	if want := 999 * second / 10; p.now != want {
		t.Errorf("%d ns passed, want %d", p.now, want)
	}
}
