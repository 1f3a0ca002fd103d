package capture

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestUnsupported(t *testing.T) {
	tests := []struct {
		name, content string
		message, hint string
	}{
		{"a.snoop", "snoop\x00\x00\x00\x00\x00\x00\x02\x00\x00\x00\x04", "snoop format is not supported", "editcap -F pcap"},
		{"a.cap", "RTSS\x00\x01\x01\x00", "Microsoft NetMon 1 format is not supported", "editcap"},
		{"a.cap", "GMBU\x00\x02\x01\x00", "Microsoft NetMon 2 format is not supported", "editcap"},
		{"a.enc", "TRSNIFF data    \x1a\x00", "NAI Sniffer format is not supported", "editcap"},
		{"a.cap", "XCP\x00002.0", "NetXray / Sniffer for Windows format is not supported", "editcap"},
		{"a.xz", "\xfd7zXZ\x00\x00\x04", "xz format is not supported", "unpack it first"},
		{"a.zip", "PK\x03\x04\x14\x00", "zip format is not supported", "unpack it first"},
		{"a.txt", "INVITE sip:x SIP/2.0\r\n\r\nmüßig\n", "a text file, not a capture", "text2pcap"},
		{"short.txt", "a", "a text file, not a capture", "text2pcap"},
		{"cut.txt", strings.Repeat("x", 511) + "ü", "a text file, not a capture", "text2pcap"},
		{"empty.pcap", "", "empty file", ""},
		{"a.bin", "\x00\x01\x02\x03\x04\x05\x06\x07", "not a capture file (neither pcap nor pcapng)", ""},
		{"it's.snoop", "snoop\x00\x00\x00", "snoop", `it'\''s.snoop' OUT.pcap`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			path := writeFile(t, tt.name, []byte(tt.content))
			_, err := Open([]string{path}, Options{})
			var u *UnsupportedError
			if !errors.As(err, &u) || !errors.Is(err, ErrNotCapture) {
				t.Fatalf("error %v, want an *UnsupportedError", err)
			}
			if !strings.HasPrefix(err.Error(), path+": ") || !strings.Contains(err.Error(), tt.message) {
				t.Errorf("error %q, want %q", err, tt.message)
			}
			if !strings.Contains(u.Hint(), tt.hint) || tt.hint == "" && u.Hint() != "" {
				t.Errorf("hint %q, want %q", u.Hint(), tt.hint)
			}
		})
	}
}

func TestOpenErrors(t *testing.T) {
	dir := t.TempDir()
	if _, err := Open(nil, Options{}); !errors.Is(err, ErrNoFile) {
		t.Errorf("no file: %v", err)
	}
	if _, err := Open([]string{"-", "-"}, Options{}); !errors.Is(err, ErrStdinTwice) {
		t.Errorf("standard input twice: %v", err)
	}
	if _, err := Open([]string{filepath.Join(dir, "none.pcap")}, Options{}); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no such file: %v", err)
	}
	_, err := Open([]string{dir}, Options{})
	var u *UnsupportedError
	if !errors.As(err, &u) || err.Error() != dir+": is a directory" || u.Hint() == "" {
		t.Errorf("a directory: %v", err)
	}
	good := writeFile(t, "good.pcap", pcapHeader(little, magicMicros, 0, 1))
	if s, err := Open([]string{good, filepath.Join(dir, "none.pcap")}, Options{}); err == nil || s != nil {
		t.Errorf("one of two files is missing: %v, %v", s, err)
	}
}

