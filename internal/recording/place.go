package recording

const (
	lookahead = 50   // packets whose delay says where the stream belongs: a second of speech
	drift     = 40e6 // ns that a stream may be off its arrival before it is moved
)

// A placement is a packet and where its first sample belongs.
type placement struct {
	step
	at    int64 // ns of the axis that the segment was put to
	ticks int64 // of the stream's clock behind at
	first bool  // of a segment
	moved bool  // the axis was moved here
}

// places puts packets on the axis of time: by their timestamps, from where the
// one that came with the least delay puts the segment. When everything comes
// more than 40 ms later or one packet earlier than that for a while, the clocks
// have drifted apart, or the source paused, and the rest is moved.
func (s *stream) places() []placement {
	var all []placement
	for _, seg := range s.segments() {
		clock := s.clock(seg[0].packet)
		delay := func(i int) int64 { return seg[i].nanos - scaled(seg[i].ticks, 1e9, clock) }
		least := leastAhead(len(seg), delay)
		offset, origin := least[0], int64(0)
		at := offset
		for i := range seg {
			off := least[i] - offset
			moved := off > drift || delay(i)-offset < -drift
			if moved {
				offset = least[i]
				origin = seg[i].ticks
				at = offset + scaled(origin, 1e9, clock)
			}
			all = append(all, placement{step: seg[i], at: at, ticks: seg[i].ticks - origin, first: i == 0, moved: moved})
		}
	}
	return all
}

// leastAhead is the least value of each index and those close behind it.
func leastAhead(n int, value func(int) int64) []int64 {
	least := make([]int64, n)
	var queue []int // indices whose values fall towards the front, the least is in front
	for i := n - 1; i >= 0; i-- {
		for len(queue) > 0 && value(queue[len(queue)-1]) >= value(i) {
			queue = queue[:len(queue)-1]
		}
		queue = append(queue, i)
		if queue[0] >= i+lookahead {
			queue = queue[1:]
		}
		least[i] = value(queue[0])
	}
	return least
}

// position is a placement in samples at a rate, from start on. Times that no
// capture has are kept from running over.
func (p *placement) position(start int64, rate int, clock int64) int64 {
	const longest = 1 << 57 // ns, four years
	elapsed := max(0, min(p.at-start, longest))
	whole := elapsed/1e9*int64(rate) + (elapsed%1e9*int64(rate)+5e8)/1e9
	return whole + scaled(p.ticks, int64(rate), clock)
}

// scaled is n·to/from without the product, which could be too large.
func scaled(n, to, from int64) int64 { return n/from*to + n%from*to/from }
