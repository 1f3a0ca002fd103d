package scene

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sipsniff/capture"
	"sipsniff/correlate"
	"sipsniff/decode"
	"sipsniff/decode/tls"
	"sipsniff/internal/pipeline"
	"sipsniff/internal/wire"
)

// Play runs a script and returns what is known at its end.
func Play(t testing.TB, text string) *correlate.Snapshot {
	t.Helper()
	return run(t, pipeline.Config{Source: &source{frames: read(t, text)}})
}

// Only is the call of a snapshot that has one.
func Only(t testing.TB, s *correlate.Snapshot) *correlate.Call {
	t.Helper()
	if len(s.Calls) != 1 {
		t.Fatalf("%d calls, want 1", len(s.Calls))
	}
	return s.Calls[0]
}

// Capture plays capture files, with the keys that lie beside the first. The
// test is skipped when one is not there: ../shared is not part of the project.
func Capture(t testing.TB, names ...string) *correlate.Snapshot {
	t.Helper()
	return Part(t, func(*capture.Frame) bool { return true }, names...)
}

// Steps is Capture with a snapshot after every so many frames, as a live
// capture has them; visit is shown each, the last too.
func Steps(t testing.TB, every uint64, visit func(*correlate.Snapshot), names ...string) {
	t.Helper()
	steps(t, every, visit, open(t, names), secrets(t, names[0]))
}

// PlaySteps is Play with a snapshot after every frame.
func PlaySteps(t testing.TB, text string, visit func(*correlate.Snapshot)) {
	t.Helper()
	steps(t, 1, visit, &part{Source: &source{frames: read(t, text)}}, tls.NewSecrets())
}

func steps(t testing.TB, every uint64, visit func(*correlate.Snapshot), src *part, s *tls.Secrets) {
	t.Helper()
	var p *pipeline.Pipeline
	published := false
	src.keep = func(*capture.Frame) bool {
		if published {
			visit(p.Snapshot())
		}
		return true
	}
	p = pipeline.New(pipeline.Config{
		Source: src, Decoder: decode.Config{Secrets: s},
		Due: func(frames uint64) bool {
			published = frames%every == 0
			return published
		},
	})
	visit(finish(t, p, src))
}

// Part is Capture of the frames that keep says are there.
func Part(t testing.TB, keep func(*capture.Frame) bool, names ...string) *correlate.Snapshot {
	t.Helper()
	src := open(t, names)
	src.keep = keep
	return run(t, pipeline.Config{Source: src, Decoder: decode.Config{Secrets: secrets(t, names[0])}})
}

func open(t testing.TB, names []string) *part {
	t.Helper()
	for _, name := range names {
		if _, err := os.Stat(name); errors.Is(err, fs.ErrNotExist) {
			t.Skipf("%s is not there", name)
		}
	}
	src, err := capture.Open(names, capture.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return &part{Source: src}
}

func secrets(t testing.TB, name string) *tls.Secrets {
	t.Helper()
	s, base := tls.NewSecrets(), strings.TrimSuffix(name, filepath.Ext(name))
	if text, err := os.ReadFile(base + ".keys"); err == nil {
		log := tls.NewKeyLog(s)
		if _, err := log.Write(text); err != nil {
			t.Fatal(err)
		}
		log.Close()
	}
	if text, err := os.ReadFile(base + ".pem"); err == nil {
		keys, err := tls.ParsePrivateKeys(base+".pem", text)
		if err != nil {
			t.Fatal(err)
		}
		s.AddPrivateKeys(keys...)
	}
	return s
}

func run(t testing.TB, c pipeline.Config) *correlate.Snapshot {
	t.Helper()
	return finish(t, pipeline.New(c), c.Source)
}

func finish(t testing.TB, p *pipeline.Pipeline, src capture.Source) *correlate.Snapshot {
	t.Helper()
	if err := p.Run(context.Background()); err != nil {
		t.Fatal(err)
	}
	if err := src.Close(); err != nil {
		t.Fatal(err)
	}
	return p.Snapshot()
}

// A part is some of the frames of a source.
type part struct {
	capture.Source
	keep func(*capture.Frame) bool
}

// Next implements capture.Source.
func (p *part) Next(f *capture.Frame) error {
	for {
		if err := p.Source.Next(f); err != nil || p.keep(f) {
			return err
		}
	}
}

// A source is the frames of a script.
type source struct {
	frames []frame
	next   int
}

// Next implements capture.Source.
func (s *source) Next(f *capture.Frame) error {
	if s.next == len(s.frames) {
		return io.EOF
	}
	data := wire.EthernetIP(s.frames[s.next].ip)
	s.next++
	*f = capture.Frame{Number: s.next, Nanos: s.frames[s.next-1].nanos, Data: data, Length: len(data), LinkType: 1}
	return nil
}

// Info implements capture.Source.
func (s *source) Info() []capture.SourceInfo {
	return []capture.SourceInfo{{Name: "scene", Format: "pcap", Frames: uint64(s.next)}}
}

// Close implements capture.Source.
func (s *source) Close() error { return nil }
