package capture

import (
	"encoding/binary"
	"errors"
	"io"
	"strings"
	"testing"
)

var (
	little = binary.LittleEndian
	big    = binary.BigEndian
)

func TestPcap(t *testing.T) {
	data := payload(1, 60)
	tests := []struct {
		name    string
		content []byte
		nanos   int64
		link    LinkType
		fine    bool
	}{
		{"little endian, microseconds",
			pcapRecord(pcapHeader(little, 0xa1b2c3d4, 65535, 1), little, 1000, 250, 1500, data), 1000*1e9 + 250_000, 1, false},
		{"big endian, microseconds",
			pcapRecord(pcapHeader(big, 0xa1b2c3d4, 65535, 1), big, 1000, 250, 1500, data), 1000*1e9 + 250_000, 1, false},
		{"little endian, nanoseconds",
			pcapRecord(pcapHeader(little, 0xa1b23c4d, 65535, 113), little, 1000, 250, 1500, data), 1000*1e9 + 250, 113, true},
		{"big endian, nanoseconds",
			pcapRecord(pcapHeader(big, 0xa1b23c4d, 65535, 113), big, 1000, 250, 1500, data), 1000*1e9 + 250, 113, true},
		{"a link type above 255 is kept whole",
			pcapRecord(pcapHeader(little, 0xa1b2c3d4, 65535, 276), little, 1000, 250, 1500, data), 1000*1e9 + 250_000, 276, false},
		{"the FCS length is not part of the link type",
			pcapRecord(pcapHeader(little, 0xa1b2c3d4, 65535, 1|1<<26|2<<28), little, 1000, 250, 1500, data), 1000*1e9 + 250_000, 1, false},
		{"a snapshot length of 0",
			pcapRecord(pcapHeader(little, 0xa1b2c3d4, 0, 1), little, 1000, 250, 1500, data), 1000*1e9 + 250_000, 1, false},
		{"a packet longer than the snapshot length",
			pcapRecord(pcapHeader(little, 0xa1b2c3d4, 20, 1), little, 1000, 250, 1500, data), 1000*1e9 + 250_000, 1, false},
		{"the last second of 32 bits",
			pcapRecord(pcapHeader(little, 0xa1b2c3d4, 20, 1), little, 0xffffffff, 999_999, 1500, data), 4294967295_999_999_000, 1, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			frames, info := readBytes(t, tt.content)
			if len(frames) != 1 {
				t.Fatalf("%d frames, want 1", len(frames))
			}
			want := copied{Frame{Number: 1, Nanos: tt.nanos, Length: 1500, LinkType: tt.link}, string(data)}
			if got := frames[0]; got.Bytes != want.Bytes || got.Nanos != want.Nanos || got.Length != want.Length ||
				got.LinkType != want.LinkType || got.Number != 1 || got.Interface != 0 || got.Source != 0 {
				t.Errorf("got %+v\nwant %+v", got, want)
			}
			if info.Format != "pcap" || len(info.LinkTypes) != 1 || info.LinkTypes[0] != tt.link ||
				info.Frames != 1 || info.Octets != 60 || info.Truncated || info.Nanoseconds != tt.fine ||
				info.Position != int64(len(tt.content)) || info.Size != 0 || len(info.Warnings) != 0 || info.Drops != nil {
				t.Errorf("info %+v", info)
			}
		})
	}
}

func TestPcapKuznetzov(t *testing.T) {
	for _, o := range []byteOrder{little, big} {
		b := pcapHeader(o, 0xa1b2cd34, 65535, 1)
		for i, index := range []uint32{7, 3} {
			data := payload(i, 61+i)
			b = words(b, o, 1000+uint32(i), 5, uint32(len(data)), 99, index)
			b = o.AppendUint16(b, 0x0008)
			b = append(append(b, 4, 0), data...)
		}
		frames, _ := readBytes(t, b)
		if len(frames) != 2 {
			t.Fatalf("%v: %d frames, want 2", o, len(frames))
		}
		for i, index := range []int{7, 3} {
			f := frames[i]
			if f.Interface != index || f.Bytes != string(payload(i, 61+i)) || f.Length != 99 || f.Nanos != int64(1000+i)*1e9+5000 {
				t.Errorf("%v: frame %d is %+v", o, i, f)
			}
		}
	}
}

