package tui

import (
	"math"
	"slices"
)

// fewEntries is how many are sorted by comparing them.
const fewEntries = 512

// sortEntries puts entries in order, see compare. Many are sorted by the bits
// of their numbers, which takes a few milliseconds for 100,000.
func sortEntries(entries []sortEntry, descending bool) {
	inOrder := func(a, b sortEntry) int { return compare(a, b, descending) }
	switch {
	case slices.IsSortedFunc(entries, inOrder):
	case len(entries) < fewEntries:
		slices.SortFunc(entries, inOrder)
	default:
		sortByBits(entries, descending)
	}
}

func sortByBits(entries []sortEntry, descending bool) {
	known := partition(entries)
	radixSort(entries[:known])
	upwards := func(a, b sortEntry) int { return compare(a, b, false) }
	for from := 0; from < known; { // entries of one number: by text, then by index
		to := from + 1
		for to < known && entries[to].number == entries[from].number {
			to++
		}
		if run := entries[from:to]; !slices.IsSortedFunc(run, upwards) {
			slices.SortFunc(run, upwards)
		}
		from = to
	}
	if descending {
		slices.Reverse(entries[:known])
	}
	slices.SortFunc(entries[known:], func(a, b sortEntry) int { return a.index - b.index })
}

// partition moves the entries without a number to the end, the order of the
// others stays, and returns how many have one.
func partition(entries []sortEntry) (known int) {
	var unknown []sortEntry
	for _, e := range entries {
		if math.IsNaN(e.number) {
			unknown = append(unknown, e)
			continue
		}
		entries[known] = e
		known++
	}
	copy(entries[known:], unknown)
	return known
}

// orderedBits are the bits of a number, so that they sort as numbers do.
func orderedBits(v float64) uint64 {
	bits := math.Float64bits(v + 0) // no negative zero
	if bits>>63 != 0 {
		return ^bits
	}
	return bits | 1<<63
}

// The digits of a radix sort.
const (
	digitBits = 16
	digitMask = 1<<digitBits - 1
)

// radixSort orders by number, and leaves the order of equal ones.
func radixSort(entries []sortEntry) {
	from, to := entries, make([]sortEntry, len(entries))
	counts := make([]int, digitMask+1)
	for shift := 0; shift < 64; shift += digitBits {
		clear(counts)
		for i := range from {
			counts[orderedBits(from[i].number)>>shift&digitMask]++
		}
		if len(from) > 0 && counts[orderedBits(from[0].number)>>shift&digitMask] == len(from) {
			continue // all have the same digit here
		}
		sum := 0
		for i, n := range counts {
			counts[i] = sum
			sum += n
		}
		for i := range from {
			digit := orderedBits(from[i].number) >> shift & digitMask
			to[counts[digit]] = from[i]
			counts[digit]++
		}
		from, to = to, from
	}
	if len(entries) > 0 && &from[0] != &entries[0] {
		copy(entries, from)
	}
}
