package capture

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Comments belong to one frame, are cut between characters, and a reader gets the frames as without them.
func TestWriterComments(t *testing.T) {
	long := strings.Repeat("ä", maxComment)
	for _, name := range []string{"a.pcapng", "a.pcap"} {
		path := filepath.Join(t.TempDir(), name)
		w, err := Create(path, WriterOptions{})
		if err != nil {
			t.Fatal(err)
		}
		w.Comment("one of the first")
		w.Comment("and another")
		for n := range int64(3) {
			if err := w.Write(frameOf(n, 61, 1)); err != nil {
				t.Fatal(err)
			}
			if n == 1 {
				w.Comment(long)
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		octets, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		holds := HoldsComments(path)
		for _, text := range []string{"\x01\x00\x10\x00one of the first", "\x01\x00\x0b\x00and another\x00\x00\x00\x00\x00", strings.Repeat("ä", maxComment/2) + "\x00\x00\x00\x00"} {
			if n := bytes.Count(octets, []byte(text)); holds != (n == 1) || n > 1 {
				t.Errorf("%s: %.40q is there %d times", name, text, n)
			}
		}
		src, err := Open([]string{path}, Options{})
		if err != nil {
			t.Fatal(err)
		}
		defer src.Close()
		var f Frame
		for n := range int64(3) {
			if err := src.Next(&f); err != nil || f.Nanos != n || len(f.Data) != 61 {
				t.Errorf("%s, frame %d: %v, %d octets at %d", name, n, err, len(f.Data), f.Nanos)
			}
		}
	}
	if cutText("aä", 2) != "a" || cutText("aä", 3) != "aä" {
		t.Error("half a character")
	}
}
