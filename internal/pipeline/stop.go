package pipeline

import (
	"time"

	"sipsniff/capture"
)

// stopping is the end of a run that is to end: what the source holds already
// is still read, but not for ever.
type stopping struct {
	by time.Time // zero before it was told
}

// now tells the source, the first time, and reports whether to read no more.
func (s *stopping) now(source capture.Source) bool {
	stopper, ok := source.(capture.Stopper)
	if !ok {
		return true
	}
	now := time.Now()
	if s.by.IsZero() {
		s.by = now.Add(capture.StopPatience)
		stopper.Stop()
	}
	return !now.Before(s.by)
}
