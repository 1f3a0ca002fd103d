package capture

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// timed is a capture of one octet a packet, at these seconds.
func timed(mark byte, seconds ...uint32) []byte {
	b := pcapHeader(little, magicMicros, 0, uint32(mark))
	for _, s := range seconds {
		b = pcapRecord(b, little, s, 0, 1, []byte{mark})
	}
	return b
}

func TestMerge(t *testing.T) {
	tests := []struct {
		name  string
		files [][]byte
		want  string // second and file of each frame
	}{
		{"one after the other", [][]byte{timed('b', 5, 6), timed('a', 1, 2)}, "1a 2a 5b 6b"},
		{"interleaved", [][]byte{timed('a', 1, 3, 5), timed('b', 2, 4, 6)}, "1a 2b 3a 4b 5a 6b"},
		{"equal times go by place", [][]byte{timed('b', 1, 1, 2), timed('a', 1, 1, 2), timed('c', 1, 2)}, "1b 1b 1a 1a 1c 2b 2a 2c"},
		{"a file keeps its own order", [][]byte{timed('a', 5, 1, 6), timed('b', 2, 7)}, "2b 5a 1a 6a 7b"},
		{"one without packets", [][]byte{timed('a'), timed('b', 1)}, "1b"},
		{"none has packets", [][]byte{timed('a'), timed('b')}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var names []string
			for i, content := range tt.files {
				names = append(names, writeFile(t, fmt.Sprint(i), content))
			}
			s, err := Open(names, Options{})
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			frames, err := drain(t, s)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for i, f := range frames {
				got = append(got, fmt.Sprintf("%d%s", f.Nanos/1e9, f.Bytes))
				if f.Number != i+1 || f.Bytes[0] != tt.files[f.Source][20] {
					t.Errorf("frame %d has number %d and source %d", i+1, f.Number, f.Source)
				}
			}
			if g := strings.Join(got, " "); g != tt.want {
				t.Errorf("got  %s\nwant %s", g, tt.want)
			}
			if infos := s.Info(); len(infos) != len(names) || infos[1].Name != names[1] {
				t.Errorf("infos %+v", infos)
			}
		})
	}
}

// A single file is never put in order.
func TestSingleFileKeepsItsOrder(t *testing.T) {
	frames, _ := readBytes(t, timed('a', 9, 3, 7, 1))
	var got []int64
	for _, f := range frames {
		got = append(got, f.Nanos/1e9)
	}
	if !slices.Equal(got, []int64{9, 3, 7, 1}) {
		t.Errorf("got %v", got)
	}
}

func TestMergeManyFiles(t *testing.T) {
	var names []string
	for i := range 40 {
		var seconds []uint32
		for k := range 25 {
			seconds = append(seconds, uint32(k*40+(i*17)%40))
		}
		names = append(names, writeFile(t, fmt.Sprint(i), timed('x', seconds...)))
	}
	s, err := Open(names, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	frames, err := drain(t, s)
	if err != nil || len(frames) != 1000 {
		t.Fatalf("%d frames, %v", len(frames), err)
	}
	for i, f := range frames {
		if f.Nanos != int64(i)*1e9 {
			t.Fatalf("frame %d has time %d", i, f.Nanos)
		}
	}
}

func TestMergeWithStandardInput(t *testing.T) {
	path := writeFile(t, "a", timed('a', 1, 3))
	s, err := Open([]string{path, "-"}, Options{Stdin: bytes.NewReader(asGzip(t, timed('b', 2)))})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	frames, err := drain(t, s)
	if err != nil || len(frames) != 3 || frames[1].Bytes != "b" {
		t.Errorf("%+v, %v", frames, err)
	}
}

func TestMergeDamagedFile(t *testing.T) {
	damaged := append(timed('a', 1, 2), words(nil, little, 3, 0, 0xffffffff, 1)...)
	cut := timed('c', 1, 9)
	names := []string{
		writeFile(t, "a", damaged), writeFile(t, "b", timed('b', 1, 8)), writeFile(t, "c", cut[:len(cut)-1]),
	}
	s, err := Open(names, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	frames, err := drain(t, s)
	var format *FormatError
	if !errors.As(err, &format) || format.Name != names[0] || len(frames) != 5 {
		t.Errorf("%d frames, error %v; want all 5 and then that of the damaged file", len(frames), err)
	}
	infos := s.Info()
	if len(infos[0].Warnings) != 1 || infos[0].Truncated || infos[1].Truncated || !infos[2].Truncated {
		t.Errorf("infos %+v", infos)
	}
}
