package quality

const (
	ptimeSamples = 20          // steps needed before the mode means something
	ptimeWindow  = 10 * second // the mode is taken anew this often
	ptimeSlots   = 8           // distinct steps counted at a time
)

// PTime finds how much media a packet holds: the most frequent timestamp
// step between packets that follow each other (spec §5.6). The zero value is
// ready. Distinct steps beyond eight in one window displace each other, which
// cannot hide a step that most packets share.
type PTime struct {
	clock       uint32 // Hz of the steps being counted
	timestamp   uint32 // of the highest packet
	extended    int64
	windowStart int64 // Unix ns
	payloadType uint8
	started     bool

	samples   uint32
	steps     [ptimeSlots]uint32 // timestamp units
	counts    [ptimeSlots]uint32
	settled   uint32 // mode of the last full window, 0 before one ended
	settledHz uint32
}

// Add takes one packet that is no duplicate: its extended sequence number,
// timestamp, payload type, marker bit, clock rate in Hz and capture time.
func (p *PTime) Add(extended int64, timestamp uint32, payloadType uint8, marker bool, clock uint32, arrival int64) {
	if p.started && extended <= p.extended {
		return // a late packet
	}
	follows := p.started && extended == p.extended+1 && payloadType == p.payloadType && !marker
	step := int32(timestamp - p.timestamp)
	p.extended, p.timestamp, p.payloadType, p.started = extended, timestamp, payloadType, true
	if !follows || step <= 0 || clock == 0 {
		return
	}
	if clock != p.clock || p.samples == 0 || arrival-p.windowStart >= ptimeWindow {
		p.turn(clock, arrival)
	}
	p.count(uint32(step))
}

// Restart forgets the packet before, so that no step is taken across a
// restart of the sequence numbers.
func (p *PTime) Restart() { p.started = false }

// turn closes a window and opens the next.
func (p *PTime) turn(clock uint32, arrival int64) {
	if p.samples >= ptimeSamples {
		p.settled, p.settledHz = p.mode(), p.clock
	}
	p.clock, p.windowStart, p.samples = clock, arrival, 0
	p.steps, p.counts = [ptimeSlots]uint32{}, [ptimeSlots]uint32{}
}

// count adds one step; a new step takes a free place or that of the rarest.
func (p *PTime) count(step uint32) {
	p.samples++
	rarest := 0
	for i := range p.steps {
		if p.steps[i] == step {
			p.counts[i]++
			return
		}
		if p.counts[i] < p.counts[rarest] {
			rarest = i
		}
	}
	p.steps[rarest] = step
	p.counts[rarest]++
}

// mode is the most frequent step of the running window; the smaller one of
// two equals, so that the answer does not hang on their order.
func (p *PTime) mode() uint32 {
	var step, n uint32
	for i, c := range p.counts {
		if c > n || c == n && c > 0 && p.steps[i] < step {
			step, n = p.steps[i], c
		}
	}
	return step
}

// Step is the best knowledge of the step in timestamp units of the clock,
// however few the samples; 0 when there is none.
func (p *PTime) Step(clock uint32) uint32 {
	switch {
	case p.settled != 0 && p.settledHz == clock:
		return p.settled
	case p.clock == clock:
		return p.mode()
	}
	return 0
}

// Milliseconds is the packet time, 0 until it is known.
func (p *PTime) Milliseconds() float64 {
	switch {
	case p.samples >= ptimeSamples:
		return float64(p.mode()) * 1000 / float64(p.clock)
	case p.settled != 0:
		return float64(p.settled) * 1000 / float64(p.settledHz)
	}
	return 0
}
