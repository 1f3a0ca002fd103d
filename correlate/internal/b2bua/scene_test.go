package b2bua_test

import (
	"testing"

	"sipsniff/correlate/internal/b2bua"
	"sipsniff/decode/sip"
)

// TestScene reads what was written: well-formed SIP in order of time, and
// numbers of legs as asked for.
func TestScene(t *testing.T) {
	for name, s := range map[string]*b2bua.Scene{
		"calls":     b2bua.Calls(b2bua.Options{Calls: 200, PerSecond: 50, Seed: 1, Helper: b2bua.SessionID}),
		"unrelated": b2bua.Unrelated(b2bua.Options{Calls: 200, PerSecond: 50, Seed: 1}),
	} {
		last, invites := int64(0), map[string]bool{}
		for _, p := range s.Packets {
			m, err := sip.Parse(p.Text)
			if err != nil || m.Malformed() {
				t.Fatalf("%s: %v %v\n%s", name, err, m.Findings, p.Text)
			}
			if p.Nanos < last {
				t.Fatalf("%s: not in order", name)
			}
			last = p.Nanos
			if m.Method == "INVITE" {
				invites[m.CallID] = true
			}
			if s.Calls[m.CallID] == 0 {
				t.Fatalf("%s: nobody knows %s", name, m.CallID)
			}
		}
		sizes, groups := map[int]int{}, map[int]int{}
		for _, call := range s.Calls {
			groups[call]++
		}
		for _, n := range groups {
			sizes[n]++
		}
		t.Logf("%s: %v, end-to-end calls by number of legs: %v", name, s, sizes)
		if len(invites) != len(s.Calls) {
			t.Errorf("%s: %d calls have an INVITE, %d legs", name, len(invites), len(s.Calls))
		}
		if name == "calls" && sizes[3]+sizes[4] != 200 || name == "unrelated" && (sizes[1] != 200 || len(sizes) != 1) {
			t.Errorf("%s: legs %v", name, sizes)
		}
	}
}
