package capture

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// frameOf is a frame of n octets, at so many nanoseconds.
func frameOf(nanos int64, n int, link LinkType) *Frame {
	return &Frame{Nanos: nanos, Data: payload(n, n), Length: n + 7, LinkType: link}
}

func create(t *testing.T, name string, o WriterOptions) (*Writer, string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	w, err := Create(path, o)
	if err != nil {
		t.Fatal(err)
	}
	return w, path
}

func readFile(t *testing.T, path string) ([]copied, SourceInfo) {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return readBytes(t, content)
}

func TestWriterRoundTrip(t *testing.T) {
	frames := []*Frame{
		frameOf(1_700_000_000_123_456_789, 60, 1), frameOf(1_700_000_000_123_456_790, 0, 1),
		frameOf(1_700_000_003_000_000_001, MaxFrame, 1), frameOf(1_699_999_999_999_999_999, 61, 1),
	}
	for _, tt := range []struct {
		name, format string
		options      WriterOptions
		unit         int64
	}{
		{"a.pcap", "pcap", WriterOptions{}, 1},
		{"a", "pcap", WriterOptions{}, 1},
		{"a.pcap", "pcap", WriterOptions{Microseconds: true}, 1000},
		{"a.pcapng", "pcapng", WriterOptions{Application: "sipsniff 1"}, 1},
		{"A.PCAPNG", "pcapng", WriterOptions{}, 1},
		{"a.pcap", "pcapng", WriterOptions{Format: "pcapng"}, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w, path := create(t, tt.name, tt.options)
			for _, f := range frames {
				if err := w.Write(f); err != nil {
					t.Fatal(err)
				}
			}
			if err := w.Close(); err != nil {
				t.Fatal(err)
			}
			got, info := readFile(t, path)
			if info.Format != tt.format || len(got) != len(frames) || w.Frames() != len(frames) {
				t.Fatalf("%d frames in %s, want %d in %s", len(got), info.Format, len(frames), tt.format)
			}
			for i, f := range frames {
				if g := got[i]; g.Bytes != string(f.Data) || g.Length != f.Length || g.Nanos != f.Nanos/tt.unit*tt.unit || g.LinkType != 1 {
					t.Errorf("frame %d is %d octets of %d at %d", i, len(g.Bytes), g.Length, g.Nanos)
				}
			}
			if stat, err := os.Stat(path); err != nil || stat.Mode().Perm()&^0o644 != 0 {
				t.Errorf("mode %v, %v", stat.Mode(), err)
			}
		})
	}
}

// Without a frame the file is still one that programs open.
func TestWriterWithoutFrames(t *testing.T) {
	for _, name := range []string{"a.pcap", "a.pcapng"} {
		w, path := create(t, name, WriterOptions{})
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		if frames, _ := readFile(t, path); len(frames) != 0 {
			t.Errorf("%d frames", len(frames))
		}
	}
	w, path := create(t, "b.pcap", WriterOptions{LinkTypes: []LinkType{113}})
	// Not closed: the header is there from the beginning.
	if _, info := readFile(t, path); info.LinkTypes[0] != 113 {
		t.Errorf("link types %v", info.LinkTypes)
	}
	w.Close()
}

