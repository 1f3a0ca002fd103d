package main

import (
	"context"
	"math"
	"path/filepath"
	"testing"

	"sipsniff/capture"
	"sipsniff/correlate"
	"sipsniff/correlate/quality"
	"sipsniff/internal/pipeline"
)

func readOwn(t *testing.T, name string, c correlate.Config) *pipeline.Pipeline {
	t.Helper()
	source, err := capture.Open([]string{filepath.Join("..", "..", "pcaps", name)}, capture.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = source.Close() }()
	p := pipeline.New(pipeline.Config{Source: source, Tracker: c})
	if err := p.Run(context.Background()); err != nil {
		t.Fatal(err)
	}
	return p
}

// What is read again is every packet of the streams, so that it can be
// accounted anew to the same figures; and as loud as it was measured at first.
func TestPacketsAreReadAgain(t *testing.T) {
	for _, name := range []string{"call-lossy.pcap", "codec-g722.pcap", "dtmf.pcap", "srtp-sdes.pcap"} {
		first := readOwn(t, name, correlate.Config{Levels: true}).Snapshot()
		c := newPacketCollector(first.Streams)
		readOwn(t, name, correlate.Config{Media: c.media})
		found := c.found()
		for _, s := range first.Streams {
			again := found[s.ID]
			if uint64(len(again.Packets)) != s.Packets {
				t.Errorf("%s: stream %d: %d packets, was %d", name, s.ID, len(again.Packets), s.Packets)
				continue
			}
			var a quality.Account
			for i := range again.Packets {
				a.Add(&again.Packets[i])
			}
			if q, r := s.Quality, a.Report(); q.Lost != r.Lost || q.JitterMax != r.JitterMax || q.DeltaMax != r.DeltaMax || q.Buffers[quality.BufferAdaptive].Waiting != r.Buffers[quality.BufferAdaptive].Waiting {
				t.Errorf("%s: stream %d accounted anew: %+v, was %+v", name, s.ID, r, q)
			}
			if s.Levels == nil {
				continue
			}
			loudest := math.Inf(-1)
			for _, level := range again.Levels {
				if !math.IsNaN(level) {
					loudest = max(loudest, level)
				}
			}
			if loudest < s.Levels.Mean-0.1 || loudest > 0 {
				t.Errorf("%s: stream %d: loudest second %.1f dBov, mean of all %.1f", name, s.ID, loudest, s.Levels.Mean)
			}
		}
	}
}

func TestInputsThatCannotBeReadAgain(t *testing.T) {
	o := &options{}
	for _, in := range []input{{ifaces: []string{"lo"}}, {files: []string{"-"}}} {
		if _, err := o.rereader(context.Background(), nil, &session{input: in})(nil); err == nil {
			t.Errorf("%+v is read again", in)
		}
	}
}
