package quality

// Delta measures the time between consecutive packets in order of arrival
// (spec §5.6). The zero value is ready.
type Delta struct {
	last          int64 // Unix ns
	started       bool
	hasMax        bool
	count         uint64
	sum, min, max int64 // ns
	maxFrame      int
	maxAt         int64 // Unix ns, arrival of that frame
	spread        histogram
}

// Add takes one packet that is no duplicate: its capture time in Unix ns and
// its frame number. The first packet after a pause of the speaker says
// nothing about the network and is left out of the maximum.
func (d *Delta) Add(arrival int64, frame int, afterPause bool) {
	gap := max(arrival-d.last, 0) // captures can run backwards a little
	started := d.started
	d.last, d.started = arrival, true
	if !started {
		return
	}
	if d.count == 0 || gap < d.min {
		d.min = gap
	}
	d.count++
	d.sum += gap
	d.spread.add(uint32(min(gap/microsecond, 1e9)))
	if !afterPause && (!d.hasMax || gap > d.max) {
		d.max, d.maxFrame, d.maxAt, d.hasMax = gap, frame, arrival, true
	}
}

// report fills the spacing of a report, in ms.
func (d *Delta) report(r *Report) {
	r.HasDelta = d.count > 0
	if !r.HasDelta {
		return
	}
	r.DeltaMin = float64(d.min) / millisecond
	r.DeltaMean = float64(d.sum) / float64(d.count) / millisecond
	r.DeltaMax = float64(d.max) / millisecond
	r.DeltaMaxFrame, r.DeltaMaxAt = d.maxFrame, d.maxAt
	r.DeltaP95 = max(d.spread.percentile(0.95), r.DeltaMin)
	if d.hasMax {
		r.DeltaP95 = min(r.DeltaP95, max(r.DeltaMax, r.DeltaMin))
	}
}
