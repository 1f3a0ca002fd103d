package capture

import (
	"io"
	"os"
	"path/filepath"
	"testing"
)

// What a frame brought is read again from its place, alone and merged, after
// Close too.
func TestOctetsAreReadAgain(t *testing.T) {
	var files []string
	for _, pattern := range []string{"../pcaps/*.pcap", "../pcaps/*.pcapng"} {
		names, err := filepath.Glob(pattern)
		if err != nil || len(names) == 0 {
			t.Fatal("no captures", pattern, err)
		}
		files = append(files, names[0])
	}
	for _, names := range [][]string{files, files[:1], files[1:]} {
		src, err := Open(names, Options{})
		if err != nil {
			t.Fatal(err)
		}
		type piece struct {
			source int
			offset int64
			text   string
		}
		var pieces []piece
		again := src.(Rereader).Again()
		var f Frame
		for src.Next(&f) == nil {
			part := f.Data[len(f.Data)/2:]
			offset, ok := src.(Rereader).Place(f.Source, part)
			if !ok {
				t.Fatalf("%v: frame %d has no place", names, f.Number)
			}
			pieces = append(pieces, piece{f.Source, offset, string(part)})
		}
		if _, ok := src.(Rereader).Place(0, []byte("a copy")); ok {
			t.Error("a copy has a place")
		}
		if err := src.Close(); err != nil {
			t.Fatal(err)
		}
		for _, p := range pieces {
			octets := make([]byte, len(p.text))
			if err := again(p.source, p.offset, octets); err != nil || string(octets) != p.text {
				t.Fatalf("%v: %q at %d, want %q, %v", names, octets, p.offset, p.text, err)
			}
		}
		if len(pieces) == 0 {
			t.Errorf("%v: no frames", names)
		}
	}
}

// Of standard input nothing can be read again.
func TestStreamIsNotReadAgain(t *testing.T) {
	names, _ := filepath.Glob("../pcaps/*.pcap")
	disk, err := os.Open(names[0])
	if err != nil {
		t.Fatal(err)
	}
	defer disk.Close()
	src, err := Open([]string{"-"}, Options{Stdin: io.MultiReader(disk)})
	if err != nil {
		t.Fatal(err)
	}
	defer src.Close()
	var f Frame
	if err := src.Next(&f); err != nil {
		t.Fatal(err)
	}
	if _, ok := src.(Rereader).Place(f.Source, f.Data); ok {
		t.Error("a frame of a stream has a place")
	}
	if src.(Rereader).Again()(0, 0, make([]byte, 1)) == nil {
		t.Error("it was read again")
	}
}
