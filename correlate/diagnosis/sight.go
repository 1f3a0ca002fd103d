package diagnosis

import (
	"net/netip"
	"slices"

	"sipsniff/correlate"
)

// sightNanos is how far from a moment a packet may be that shows that a way
// is visible (spec §7).
const sightNanos = 60 * second

// slotNanos is the grain in which it is remembered when a way was seen.
const slotNanos = 20 * second

// A sight knows which ways of the capture show packets when. It is made when
// it is asked for, because only findings that rely on absence do, and then kept
// up to date.
type sight struct {
	slots map[way][]int64 // ascending
	noted map[int]int     // messages of each call that are in it, by Call.Index
}

type way struct{ from, to netip.Addr }

// maxSightSlots bounds what is remembered of one way: 11 days.
const maxSightSlots = 50_000

// maxWays bounds the ways that are remembered: strangers make them.
const maxWays = 1 << 16

// saw reports whether there is a packet from one address to another within
// 60 s of a moment, by 20 s more at most.
func (s *sight) saw(snap *correlate.Snapshot, from, to netip.Addr, nanos int64) bool {
	if s.slots == nil {
		s.slots, s.noted = make(map[way][]int64), make(map[int]int)
		for _, c := range snap.Calls {
			s.note(c)
		}
	}
	first, last := (nanos-sightNanos)/slotNanos, (nanos+sightNanos)/slotNanos
	times := s.slots[way{from, to}]
	if i, _ := slices.BinarySearch(times, first); i < len(times) && times[i] <= last {
		return true
	}
	for _, st := range snap.Streams {
		if st.Src.Addr() == from && st.Dst.Addr() == to && st.First <= nanos+sightNanos && st.Last >= nanos-sightNanos {
			return true
		}
	}
	return false
}

// note adds what is new of a call.
func (s *sight) note(c *correlate.Call) {
	done := s.noted[c.Index]
	switch n := c.CountMessages(); {
	case done == n:
		return
	case done > n:
		done = 0 // it was begun anew
	}
	for _, m := range c.Messages()[done:] {
		w, slot := way{m.Src.Addr(), m.Dst.Addr()}, m.Nanos/slotNanos
		times := s.slots[w]
		if n := len(times); n > 0 && times[n-1] == slot {
			continue
		}
		i, known := slices.BinarySearch(times, slot)
		if !known && (times != nil || len(s.slots) < maxWays) {
			if len(times) >= maxSightSlots {
				times = slices.Delete(times, 0, 1)
				i = max(i-1, 0)
			}
			s.slots[w] = slices.Insert(times, i, slot)
		}
	}
	s.noted[c.Index] = c.CountMessages()
}

// forget lets go of a call; what it showed stays.
func (s *sight) forget(call int) { delete(s.noted, call) }