func TestWriterTimesOutOfRange(t *testing.T) {
	for _, name := range []string{"a.pcap", "a.pcapng"} {
		w, path := create(t, name, WriterOptions{})
		for _, nanos := range []int64{-5, 1 << 62} {
			if err := w.Write(frameOf(nanos, 60, 1)); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		frames, _ := readFile(t, path)
		last := int64(1 << 62)
		if name == "a.pcap" {
			last = 4294967295_999999999 // as late as the file can say
		}
		if frames[0].Nanos != 0 || frames[1].Nanos != last {
			t.Errorf("%s: times %d and %d", name, frames[0].Nanos, frames[1].Nanos)
		}
	}
}

func TestWriterMixedLinkTypes(t *testing.T) {
	var mixed *LinkTypeError
	_, err := Create(filepath.Join(t.TempDir(), "a.pcap"), WriterOptions{LinkTypes: []LinkType{1, 1, 113}})
	if !errors.As(err, &mixed) || mixed.Have != 1 || mixed.Frame != 113 || !strings.Contains(mixed.Hint(), "a.pcapng") {
		t.Errorf("known beforehand: %v", err)
	}

	w, path := create(t, "b.pcap", WriterOptions{})
	if err := w.Write(frameOf(1, 60, 1)); err != nil {
		t.Fatal(err)
	}
	err = w.Write(frameOf(2, 60, 113))
	if mixed = nil; !errors.As(err, &mixed) || !strings.Contains(err.Error(), "frame 2") || mixed.Name != path {
		t.Errorf("met on the way: %v", err)
	}
	if err := w.Write(frameOf(3, 60, 1)); err != nil {
		t.Errorf("an error is returned once, then came %v", err)
	}
	if w.Err() != err {
		t.Errorf("Err is %v", w.Err())
	}

	w, path = create(t, "c.pcapng", WriterOptions{LinkTypes: []LinkType{1, 276}})
	frames := []*Frame{frameOf(1, 60, 1), frameOf(2, 61, 276), frameOf(3, 62, 1), frameOf(4, 63, 1)}
	frames[3].Interface = 5
	for _, f := range frames {
		if err := w.Write(f); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	got, info := readFile(t, path)
	for i, want := range []struct {
		link  LinkType
		index int
	}{{1, 0}, {276, 1}, {1, 0}, {1, 2}} {
		if got[i].LinkType != want.link || got[i].Interface != want.index || got[i].Nanos != int64(i+1) {
			t.Errorf("frame %d is %+v, want %+v", i+1, got[i].Frame, want)
		}
	}
	if len(info.LinkTypes) != 2 {
		t.Errorf("link types %v", info.LinkTypes)
	}
}

func TestWriterManyInterfaces(t *testing.T) {
	var out bytes.Buffer
	w, err := NewWriter(&out, WriterOptions{Format: "pcapng"})
	if err != nil {
		t.Fatal(err)
	}
	for i := range maxDescriptions + 100 {
		f := frameOf(int64(i), 10, 1)
		f.Interface = i
		if err := w.Write(f); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	frames, _ := readBytes(t, out.Bytes())
	if n := len(frames); n != maxDescriptions+100 || frames[n-1].Interface != 0 || frames[maxDescriptions-1].Interface != maxDescriptions-1 {
		t.Errorf("%d frames, the last of interface %d", n, frames[n-1].Interface)
	}
}

// A whole writer takes only whole records: it fails the test when a write
// ends inside one, which is what a kill between two writes would leave.
type whole struct {
	t      *testing.T
	all    []byte
	writes int
}

func (w *whole) Write(p []byte) (int, error) {
	w.writes++
	w.all = append(w.all, p...)
	if _, info := readBytes(w.t, w.all); info.Truncated {
		w.t.Errorf("write %d leaves half a record behind", w.writes)
	}
	return len(p), nil
}

func TestWriterLeavesWholeRecords(t *testing.T) {
	for _, format := range []string{"pcap", "pcapng"} {
		out := &whole{t: t}
		w, err := NewWriter(out, WriterOptions{Format: format})
		if err != nil {
			t.Fatal(err)
		}
		for i := range 2000 {
			f := frameOf(int64(i)*10e6, i%1500, 1) // 100 frames a second for 20 s
			f.Source = i % 3
			if err := w.Write(f); err != nil {
				t.Fatal(err)
			}
		}
		if out.writes < 19 || out.writes > 60 {
			t.Errorf("%s: %d writes for 20 s and 1.5 MB", format, out.writes)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		if frames, _ := readBytes(t, out.all); len(frames) != 2000 {
			t.Errorf("%s: %d frames, want 2000", format, len(frames))
		}
	}
}

func TestWriterFlush(t *testing.T) {
	w, path := create(t, "a.pcap", WriterOptions{})
	defer w.Close()
	if err := w.Write(frameOf(1, 60, 1)); err != nil {
		t.Fatal(err)
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	if frames, _ := readFile(t, path); len(frames) != 1 {
		t.Errorf("%d frames after Flush, want 1", len(frames))
	}
}

type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, syscall.EPIPE }

func TestWriterErrorIsReportedOnce(t *testing.T) {
	w, err := NewWriter(broken{}, WriterOptions{})
	if err != nil {
		t.Fatal(err)
	}
	var reported []error
	for i := range 10 {
		if err := w.Write(frameOf(int64(i)*1e9, 60, 1)); err != nil {
			reported = append(reported, err)
		}
	}
	if err := w.Close(); err != nil {
		reported = append(reported, err)
	}
	var failed *WriteError
	if len(reported) != 1 || !errors.As(reported[0], &failed) || !errors.Is(failed, syscall.EPIPE) {
		t.Errorf("reported %v, want one *WriteError", reported)
	}

	w, err = NewWriter(broken{}, WriterOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Write(frameOf(1, 60, 1)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); !errors.As(err, &failed) {
		t.Errorf("met at the end: %v", err)
	}
	if err := w.Close(); err != nil {
		t.Errorf("the second close: %v", err)
	}
}

func TestCreateRefuses(t *testing.T) {
	dir := t.TempDir()
	input := writeFile(t, "in.pcap", asPcap(little, magicMicros, samplePackets()[:3]))
	link := filepath.Join(dir, "link.pcap")
	hard := filepath.Join(filepath.Dir(input), "hard.pcap")
	if err := os.Symlink(input, link); err != nil {
		t.Fatal(err)
	}
	if err := os.Link(input, hard); err != nil {
		t.Fatal(err)
	}
	before, _ := os.ReadFile(input)
	for _, name := range []string{input, link, hard} {
		_, err := Create(name, WriterOptions{Inputs: []string{"-", filepath.Join(dir, "none"), input}})
		var refused *OutputError
		if !errors.As(err, &refused) || refused.Hint() == "" || !strings.Contains(err.Error(), "being read") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if after, _ := os.ReadFile(input); !bytes.Equal(before, after) {
		t.Error("the input was changed")
	}
	for _, name := range []string{"a.pcap.gz", "a.pcapng.zst"} {
		var refused *OutputError
		if _, err := Create(filepath.Join(dir, name), WriterOptions{}); !errors.As(err, &refused) || !strings.Contains(refused.Hint(), "compress") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := Create(filepath.Join(dir, "a"), WriterOptions{Format: "snoop"}); err == nil {
		t.Error("format snoop must be refused")
	}
	if _, err := Create(filepath.Join(dir, "no", "a.pcap"), WriterOptions{}); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no such directory: %v", err)
	}
	if entries, _ := os.ReadDir(dir); len(entries) != 1 {
		t.Errorf("refused names left %v behind", entries)
	}
}

func TestWriterToStandardOutput(t *testing.T) {
	var out bytes.Buffer
	w, err := Create("-", WriterOptions{Stdout: &out})
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Write(frameOf(1, 60, 1)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if frames, info := readBytes(t, out.Bytes()); len(frames) != 1 || info.Format != "pcap" {
		t.Errorf("%d frames, %+v", len(frames), info)
	}
}

// What other programs make of a recording.
func TestWriterAgainstTshark(t *testing.T) {
	tshark, err := exec.LookPath("tshark")
	if err != nil {
		t.Skip("tshark is not installed")
	}
	for _, name := range []string{"a.pcap", "a.pcapng"} {
		w, path := create(t, name, WriterOptions{Application: "sipsniff test"})
		var want strings.Builder
		for i := range 50 {
			f := frameOf(1_700_000_000_000_000_001+int64(i)*1_000_000_007, 60+i, 1)
			if i%2 == 1 && name == "a.pcapng" {
				f.LinkType = 113
			}
			fmt.Fprintf(&want, "%d.%09d\t%d\t%d\n", f.Nanos/1e9, f.Nanos%1e9, len(f.Data), f.Length)
			if err := w.Write(f); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		out, err := exec.Command(tshark, "-n", "-r", path, "-T", "fields", "-e", "frame.time_epoch", "-e", "frame.cap_len", "-e", "frame.len").Output()
		if err != nil || string(out) != want.String() {
			t.Errorf("%s: tshark says %v:\n%swant:\n%s", name, err, out, want.String())
		}
	}
}

func TestWriterAgainstTcpdump(t *testing.T) {
	tcpdump, err := exec.LookPath("tcpdump")
	if err != nil {
		t.Skip("tcpdump is not installed")
	}
	for _, o := range []WriterOptions{{}, {Microseconds: true}, {Format: "pcapng"}} {
		w, path := create(t, "a.pcap", o)
		for i := range 10 {
			if err := w.Write(frameOf(int64(i)*1e9, 60, 1)); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		out, err := exec.Command(tcpdump, "-nr", path, "-tt").Output()
		if err != nil || strings.Count(string(out), "length 67") != 10 {
			t.Errorf("%+v: tcpdump says %v:\n%s", o, err, out)
		}
	}
}
