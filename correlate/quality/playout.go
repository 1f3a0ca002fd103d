package quality

import (
	"cmp"
	"math/bits"
)

const (
	bufferCount = 3   // de-jitter buffers that run beside each other
	readBehind  = 100 // numbers that a late packet may still fill (MAX_MISORDER)

	discardSize = 512 // numbers whose packets are known to be thrown away
	wordSize    = 64
)

// The places of the buffers that run by default.
const (
	BufferFixed60 = iota
	BufferFixed200
	BufferAdaptive // the one that headlines take
)

// A playout puts the packets of a stream through de-jitter buffers in order of
// arrival, and reads in the order of sequence numbers what became of them.
// Numbers are read 64 at a time, and only when no packet can fill them any
// more. The zero value is ready.
type playout struct {
	mediaClock
	clockwork
	fixed    [2]fixedBuffer
	adaptive adaptiveBuffer
	discards [bufferCount][discardSize / wordSize]uint64 // by number modulo discardSize
	highest  int64
	noise    uint64 // packets of comfort noise
	reader
}

// A reader is the part of a playout that follows the sequence numbers.
type reader struct {
	read      int64 // up to here, without it
	patterns  [bufferCount]Pattern
	row       [bufferCount]uint64 // losses in a row in the running interval
	borders   [maxBorders]border
	ahead     int // borders that are not reached yet
	open      Interval
	intervals []Interval // published as intervals[:n:n]
	spacing   int64      // ns of media in a packet
}

// add takes a packet with the class and the number that Sequence gave it.
func (o *playout) add(p *Packet, class Class, number int64, s *Sequence, g *Spacing) {
	if class == Duplicate || class == Probation || p.Role == Repair {
		return
	}
	o.follow(p, class, number, s, g)
	if p.Role == Comfort {
		o.noise++
	}
	if p.Role == Event || !o.at(p, class == Restart) {
		return
	}
	o.play(p, number, g)
}

// follow keeps the numbers and the intervals.
func (o *playout) follow(p *Packet, class Class, number int64, s *Sequence, g *Spacing) {
	switch {
	case !o.started || class == Restart:
		o.begin(p, class, number, s)
	case number > o.highest:
		o.forget(number)
		for range o.ended(p.Arrival, maxIntervals-len(o.intervals)+maxBorders) {
			if o.ahead == maxBorders {
				o.readTo(o.borders[0].number, s)
			}
			o.borders[o.ahead] = o.border(p, number, g.Jitter.Last())
			o.ahead++
			if o.clockwork.next <= p.Arrival && o.ahead == maxBorders {
				o.readTo(o.borders[maxBorders-1].number, s)
			}
		}
		o.note(p, number)
		o.highest = number
		if readable := (number - readBehind) &^ (wordSize - 1); readable > o.read {
			o.readTo(readable, s)
		}
	default:
		o.media = o.media || p.Role != Comfort
		if number < o.read && o.patterns[0].packets == 0 {
			o.read = number // the packet that came first was a later one
		}
	}
}

// begin starts with the first packet of a segment. What belongs to a segment
// before it was read by finish.
func (o *playout) begin(p *Packet, class Class, number int64, s *Sequence) {
	o.highest, o.read = number, s.base
	if class != Restart && number < s.base {
		o.read = number
	}
	for i := range o.discards {
		o.discards[i] = [discardSize / wordSize]uint64{}
	}
	if !o.started {
		o.fixed[0].model, o.fixed[1].model, o.adaptive.model = cmp.Or(o.fixed[0].model, &usual[BufferFixed60]), &usual[BufferFixed200], &usual[BufferAdaptive]
		o.clockwork.begin(p, number)
		return
	}
	o.note(p, number)
}

// finish reads everything there is, because the sequence numbers begin anew.
func (o *playout) finish(s *Sequence) {
	if o.started {
		o.readTo(o.highest+1, s)
		for o.ahead > 0 {
			o.close()
		}
	}
}

// forget makes room for the numbers up to one.
func (o *playout) forget(number int64) {
	from, to := wordOf(o.highest)+1, wordOf(number)
	if to-from >= discardSize/wordSize {
		from = to - discardSize/wordSize + 1
	}
	for w := from; w <= to; w++ {
		for i := range o.discards {
			o.discards[i][w&(discardSize/wordSize-1)] = 0
		}
	}
}

// play puts a packet through the buffers.
func (o *playout) play(p *Packet, number int64, g *Spacing) {
	o.spacing = o.ptime(p.ClockRate, g)
	i := instant{arrival: p.Arrival, media: o.elapsed, ptime: o.spacing, marker: p.Marker}
	if o.jumped {
		g.skew.restart()
		o.fixed[0].restart()
		o.fixed[1].restart()
		o.adaptive.restart()
	}
	g.skew.add(i.arrival, i.transit())
	if o.fixed[0].add(&i) != Played {
		o.discard(BufferFixed60, number)
	}
	if o.fixed[1].add(&i) != Played {
		o.discard(BufferFixed200, number)
	}
	if o.adaptive.add(&i) != Played {
		o.discard(BufferAdaptive, number)
	}
}

