package tui

import (
	"fmt"
	"math"
	"math/rand"
	"slices"
	"testing"
)

// Sorting by bits is sorting by comparing.
func TestSortByBits(t *testing.T) {
	random := rand.New(rand.NewSource(1))
	kinds := map[string]func(i int) sortEntry{
		"numbers": func(int) sortEntry { return sortEntry{number: random.NormFloat64() * 1000} },
		"few numbers": func(int) sortEntry {
			return sortEntry{number: []float64{-2, 0, math.Copysign(0, -1), 3, math.NaN(), math.Inf(1)}[random.Intn(6)]}
		},
		"texts": func(int) sortEntry {
			text := naturalKey(fmt.Sprintf("+49%d", random.Intn(2000)))
			return sortEntry{number: prefix(text), text: text}
		},
	}
	for name, make := range kinds {
		for _, descending := range []bool{false, true} {
			var entries []sortEntry
			for i := range 3000 {
				e := make(i)
				e.index = i + 1
				entries = append(entries, e)
			}
			random.Shuffle(len(entries), func(i, j int) { entries[i], entries[j] = entries[j], entries[i] })
			want := slices.SortedFunc(slices.Values(entries), func(a, b sortEntry) int { return compare(a, b, descending) })
			sortEntries(entries, descending)
			if fmt.Sprint(indexes(entries)) != fmt.Sprint(indexes(want)) {
				t.Errorf("%s, descending %v: another order", name, descending)
			}
		}
	}
}
