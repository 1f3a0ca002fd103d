package tui

import (
	"net/netip"
	"slices"
)

// mostOrders bounds how many orders of columns are remembered.
const mostOrders = 32

// keepOrder remembers in which order the columns of some hosts stand. Orders of
// other hosts stay: ladders of those look as they were left, too.
func (s *flowSettings) keepOrder(order []netip.Addr) {
	within := func(old []netip.Addr) bool {
		return !slices.ContainsFunc(old, func(a netip.Addr) bool { return !slices.Contains(order, a) })
	}
	kept := slices.DeleteFunc(slices.Clone(s.orders), within) // a ladder may be built of the old ones meanwhile
	kept = append(kept, order)
	s.orders = kept[max(0, len(kept)-mostOrders):]
}
