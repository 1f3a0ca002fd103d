package quality

import "math"

// isSteady reports whether everything that accounts times goes on from the
// packet of a number, so that the next one only has to be compared with it.
func (t *timing) isSteady(r *Run, number int64) bool {
	g, o := &t.Spacing, &t.playout
	return r.ClockRate != 0 && t.running() && !g.comfort &&
		g.Delta.hasMax && g.Jitter.running && g.fed > 0 && g.Jitter.clock == r.ClockRate && g.Jitter.arrival == g.Delta.last &&
		g.PTime.started && g.samples > 0 && g.PTime.clock == r.ClockRate && g.payloadType == r.PayloadType && g.extended == number &&
		o.set && o.mediaClock.clock == r.ClockRate && o.highest == number && t.seconds.highest == number &&
		g.PTime.timestamp == g.Jitter.timestamp && o.mediaClock.timestamp == g.Jitter.timestamp
}

// running reports whether all parts have begun.
func (t *timing) running() bool {
	o := &t.playout
	return t.seconds.running && t.Spacing.started && t.Spacing.skew.started && o.clockwork.started &&
		o.fixed[0].started && o.fixed[1].started && o.adaptive.started
}

// calmUntil is the arrival at which a second, an interval or a window ends.
func (t *timing) calmUntil() int64 {
	if t.Spacing.skew.width > math.MaxInt64/skewBuckets { // captures say what they want of time
		return math.MinInt64
	}
	return min(t.seconds.next, t.playout.next, addTime(t.windowStart, ptimeWindow), addTime(t.Spacing.skew.origin, t.Spacing.skew.width*skewBuckets))
}

// steady accounts the times of packets behind the one of a number, up to the first
// about which there is anything to decide, and returns how many.
func (t *timing) steady(r *Run, packets []Steady, number int64, s *Sequence) int {
	if t == nil || !t.isSteady(r, number) {
		return 0
	}
	g, o := &t.Spacing, &t.playout
	most := min(stretchSize, len(packets))
	if lookup := int(o.lookup); lookup > 0 {
		most = min(most, lookup) // the time in a packet is looked up for the first one, if at all
	}
	c := stretch{begin: r.Arrival, packets: packets[:most], before: g.Jitter.timestamp}
	if !t.measure(&c, r) {
		return 0
	}
	n := len(c.packets)
	o.stride(&c, number, g, s)
	number += int64(n)
	lowest := g.skew.run(&c)
	t.seconds.skew = int32(max(min(lowest>>skewShift, int64(t.seconds.skew)), math.MinInt32))
	for k := range o.fixed {
		if b := &o.fixed[k]; !b.run(&c) {
			o.each(&c, k, number)
		}
	}
	o.adapt(&c, number)
	t.seconds.pass(uint32(n), c.octets, number)
	g.timestamp, g.extended = c.timestamp, number
	o.jumped = false
	o.clockwork.arrival, o.clockwork.number, o.clockwork.stamp, o.clockwork.comfort, o.clockwork.media = c.last, number, c.timestamp, false, true
	return n
}

// measure accounts the arrivals and timestamps of packets, up to the first about
// which there is anything to decide. Those before make the stretch; it reports
// whether there are any.
func (t *timing) measure(c *stretch, r *Run) bool {
	g, o := &t.Spacing, &t.playout
	until, origin, clock, usual := t.calmUntil(), g.skew.origin, float64(r.ClockRate), g.steps[0]
	last, timestamp, ticks, transit := g.Delta.last, g.Jitter.timestamp, o.ticks, o.transit
	perNano, perTick, num, den := g.perNano, g.perTick, o.num, o.den
	estimate, total := g.estimate, g.Jitter.sum
	least, most := math.Inf(1), 0.0 // of the estimates
	shortest, longest, at := int64(math.MaxInt64), int64(-1), 0
	elapsed, octets, evenly := int64(0), uint32(0), true
	n := 0
	for n < len(c.packets) && n < stretchSize {
		w := &c.packets[n]
		arrival := c.begin + int64(w.After)
		gap, step := arrival-last, int32(w.Timestamp-timestamp)
		if w.Marker || gap < 0 || step <= 0 || arrival >= until || arrival < origin {
			break
		}
		d := math.Abs(float64(gap)*perNano - float64(step))
		media := (ticks + int64(step)) * num
		if den != 1 {
			media /= den
		}
		moved := arrival - media - transit
		if d > clock || moved > second || moved < -second {
			break
		}
		last, timestamp, ticks, elapsed, transit = arrival, w.Timestamp, ticks+int64(step), media, arrival-media
		c.transits[n] = transit
		octets += uint32(w.Octets)
		evenly = evenly && uint32(step) == usual

		if gap < shortest {
			shortest = gap
		}
		if gap > longest {
			longest, at = gap, n
		}
		g.Delta.spread.add(uint32(min(gap/microsecond, 1e9)))
		estimate += (d - estimate) / 16
		if estimate < least {
			least = estimate
		}
		if estimate > most {
			most = estimate
		}
		ms := estimate * perTick
		total += ms
		if ms *= 1000; ms > 1e9 {
			ms = 1e9
		}
		g.Jitter.spread.add(uint32(ms))
		n++
	}
	if n == 0 {
		return false
	}
	c.packets, c.last, c.timestamp, c.media, c.octets, c.evenly = c.packets[:n], last, timestamp, elapsed, octets, evenly
	c.compare()

	since := last - g.Delta.last
	g.Delta.run(uint64(n), since, shortest, longest, r.Frame+int(c.packets[at].Frames), c.arrival(at))
	t.seconds.delta = uint32(max(int64(t.seconds.delta), min(longest, math.MaxUint32)))
	g.Jitter.arrival, g.Jitter.timestamp, g.estimate, g.Jitter.sum = last, timestamp, estimate, total
	g.Jitter.min, g.Jitter.max = min(g.Jitter.min, least*perTick), max(g.Jitter.max, most*perTick)
	g.fed += uint64(n)
	t.seconds.jitter = max(t.seconds.jitter, float32(most))
	o.ticks, o.mediaClock.timestamp, o.elapsed, o.transit = ticks, timestamp, elapsed, transit
	return true
}

// run counts times between packets where there were some before: how many, how
// long all are, and the longest and its packet.
func (d *Delta) run(n uint64, sum, shortest, longest int64, frame int, arrival int64) {
	d.last += sum
	d.count += n
	d.sum += sum
	d.min = min(d.min, shortest)
	if longest > d.max {
		d.max, d.maxFrame, d.maxAt = longest, frame, arrival
	}
}

// pass counts packets that came one after the other in the running second.
func (s *seconds) pass(n, octets uint32, number int64) {
	s.expected += n
	s.came += n
	s.octets += octets
	s.highest = number
	s.quiet = false
	s.marks |= MarkMedia
}
