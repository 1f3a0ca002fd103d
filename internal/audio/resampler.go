package audio

import "math"

// A Resampler changes the rate of one channel upwards. It is a polyphase
// filter: a windowed sinc for each of the places that an output sample can
// have between two of the input.
type Resampler struct {
	up, down int         // out/in in lowest terms
	phases   [][]float32 // by place, of 2*reach taps
	history  []float32   // input from sample start on
	start    int64
	in, out  int64 // samples so far
}

// reach is how many samples of the input to each side shape one of the
// output, and maxPhases bounds the table for odd pairs of rates.
const (
	reach     = 16
	maxPhases = 1024
)

// NewResampler makes samples at the rate out of such at the rate in, which is
// not higher; it returns nil when both are the same.
func NewResampler(in, out int) *Resampler {
	if in == out {
		return nil
	}
	n := divisor(in, out)
	r := &Resampler{up: out / n, down: in / n}
	r.phases = make([][]float32, min(r.up, maxPhases))
	for i := range r.phases {
		r.phases[i] = taps(float64(i) / float64(len(r.phases)))
	}
	r.Reset()
	return r
}

func divisor(a, b int) int {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// taps are the weights of the samples around a place between two of them. The
// pass band ends a little below half the rate of the input.
func taps(place float64) []float32 {
	const cutoff = 0.95
	t := make([]float32, 2*reach)
	sum := 0.0
	weights := make([]float64, len(t))
	for i := range t {
		x := float64(i-reach+1) - place
		w := 0.5 + 0.5*math.Cos(math.Pi*x/(reach+1)) // Hann
		weights[i] = w * sinc(cutoff*x)
		sum += weights[i]
	}
	for i, w := range weights {
		t[i] = float32(w / sum)
	}
	return t
}

func sinc(x float64) float64 {
	if x == 0 {
		return 1
	}
	return math.Sin(math.Pi*x) / (math.Pi * x)
}

// Reset begins anew, with silence before.
func (r *Resampler) Reset() {
	r.history = append(r.history[:0], make([]float32, reach)...)
	r.start, r.in, r.out = -reach, 0, 0
}

// Add appends to dst what can be said with these samples.
func (r *Resampler) Add(dst, samples []int16) []int16 {
	for _, s := range samples {
		r.history = append(r.history, float32(s))
	}
	r.in += int64(len(samples))
	return r.make(dst, r.in-reach)
}

// End appends what is left, with silence behind it, and begins anew.
func (r *Resampler) End(dst []int16) []int16 {
	r.history = append(r.history, make([]float32, reach+1)...)
	dst = r.make(dst, r.in)
	r.Reset()
	return dst
}

// make appends the output up to the input sample end.
func (r *Resampler) make(dst []int16, end int64) []int16 {
	for {
		whole, part := r.out*int64(r.down)/int64(r.up), r.out*int64(r.down)%int64(r.up)
		if whole >= end {
			break
		}
		t := r.phases[int(part)*len(r.phases)/r.up]
		window := r.history[whole-r.start-reach+1:][:len(t)]
		var even, odd float32 // two sums, that do not wait for each other
		for i := 0; i < len(t)-1; i += 2 {
			even += t[i] * window[i]
			odd += t[i+1] * window[i+1]
		}
		dst = append(dst, saturated(int32(math.Round(float64(even+odd)))))
		r.out++
	}
	if used := end - reach - r.start; used > 4096 {
		r.history = append(r.history[:0], r.history[used:]...)
		r.start += used
	}
	return dst
}
