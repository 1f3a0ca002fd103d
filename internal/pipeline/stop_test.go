package pipeline

import (
	"context"
	"io"
	"testing"
	"testing/synctest"
	"time"

	"sipsniff/capture"
)

// A held source has frames that nobody has read; after the stop it goes on
// with more of them after a rest.
type held struct {
	left    int
	rest    time.Duration
	stopped bool
}

func (h *held) Next(f *capture.Frame) error {
	if h.left == 0 {
		return io.EOF
	}
	time.Sleep(h.rest) // of the bubble's clock
	h.left--
	*f = capture.Frame{Nanos: time.Now().UnixNano(), Data: []byte{0}, Length: 1, LinkType: 1}
	return nil
}

func (h *held) Info() []capture.SourceInfo { return []capture.SourceInfo{{Name: "held"}} }
func (h *held) Close() error               { return nil }
func (h *held) Stop()                      { h.stopped = true }

// A run that is told to end reads what its source holds, for a second at most.
func TestRunDrains(t *testing.T) {
	for name, c := range map[string]struct {
		rest      time.Duration
		held      int
		least, at int
	}{
		"soon":    {0, 10000, 10000, 10000},
		"forever": {time.Millisecond, 1 << 30, 900, 1200},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				source := &held{left: c.held, rest: c.rest}
				ctx, cancel := context.WithCancel(context.Background())
				cancel()
				p := New(Config{Source: source})
				if err := p.Run(ctx); err != nil {
					t.Fatal(err)
				}
				if n := int(p.Status().Frames); n < c.least || n > c.at || !source.stopped {
					t.Errorf("%d frames, want %d to %d", n, c.least, c.at)
				}
			})
		})
	}
}

// A setBack source has a frame every 50 ms, the first of an hour later.
type setBack struct{ frames int }

func (s *setBack) Next(f *capture.Frame) error {
	time.Sleep(50 * time.Millisecond) // of the bubble's clock
	nanos := time.Now().UnixNano()
	if s.frames == 0 {
		nanos += int64(time.Hour)
	}
	s.frames++
	*f = capture.Frame{Nanos: nanos, Data: []byte{0}, Length: 1, LinkType: 1}
	return nil
}

func (s *setBack) Info() []capture.SourceInfo { return []capture.SourceInfo{{Name: "set back"}} }
func (s *setBack) Close() error               { return nil }

// A run on a slow wire hears that it is to end although the clock was set back.
func TestRunEndsAfterClockIsSetBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
		defer cancel()
		begun := time.Now()
		if err := New(Config{Source: &setBack{}, Live: true}).Run(ctx); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(begun); took > 2500*time.Millisecond {
			t.Errorf("ended after %v", took)
		}
	})
}
