package pipeline

import (
	"slices"

	"sipsniff/correlate"
)

// Media looks at what may be media, or lets it pass; any goroutine may call it.
func (p *Pipeline) Media(on bool) { p.noMedia.Store(!on) }

// mostUnwatched bounds the times that are remembered; the oldest become one.
const mostUnwatched = 256

// unwatched remembers when media was let pass, as near as publications are to
// one another.
type unwatched struct {
	times []correlate.Unwatched
	off   bool
	last  int64 // capture time of the publication before
}

// note takes in whether media is let pass now, at a capture time, and returns the
// times so far.
func (w *unwatched) note(off bool, now int64) []correlate.Unwatched {
	switch {
	case off && !w.off:
		w.times = append(w.times, correlate.Unwatched{From: w.last})
		if len(w.times) > mostUnwatched {
			w.times[1].From = w.times[0].From
			w.times = w.times[1:]
		}
	case !off && w.off:
		w.times[len(w.times)-1].To = now
	}
	w.off, w.last = off, now
	return slices.Clone(w.times)
}