func TestDamagedCompression(t *testing.T) {
	plain := asPcap(little, magicMicros, samplePackets()[:20])
	for name, content := range map[string][]byte{"gzip": asGzip(t, plain), "zstd": asZstd(t, plain), "lz4": asLZ4(t, plain)} {
		content[len(content)-2] ^= 0xff // in the checksum
		s, err := openBytes(t, content)
		if err == nil {
			_, err = drain(t, s)
		}
		var damaged *FormatError
		if !errors.As(err, &damaged) {
			t.Errorf("%s: error %v, want a *FormatError", name, err)
		}
	}
	for name, head := range map[string]string{
		"gzip": "\x1f\x8b\x07\x00\x00\x00\x00\x00\x00\x00", "zstd": "\x28\xb5\x2f\xfd\xff\xff\xff\xff\xff\xff", "lz4": "\x04\x22\x4d\x18\xff\xff\xff\xff\xff",
	} {
		_, err := openBytes(t, []byte(head))
		var damaged *FormatError
		if !errors.As(err, &damaged) {
			t.Errorf("a damaged %s header: error %v, want a *FormatError", name, err)
		}
	}
	_, err := openBytes(t, asGzip(t, nil))
	var u *UnsupportedError
	if !errors.As(err, &u) || u.Format != formatEmpty {
		t.Errorf("an empty file in gzip: %v", err)
	}
	if _, err := openBytes(t, []byte("\x1f\x8b\x08\x00")); err == nil || !strings.Contains(err.Error(), "ends inside its header") {
		t.Errorf("half a gzip header: %v", err)
	}
}

func TestFilter(t *testing.T) {
	path := writeFile(t, "a.pcap", asPcap(little, magicMicros, samplePackets()[:60]))
	even := func(f *Frame) bool {
		if f.LinkType != 1 {
			t.Errorf("the filter sees link type %d", f.LinkType)
		}
		return len(f.Data)%2 == 0
	}
	for _, names := range [][]string{{path}, {path, path}} {
		s, err := Open(names, Options{Filter: even})
		if err != nil {
			t.Fatal(err)
		}
		frames, err := drain(t, s)
		if err != nil {
			t.Fatal(err)
		}
		// Sizes go round 0, 1, 60, 214, 1514, 9000: five of six are even.
		if len(frames) != 50*len(names) {
			t.Fatalf("%d frames of %d files pass, want 50 each", len(frames), len(names))
		}
		for i, f := range frames {
			if f.Number != i+1 || len(f.Bytes)%2 != 0 {
				t.Errorf("frame %d is number %d with %d octets", i+1, f.Number, len(f.Bytes))
			}
		}
		for _, info := range s.Info() {
			if info.Frames != 50 || info.Octets != 10*(60+214+1514+9000) {
				t.Errorf("info %+v", info)
			}
		}
		s.Close()
	}
}

// What the filter has to say is a warning of the first file, as it stands when
// Info is called.
func TestFilterNotes(t *testing.T) {
	content := asPcap(little, magicMicros, samplePackets()[:2])
	names := []string{writeFile(t, "a.pcap", content), writeFile(t, "b.pcap", content)}
	stopped := 0
	o := Options{
		Filter: func(*Frame) bool { stopped++; return false },
		Notes:  func() []string { return []string{strings.Repeat("x", stopped)} },
	}
	for n := 1; n <= 2; n++ {
		stopped = 0
		s, err := Open(names[:n], o)
		if err != nil {
			t.Fatal(err)
		}
		before := s.Info()[0].Warnings
		if _, err := drain(t, s); err != nil {
			t.Fatal(err)
		}
		info := s.Info()
		if len(before) != 1 || before[0] != "" || len(info[0].Warnings) != 1 || info[0].Warnings[0] != strings.Repeat("x", 2*n) {
			t.Errorf("%d files: warnings %q, then %q", n, before, info[0].Warnings)
		}
		if n == 2 && len(info[1].Warnings) != 0 {
			t.Errorf("the second file warns %q", info[1].Warnings)
		}
		s.Close()
	}
}

func TestClosed(t *testing.T) {
	path := writeFile(t, "a.pcap", asPcap(little, magicMicros, samplePackets()[:6]))
	s, err := Open([]string{path}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	var f Frame
	if err := s.Next(&f); !errors.Is(err, os.ErrClosed) {
		t.Errorf("next after close: %v", err)
	}
	if err := s.Close(); err != nil {
		t.Errorf("the second close: %v", err)
	}
}
