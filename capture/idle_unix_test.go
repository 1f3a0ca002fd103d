//go:build unix

package capture

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// A named pipe is a stream like standard input: it says that it is quiet.
func TestIdleNamedPipe(t *testing.T) {
	packets := samplePackets()[:2]
	name := filepath.Join(t.TempDir(), "pipe")
	if err := unix.Mkfifo(name, 0o600); err != nil {
		t.Skip("no named pipes here:", err)
	}
	more, written := make(chan struct{}), make(chan error, 1)
	go func() {
		content := asPcap(little, magicMicros, packets)
		w, err := os.OpenFile(name, os.O_WRONLY, 0)
		if err == nil {
			_, err = w.Write(content[:len(content)-1])
			<-more
			_, again := w.Write(content[len(content)-1:])
			err = errors.Join(err, again, w.Close())
		}
		written <- err
	}()
	s, err := Open([]string{name}, Options{Idle: true})
	if err != nil {
		t.Fatal(err)
	}
	var f Frame
	for _, want := range []error{nil, ErrIdle, ErrIdle} {
		if err := s.Next(&f); !errors.Is(err, want) {
			t.Fatalf("%v, want %v", err, want)
		}
	}
	close(more)
	for err = s.Next(&f); errors.Is(err, ErrIdle); err = s.Next(&f) {
	}
	if err != nil || f.Number != 2 {
		t.Errorf("frame %d, %v; want the second", f.Number, err)
	}
	if err := s.Next(&f); err != io.EOF {
		t.Error(err)
	}
	if err := errors.Join(<-written, s.Close()); err != nil {
		t.Error(err)
	}
}

// A named pipe that was opened by its name is let go by Close: who writes to it hears of it.
func TestNamedPipeIsClosed(t *testing.T) {
	for _, again := range []bool{false, true} {
		name := filepath.Join(t.TempDir(), "pipe")
		if err := unix.Mkfifo(name, 0o600); err != nil {
			t.Skip(err)
		}
		opened := make(chan *os.File, 1)
		content := asPcap(little, magicMicros, samplePackets()[:2])
		go func() {
			w, err := os.OpenFile(name, os.O_WRONLY, 0)
			if err == nil {
				_, err = w.Write(content)
			}
			if err != nil {
				t.Error(err)
			}
			opened <- w
		}()
		s, err := Open([]string{name}, Options{Idle: true})
		if err != nil {
			t.Fatal(err)
		}
		if again {
			s.(Rereader).Again() // as pipeline.New does
		}
		frames, err := drain(t, s)
		if len(frames) != 2 || !errors.Is(err, ErrIdle) {
			t.Fatal(len(frames), err)
		}
		w := <-opened
		if err := w.SetWriteDeadline(time.Now().Add(10 * time.Second)); err != nil {
			t.Fatal(err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		for {
			if _, err = w.Write(content); err != nil { // what is left of the room of the pipe is soon full
				break
			}
		}
		if !errors.Is(err, unix.EPIPE) {
			t.Errorf("again %v: written after Close: %v, want EPIPE", again, err)
		}
		_ = w.Close()
	}
}
