package quality

// usualPTime is taken for the time in a packet until it is known.
const usualPTime = 20 * millisecond

// A mediaClock turns RTP timestamps into a time that passes, in ns. The zero
// value is ready.
type mediaClock struct {
	clock     uint32 // Hz
	timestamp uint32 // of the packet before
	ticks     int64  // since the clock was set
	num, den  int64  // ns = ticks*num/den
	elapsed   int64  // media time of the packet, ns
	transit   int64  // arrival less elapsed, of the packet before
	jumped    bool   // time does not go on from the packet before
	set       bool
	lookup    uint8 // packets until step is looked up again
	step      int64 // ns, the packet time that was looked up last
}

// at moves the clock to a packet and reports whether it has a time at all.
func (c *mediaClock) at(p *Packet, restart bool) bool {
	if p.ClockRate == 0 {
		return false
	}
	if c.clock != p.ClockRate {
		c.tune(p.ClockRate)
		restart = true
	}
	c.jumped = restart || !c.set
	if c.jumped {
		c.ticks = 0
	} else {
		c.ticks += int64(int32(p.Timestamp - c.timestamp))
	}
	c.timestamp, c.set = p.Timestamp, true
	c.elapsed = c.ticks * c.num
	if c.den != 1 {
		c.elapsed /= c.den
	}
	transit := p.Arrival - c.elapsed
	if d := transit - c.transit; !c.jumped && (d > second || d < -second) {
		// The sender set its timestamps anew: more than a second is no jitter (spec §5.6).
		c.jumped, c.ticks, c.elapsed = true, 0, 0
		transit = p.Arrival
	}
	c.transit = transit
	return true
}

// tune sets the clock rate.
func (c *mediaClock) tune(clock uint32) {
	a, b := int64(second), int64(clock)
	for b != 0 {
		a, b = b, a%b
	}
	c.clock, c.num, c.den = clock, int64(second)/a, int64(clock)/a
	c.lookup = 0
}

// ptime is the time in a packet. It is looked up often at first and then now
// and again, for it hardly ever changes.
func (c *mediaClock) ptime(clock uint32, g *Spacing) int64 {
	if c.lookup > 0 {
		c.lookup--
		return c.step
	}
	c.step = usualPTime
	if step := g.Step(clock); step != 0 {
		c.step = int64(step) * c.num / c.den
		c.lookup = 63
	}
	return c.step
}
