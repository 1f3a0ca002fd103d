package tui

import (
	"math/rand/v2"
	"slices"
	"testing"

	"sipsniff/correlate"
)

// shuffledNews makes snapshots of one another, in which calls come, change
// their method, and leave.
func shuffledNews(rng *rand.Rand, before *correlate.Snapshot, all []*correlate.Call) *correlate.Snapshot {
	snap := *before
	snap.Calls = slices.Clone(before.Calls)
	last := 0
	if n := len(snap.Calls); n > 0 {
		last = snap.Calls[n-1].Index
	}
	for i := range snap.Calls {
		if rng.IntN(10) == 0 {
			changed := *snap.Calls[i]
			changed.Method = []string{"INVITE", "OPTIONS", "REGISTER"}[rng.IntN(3)]
			snap.Calls[i] = &changed
		}
	}
	if rng.IntN(3) == 0 {
		snap.Calls = slices.DeleteFunc(snap.Calls, func(*correlate.Call) bool { return rng.IntN(20) == 0 })
	}
	snap.Calls = append(snap.Calls, all[last:min(len(all), last+rng.IntN(8))]...)
	return &snap
}

// TestListingFollows makes listings from those before and anew: both have the
// same rows in the same order, and those before stay as they were.
func TestListingFollows(t *testing.T) {
	all := manyCalls(400).Calls
	for _, scope := range []scope{scopeCalls, scopeDialogs, scopeAll} {
		for _, key := range sortKeys() {
			for _, descending := range []bool{false, true} {
				rng := rand.New(rand.NewPCG(1, 2))
				never := func() bool { return false }
				snap := &correlate.Snapshot{Calls: all[:50]}
				var before *listing
				var kept []*listing
				var keptRows [][]int
				for range 20 {
					snap = shuffledNews(rng, snap, all)
					w := listWish{snap: snap, byIndex: snap.Calls, scope: scope, hide: hiddenMethods{"OPTIONS"}, key: key, descending: descending, hold: key.volatile}
					anew := w.make(nil, never)
					got := w.make(before, never)
					if before != nil && !w.follows(before) {
						t.Fatal("it does not follow")
					}
					// Two may be made of the same: neither may spoil the other.
					if again := w.make(before, never); !slices.Equal(rowsOf(got), rowsOf(again)) {
						t.Fatalf("%s: made twice: %v and %v", key.column, rowsOf(got), rowsOf(again))
					}
					rows, want := rowsOf(got), rowsOf(anew)
					if key.volatile { // in the order of before, and what is new at the end
						if before != nil {
							for i, index := range keptIn(rowsOf(before), want) {
								if rows[i] != index {
									t.Fatalf("%s: row %d is %d and was %d", key.column, i, rows[i], index)
								}
							}
						}
						slices.Sort(rows)
						slices.Sort(want)
					}
					if !slices.Equal(rows, want) {
						t.Fatalf("%s, descending %v, scope %d: %v, want %v", key.column, descending, scope, rows, want)
					}
					before = got
					kept, keptRows = append(kept, got), append(keptRows, rowsOf(got))
				}
				for i, l := range kept {
					if !slices.Equal(rowsOf(l), keptRows[i]) {
						t.Fatalf("%s: an old listing changed", key.column)
					}
				}
			}
		}
	}
}

func rowsOf(l *listing) []int {
	rows := make([]int, len(l.entries))
	for i, e := range l.entries {
		rows[i] = e.index
	}
	return rows
}

// keptIn are the rows that are still among now.
func keptIn(rows, now []int) []int {
	return slices.DeleteFunc(slices.Clone(rows), func(index int) bool { return !slices.Contains(now, index) })
}

// TestInIndexOrder has lists that grow, shrink and change, in order or not.
func TestInIndexOrder(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	all := manyCalls(300).Calls
	var before []*correlate.Call
	for round := range 1000 {
		calls := slices.Clone(all[:rng.IntN(len(all))])
		for range rng.IntN(4) {
			if len(calls) == 0 {
				break
			}
			switch i, j := rng.IntN(len(calls)), rng.IntN(len(calls)); rng.IntN(4) {
			case 0:
				calls[i], calls[j] = calls[j], calls[i]
			case 1:
				calls = slices.Delete(calls, min(i, j), max(i, j))
			case 2:
				changed := *calls[i]
				calls[i] = &changed
			}
		}
		if got, want := inOrder(before, calls), slices.IsSortedFunc(calls, byIndex); got != want {
			t.Fatalf("round %d: in order %v, want %v", round, got, want)
		}
		if before = inIndexOrder(before, calls); !slices.IsSortedFunc(before, byIndex) {
			t.Fatalf("round %d: not sorted", round)
		}
	}
}

// A call that changed stands where it belongs, whether a filter is on or not: its
// first request came after what was taken for it.
func TestOrderOfACallThatChanged(t *testing.T) {
	for _, filter := range []string{"", "idx:1..9"} {
		before := rows(4)
		for i, c := range before.Calls {
			c.From = []string{"sip:a@a", "sip:b@a", "sip:c@a", "sip:d@a"}[i]
		}
		r := newRig(t, rigOptions{w: 80, h: 24, snap: before, status: liveStatus(), live: true})
		from, _ := keyOfColumn("from")
		r.calls.setSort(from)
		r.calls.filterWith(filter)
		now := *before
		now.Calls = slices.Clone(before.Calls)
		changed := *now.Calls[0]
		changed.From = "sip:z@a"
		now.Calls[0] = &changed
		r.publish(&now)
		if got := rowsOf(r.calls.shown); !slices.Equal(got, []int{2, 3, 4, 1}) {
			t.Errorf("filter %q: rows %v", filter, got)
		}
	}
}
