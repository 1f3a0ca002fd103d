package pipeline

import (
	"context"
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
