package pipeline

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"

	"sipsniff/capture"
)

// Media that is let pass is in no stream; the messages are all there.
func TestMediaIsLetPass(t *testing.T) {
	run := func(on bool) *Pipeline {
		source, err := capture.Open([]string{filepath.Join("..", "..", "pcaps", "demo.pcap")}, capture.Options{})
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = source.Close() }()
		p := New(Config{Source: source})
		p.Media(on)
		if err := p.Run(context.Background()); err != nil {
			t.Fatal(err)
		}
		return p
	}
	with, without := run(true), run(false)
	if n := len(with.Snapshot().Streams); n == 0 || with.Status().NoMedia {
		t.Errorf("%d streams with media", n)
	}
	if n := len(without.Snapshot().Streams); n > 0 || !without.Status().NoMedia {
		t.Errorf("%d streams without media", n)
	}
	if a, b := with.Snapshot().Totals.SIPMessages, without.Snapshot().Totals.SIPMessages; a == 0 || a != b {
		t.Errorf("%d messages with media, %d without", a, b)
	}
}

// The times when media is let pass reach from one publication before the key to
// one behind the next.
func TestUnwatchedTimes(t *testing.T) {
	var w unwatched
	for i, step := range []struct {
		off  bool
		want string
	}{{false, "[]"}, {true, "[{0 0}]"}, {true, "[{0 0}]"}, {false, "[{0 3}]"}, {false, "[{0 3}]"}, {true, "[{0 3} {4 0}]"}, {false, "[{0 3} {4 6}]"}} {
		if got := fmt.Sprint(w.note(step.off, int64(i))); got != step.want {
			t.Errorf("step %d: %s, want %s", i, got, step.want)
		}
	}
	for i := range 2 * mostUnwatched {
		w.note(i%2 == 0, int64(100+i))
	}
	for i := range 2 * mostUnwatched {
		w.note(i%2 == 0, int64(1000+i))
	}
	if n := len(w.times); n != mostUnwatched || w.times[0].From != 0 {
		t.Errorf("%d times, the first %+v", n, w.times[0])
	}
}
