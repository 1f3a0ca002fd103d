package recording

import "sipsniff/internal/audio"

// A region is samples that go on from each other, brought to another rate.
type region struct {
	begun   bool // there is, or was, one
	open    bool
	from    int64 // where it begins, in samples of the recording
	in, out int   // the rates
	taken   int64 // samples at the rate in
	given   int64 // samples at the rate out
	convert *audio.Resampler

	filters map[[2]int]*audio.Resampler // by rates: a source may change its own with every packet
}

// begin opens a region; the one before was ended.
func (r *region) begin(at int64, in, out int) {
	if r.in != in || r.out != out {
		r.convert = r.filter(in, out)
	}
	r.begun, r.open, r.from, r.in, r.out, r.taken, r.given = true, true, at, in, out, 0, 0
}

// filter is the one for two rates; it begins anew with each region.
func (r *region) filter(in, out int) *audio.Resampler {
	rates := [2]int{in, out}
	f, made := r.filters[rates]
	if !made {
		if r.filters == nil {
			r.filters = make(map[[2]int]*audio.Resampler, 1)
		}
		f = audio.NewResampler(in, out)
		r.filters[rates] = f
	}
	return f
}

// stop is where what was taken ends.
func (r *region) stop() int64 {
	if !r.begun {
		return 0
	}
	return r.from + r.taken*int64(r.out)/int64(r.in)
}

// written is where what was given ends.
func (r *region) written() int64 { return r.from + r.given }

// tolerance is how many samples positions may be off by rounding.
func (r *region) tolerance() int64 {
	if r.in == 0 || r.out%r.in == 0 {
		return 0
	}
	return 2
}

func (r *region) add(dst, samples []int16) []int16 {
	n := len(dst)
	if r.convert == nil {
		dst = append(dst, samples...)
	} else {
		dst = r.convert.Add(dst, samples)
	}
	r.taken += int64(len(samples))
	r.given += int64(len(dst) - n)
	return dst
}

func (r *region) end(dst []int16) []int16 {
	if r.open && r.convert != nil {
		n := len(dst)
		dst = r.convert.End(dst)
		r.given += int64(len(dst) - n)
	}
	r.open = false
	return dst
}
