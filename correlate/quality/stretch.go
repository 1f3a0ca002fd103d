package quality

import "math"

// stretchSize is how many packets are in a stretch at most.
const stretchSize = 32

// A stretch is packets in a row about which there is nothing to decide, so that
// most of what they add to the sums of a stream is added at once.
type stretch struct {
	begin     int64    // that the arrivals of packets count from
	packets   []Steady // at most; those that are in it when it was measured
	before    uint32   // timestamp of the packet in front
	timestamp uint32   // of the last
	last      int64    // arrival of the last
	media     int64    // media time of the last
	octets    uint32   // of payload, of all
	evenly    bool     // timestamps went on by the step that the window of PTime began with

	low, high, sum int64 // of the transit times, less the first
	transits       [stretchSize]int64
}

// arrival is that of a packet.
func (c *stretch) arrival(i int) int64 { return c.begin + int64(c.packets[i].After) }

// compare compares the transit times. Each is within a second of the one before,
// so that what is told here of their differences is right also where they are
// next to the end of their numbers.
func (c *stretch) compare() {
	first := c.transits[0]
	for _, n := range c.transits[:len(c.packets)] {
		d := n - first
		c.sum += d
		c.low, c.high = min(c.low, d), max(c.high, d)
	}
}

// stride moves on through the numbers behind one, in the running interval.
func (o *playout) stride(c *stretch, number int64, g *Spacing, s *Sequence) {
	n := len(c.packets)
	last := number + int64(n)
	g.step(c, 0, 1)
	o.advance(number+1, s)
	o.spacing = o.ptime(g.PTime.clock, g)
	g.step(c, 1, n)
	g.PTime.timestamp = c.timestamp
	o.lookup -= uint8(n - 1)
	for number++; number < last; {
		next := min(number|(wordSize-1), (number-readBehind)|(wordSize-1)+readBehind) + 1 // where there is something to do
		number = min(next, last)
		o.advance(number, s)
	}
}

// step counts the steps of the timestamp to some packets.
func (p *PTime) step(c *stretch, from, to int) {
	if c.evenly {
		p.samples += uint32(to - from)
		p.counts[0] += uint32(to - from)
		return
	}
	for i := from; i < to; i++ {
		before := c.before
		if i > 0 {
			before = c.packets[i-1].Timestamp
		}
		p.count(c.packets[i].Timestamp - before)
	}
}

// advance moves on to a number behind the highest, in the running interval, where
// between them no word begins.
func (o *playout) advance(number int64, s *Sequence) {
	if number&(wordSize-1) == 0 {
		o.forget(number)
	}
	o.highest = number
	if readable := (number - readBehind) &^ (wordSize - 1); readable > o.read {
		o.readTo(readable, s)
	}
}

// run is add for all packets of a stretch, and returns the least transit time less
// that of the stream's first packet.
func (s *skew) run(c *stretch) int64 {
	s.last = max(s.last, c.last)
	first := c.transits[0] - s.transit
	lowest := first + c.low
	i := (c.arrival(0) - s.origin) / s.width
	if begin := s.origin + i*s.width; lowest <= first && first <= first+c.high && c.last-begin < s.width {
		s.least[i] = min(s.least[i], skewOf(lowest))
		return lowest
	}
	lowest = math.MaxInt64
	for k, n := range c.transits[:len(c.packets)] {
		n -= s.transit
		lowest = min(lowest, n)
		least := &s.least[(c.arrival(k)-s.origin)/s.width]
		*least = min(*least, skewOf(n))
	}
	return lowest
}

// run is add for all packets of a stretch, where all are played; it reports whether
// they are.
func (b *fixedBuffer) run(c *stretch) bool {
	slack := b.playout - c.transits[0]
	if slack < 0 || slack > b.model.Max || slack-c.high < 0 || slack-c.low > b.model.Max ||
		c.media < c.arrival(0)-c.transits[0] {
		return false
	}
	n := int64(len(c.packets))
	b.media = max(b.media, c.media)
	b.late = 0
	b.Played += uint64(n)
	b.Waiting.wait += n*slack - c.sum
	return true
}

// each puts the packets of a stretch, of which the last has a number, one by one
// through a fixed buffer.
func (o *playout) each(c *stretch, buffer int, number int64) {
	number -= int64(len(c.packets))
	for k, n := range c.transits[:len(c.packets)] {
		number++
		at := c.arrival(k)
		if o.fixed[buffer].add(&instant{arrival: at, media: at - n, ptime: o.spacing}) != Played {
			o.discard(buffer, number)
		}
	}
}

// adapt puts them through the adaptive buffer. Most leave what it goes by as it is.
func (o *playout) adapt(c *stretch, number int64) {
	b, ptime := &o.adaptive, o.spacing
	number -= int64(len(c.packets))
	target, known := int64(0), false
	for k, n := range c.transits[:len(c.packets)] {
		number++
		at, slack := c.arrival(k), b.playout-n
		if slack < 0 || slack > b.model.Max || !b.recent.slip(unitsOf(n-b.origin)) {
			if b.add(&instant{arrival: at, media: at - n, ptime: ptime}) != Played {
				o.discard(BufferAdaptive, number)
			}
			known = false
			continue
		}
		b.Played++
		b.Waiting.wait += slack
		if !known {
			target, known = b.target(ptime), true
		}
		b.adapt(target, ptime, at)
	}
}
