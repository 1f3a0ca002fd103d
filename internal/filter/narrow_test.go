package filter

import (
	"net/netip"
	"strings"
	"testing"
	"time"
)

func parsed(t *testing.T, text string) *Expr {
	t.Helper()
	e, err := Parse(text, Options{})
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return e
}

func TestNarrows(t *testing.T) {
	for _, tt := range []struct {
		old, now string
		want     bool
	}{
		{"", "bob", true},
		{"bo", "bob", true},
		{"OB", "bob", true},
		{"bob", "bo", false},
		{"bob", "", false},
		{"code:4xx", "code:4xx mos<3", true},
		{"code:4xx", "mos<3 code:4xx", true},
		{"code:4xx", "code:4xx or mos<3", false},
		{"code:4xx or mos<3", "(code:4xx or mos<3) bob", true},
		{"code:4", "code:48", false}, // a number, not a text
		{"!bo", "!bob", false},
		{"code:4xx bo", "code:4xx bob peer:10.0.0.1", true},
	} {
		if got := parsed(t, tt.now).Narrows(parsed(t, tt.old)); got != tt.want {
			t.Errorf("%q after %q narrows: %v", tt.now, tt.old, got)
		}
	}
}

// What Narrows promises is true of calls: a narrower filter matches nothing
// that the wider one does not.
func TestNarrowsOnCalls(t *testing.T) {
	snap := crowdSnapshot()
	in, calls := NewScope(snap, nil), snap.Calls[:3000]
	texts := []string{"4", "44", "447", "code:4xx", "code:4xx 44", "code:4xx 447", "busy", "BUSY code:4xx", "mos<3", "mos<3 44"}
	for _, a := range texts {
		for _, b := range texts {
			wide, narrow := parsed(t, a), parsed(t, b)
			if !narrow.Narrows(wide) {
				continue
			}
			for _, c := range calls {
				if narrow.Match(in, c) && !wide.Match(in, c) {
					t.Fatalf("%q matches call %d, and %q does not", b, c.Index, a)
				}
			}
		}
	}
}

func TestSteady(t *testing.T) {
	for text, want := range map[string]bool{
		"": true, "bob": true, "code:4xx or mos<3": true, "since:5m": false, "bob !(code:4xx dur>5)": false, "marked:yes": false, "problem:loss": false,
	} {
		if got := parsed(t, text).Steady(); got != want {
			t.Errorf("%q is steady: %v", text, got)
		}
	}
}

func TestValues(t *testing.T) {
	snap := crowdSnapshot()
	in := NewScope(snap, nil)
	tally := map[int]int{}
	for _, c := range snap.Calls {
		tally[c.FinalStatus]++
	}
	values := Values("code", in, snap.Calls, 10)
	if len(values) != 5 || values[0].Text != "200" || values[0].Calls != tally[200] {
		t.Errorf("values of code: %v, counted by hand %v", values, tally)
	}
	if got := Values("peer", in, snap.Calls, 3); len(got) != 3 || !strings.HasPrefix(got[0].Text, "203.0.113.") {
		t.Errorf("values of peer: %v", got)
	}
	if got := Values("nothing", in, snap.Calls, 3); got != nil {
		t.Errorf("values of what is no field: %v", got)
	}
}

// What was found out about calls is worked out for filters that ask for it only.
func TestAsksFindings(t *testing.T) {
	o := Options{Saved: func(name string) (string, bool) {
		text, ok := map[string]string{"bad": "code:503 or oneway:yes", "short": "dur<5"}[name]
		return text, ok
	}}
	for text, want := range map[string]bool{
		"finding:MED-11": true, "severity:error": true, "problem:loss": true, "oneway:no": true, "silent:yes": true,
		"code:486 (x or !FINDING:x)": true, "code:486 !@bad": true,
		"": false, "finding": false, "code:4xx mos<3 marked:yes since:5m": false, "@short": false, "header.Severity:x": false,
	} {
		e, err := Parse(text, o)
		if err != nil {
			t.Errorf("%s: %v", text, err)
		} else if e.AsksFindings() != want || want && e.Steady() {
			t.Errorf("%q asks for findings: %v, and is steady: %v", text, e.AsksFindings(), e.Steady())
		}
	}
}

func TestNearest(t *testing.T) {
	snap := crowdSnapshot()
	in := NewScope(snap, nil)
	tally := map[int]int{}
	for _, c := range snap.Calls {
		tally[c.FinalStatus]++
	}
	for _, tt := range []struct {
		text, want string
		calls      int
	}{
		{"code:599", "code:503", tally[503]},
		{"code:599 mos<9", "mos<9", tally[200] + tally[503]},
		{"codec:PCNA", "codec:PCMA", tally[200] + tally[503]},
		{"nobodyisthere", "", 0},
	} {
		if text, n := parsed(t, tt.text).Nearest(in, snap.Calls); text != tt.want || n != tt.calls {
			t.Errorf("nearest to %q: %q (%d), want %q (%d)", tt.text, text, n, tt.want, tt.calls)
		}
	}
}

// What is left of a filter means the same as in it: hosts have their names, times
// are of its zone. The first of the sample began at 12:05:30 UTC.
func TestNearestKeepsOptions(t *testing.T) {
	snap := sample()
	o := Options{Location: time.FixedZone("", -3600), Aliases: map[netip.Addr]string{netip.MustParseAddr("10.20.1.6"): "pbx1"}}
	for text, want := range map[string]string{
		"code:599 alias:pbx": "alias:pbx", "code:599 pbx1": "pbx1", "code:599 src:pbx1": "src:pbx1", "code:599 time:11:05": "time:11:05", "code:599 time:12:05": "",
	} {
		e, err := Parse(text, o)
		if err != nil {
			t.Fatal(err)
		}
		if got, n := e.Nearest(NewScope(snap, nil), snap.Calls); got != want || n > 2 {
			t.Errorf("nearest to %q: %q (%d), want %q", text, got, n, want)
		}
	}
}

// Every field that can be asked for explains itself.
func TestFields(t *testing.T) {
	for _, f := range Fields() {
		if f.Help == "" || f.Operator == "" {
			t.Errorf("%s has no help or no operator", f.Name)
		}
		if (lookup(f.Name).kind == kindAddress) != strings.HasSuffix(f.Help, ": IP, CIDR or alias") {
			t.Errorf("%s: its help says %q", f.Name, f.Help)
		}
		if want, named := map[string]string{"rtt": ">", "loss": ">", "mos": "<", "src": ":"}[f.Name]; named && f.Operator != want {
			t.Errorf("%s is asked with %s, want %s", f.Name, f.Operator, want)
		}
	}
	for name := range helps {
		if lookup(name) == nil {
			t.Errorf("%s is explained and is no field", name)
		}
	}
}
