package quality

import (
	"time"
	"unsafe"
)

// A Report is what the accounting of one stream knows so far.
type Report struct {
	Expected   uint64
	Received   uint64 // all packets, RTP duplicates too
	Unique     uint64
	Lost       uint64 // expected - unique
	Recovered  uint64 // of the lost, those whose content came in other packets
	LostRFC    int64  // expected - received (RFC 3550 A.3); may be negative
	Duplicates uint64
	Reordered  uint64
	MaxReorder uint32 // how many numbers the latest packet came behind the highest
	Restarts   uint64

	// HasJitter is false until two packets with a known clock rate came.
	HasJitter                        bool
	JitterMin, JitterMean, JitterMax float64 // ms
	JitterLast                       float64 // ms
	JitterP95                        float64 // ms, of the estimate after each packet; within 6 %
	HasDelta                         bool
	DeltaMin, DeltaMean, DeltaMax    float64 // ms
	DeltaMaxFrame                    int     // the packet behind the longest gap
	DeltaMaxAt                       int64   // when it arrived, Unix ns
	DeltaP95                         float64 // ms, within 6 %
	PTime                            float64 // ms, 0 when unknown
	TimestampJumps                   uint64

	ComfortNoise uint64 // packets of it, or of silence descriptors

	EndsSilent bool    // the last packet was comfort noise: nothing more is to be expected
	Breaks     *Breaks // nil of a steady stream

	// What de-jitter buffers made of it, and every five seconds of it from the
	// first packet on: those that are settled, then those that late packets may
	// still change, the last of which is open. Only when there is a clock rate.
	HasBuffers      bool
	Buffers         [bufferCount]BufferReport
	Intervals, Tail []Interval

	// The drift of the sender's clock against the one that stamped the
	// packets, positive when it is the faster one. Only when it is more than
	// noise.
	HasSkew            bool
	SkewPPM, SkewDoubt float64

	// Seconds are what arrived in each SecondWidth from SecondStart (Unix ns)
	// on, then those that may still change, the last of which is open.
	//
	// Outages are the first of the times in which nothing arrived although the
	// sender went on, and OutageLost what was lost in all of them.
	Outages              []Outage
	OutageLost           uint64
	SecondWidth          time.Duration
	SecondStart          int64
	Seconds, SecondsTail []Second
}

// SecondCount is how many Seconds there are, settled or not.
func (r *Report) SecondCount() int { return len(r.Seconds) + len(r.SecondsTail) }

// Second returns one of them, counted from 0.
func (r *Report) Second(i int) *Second {
	if i < len(r.Seconds) {
		return &r.Seconds[i]
	}
	return &r.SecondsTail[i-len(r.Seconds)]
}

// Residual is the loss that nothing made good.
func (r *Report) Residual() uint64 { return r.Lost - r.Recovered }

// HistorySize is what the lists that grow with time take, in octets.
func (r *Report) HistorySize() int64 {
	n := int64(cap(r.Intervals))*int64(unsafe.Sizeof(Interval{})) + int64(cap(r.Seconds))*int64(unsafe.Sizeof(Second{}))
	if r.Breaks != nil {
		n += BreaksSize
	}
	return n
}

// IntervalCount is how many intervals there are, settled or not.
func (r *Report) IntervalCount() int { return len(r.Intervals) + len(r.Tail) }

// Interval returns one of them, counted from 0.
func (r *Report) Interval(i int) *Interval {
	if i < len(r.Intervals) {
		return &r.Intervals[i]
	}
	return &r.Tail[i-len(r.Intervals)]
}
