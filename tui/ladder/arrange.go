package ladder

import (
	"net/netip"
	"slices"
)

// arrange puts the columns that are in order into that order, in the places
// that they have together.
func (l *Ladder) arrange(order []netip.Addr) {
	if len(order) == 0 {
		return
	}
	rank := func(i int) int { return slices.Index(order, l.Participants[i].Addr) }
	var places, moved []int
	for i := range l.Participants {
		if rank(i) >= 0 {
			places, moved = append(places, i), append(moved, i)
		}
	}
	slices.SortStableFunc(moved, func(a, b int) int { return rank(a) - rank(b) })
	to := make([]int, len(l.Participants))
	for i := range to {
		to[i] = i
	}
	list := slices.Clone(l.Participants)
	for n, i := range moved {
		to[i] = places[n]
		list[places[n]] = l.Participants[i]
	}
	l.Participants = list
	for i := range l.Rows {
		if r := &l.Rows[i]; r.Kind != GapRow {
			r.From, r.To = to[r.From], to[r.To]
		}
	}
}
