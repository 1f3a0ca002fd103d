package metrics

import "slices"

const second = int64(1e9)

// A Rate is how many calls began in a second, and how many were up at once.
type Rate struct {
	Peak           int     // attempts in one second of the clock, at most
	Mean           float64 // attempts per second over the whole span of a second or more; meaningful iff HasMean
	HasMean        bool
	ConcurrentPeak int // calls that were answered and had not ended, at most
	ConcurrentEnd  int // at the end of the span

	begins       []int64 // of attempts
	rises, falls []int64 // of calls that are up
	ups          int     // those that do not fall
}

// begin notes when an attempt began.
func (r *Rate) begin(nanos int64) { r.begins = append(r.begins, nanos) }

// up notes a call that was up between two moments; fall is 0 when it still is.
func (r *Rate) up(rise, fall int64) {
	r.rises = append(r.rises, rise)
	if fall == 0 {
		r.ups++
	} else {
		r.falls = append(r.falls, fall)
	}
}

func (r *Rate) merge(o *Rate) {
	r.begins = append(r.begins, o.begins...)
	r.rises = append(r.rises, o.rises...)
	r.falls = append(r.falls, o.falls...)
	r.ups += o.ups
}

// finish counts over a span; calls that were up when it began are clipped to it.
func (r *Rate) finish(first, last int64) {
	for i, at := range r.rises {
		r.rises[i] = max(at, first)
	}
	if n := len(r.begins); n > 0 && last-first >= second {
		r.Mean, r.HasMean = float64(n)/(float64(last-first)/1e9), true
	}
	r.Peak = busiestSecond(r.begins)
	r.ConcurrentPeak, r.ConcurrentEnd = mostAtOnce(r.rises, r.falls), r.ups
}

func busiestSecond(begins []int64) (most int) {
	slices.Sort(begins)
	n, now := 0, int64(0)
	for _, at := range begins {
		if s := at / second; s != now || n == 0 {
			n, now = 0, s
		}
		n++
		most = max(most, n)
	}
	return most
}

// mostAtOnce is the most intervals that hold one moment. A call that ends at
// a moment is not up in it (spec §4.3).
func mostAtOnce(rises, falls []int64) (most int) {
	slices.Sort(rises)
	slices.Sort(falls)
	fallen := 0
	for i, at := range rises {
		for fallen < len(falls) && falls[fallen] <= at {
			fallen++
		}
		most = max(most, i+1-fallen)
	}
	return most
}