// wordOf is the word that holds a number. It rounds down below 0 as well, where
// the numbers of packets are that came before the first one captured.
func wordOf(number int64) int64 { return number >> 6 }

func (o *playout) discard(buffer int, number int64) {
	if number >= o.read {
		o.discards[buffer][wordOf(number)&(discardSize/wordSize-1)] |= 1 << (number & (wordSize - 1))
	}
}

// readTo reads the numbers up to one, without it, closing the intervals that
// end before.
func (o *playout) readTo(to int64, s *Sequence) {
	for o.read < to {
		stop := min(to, o.read&^(wordSize-1)+wordSize)
		for o.ahead > 0 && o.borders[0].number <= o.read {
			o.close()
		}
		if o.ahead > 0 {
			stop = min(stop, o.borders[0].number)
		}
		o.word(stop, s)
		o.read = stop
	}
	for o.ahead > 0 && o.borders[0].number <= o.read {
		o.close()
	}
}

// word reads numbers of one word, up to stop.
func (o *playout) word(stop int64, s *Sequence) {
	n := uint64(stop - o.read)
	shift := uint(o.read & (wordSize - 1))
	all := ^uint64(0) >> (wordSize - n)
	arrived := s.seen[o.read&(windowSize-1)>>6] >> shift & all
	r := &o.reader
	add16(&r.open.Expected, n)
	add16(&r.open.Lost, n-uint64(bits.OnesCount64(arrived)))
	if s.recovery != nil {
		arrived |= s.recovery.seen[o.read&(windowSize-1)>>6] >> shift & all
	}
	for i := range r.patterns {
		played := arrived
		if o.highest-o.read < discardSize { // else nothing is known of them, for they never came
			played &^= o.discards[i][wordOf(o.read)&(discardSize/wordSize-1)] >> shift
		}
		r.feed(i, played, n)
	}
}

// feed reads n numbers of one buffer, a set bit for each that was played.
func (r *reader) feed(buffer int, played, n uint64) {
	for n > 0 {
		got := min(uint64(bits.TrailingZeros64(^played)), n)
		if got > 0 {
			r.patterns[buffer].Received(got)
			r.dead(buffer)
			played >>= got
			n -= got
			continue
		}
		lost := min(uint64(bits.TrailingZeros64(played)), n)
		if r.row[buffer] == 0 {
			add16(&r.open.Runs[buffer], 1)
		}
		r.row[buffer] += lost
		add16(&r.open.Losses[buffer], lost)
		r.patterns[buffer].Lost(lost)
		played >>= lost
		n -= lost
	}
}

// dead ends a row of losses: the whole seconds of it count as dead.
func (r *reader) dead(buffer int) {
	if r.row[buffer] > 0 {
		add16(&r.open.Dead[buffer], r.row[buffer]*uint64(r.spacing)/second*1000)
		r.row[buffer] = 0
	}
}

// close ends the interval that is open.
func (r *reader) close() {
	b := r.borders[0]
	r.ahead--
	copy(r.borders[:], r.borders[1:r.ahead+1])
	for i := range r.row {
		r.dead(i)
	}
	r.open.Jitter, r.open.Media, r.open.Outage = b.jitter, b.media, b.outage
	if len(r.intervals) < maxIntervals {
		r.intervals = append(r.intervals, r.open)
	}
	r.open = Interval{}
}

// report reads what is left on a copy and says what is known.
func (o *playout) report(s *Sequence, r *Report) {
	if !o.started {
		return
	}
	end := *o
	end.intervals = nil // those that close now may change again
	end.finish(s)
	for i := range end.row {
		end.dead(i)
	}
	end.open.Media = end.media
	r.Intervals = o.intervals[:len(o.intervals):len(o.intervals)]
	r.Tail = append(end.intervals, end.open)
	for i := range r.Buffers {
		r.Buffers[i] = BufferReport{Model: o.model(i), Waiting: *o.waiting(i), Bursts: end.patterns[i].Report()}
	}
	r.HasBuffers, r.ComfortNoise = true, o.noise
}

func (o *playout) model(i int) BufferModel {
	if i == BufferAdaptive {
		return *o.adaptive.model
	}
	return *o.fixed[i].model
}

func (o *playout) waiting(i int) *Waiting {
	if i == BufferAdaptive {
		return &o.adaptive.Waiting
	}
	return &o.fixed[i].Waiting
}

// A BufferReport is what one de-jitter buffer made of a stream.
type BufferReport struct {
	Model BufferModel
	Waiting
	Bursts Bursts // of what was not played: lost on the way, late or overflowed
}