// Before version 2.3 the two lengths stood the other way round; in 2.3 both
// ways are met. The captured one is never the larger.
func TestPcapExchangedLengths(t *testing.T) {
	b := pcapHeader(little, 0xa1b2c3d4, 68, 1)
	b[6] = 3
	b = append(words(b, little, 1, 0, 1500, 68), payload(1, 68)...)
	b = append(words(b, little, 2, 0, 68, 1400), payload(2, 68)...)
	frames, _ := readBytes(t, b)
	if len(frames) != 2 || frames[0].Length != 1500 || frames[1].Length != 1400 ||
		frames[0].Bytes != string(payload(1, 68)) || frames[1].Bytes != string(payload(2, 68)) {
		t.Errorf("got %+v", frames)
	}
}

// An original length below the captured one cannot be.
func TestPcapLengthBelowCaptured(t *testing.T) {
	frames, _ := readBytes(t, pcapRecord(pcapHeader(little, 0xa1b2c3d4, 0, 1), little, 1, 0, 10, payload(1, 60)))
	if len(frames) != 1 || frames[0].Length != 60 {
		t.Errorf("got %+v", frames)
	}
}

func TestPcapNoPackets(t *testing.T) {
	frames, info := readBytes(t, pcapHeader(little, 0xa1b2c3d4, 0, 228))
	if len(frames) != 0 || info.Truncated || len(info.LinkTypes) != 1 || info.LinkTypes[0] != 228 {
		t.Errorf("%d frames, info %+v", len(frames), info)
	}
}

func TestPcapDamaged(t *testing.T) {
	good := pcapRecord(pcapHeader(little, 0xa1b2c3d4, 65535, 1), little, 1, 0, 60, payload(1, 60))
	exact := append(words(append([]byte(nil), good...), little, 2, 0, 262144, 262144), payload(2, 262144)...)
	if frames, _ := readBytes(t, exact); len(frames) != 2 || len(frames[1].Bytes) != 262144 {
		t.Errorf("a packet of 262144 octets must be read, got %d frames", len(frames))
	}
	for _, captured := range []uint32{262145, 0x7fffffff, 0xffffffff} {
		b := append(words(append([]byte(nil), good...), little, 2, 0, captured, captured), payload(2, 300000)...)
		s, err := openBytes(t, b)
		if err != nil {
			t.Fatal(err)
		}
		frames, err := drain(t, s)
		var damaged *FormatError
		if !errors.As(err, &damaged) {
			t.Fatalf("captured length %d: error %v, want a *FormatError", captured, err)
		}
		if damaged.Offset != 24+16+60 || damaged.Name != "-" || len(frames) != 1 {
			t.Errorf("captured length %d: %d frames, %+v", captured, len(frames), damaged)
		}
		var f Frame
		if again := s.Next(&f); again != err {
			t.Errorf("the error must stay, but then came %v", again)
		}
	}
}

func TestPcapTruncated(t *testing.T) {
	b := pcapRecord(pcapHeader(little, 0xa1b2c3d4, 65535, 1), little, 1, 0, 60, payload(1, 60))
	b = pcapRecord(b, little, 2, 0, 60, payload(2, 60))
	for _, cut := range []int{1, 59, 60, 75} {
		frames, info := readBytes(t, b[:len(b)-cut])
		if len(frames) != 1 || !info.Truncated || len(info.Warnings) != 1 || !strings.Contains(info.Warnings[0], "cut") {
			t.Errorf("without the last %d octets: %d frames, info %+v", cut, len(frames), info)
		}
	}
	if frames, info := readBytes(t, b[:len(b)-76]); len(frames) != 1 || info.Truncated {
		t.Errorf("cut between records: %d frames, info %+v", len(frames), info)
	}
}

func TestPcapHeaderDamaged(t *testing.T) {
	version := pcapHeader(little, 0xa1b2c3d4, 65535, 1)
	version[4] = 9
	for name, content := range map[string][]byte{
		"the magic number alone": version[:4],
		"half a header":          version[:20],
		"version 9":              version,
	} {
		_, err := openBytes(t, content)
		var damaged *FormatError
		if !errors.As(err, &damaged) || damaged.Offset != 0 {
			t.Errorf("%s: error %v, want a *FormatError at 0", name, err)
		}
	}
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

func TestReadError(t *testing.T) {
	disk := errors.New("input/output error")
	b := pcapRecord(pcapHeader(little, 0xa1b2c3d4, 65535, 1), little, 1, 0, 60, payload(1, 60))
	s, err := Open([]string{"-"}, Options{Stdin: io.MultiReader(strings.NewReader(string(b)), failing{disk})})
	if err != nil {
		t.Fatal(err)
	}
	frames, err := drain(t, s)
	var damaged *FormatError
	if len(frames) != 1 || !errors.Is(err, disk) || errors.As(err, &damaged) {
		t.Errorf("%d frames, error %v; want 1 and the disk's error as it is", len(frames), err)
	}
}
