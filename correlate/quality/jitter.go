package quality

import "math"

const (
	second      = 1e9 // nanoseconds
	millisecond = 1e6
	microsecond = 1e3
)

// Jitter estimates the interarrival jitter of one stream (RFC 3550 §6.4.1,
// computed as in Appendix A.8, with the rules of spec §5.6). The zero value
// is ready.
type Jitter struct {
	clock     uint32 // Hz of the packets that estimate was made of
	timestamp uint32
	perNano   float64 // timestamp units in a ns
	perTick   float64 // ms in a timestamp unit
	arrival   int64   // Unix ns
	running   bool    // false: the next packet only sets the transit time

	estimate      float64 // timestamp units
	sum, min, max float64 // ms, over the estimate after each packet that fed it
	fed           uint64
	spread        histogram
	jumps         uint64
}

// Restart makes the next packet begin anew: it sets the transit time and
// does not feed the estimate.
func (j *Jitter) Restart() { j.running = false }

// Add takes one packet in order of arrival: its capture time in Unix ns, its
// RTP timestamp, and the clock rate in Hz. Duplicates and packets whose
// timestamp does not follow the sampling are the caller's to leave out. A
// packet without a clock rate is ignored.
func (j *Jitter) Add(arrival int64, timestamp, clock uint32) {
	if clock == 0 {
		return
	}
	if clock != j.clock {
		j.changeClock(clock)
	}
	elapsed := arrival - j.arrival
	// Unsigned subtraction read as signed stays right across the 2^32 wrap.
	step := int32(timestamp - j.timestamp)
	running := j.running
	j.arrival, j.timestamp, j.running = arrival, timestamp, true
	if running {
		j.feed(float64(elapsed)*j.perNano - float64(step))
	}
}

// changeClock keeps the estimate as a time, not as timestamp units (RFC 7160).
func (j *Jitter) changeClock(clock uint32) {
	if j.clock != 0 {
		j.estimate *= float64(clock) / float64(j.clock)
	}
	j.clock, j.perNano, j.perTick = clock, float64(clock)/second, 1000/float64(clock)
	j.running = false
}

// feed takes the difference of two transit times in timestamp units. More
// than a second is a jump of the sender's timestamps and no jitter.
func (j *Jitter) feed(d float64) {
	d = math.Abs(d)
	if d > float64(j.clock) {
		j.jumps++
		return
	}
	j.estimate += (d - j.estimate) / 16
	ms := j.Last()
	j.sum += ms
	j.max = max(j.max, ms)
	if j.fed == 0 || ms < j.min {
		j.min = ms
	}
	j.fed++
	j.spread.add(uint32(min(ms*1000, 1e9)))
}

// Last is the estimate after the newest packet in ms.
func (j *Jitter) Last() float64 {
	return j.estimate * j.perTick
}

// report fills the jitter of a report.
func (j *Jitter) report(r *Report) {
	r.TimestampJumps = j.jumps
	r.HasJitter = j.fed > 0
	if !r.HasJitter {
		return
	}
	r.JitterMean = j.sum / float64(j.fed)
	r.JitterMin, r.JitterMax = j.min, j.max
	r.JitterLast = j.Last()
	r.JitterP95 = min(j.spread.percentile(0.95), r.JitterMax)
}
