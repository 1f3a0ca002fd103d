package pipeline_test

import (
	"context"
	"io"
	"testing"
	"testing/synctest"
	"time"

	"sipsniff/capture"
	"sipsniff/correlate"
	"sipsniff/internal/pipeline"
)

// A piped source hands out frames, then nothing for a while, and does not tell
// the time.
type piped struct {
	frames []capture.Frame
	lulls  int // of 100 ms
}

func (p *piped) Next(f *capture.Frame) error {
	if len(p.frames) > 0 {
		*f, p.frames = p.frames[0], p.frames[1:]
		return nil
	}
	if p.lulls == 0 {
		return io.EOF
	}
	p.lulls--
	time.Sleep(100 * time.Millisecond) // of the bubble's clock
	return capture.ErrIdle
}

func (p *piped) Info() []capture.SourceInfo { return []capture.SourceInfo{{Name: "-"}} }
func (p *piped) Close() error               { return nil }

// timed notes when it was told of the end of a call.
type timed struct{ at []time.Time }

func (l *timed) Changed(_, _ *correlate.Call) {}
func (l *timed) Finished(_ *correlate.Ending) { l.at = append(l.at, time.Now()) }

// The end of a call on a quiet pipe is told of when it is due, not with the next
// packet. When the packets are old, nobody knows when that is: it is told of at
// the end.
func TestQuietPipeTellsTheTime(t *testing.T) {
	for name, c := range map[string]struct {
		age       time.Duration
		after, by time.Duration
	}{
		"live":   {0, 2 * time.Second, 4 * time.Second},
		"behind": {20 * time.Second, 2 * time.Second, 4 * time.Second},
		"old":    {time.Hour, 10 * time.Second, 10 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				begun := time.Now()
				frames := []capture.Frame{options(0, "a", 1), ok(1, "a", 2)}
				for i := range frames {
					frames[i].Nanos = begun.Add(-c.age).UnixNano() + int64(i)
				}
				var heard timed
				p := pipeline.New(pipeline.Config{
					Source: &piped{frames: frames, lulls: 100}, Live: true,
					Tracker: correlate.Config{Listener: &heard, Linger: 2 * time.Second},
				})
				if err := p.Run(context.Background()); err != nil {
					t.Fatal(err)
				}
				if len(heard.at) != 1 {
					t.Fatalf("told %d times", len(heard.at))
				}
				if after := heard.at[0].Sub(begun); after < c.after || after > c.by {
					t.Errorf("told after %v, want %v to %v", after, c.after, c.by)
				}
			})
		})
	}
}
