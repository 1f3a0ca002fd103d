package legs

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"slices"
	"testing"
	"time"

	"sipsniff/internal/allowance"
)

// begin is a time to begin at.
const begin = int64(1_700_000_000) * second

func ip(n int) netip.Addr { return netip.AddrFrom4([4]byte{192, 0, byte(2 + n/256), byte(n)}) }

func numbers(users ...string) (list []Number) {
	for _, u := range users {
		list = withNumber(list, u)
	}
	return list
}

// threeLegs is calls of three legs, one after the other in each.
func threeLegs(count int, perSecond float64) []*Facts {
	r := rand.New(rand.NewPCG(1, 1))
	var list []*Facts
	for i := range count {
		at := begin + int64(float64(i)/perSecond*float64(second))
		caller, callee := fmt.Sprintf("49%09d", r.IntN(1e9)), fmt.Sprintf("49%09d", r.IntN(1e9))
		for hop := range 3 {
			id := len(list) + 1
			list = append(list, &Facts{
				ID: id, CallID: fmt.Sprintf("%016x-%d", r.Uint64(), id), Invited: at, MaxForwards: 70,
				Sender: ip(hop), Receivers: []netip.Addr{ip(hop + 1)}, Callers: numbers(caller), Callees: numbers(callee),
				Endpoints: []Endpoint{EndpointOf(netip.AddrPortFrom(ip(hop), uint16(20000+2*(id%20000))), ip(hop), true)},
				Status:    200, Final: at + 5*second - int64(hop)*millisecond, Bye: at + 60*second, Ended: at + 60*second,
			})
			at += 20 * millisecond
		}
	}
	return list
}

// TestLinkAllOfMany finds the legs of 100,000 calls in well under a second, on
// a machine that does nothing else.
func TestLinkAllOfMany(t *testing.T) {
	list := threeLegs(allowance.Share(33_334, 3_334), 50)
	k := New()
	began := time.Now()
	for _, f := range list {
		k.Put(f)
	}
	put := time.Since(began)
	began = time.Now()
	k.LinkAll()
	t.Logf("%d legs: put in %v, linked in %v", len(list), put, time.Since(began))
	for i, f := range list {
		if got := len(k.Legs(f.ID)); got != 3 {
			t.Fatalf("leg %d has %d legs: %v", i, got, k.Legs(f.ID))
		}
	}
}

// TestHostile does what strangers might, to make the search long or the groups
// large.
func TestHostile(t *testing.T) {
	count := allowance.Share(5_000, 1_000)
	for name, change := range map[string]func(f *Facts, i int){
		"one number, one second": func(f *Facts, _ int) { f.Callers, f.Callees = numbers("493012345"), numbers("493054321") },
		"no numbers":             func(f *Facts, _ int) { f.Callers, f.Callees = nil, nil },
		"one Session-ID":         func(f *Facts, _ int) { f.rare().Sessions = []Session{{UUID: "00000000000000000000000000000001"}} },
		"one endpoint": func(f *Facts, _ int) {
			f.Endpoints = []Endpoint{EndpointOf(netip.MustParseAddrPort("192.0.2.9:4000"), f.Sender, f.ID%2 == 0)}
		},
		"one stream": func(f *Facts, _ int) {
			f.rare().Streams = []Stream{{SSRC: 1, LastNumber: 100, First: begin, Last: begin + second}}
		},
		"all name one": func(f *Facts, i int) { f.name(ByHeader, "call-0", "X-CID") },
		"each names the one before": func(f *Facts, i int) {
			f.CallID = fmt.Sprintf("call-%d", i)
			f.name(ByHeader, fmt.Sprintf("call-%d", i-1), "X-CID")
		},
		"each Call-ID is in the next": func(f *Facts, i int) {
			f.CallID = "abcdefghijklmnopq"
			for range i % 100 {
				f.CallID += "-x"
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			k := New()
			for i := range count {
				f := &Facts{ID: i + 1, CallID: fmt.Sprintf("call-%d", i), Invited: begin + int64(i), MaxForwards: -1, Sender: ip(i % 3), Receivers: []netip.Addr{ip((i + 1) % 3)}}
				change(f, i)
				k.Put(f)
			}
			began := time.Now()
			k.LinkAll()
			took := time.Since(began)
			largest := 0
			for i := range count {
				joined := 0
				for _, m := range k.Legs(i + 1) {
					if !m.Possible {
						joined++
					}
				}
				largest = max(largest, joined)
			}
			t.Logf("%v, largest group %d", took, largest)
			if largest > maxGroup {
				t.Errorf("a group of %d", largest)
			}
			for i := range count {
				k.Drop(i + 1)
			}
			k.Link()
			if len(k.legs) != 0 || len(k.index.lists) != 0 {
				t.Errorf("%d legs, %d lists are left", len(k.legs), len(k.index.lists))
			}
		})
	}
}

// TestAnyOrder puts the same facts in other orders, links in between, drops and
// puts again: LinkAll finds the same.
func TestAnyOrder(t *testing.T) {
	list := threeLegs(200, 50)
	want := ""
	for round := range 4 {
		k := New()
		order := slices.Clone(list)
		r := rand.New(rand.NewPCG(uint64(round), 7))
		if round > 0 {
			r.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		}
		for i, f := range order {
			early := *f
			early.Final, early.Bye, early.Ended, early.Endpoints = 0, 0, 0, nil
			k.Put(&early)
			if round > 0 && i%17 == 0 {
				k.Link()
			}
			if round > 1 && i%5 == 0 {
				k.Drop(f.ID)
			}
		}
		for _, f := range order {
			k.Put(f)
		}
		k.LinkAll()
		got := ""
		for _, f := range list {
			got += fmt.Sprintln(f.ID, k.Legs(f.ID))
		}
		if round == 0 {
			want = got
		} else if got != want {
			t.Errorf("round %d differs", round)
		}
	}
}

// A search that meets thousands of legs keeps a few edges and lets go of the
// others.
func TestSearchKeepsFew(t *testing.T) {
	k := New()
	const count = 400
	for i := range count {
		k.Put(&Facts{
			ID: i + 1, CallID: fmt.Sprintf("call-%d", i), Invited: begin + int64(i), MaxForwards: -1,
			Sender: ip(i % 97), Receivers: []netip.Addr{ip(100 + i%89)},
			Callers: numbers("493012345"), Callees: numbers("493054321"),
		})
	}
	found := k.search.find(k.legs[count])
	if len(found) != maxEdges || cap(found) > 2*maxEdges {
		t.Errorf("%d edges, with room for %d", len(found), cap(found))
	}
}
