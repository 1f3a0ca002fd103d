package quality

// Look reads the part of an Account that says where the times are, and returns
// something that depends on all that was read.
func (a *Account) Look() uint64 {
	return uint64(a.highest) + a.unique + a.seen[a.highest&(windowSize-1)>>6]
}

// LookAtTimes does so with what the times of the next packet are compared with,
// which lies apart in some twenty places.
func (a *Account) LookAtTimes() uint64 {
	t := a.timing
	if t == nil {
		return 0
	}
	return t.Spacing.look() + t.playout.look() + uint64(t.seconds.next) + uint64(t.seconds.came)
}

func (s *Spacing) look() uint64 {
	n := uint64(s.Jitter.clock) + s.Jitter.fed + s.Jitter.spread.look() + uint64(s.Delta.last) + s.Delta.spread.look()
	n += uint64(s.PTime.clock) + uint64(s.PTime.steps[0]) + uint64(s.PTime.counts[0]) + uint64(s.skew.width)
	if b := s.skew.width; b > 0 {
		n += uint64(s.skew.least[uint64(s.Delta.last-s.skew.origin)/uint64(b)%skewBuckets])
	}
	return n
}

// look reads the buckets of some milliseconds and of some ten.
func (h *histogram) look() uint64 { return uint64(h.counts[70]) + uint64(h.counts[100]) }

func (o *playout) look() uint64 {
	r := &o.adaptive.recent
	n := uint64(o.mediaClock.ticks) + uint64(o.clockwork.next) + uint64(o.highest) + uint64(o.read) + o.discards[0][0]
	n += o.fixed[0].Played + o.fixed[1].Played + o.adaptive.Played + uint64(o.adaptive.playout)
	return n + uint64(r.ring[r.next]) + uint64(r.least[r.next/blockSize]) + uint64(r.top[0]) + uint64(r.top[16]) + uint64(r.top[32]) + uint64(r.lowest)
}
