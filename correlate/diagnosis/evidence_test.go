package diagnosis

import (
	"errors"
	"io"
	"path/filepath"
	"testing"

	"sipsniff/capture"
	"sipsniff/correlate"
	"sipsniff/internal/scene"
)

// frameTimes are the times of the frames of a capture as it was read, by their
// numbers.
func frameTimes(t *testing.T, name string) map[int]int64 {
	t.Helper()
	source, err := capture.Open([]string{name}, capture.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer source.Close()
	times := make(map[int]int64)
	var f capture.Frame
	for {
		switch err := source.Next(&f); {
		case errors.Is(err, io.EOF):
			return times
		case err != nil:
			return times // damaged: what comes behind was not captured
		}
		times[int(f.Number)] = f.Nanos
	}
}

// A packet that proves something was captured when the finding says.
func TestEvidenceTimes(t *testing.T) {
	seen := 0
	for _, name := range everyCapture(t) {
		var result *Result
		scene.Steps(t, 1<<40, func(s *correlate.Snapshot) { result = New(Options{}).Run(s) }, name)
		times := frameTimes(t, name)
		check := func(f *correlate.Finding) {
			for _, e := range f.Evidence {
				if e.Frame == 0 || e.Nanos == 0 {
					continue
				}
				if seen++; times[e.Frame] != e.Nanos {
					t.Errorf("%s: %s: frame %d was captured %+.6f s beside what is said: %s", filepath.Base(name), f.Code, e.Frame, float64(times[e.Frame]-e.Nanos)/1e9, e.Text)
				}
			}
		}
		for _, list := range result.ByCall {
			for i := range list {
				check(&list[i])
			}
		}
		for i := range result.Capture {
			check(&result.Capture[i])
		}
	}
	t.Logf("%d pieces of evidence", seen)
}
