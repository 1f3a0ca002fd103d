package capture

import (
	"io"
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"
)

// A stopped stream is read until it is quiet, alone and beside a file.
func TestStopStream(t *testing.T) {
	packets := samplePackets()[:8]
	name := filepath.Join(t.TempDir(), "other.pcap")
	if err := os.WriteFile(name, asPcap(little, magicMicros, nil), 0o600); err != nil {
		t.Fatal(err)
	}
	for what, names := range map[string][]string{"alone": {"-"}, "merged": {"-", name}} {
		t.Run(what, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r, w := io.Pipe()
				go func() { _, _ = w.Write(asPcap(little, magicMicros, packets)) }()
				s, err := Open(names, Options{Stdin: r, Idle: true})
				if err != nil {
					t.Fatal(err)
				}
				s.(Stopper).Stop()
				frames, idle := drainIdle(t, s)
				checkPackets(t, frames, packets)
				if idle != 0 {
					t.Errorf("idle %d times", idle)
				}
				_ = s.Close()
				_ = w.Close()
			})
		})
	}
}

// A stopped file ends where it is.
func TestStopFile(t *testing.T) {
	name := filepath.Join(t.TempDir(), "some.pcap")
	if err := os.WriteFile(name, asPcap(little, magicMicros, samplePackets()[:8]), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := Open([]string{name}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	var f Frame
	if err := s.Next(&f); err != nil {
		t.Fatal(err)
	}
	s.(Stopper).Stop()
	if err := s.Next(&f); err != io.EOF {
		t.Errorf("%v after the stop", err)
	}
}
