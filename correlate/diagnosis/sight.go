package diagnosis

import (
	"net/netip"

	"sipsniff/correlate"
)

// sightNanos is how far from a moment a packet may be that shows that a way
// is visible (spec §7).
const sightNanos = 60 * int64(1e9)

// slotNanos is the grain in which it is remembered when a way was seen.
const slotNanos = 20 * int64(1e9)

// A sight knows which ways of the capture show packets when. It is made when
// it is asked for: only findings that rely on absence do.
type sight struct {
	of    *correlate.Snapshot
	slots map[way]map[int64]struct{}
}

type way struct{ from, to netip.Addr }

// saw reports whether there is a packet from one address to another within
// 60 s of a moment, by 20 s more at most.
func (s *sight) saw(snap *correlate.Snapshot, from, to netip.Addr, nanos int64) bool {
	if s.of != snap {
		s.look(snap)
	}
	times := s.slots[way{from, to}]
	if len(times) == 0 {
		return false
	}
	for slot := (nanos - sightNanos) / slotNanos; slot <= (nanos+sightNanos)/slotNanos; slot++ {
		if _, ok := times[slot]; ok {
			return true
		}
	}
	return false
}

func (s *sight) look(snap *correlate.Snapshot) {
	s.of, s.slots = snap, make(map[way]map[int64]struct{})
	for _, c := range snap.Calls {
		for _, m := range c.Messages {
			s.note(way{m.Src.Addr(), m.Dst.Addr()}, m.Nanos, m.Nanos)
		}
	}
	for _, st := range snap.Streams {
		s.note(way{st.Src.Addr(), st.Dst.Addr()}, st.First, st.Last)
	}
}

// maxSlots bounds what one stream is noted for: a day.
const maxSlots = 24 * 3600 / 20

func (s *sight) note(w way, first, last int64) {
	times := s.slots[w]
	if times == nil {
		times = make(map[int64]struct{})
		s.slots[w] = times
	}
	for n, slot := 0, first/slotNanos; slot <= last/slotNanos && n < maxSlots; n, slot = n+1, slot+1 {
		times[slot] = struct{}{}
	}
}
