package correlate

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// realCalls plays n calls that were talked on and ended.
func realCalls(t *testing.T, tr *Tracker, n int) {
	t.Helper()
	for i := range n {
		parseScript(t, strings.ReplaceAll(`
			0 A>B INVITE 1 id=ID sdp
			0.1 B>A 180 INVITE 1 id=ID
			0.2 B>A 200 INVITE 1 id=ID sdp
			0.3 A>B ACK 1 id=ID
			1 A>B BYE 2 id=ID
			1.1 B>A 200 BYE 2 id=ID`, "ID", fmt.Sprint("real-", i))).play(t, tr)
	}
}

// strange plays n calls of one message each, or of two when they are asked who
// they are, at a rate; they begin after a time in seconds.
func strange(t *testing.T, tr *Tracker, begin, n, rate int, challenged bool) {
	t.Helper()
	for i := range n {
		at := fmt.Sprintf("%d.%06d", begin+i/rate, i%rate*(1_000_000/rate))
		parseScriptLine(t, fmt.Sprintf("%s A>B REGISTER 1 id=flood-%d", at, i), 2*i+100).play(t, tr)
		if challenged {
			parseScriptLine(t, fmt.Sprintf("%s B>A 401 REGISTER 1 id=flood-%d", at, i), 2*i+101).play(t, tr)
		}
	}
}

// A flood of single messages does not push out calls that somebody answered,
// whether it comes at once or takes its time, and whether or not the strangers
// are asked who they are.
func TestStrangersLeaveFirst(t *testing.T) {
	for name, c := range map[string]struct {
		config     Config
		n, rate    int
		challenged bool
	}{
		"calls":      {Config{MaxCalls: 100}, 5000, 1000, false},
		"memory":     {Config{MaxMemory: 2 << 20}, 5000, 1000, false},
		"slow":       {Config{MaxCalls: 100}, 5000, 10, false},
		"challenged": {Config{MaxMemory: 2 << 20}, 5000, 100, true},
	} {
		t.Run(name, func(t *testing.T) {
			tr := NewTracker(c.config)
			realCalls(t, tr, 10)
			strange(t, tr, 10, c.n, c.rate, c.challenged)
			s := tr.Publish()
			found := 0
			for _, call := range s.Calls {
				if strings.HasPrefix(call.CallID, "real-") {
					found++
					if call.State != StateCompleted || call.MessageCount != 6 || len(call.Messages()) != 6 {
						t.Errorf("%s: %v, %d messages", call.CallID, call.State, len(call.Messages()))
					}
				}
			}
			if found != 10 || s.EvictedCalls == 0 || s.Totals.SIPMessages < uint64(60+c.n) {
				t.Errorf("%d real calls are left, %d were evicted, of %d messages", found, s.EvictedCalls, s.Totals.SIPMessages)
			}
		})
	}
}

// Strangers are not the first to leave while they are few: a call whose answer
// is still to come stays, however many finished ones there are.
func TestNewCallIsNoStranger(t *testing.T) {
	tr := NewTracker(Config{MaxCalls: 100})
	realCalls(t, tr, 100)
	parseScript(t, "2 A>B INVITE 1 id=new").play(t, tr)
	for i := range 50 {
		parseScript(t, strings.ReplaceAll("2.1 A>B OPTIONS 1 id=ID\n2.2 B>A 200 OPTIONS 1 id=ID", "ID", fmt.Sprint("later-", i))).play(t, tr)
	}
	s := tr.Publish()
	if !slices.ContainsFunc(s.Calls, func(c *Call) bool { return c.CallID == "new" }) || s.EvictedCalls != 51 {
		t.Errorf("the new call is gone, or others: %d evicted", s.EvictedCalls)
	}
}

// A listener hears of strangers as soon as they are given up, after 32 s (RFC
// 3261 §17.1.2.2, timer F), and of others when they have ended.
func TestListenerHearsStrangers(t *testing.T) {
	d := &diary{}
	tr := NewTracker(Config{Listener: d, Linger: 2 * time.Second})
	parseScript(t, "0 A>B OPTIONS 1 id=one\n0.5 A>B OPTIONS 1 id=two\n0.6 B>A 200 OPTIONS 1 id=two\n1 A>B OPTIONS 1 id=three").play(t, tr)
	for s := 1.5; s < 100; s += 0.5 {
		tr.Advance(at(s))
	}
	d.check(t, "new one", "new two", "new three", "end two", "no_reply one", "end one", "no_reply three", "end three")
	if tr.live != 0 || tr.known.live != 0 || tr.strangers.live != 0 {
		t.Errorf("%d calls are left, %d and %d in the crowds", tr.live, tr.known.live, tr.strangers.live)
	}
}
