package health

import (
	"cmp"
	"slices"

	"sipsniff/capture"
	"sipsniff/correlate"
	"sipsniff/decode"
)

// An Account is all that is known of the health of a capture.
type Account struct {
	Frames  uint64
	Sources []capture.SourceInfo
	Drops   *capture.Drops // nil when nobody counted any
	Counts  Counts
	Decode  decode.Stats
	Links   correlate.Links
}

// Drops adds up the losses that files tell of. It is nil when none does; what
// only some of them counted is the sum of these.
func Drops(sources []capture.SourceInfo) *capture.Drops {
	var sum *capture.Drops
	for _, s := range sources {
		if s.Drops == nil {
			continue
		}
		if sum == nil {
			sum = &capture.Drops{Uncounted: s.Drops.Uncounted}
		}
		sum.Add(*s.Drops)
	}
	return sum
}

// Apart is the longest time between two sources during which no source has
// frames, in ns; 0 when they overlap. It is unknown with fewer than two
// sources that have frames.
func (a *Account) Apart() (nanos int64, known bool) {
	var times []Range
	for _, r := range a.Counts.Times {
		if r.Frames > 0 {
			times = append(times, r)
		}
	}
	if len(times) < 2 {
		return 0, false
	}
	slices.SortFunc(times, func(a, b Range) int { return cmp.Compare(a.First, b.First) })
	end := times[0].Last
	for _, r := range times[1:] {
		nanos = max(nanos, r.First-end)
		end = max(end, r.Last)
	}
	return nanos, true
}

// Undecoded is how many frames nothing was made of.
func (a *Account) Undecoded() uint64 {
	var sum uint64
	for _, n := range a.Decode.Undecoded {
		sum += n
	}
	return sum
}
