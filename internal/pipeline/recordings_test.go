package pipeline_test

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"

	"sipsniff/correlate"
	"sipsniff/decode"
	"sipsniff/internal/pipeline"
	"sipsniff/internal/recording"
)

// TestRecordingsAgree makes the recording of every call of the corpus, and
// compares it with the streams as they were accounted: the same packets are
// missing, by two ways of counting, and the sound is as long as they took.
func TestRecordingsAgree(t *testing.T) {
	heard := 0
	for _, name := range captures(t) {
		c := recording.NewCollector(nil, 1<<26)
		r := run(t, pipeline.Config{Source: open(t, name), Decoder: decode.Config{Secrets: keysOf(t, name)}, Tracker: correlate.Config{Media: c.Media}})
		for _, call := range c.Calls() {
			file := filepath.Join(t.TempDir(), "a.wav")
			var f *os.File
			rec, err := call.WriteWAV(func() (io.WriteSeeker, error) {
				var err error
				f, err = os.Create(file)
				return f, err
			}, recording.Options{})
			if f != nil {
				err = errors.Join(err, f.Close())
			}
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			heard += compareRecording(t, filepath.Base(name), rec, r.Snapshot)
		}
	}
	if heard < 60 {
		t.Errorf("%d streams are heard", heard)
	}
}

func compareRecording(t *testing.T, name string, rec *recording.Recording, s *correlate.Snapshot) (heard int) {
	var first, last int64
	for _, side := range rec.Sides {
		for _, source := range side.Sources {
			for _, st := range s.Streams {
				if st.SSRC != source.SSRC || st.Src != source.Src || st.Dst != source.Dst {
					continue
				}
				if source.Left != "" {
					t.Logf("%s: stream %d: %s", name, st.ID, source.Left)
					continue
				}
				heard++
				if first == 0 || st.First < first {
					first = st.First
				}
				last = max(last, st.Last)
				if uint64(source.Lost) != st.Quality.Lost || source.Undecodable != 0 {
					t.Errorf("%s: stream %d: %d lost, %d do not fit; accounted are %d lost", name, st.ID, source.Lost, source.Undecodable, st.Quality.Lost)
				}
			}
		}
	}
	if rec.Rate == 0 {
		return heard
	}
	if off := rec.Duration - float64(last-first)/1e9; off < -0.1 || off > 0.1 {
		t.Errorf("%s: %.2f s, packets took %.2f s", name, rec.Duration, float64(last-first)/1e9)
	}
	return heard
}
