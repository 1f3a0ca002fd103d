package health

import "sipsniff/capture"

const second = int64(1e9)

// The steps of a clock (spec §9.6): back by more than stepBack, or forward by
// more than stepForward although the media went on. What is back by less is
// the usual disorder of captures from several queues.
const (
	stepBack    = 1 * second
	stepForward = 60 * second
)

// Steps are the steps of the clocks that the frames were stamped by.
type Steps struct {
	Count      uint64
	Largest    int64 // ns; negative when the clock was set back
	FirstFrame int   // number of the first frame behind the first step
}

func (s *Steps) add(nanos int64, frame int) {
	if s.Count == 0 || frame < s.FirstFrame {
		s.FirstFrame = frame
	}
	if s.Count == 0 || max(nanos, -nanos) > max(s.Largest, -s.Largest) {
		s.Largest = nanos
	}
	s.Count++
}

// A Range is the times of the frames of one source, Unix ns. Frames without a
// time are left out; Frames is 0 when there are no others.
type Range struct {
	First, Last int64
	Frames      uint64
}

func (r *Range) add(nanos int64) {
	if r.Frames == 0 || nanos < r.First {
		r.First = nanos
	}
	if r.Frames == 0 || nanos > r.Last {
		r.Last = nanos
	}
	r.Frames++
}

// A clock follows the times of one source. Sources have clocks of their own,
// so frames are compared within one only (spec §9.3).
type clock struct {
	times Range
	last  int64 // time of the frame before

	// fallen is the frame that was back by more than stepBack. The next one
	// tells whether the clock was set or the frame came late.
	fallen *fall

	// leap is a silence that may be a step forward; the RTP behind it tells.
	leap *leap

	message int // number of the latest frame with SIP
}

type fall struct {
	before, nanos int64 // times of the frame in front and of the fallen one
	frame         int
}

type leap struct {
	before, after int64
	frame         int // behind the leap
}

// frame takes the time of a frame.
func (w *Watch) time(c *clock, f *capture.Frame) {
	if f.Nanos == 0 {
		w.counts.Untimed++
		return
	}
	if c.times.Frames > 0 {
		w.compare(c, f)
	}
	c.times.add(f.Nanos)
	c.last = f.Nanos
}

// compare holds a time against that of the frame before.
func (w *Watch) compare(c *clock, f *capture.Frame) {
	if c.fallen != nil {
		w.judgeFall(c, f.Nanos)
	}
	switch ahead := f.Nanos - c.last; {
	case ahead < -stepBack:
		c.fallen = &fall{before: c.last, nanos: f.Nanos, frame: f.Number}
	case ahead < 0:
		w.counts.OutOfOrder++
	case ahead > stepForward:
		c.leap = &leap{before: c.last, after: f.Nanos, frame: f.Number}
	}
}

// judgeFall decides about a frame that was far back: when the next one is
// nearer to where the clock was before, it came late.
func (w *Watch) judgeFall(c *clock, next int64) {
	fallen := c.fallen
	c.fallen = nil
	if apart(next, fallen.before) < apart(next, fallen.nanos) {
		w.counts.OutOfOrder++
		c.last = fallen.before
		return
	}
	w.counts.Steps.add(fallen.nanos-fallen.before, fallen.frame)
}

func apart(a, b int64) int64 { return max(a-b, b-a) }
