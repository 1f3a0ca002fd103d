package main

import (
	"context"
	"os"
	"path/filepath"
	"time"

	"sipsniff/capture"
	"sipsniff/pcaps/gen"
)

// testKinds are the sources that --test-source makes up; none needs a network.
var testKinds = []string{"calls", "drops"}

// A testSource plays generated calls as if they came in now. It is for tests
// of what a live capture looks like, and for looking at that without one.
type testSource struct {
	capture.Source
	folder string // of the generated file
	offset int64  // ns between the times in the file and now
	held   *capture.Frame
	frames uint64
	drops  bool // some are said to have been dropped
}

// testCalls is how many calls are played; they come two a second.
const testCalls = 120

// openTestSource generates the calls and begins to play them.
func (o *options) openTestSource(ctx context.Context) (capture.Source, error) {
	folder, err := os.MkdirTemp("", "sipsniff-test-")
	if err != nil {
		return nil, err
	}
	path := filepath.Join(folder, "calls.pcap")
	source, err := generateTest(path)
	if err != nil {
		_ = os.RemoveAll(folder)
		return nil, err
	}
	return &testSource{Source: source, folder: folder, drops: o.testSource == "drops"}, ctx.Err()
}

func generateTest(path string) (capture.Source, error) {
	f, err := os.Create(path)
	if err != nil {
		return nil, err
	}
	_, err = gen.Write(f, gen.Options{Calls: testCalls, Rate: 2, Length: 12 * time.Second, Mix: gen.EverydayMix(), RTCP: true, Loss: 0.02, Burst: 3})
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return nil, err
	}
	return capture.Open([]string{path}, capture.Options{})
}

// idleStep is how long a frame that is not due is waited for at once.
const idleStep = 20 * time.Millisecond

// Next implements capture.Source: a frame comes when its time has come.
func (s *testSource) Next(f *capture.Frame) error {
	if s.held == nil {
		if err := s.Source.Next(f); err != nil {
			return err
		}
		if s.offset == 0 {
			s.offset = time.Now().UnixNano() - f.Nanos
		}
		f.Nanos += s.offset
		kept := *f
		s.held = &kept
	}
	if wait := time.Duration(s.held.Nanos - time.Now().UnixNano()); wait > 0 {
		time.Sleep(min(wait, idleStep))
		f.Nanos = time.Now().UnixNano()
		if wait > idleStep {
			return capture.ErrIdle
		}
	}
	*f, s.held = *s.held, nil
	s.frames++
	return nil
}

// Info implements capture.Source.
func (s *testSource) Info() []capture.SourceInfo {
	infos := s.Source.Info()
	for i := range infos {
		infos[i].Name, infos[i].Format, infos[i].Size, infos[i].Position = "test", "live", 0, 0
	}
	return infos
}

// Drops are one in twenty of what came, when that is what is tested.
func (s *testSource) Drops() capture.Drops {
	d := capture.Drops{Received: s.frames}
	if s.drops {
		d.Kernel = s.frames / 20
	}
	return d
}

// Close implements capture.Source.
func (s *testSource) Close() error {
	err := s.Source.Close()
	if removed := os.RemoveAll(s.folder); err == nil {
		err = removed
	}
	return err
}
