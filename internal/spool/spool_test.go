package spool

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"

	"sipsniff/capture"
)

func frame(n, size int) *capture.Frame {
	data := make([]byte, size)
	data[0], data[1], data[2], data[3] = byte(n>>24), byte(n>>16), byte(n>>8), byte(n)
	return &capture.Frame{Data: data, Length: size, Nanos: int64(n) * 1e6, LinkType: 1, Number: n + 1}
}

// onDisk is what the files of a folder have in octets.
func onDisk(t *testing.T, folder string) (octets int64) {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		info, err := e.Info()
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm() != 0o600 {
			t.Fatalf("%s is %v", e.Name(), info.Mode())
		}
		octets += info.Size()
	}
	return octets
}

// kept reads the numbers of the frames that are still there.
func kept(t *testing.T, s *Spool) (numbers []int) {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(escaped(s.Folder()), "*.pcapng"))
	if err != nil {
		t.Fatal(err)
	}
	src, err := capture.Open(names, capture.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer src.Close()
	var f capture.Frame
	for {
		switch err := src.Next(&f); {
		case errors.Is(err, io.EOF):
			return numbers
		case err != nil:
			t.Fatal(err)
		}
		numbers = append(numbers, int(f.Data[0])<<24|int(f.Data[1])<<16|int(f.Data[2])<<8|int(f.Data[3]))
	}
}

// Forty times the room is written; never is more than the room taken. What is
// left are the latest frames of media, without a hole, and all of signalling,
// which media does not push out.
func TestBounded(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "a [spool]")
	s, err := Open(Options{Folder: folder, Size: MinSize})
	if err != nil {
		t.Fatal(err)
	}
	const frames = 32000
	for n := range frames {
		s.Write(frame(n, 20000), n%1000 != 0)
		if since := s.MediaSince(); (since != 0) != (n > 1000) && (n < 500 || n > 2000) {
			t.Fatalf("media is there since %d after %d frames", since, n)
		}
		if n%4000 == 0 {
			s.Flush()
			if got := onDisk(t, folder); got > MinSize {
				t.Fatalf("%d octets after %d frames", got, n)
			}
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if got := onDisk(t, folder); got > MinSize || got < MinSize/2 || s.Size() != got {
		t.Errorf("%d octets, %d by its own count", got, s.Size())
	}
	signalling, last := 0, frames
	numbers := kept(t, s)
	for i := len(numbers) - 1; i >= 0; i-- {
		n := numbers[i]
		if n%1000 == 0 {
			signalling++
		}
		if n%1000 != 0 || n == last-1 {
			if n != last-1 && n != last-2 { // one of signalling may be between
				t.Fatalf("frame %d is followed by %d", n, last)
			}
			last = n
		}
	}
	if since := s.MediaSince(); since != int64(last)*1e6 {
		t.Errorf("media is said to be there since %d, the first is %d", since, last)
	}
	if signalling != 32 || last > frames-500 || last < frames-700 {
		t.Errorf("%d of signalling, media from %d on", signalling, last)
	}
}

// A run that goes on with the folder of another one counts what is there.
func TestAdopt(t *testing.T) {
	folder := t.TempDir()
	for run := range 3 {
		s, err := Open(Options{Folder: folder, Size: MinSize})
		if err != nil {
			t.Fatal(err)
		}
		for n := range 500 {
			s.Write(frame(run*500+n, 20000), true)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		if got := onDisk(t, folder); got > MinSize {
			t.Fatalf("%d octets after run %d", got, run)
		}
		if numbers := kept(t, s); numbers[len(numbers)-1] != run*500+499 || len(numbers) < 400 {
			t.Errorf("run %d: %d frames", run, len(numbers))
		}
	}
}

// What cannot be written stops the spool, and is told.
func TestFailure(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "gone")
	s, err := Open(Options{Folder: folder, Size: MinSize})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(folder); err != nil {
		t.Fatal(err)
	}
	s.Write(frame(1, 100), true)
	s.Write(frame(2, 100), true)
	if s.Err() == nil || !errors.Is(s.Close(), os.ErrNotExist) {
		t.Error("no error")
	}
	if _, err := Open(Options{Folder: "/dev/null/x", Size: MinSize}); err == nil {
		t.Error("a spool in a file")
	}
}

// A frame that is larger than a file is left out.
func TestHugeFrame(t *testing.T) {
	s, err := Open(Options{Folder: t.TempDir(), Size: 1})
	if err != nil {
		t.Fatal(err)
	}
	s.Write(frame(1, MinSize/8), true)
	s.Write(frame(2, 100), true)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if got := kept(t, s); len(got) != 1 || got[0] != 2 {
		t.Errorf("%v", got)
	}
}

// Files that only look like those of a spool are somebody else's: they are not
// counted, and never removed.
func TestForeignFilesStay(t *testing.T) {
	folder := t.TempDir()
	foreign := []string{"media-2024.pcapng", "media-000000001.pcapng-old.pcapng", "media-+00000002.pcapng", "media--00000001.pcapng", "signalling-7.pcapng"}
	for _, name := range foreign {
		if err := os.WriteFile(filepath.Join(folder, name), make([]byte, MinSize), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	s, err := Open(Options{Folder: folder, Size: MinSize})
	if err != nil {
		t.Fatal(err)
	}
	s.Write(frame(1, 20000), true)
	s.Write(frame(2, 20000), false)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	for _, name := range foreign {
		if _, err := os.Stat(filepath.Join(folder, name)); err != nil {
			t.Error(err)
		}
	}
}
