package press

import "math"

// A wave follows phase and amplitude of a tone of 2100 Hz from block to block.
type wave struct {
	phase, slope float64 // rad, against a true 2100 Hz; by how much it changes a sample
	place        int64   // of the block before
	steady       int     // blocks in a row without a reversal, each right behind the other
	reversals    int

	pending   float64 // amplitude of the block before; counted when the tone goes on
	n         float64
	sum, sum2 float64 // of amplitudes and their squares
}

// follow takes a block that holds the tone. A reversal is a step of half a turn
// against the phase that the blocks before let expect, whose frequency may be
// off by 15 Hz.
func (w *wave) follow(t *Tones, power float64) {
	phase := t.phase()
	elapsed := t.place - w.place
	adjacent := w.steady > 0 && elapsed == block
	switch off := turn(phase - w.phase - w.slope*float64(elapsed)); {
	case w.steady == 0: // the first of all
		w.steady = 1
	case w.steady == 1 && adjacent && w.slope == 0: // tells the frequency
		w.slope = turn(phase-w.phase) / float64(elapsed)
		w.steady++
	case math.Abs(off) > math.Pi/2 && w.steady == 2 && w.reversals == 0: // told wrongly
		w.slope, w.steady = 0, 1
	case math.Abs(off) > math.Pi/2:
		w.reversals++
		w.steady = 1
	case adjacent:
		w.slope += off / float64(elapsed) / 8
		w.steady++
		if w.steady > 3 { // the block before is whole
			w.n++
			w.sum += w.pending
			w.sum2 += w.pending * w.pending
		}
	default:
		w.steady = 1
	}
	w.phase, w.place, w.pending = phase, t.place, math.Sqrt(power)
}

// modulated reports whether the amplitude swells.
func (w *wave) modulated() bool {
	if w.n < 10 {
		return false
	}
	mean := w.sum / w.n
	return w.sum2/w.n-mean*mean > swelling*swelling*mean*mean
}

// phase is that of 2100 Hz in the block, against a wave that began with the
// stream.
func (t *Tones) phase() float64 {
	c := faxCoefficients[3]
	var a, b float64
	for _, s := range t.samples {
		a, b = s+c*a-b, a
	}
	sin, cos := math.Sincos(2 * math.Pi * answer / rate)
	last := float64((t.place + block - 1) * answer % rate)
	return turn(math.Atan2(b*sin, a-b*cos) - 2*math.Pi*last/rate)
}

// turn brings an angle between -π and π.
func turn(angle float64) float64 { return math.Remainder(angle, 2*math.Pi) }
