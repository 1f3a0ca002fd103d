package correlate

import (
	"fmt"
	"testing"
	"time"
)

// statesOf gives the states of the calls by their Call-IDs.
func statesOf(tr *Tracker) map[string]State {
	states := make(map[string]State)
	for _, c := range tr.Publish().Calls {
		states[c.CallID] = c.State
	}
	return states
}

// After the clock was set back by an hour, calls are waited for as long as
// before: an INVITE for 32 s (RFC 3261 §17.1.1.2, timer B), by the new clock,
// and one from before the step by what has passed since.
func TestTimersAfterClockIsSetBack(t *testing.T) {
	for name, listener := range map[string]Listener{"screen": nil, "watch": &counter{}} {
		t.Run(name, func(t *testing.T) {
			tr := NewTracker(Config{Live: true, Listener: listener, Linger: time.Minute})
			parseScript(t, "3590 A>B INVITE 1 id=before\n3600 A>B OPTIONS 1 id=ahead\n3600.1 B>A 200 OPTIONS 1 id=ahead").play(t, tr)
			parseScript(t, "0 A>B INVITE 1 id=after\n0.1 B>A 100 INVITE 1 id=after\n0.2 A>B INVITE 1 id=lonely").play(t, tr)
			expect := func(second float64, want map[string]State) {
				t.Helper()
				got := statesOf(tr)
				for id, state := range want {
					if got[id] != state {
						t.Errorf("after %v s %s is %v, want %v", second, id, got[id], state)
					}
				}
			}
			advance := func(from, to float64) {
				for s := from; s < to; s += 0.5 {
					tr.Advance(at(s))
				}
			}
			advance(0.5, 5)
			expect(5, map[string]State{"before": StateNew, "after": StateTrying, "lonely": StateNew})
			parseScript(t, "5 B>A 180 INVITE 1 id=after").play(t, tr)
			advance(5.5, 31)
			expect(31, map[string]State{"before": StateTimeout, "after": StateRinging, "lonely": StateNew})
			advance(31, 45)
			expect(45, map[string]State{"after": StateRinging, "lonely": StateTimeout})
			parseScript(t, "45 B>A 200 INVITE 1 id=after\n45.1 A>B ACK 1 id=after").play(t, tr)
			advance(46, 100)
			expect(100, map[string]State{"after": StateInCall})
		})
	}
}

// Of two live sources whose clocks are an hour apart neither makes the calls of
// the other time out.
func TestTimersOfTwoClocks(t *testing.T) {
	tr := NewTracker(Config{Live: true})
	parseScript(t, "3600 A>B INVITE 1 id=fast\n0.1 A>B INVITE 1 id=slow").play(t, tr)
	for s := 0.5; s < 20; s += 0.5 {
		tr.Advance(at(3600 + s))
		tr.Advance(at(s))
	}
	if got := statesOf(tr); got["fast"] != StateNew || got["slow"] != StateNew {
		t.Errorf("after 20 s: %v", got)
	}
	for s := 20.0; s < 40; s += 0.5 {
		tr.Advance(at(3600 + s))
		tr.Advance(at(s))
	}
	if got := statesOf(tr); got["fast"] != StateTimeout || got["slow"] != StateTimeout {
		t.Errorf("after 40 s: %v", got)
	}
}

// A call during which the clock is set back goes on: its messages stay in the
// order in which they came, however many there are, and no time is told across
// the step. A message that is a little late is still put in its place.
func TestCallAcrossAStep(t *testing.T) {
	for name, more := range map[string]int{"short": 0, "long": 2 * resortLimit} {
		t.Run(name, func(t *testing.T) {
			tr, frame := NewTracker(Config{Live: true}), 0
			play := func(second float64, text string) {
				frame++
				parseScriptLine(t, fmt.Sprintf("%.3f %s id=x", second, text), frame).play(t, tr)
			}
			play(3600, "A>B INVITE 1")
			play(3600.1, "B>A 180 INVITE 1")
			play(3602, "B>A 200 INVITE 1")
			play(3602.1, "A>B ACK 1")
			clock := 10.0
			for n := range more {
				play(clock, fmt.Sprintf("A>B INFO %d", n+2))
				play(clock+0.02, fmt.Sprintf("B>A 200 INFO %d", n+2))
				clock += 0.1
			}
			// The response is captured first.
			play(clock+0.3, fmt.Sprintf("B>A 200 BYE %d", more+2))
			play(clock+0.1, fmt.Sprintf("A>B BYE %d", more+2))
			tr.Flush()
			c := tr.Publish().Calls[0]
			if c.State != StateCompleted || c.Setup != 2e9 || c.Duration != -1 {
				t.Errorf("%v, set up in %d ns, %d ns long; want completed, 2 s, unknown", c.State, c.Setup, c.Duration)
			}
			n := len(c.Messages())
			if want := 6 + 2*more; n != want {
				t.Fatalf("%d messages, want %d", n, want)
			}
			for at, want := range map[int]int{0: 1, 1: 2, 2: 3, 3: 4, n - 2: n, n - 1: n - 1} {
				if got := c.Messages()[at].Frame; got != want {
					t.Errorf("message %d came in frame %d, want %d", at, got, want)
				}
			}
		})
	}
}
