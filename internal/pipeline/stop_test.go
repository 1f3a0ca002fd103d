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
