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
	until, clock := t.calmUntil(), float64(r.ClockRate)
	last, timestamp, ticks := g.Delta.last, g.Jitter.timestamp, o.ticks
	estimate, perNano, octets := g.estimate, g.perNano, uint32(0)
	bucket := t.Spacing.skew.bucket(last)
	n := 0
	for ; n < len(packets); n++ {
		w := &packets[n]
		arrival := r.Arrival + int64(w.After)
		gap, step := arrival-last, int32(w.Timestamp-timestamp)
		if w.Marker || gap < 0 || step <= 0 || arrival >= until || arrival < t.Spacing.skew.origin {
			break
		}
		d := math.Abs(float64(gap)*perNano - float64(step))
		ticks += int64(step)
		elapsed := ticks * o.num
		if o.den != 1 {
			elapsed /= o.den
		}
		transit := arrival - elapsed
		if moved := transit - o.transit; d > clock || moved > second || moved < -second {
			ticks -= int64(step)
			break
		}
		last, timestamp = arrival, w.Timestamp
		number++
		octets += uint32(w.Octets)

		t.Delta.gap(gap, r.Frame+int(w.Frames), arrival)
		if gap > int64(t.seconds.delta) {
			t.seconds.delta = uint32(min(gap, math.MaxUint32))
		}
		estimate += (d - estimate) / 16
		g.rate(estimate * g.perTick)
		if e := float32(estimate); e > t.seconds.jitter {
			t.seconds.jitter = e
		}
		g.step(uint32(step))
		o.advance(number, s)
		o.spacing = o.ptime(r.ClockRate, g)
		o.elapsed, o.transit = elapsed, transit
		bucket = t.Spacing.skew.note(bucket, arrival, transit)
		if d := (transit - t.Spacing.skew.transit) >> skewShift; d < int64(t.seconds.skew) {
			t.seconds.skew = int32(max(d, math.MinInt32))
		}
		o.wait(&instant{arrival: arrival, media: elapsed, ptime: o.spacing}, number)
	}
	if n == 0 {
		return 0
	}
	g.Delta.last, g.timestamp = last, timestamp
	g.Jitter.arrival, g.Jitter.timestamp, g.estimate = last, timestamp, estimate
	g.extended, g.PTime.timestamp = number, timestamp
	o.ticks, o.mediaClock.timestamp, o.jumped = ticks, timestamp, false
	o.clockwork.arrival, o.clockwork.number, o.clockwork.stamp, o.clockwork.comfort, o.clockwork.media = last, number, timestamp, false, true
	t.Spacing.skew.last = max(t.Spacing.skew.last, last)
	t.seconds.pass(uint32(n), octets, number)
	return n
}

// gap counts the time between two packets where there were some before.
func (d *Delta) gap(gap int64, frame int, arrival int64) {
	d.min = min(d.min, gap)
	d.count++
	d.sum += gap
	d.spread.add(uint32(min(gap/microsecond, 1e9)))
	if gap > d.max {
		d.max, d.maxFrame, d.maxAt = gap, frame, arrival
	}
}

// rate counts an estimate in ms.
func (j *Jitter) rate(ms float64) {
	j.sum += ms
	j.max = max(j.max, ms)
	if ms < j.min {
		j.min = ms
	}
	j.fed++
	j.spread.add(uint32(min(ms*1000, 1e9)))
}

// step counts a step of the timestamp, nearly always the one that was first in
// its window.
func (p *PTime) step(step uint32) {
	if p.steps[0] != step {
		p.count(step)
		return
	}
	p.samples++
	p.counts[0]++
}

// advance moves on to the next number, in the running interval.
func (o *playout) advance(number int64, s *Sequence) {
	if number&(wordSize-1) == 0 {
		o.forget(number)
	}
	o.highest = number
	if readable := (number - readBehind) &^ (wordSize - 1); readable > o.read {
		o.readTo(readable, s)
	}
}

// wait puts a packet through the buffers, none of which begins anew by it.
func (o *playout) wait(i *instant, number int64) {
	n := i.transit()
	for k := range o.fixed {
		b := &o.fixed[k]
		if slack := b.playout - n; slack >= 0 && slack <= b.model.Max {
			b.media = max(b.media, i.media)
			b.late = 0
			b.Played++
			b.Waiting.wait += slack
		} else if b.add(i) != Played {
			o.discard(k, number)
		}
	}
	if o.adaptive.add(i) != Played {
		o.discard(BufferAdaptive, number)
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

// A skewBucket is the one of a skew in which the latest packet came.
type skewBucket struct {
	from, until int64 // arrivals
	least       *int32
}

// bucket is that of an arrival, empty where there is none.
func (s *skew) bucket(arrival int64) (b skewBucket) {
	if since := arrival - s.origin; since >= 0 && since/s.width < skewBuckets {
		i := since / s.width
		b = skewBucket{s.origin + i*s.width, s.origin + (i+1)*s.width, &s.least[i]}
	}
	return b
}

// note is add where no bucket has to be made longer, and b is the bucket of the
// packet before.
func (s *skew) note(b skewBucket, arrival, transit int64) skewBucket {
	if arrival < b.from || arrival >= b.until {
		b = s.bucket(arrival)
	}
	n := int32(min(max((transit-s.transit)/microsecond, math.MinInt32), unused-1))
	*b.least = min(*b.least, n)
	return b
}
