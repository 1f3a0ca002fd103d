package legs_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"sipsniff/correlate/internal/b2bua"
	"sipsniff/correlate/legs"
	"sipsniff/decode/sdp"
	"sipsniff/decode/sip"
)

// factsOf reads the facts of all calls of a scene, in the order of their
// first INVITEs. It stands in for the tracker, which has tests of its own.
func factsOf(t testing.TB, s *b2bua.Scene, headers ...legs.Header) []*legs.Facts {
	t.Helper()
	reader := legs.NewReader(headers)
	byID, list := map[string]*legs.Facts{}, []*legs.Facts(nil)
	for _, p := range s.Packets {
		m, err := sip.Parse(p.Text)
		if err != nil {
			t.Fatal(err)
		}
		f := byID[m.CallID]
		if f == nil {
			f = reader.Invite(m, len(list)+1, p.Nanos, p.Src.Addr(), p.Dst.Addr())
			byID[m.CallID] = f
			list = append(list, f)
		} else {
			reader.Message(f, m)
		}
		if body, ok := m.SDP(); ok {
			f.Description(sdp.Parse(body), p.Src.Addr(), m.IsRequest())
		}
		follow(f, m, p.Nanos)
	}
	return list
}

// follow notes how the call goes.
func follow(f *legs.Facts, m *sip.Message, nanos int64) {
	switch {
	case m.StatusCode >= 200 && m.CSeq.Method == "INVITE" && f.Final == 0:
		f.Status, f.Final = m.StatusCode, nanos
		if m.StatusCode >= 300 {
			f.Ended = nanos
		}
	case m.Method == "BYE" && f.Bye == 0:
		f.Bye, f.Ended = nanos, nanos
	}
}

// groups says for each call the lowest number of the calls that it is joined
// with, its own included.
func groups(list []*legs.Facts, k *legs.Linker) map[string]int {
	found := map[string]int{}
	for _, f := range list {
		found[f.CallID] = f.ID
		for _, m := range k.Legs(f.ID) {
			if !m.Possible {
				found[f.CallID] = min(found[f.CallID], m.ID)
			}
		}
	}
	return found
}

// rates compares pairs of calls that were joined, over any number of hops, with
// those that should be.
func rates(truth, found map[string]int) (precision, recall float64, right, wrong, missed int) {
	type pair struct{ call, group int }
	both, is, should := map[pair]int{}, map[int]int{}, map[int]int{}
	for id, call := range truth {
		both[pair{call, found[id]}]++
		is[found[id]]++
		should[call]++
	}
	pairs := func(n int) int { return n * (n - 1) / 2 }
	joined, all := 0, 0
	for _, n := range both {
		right += pairs(n)
	}
	for _, n := range is {
		joined += pairs(n)
	}
	for _, n := range should {
		all += pairs(n)
	}
	precision, recall = 1, 1
	if joined > 0 {
		precision = float64(right) / float64(joined)
	}
	if all > 0 {
		recall = float64(right) / float64(all)
	}
	return precision, recall, right, joined - right, all - right
}

// TestCalls finds the legs of calls through two back-to-back user agents.
func TestCalls(t *testing.T) {
	for _, c := range []struct {
		name              string
		options           b2bua.Options
		precision, recall float64
	}{
		{"no helpful header, 50 calls a second", b2bua.Options{Calls: 1000, PerSecond: 50, Seed: 1}, 0.995, 0.98},
		{"no helpful header, another network", b2bua.Options{Calls: 1000, PerSecond: 50, Seed: 2}, 0.995, 0.98},
		{"no helpful header, a third network", b2bua.Options{Calls: 1000, PerSecond: 50, Seed: 11}, 0.995, 0.98},
		{"no helpful header, 200 calls a second", b2bua.Options{Calls: 1000, PerSecond: 200, Seed: 12}, 0.995, 0.95},
		{"no helpful header, 5 calls a second", b2bua.Options{Calls: 1000, PerSecond: 5, Seed: 3}, 0.995, 0.98},
		{"Session-ID", b2bua.Options{Calls: 1000, PerSecond: 50, Seed: 4, Helper: b2bua.SessionID}, 1, 1},
		{"X-CID", b2bua.Options{Calls: 1000, PerSecond: 50, Seed: 5, Helper: b2bua.XCID}, 1, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			scene := b2bua.Calls(c.options)
			list := factsOf(t, scene)
			k := legs.New()
			for _, f := range list {
				k.Put(f)
			}
			began := time.Now()
			k.LinkAll()
			precision, recall, right, wrong, missed := rates(scene.Calls, groups(list, k))
			t.Logf("%v: precision %.3f %%, recall %.3f %% (pairs: %d right, %d wrong, %d missed) in %v",
				scene, 100*precision, 100*recall, right, wrong, missed, time.Since(began))
			if precision < c.precision || recall < c.recall {
				t.Errorf("want precision %v, recall %v", c.precision, c.recall)
			}
			if testing.Verbose() {
				explain(t, scene, list, k)
			}
		})
	}
}

// explain prints some of what was not found as it should be.
func explain(t *testing.T, scene *b2bua.Scene, list []*legs.Facts, k *legs.Linker) {
	found := groups(list, k)
	members := map[int][]*legs.Facts{}
	for _, f := range list {
		members[scene.Calls[f.CallID]] = append(members[scene.Calls[f.CallID]], f)
	}
	shown, bogus := 0, 0
	for _, f := range list {
		for _, m := range k.Legs(f.ID) {
			if m.ID == f.ID && m.With != 0 && !m.Possible && scene.Calls[f.CallID] != scene.Calls[list[m.With-1].CallID] && bogus < 6 {
				bogus++
				t.Logf("wrong: %s\n        %s\n        %d %v", describe(list[m.With-1]), describe(f), m.Score, m.Reasons)
			}
		}
	}
	for _, f := range list {
		for _, o := range members[scene.Calls[f.CallID]] {
			if found[o.CallID] == found[f.CallID] || o.ID < f.ID || shown > 12 {
				continue
			}
			shown++
			t.Logf("missed: %s\n        %s\n        %v", describe(f), describe(o), k.Legs(o.ID))
		}
	}
}

func describe(f *legs.Facts) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d %.3f %v>%v", f.ID, float64(f.Invited-b2bua.Start)/1e9, f.Sender, f.Receivers)
	for _, n := range f.Callers {
		b.WriteString(" from " + n.Digits)
	}
	for _, n := range f.Callees {
		b.WriteString(" to " + n.Digits)
	}
	fmt.Fprintf(&b, " %d", f.Status)
	return b.String()
}

// TestUnrelated joins nothing of what has nothing to do with another.
func TestUnrelated(t *testing.T) {
	for _, c := range []struct {
		perSecond float64
		seed      uint64
	}{{50, 1}, {2, 2}} {
		scene := b2bua.Unrelated(b2bua.Options{Calls: 10_000, PerSecond: c.perSecond, Seed: c.seed})
		list := factsOf(t, scene)
		k := legs.New()
		for _, f := range list {
			k.Put(f)
		}
		k.LinkAll()
		joins := 0
		for _, f := range list {
			for _, m := range k.Legs(f.ID) {
				if m.ID == f.ID && m.With != 0 && !m.Possible {
					joins++
					t.Errorf("joined: %s with %d: %d %v", describe(f), m.With, m.Score, m.Reasons)
				}
			}
		}
		t.Logf("%v, %v calls a second: %d false joins", scene, c.perSecond, joins)
	}
}
