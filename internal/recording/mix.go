package recording

import (
	"math"

	"sipsniff/internal/audio"
)

// write mixes second by second.
func (m *mix) write(w *audio.WAV, r *Recording) error {
	var channels [2]*channel
	for i := range channels {
		channels[i] = newChannel(m.sides[i], m.rate)
	}
	block := m.rate / 50 * 50 // whole frames of the meters
	both := make([]int16, 2*block)
	dead := deadAir{frame: float64(m.rate/50) / float64(m.rate)}
	for at := int64(0); !channels[Caller].done() || !channels[Callee].done(); at += int64(block) {
		n := max(channels[Caller].fill(at, block), channels[Callee].fill(at, block))
		for i := range n {
			both[2*i], both[2*i+1] = channels[Caller].block[i], channels[Callee].block[i]
		}
		if err := w.Write(both[:2*n]); err != nil {
			return err
		}
		r.Frames += int64(n)
		for _, c := range channels {
			c.measure(n)
		}
		dead.add(channels[Caller].silent, channels[Callee].silent)
	}
	for i, c := range channels {
		r.Sides[i].Levels = c.meter.Levels()
	}
	r.DeadAir, r.Duration = dead.longest, float64(r.Frames)/float64(m.rate)
	return nil
}

// A channel is the sum of the voices of a side.
type channel struct {
	voices  []*voice
	pending []piece // of each voice, what is not yet in a block
	ended   []bool
	sum     []int32
	block   []int16
	meter   *audio.Meter
	silent  []bool // of the frames of the block
}

func newChannel(voices []*voice, rate int) *channel {
	c := &channel{voices: voices, pending: make([]piece, len(voices)), ended: make([]bool, len(voices)), meter: audio.NewMeter(rate, math.MaxInt16)}
	for i := range voices {
		c.advance(i)
	}
	return c
}

func (c *channel) advance(i int) {
	p, ok := c.voices[i].read()
	c.pending[i], c.ended[i] = p, !ok
}

func (c *channel) done() bool {
	for _, e := range c.ended {
		if !e {
			return false
		}
	}
	return true
}

// fill makes the block of n samples from at on. It returns how many of them
// are not behind the end of the last voice.
func (c *channel) fill(at int64, n int) int {
	c.sum = append(c.sum[:0], make([]int32, n)...)
	used := 0
	for i := range c.voices {
		for !c.ended[i] && c.pending[i].at < at+int64(n) {
			used = max(used, c.put(&c.pending[i], at, n))
			if len(c.pending[i].samples) > 0 {
				break
			}
			c.advance(i)
		}
		if !c.ended[i] {
			used = n
		}
	}
	c.block = c.block[:0]
	for _, v := range c.sum {
		c.block = append(c.block, int16(max(math.MinInt16, min(v, math.MaxInt16))))
	}
	return used
}

// put adds what of a piece is in the block, and leaves the rest of it.
func (c *channel) put(p *piece, at int64, n int) (end int) {
	if skip := at - p.at; skip > 0 { // in front of the recording
		skip = min(skip, int64(len(p.samples)))
		p.samples, p.at = p.samples[skip:], p.at+skip
	}
	from := int(p.at - at)
	take := min(len(p.samples), max(0, n-from))
	for i, s := range p.samples[:take] {
		c.sum[from+i] += int32(s)
	}
	p.samples, p.at = p.samples[take:], p.at+int64(take)
	if take == 0 {
		return 0
	}
	return from + take
}

func (c *channel) measure(n int) {
	c.silent = c.silent[:0]
	c.meter.Add(c.block[:n], func(silent bool) { c.silent = append(c.silent, silent) })
}

// deadAir finds the longest time of silence on both sides.
type deadAir struct {
	frame   float64 // seconds
	frames  int     // so far
	run     int     // silent ones up to here
	longest Span
}

func (d *deadAir) add(a, b []bool) {
	for i := range a {
		d.frames++
		if !a[i] || !b[i] {
			d.run = 0
			continue
		}
		d.run++
		if length := float64(d.run) * d.frame; length > d.longest.Length {
			d.longest = Span{float64(d.frames-d.run) * d.frame, length}
		}
	}
}
