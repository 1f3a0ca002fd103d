package main

import (
	"errors"
	"io"
	"path/filepath"
	"strings"
	"testing"

	"sipsniff/capture"
)

// Recordings begin and end while frames are written: each is whole, and holds
// frames that follow one another.
func TestLateRecordingsAreWhole(t *testing.T) {
	late := &lateRecording{}
	stop, ended := make(chan struct{}), make(chan struct{})
	written := make(chan struct{}, 1)
	go func() {
		defer close(ended)
		for n := int64(1); ; n++ {
			f := capture.Frame{Number: int(n), Nanos: n * 1000, Data: make([]byte, 60), Length: 60, LinkType: 1}
			if err := errors.Join(late.Write(&f), late.Flush()); err != nil {
				t.Error(err)
				return
			}
			select {
			case written <- struct{}{}:
			case <-stop:
				return
			default:
			}
		}
	}()
	passed := func() {
		for range 20 {
			<-written
		}
	}
	folder := t.TempDir()
	for _, name := range []string{"a.pcap", "b.pcapng"} {
		file := filepath.Join(folder, name)
		create := func() (*capture.Recorder, error) {
			return capture.NewRecorder(file, capture.RecorderOptions{WriterOptions: capture.WriterOptions{Microseconds: true}, Persist: true})
		}
		passed()
		if err := late.begin(file, create); err != nil {
			t.Fatal(err)
		}
		if err := late.begin(filepath.Join(folder, "other.pcap"), create); err == nil || !strings.Contains(err.Error(), "is being recorded") {
			t.Errorf("a second one: %v", err)
		}
		passed()
		if got := late.file(); got != file {
			t.Errorf("it records in %q", got)
		}
		if err := late.end(); err != nil {
			t.Fatal(err)
		}
		if err := late.begin(file, create); err == nil || !strings.Contains(err.Error(), "is there already") {
			t.Errorf("over a file: %v", err)
		}
		follow(t, file)
	}
	close(stop)
	<-ended
	if err := late.end(); err != nil {
		t.Error(err)
	}
}

// follow fails unless the frames of a file come a microsecond after one another.
func follow(t *testing.T, file string) {
	t.Helper()
	source, err := capture.Open([]string{file}, capture.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = source.Close() }()
	var f capture.Frame
	n, last := 0, int64(0)
	for {
		err := source.Next(&f)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if n > 0 && f.Nanos != last+1000 {
			t.Fatalf("%s: after %d comes %d", file, last, f.Nanos)
		}
		n, last = n+1, f.Nanos
	}
	if n < 15 {
		t.Errorf("%s holds %d frames", file, n)
	}
}
