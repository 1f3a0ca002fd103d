package quality

// Head looks at the part of an Account that is not in its timing.
func (a *Account) Head() uint64 {
	return uint64(a.highest) + a.seen[a.highest&(windowSize-1)>>6] + a.unique
}

// Fetch looks at what the next packet will need, so that it comes from memory
// side by side.
func (a *Account) Fetch() uint64 {
	t := a.timing
	if t == nil {
		return 0
	}
	g, o := &t.Spacing, &t.playout
	r := &o.adaptive.recent
	n := uint64(g.Jitter.clock) + g.Jitter.fed + uint64(g.Jitter.spread.counts[70]) + uint64(g.Jitter.spread.counts[100])
	n += uint64(g.Delta.last) + uint64(g.Delta.spread.counts[70]) + uint64(g.Delta.spread.counts[100])
	n += uint64(g.PTime.clock) + uint64(g.PTime.steps[0]) + uint64(g.PTime.counts[0])
	n += uint64(g.skew.width) + uint64(t.seconds.next) + uint64(t.seconds.came)
	n += uint64(o.mediaClock.ticks) + uint64(o.clockwork.next) + uint64(o.highest) + uint64(o.read) + o.discards[0][0]
	n += o.fixed[0].Played + o.fixed[1].Played + o.adaptive.Played + uint64(o.adaptive.playout)
	n += uint64(r.ring[r.next]) + uint64(r.least[r.next/blockSize]) + uint64(r.top[15]) + uint64(r.top[31]) + uint64(r.lowest)
	if w := g.skew.width; w > 0 {
		if i := (g.Delta.last - g.skew.origin) / w; i >= 0 && i < skewBuckets {
			n += uint64(g.skew.least[i])
		}
	}
	return n
}
