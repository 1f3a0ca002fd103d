package quality

import "math"

const (
	// intervalLength is how much of a stream is scored at a time (spec §6.8).
	intervalLength = 5 * second
	// maxIntervals bounds what one stream remembers: more than five hours.
	maxIntervals = 4096
	// maxBorders is how many intervals may end before the numbers up to there
	// are read. Streams so slow have each number read at once.
	maxBorders = 8
)

// An Interval is what happened in five seconds of a stream. Counts stick at
// their greatest value.
type Interval struct {
	Expected uint16
	Lost     uint16              // never arrived
	Losses   [bufferCount]uint16 // by de-jitter buffer: never arrived, or thrown away
	Runs     [bufferCount]uint16 // of losses in a row
	Dead     [bufferCount]uint16 // ms in which nothing was played, in whole seconds
	Jitter   uint16              // at its end, 0.1 ms
	Media    bool                // something else than comfort noise came
	Outage   bool                // nothing came although the sender had not said that it pauses
}

// A border is where one interval ends and the next begins.
type border struct {
	number int64 // the first one of the next interval
	jitter uint16
	media  bool
	outage bool
}

// A clockwork decides by the arrival of packets where intervals end.
type clockwork struct {
	next    int64  // arrival at which the running interval ends, ns
	arrival int64  // of the latest packet that was in order
	number  int64  // its number
	media   bool   // the running interval holds more than comfort noise
	stamp   uint32 // its timestamp
	comfort bool   // the latest packet was comfort noise
	started bool
}

// begin starts the first interval with a packet.
func (c *clockwork) begin(p *Packet, number int64) {
	c.started = true
	c.next = p.Arrival + intervalLength
	c.note(p, number)
}

func (c *clockwork) note(p *Packet, number int64) {
	c.arrival, c.number, c.stamp = p.Arrival, number, p.Timestamp
	c.comfort = p.Role == Comfort
	c.media = c.media || !c.comfort
}

// ended is how many intervals end before an arrival. Of more than most the
// first ones are left out: captures say what they want of time, and centuries
// may pass between two packets.
func (c *clockwork) ended(arrival int64, most int) int {
	if arrival < c.next {
		return 0
	}
	n := (uint64(arrival)-uint64(c.next))/uint64(intervalLength) + 1
	if n > uint64(most) {
		c.next += int64(n-uint64(most)) * intervalLength
		return most
	}
	return int(n)
}

// border is the end of the running interval before a packet that came after
// it. Numbers that are missing in front of the packet are spread over the time
// in which they are missing.
func (c *clockwork) border(p *Packet, number int64, jitter float64) border {
	missing := number - c.number - 1
	at := c.number + 1
	if missing > 0 && p.Arrival > c.arrival {
		at += int64(float64(missing) * float64(c.next-c.arrival) / float64(p.Arrival-c.arrival))
	}
	b := border{number: at, jitter: saturate(jitter * 10), media: c.media || missing > 0}
	b.outage = !b.media && missing <= 0 && !c.comfort && !p.Marker && !stood(p, c.arrival, c.stamp)
	c.media = false
	c.next += intervalLength
	return b
}

func saturate(v float64) uint16 { return uint16(min(max(v, 0), math.MaxUint16)) }

func add16(to *uint16, n uint64) { *to = uint16(min(uint64(*to)+n, math.MaxUint16)) }
