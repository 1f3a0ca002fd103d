package rtp

import (
	"encoding/hex"
	"errors"
	"strings"
	"testing"

	"github.com/pion/rtp"
)

// octets reads hexadecimal with spaces between, as the tables write it.
func octets(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(strings.Join(strings.Fields(s), ""))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// fixed is M, payload type 8, sequence 0x1234, timestamp 0x00010203, SSRC 0xA0B0C0D0.
const fixed = " 88 1234 00010203 A0B0C0D0 "

func TestParse(t *testing.T) {
	tests := []struct {
		name    string
		b       string
		wire    int // 0 when the packet is whole
		offset  int
		payload int
	}{
		{"plain", "80" + fixed + "01020304", 0, 12, 4},
		{"empty payload", "80" + fixed, 0, 12, 0},
		{"two CSRCs", "82" + fixed + "11111111 22222222 55", 0, 20, 1},
		{"extension", "90" + fixed + "BEDE 0001 10FF0000 5566", 0, 20, 2},
		{"empty extension", "90" + fixed + "1234 0000 5566", 0, 16, 2},
		{"extension whose elements are damaged", "90" + fixed + "BEDE 0001 1FFF0000 5566", 0, 20, 2},
		{"CSRC and extension", "91" + fixed + "11111111 BEDE 0001 10FF0000 5566", 0, 24, 2},
		{"padding", "A0" + fixed + "AABB 000003", 0, 12, 2},
		{"nothing but padding", "A0" + fixed + "00000004", 0, 12, 0},
		{"padding of zero", "A0" + fixed + "AABBCC00", 0, 12, 4},
		{"padding larger than the payload", "A0" + fixed + "AABBCC05", 0, 12, 4},
		{"padding bit without payload", "A0" + fixed, 0, 12, 0},
		{"cut to the fixed header", "80" + fixed, 172, 12, 160},
		{"padding cut off", "A0" + fixed + "AABB03", 172, 12, 160},
		{"CSRCs cut off", "8F" + fixed, 172, 72, 100},
		{"extension cut off", "90" + fixed + "BE", 172, 16, 156},
		{"extension content cut off", "90" + fixed + "BEDE 0002 10", 172, 24, 148},
		{"wire length below what is there", "80" + fixed + "01020304", 3, 12, 4},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b := octets(t, tt.b)
			wire := tt.wire
			if wire == 0 {
				wire = len(b)
			}
			var h Header
			if err := Parse(b, wire, &h); err != nil {
				t.Fatal(err)
			}
			if h.SSRC != 0xA0B0C0D0 || h.Timestamp != 0x00010203 || h.SequenceNumber != 0x1234 || h.PayloadType != 8 || !h.Marker {
				t.Errorf("fixed header %+v", h)
			}
			if h.Padding != (b[0]&0x20 != 0) || h.Extension != (b[0]&0x10 != 0) || h.CSRCCount != b[0]&15 {
				t.Errorf("flags %+v of %02x", h, b[0])
			}
			if h.PayloadOffset != tt.offset || h.PayloadLength != tt.payload {
				t.Errorf("payload at %d of %d, want %d of %d", h.PayloadOffset, h.PayloadLength, tt.offset, tt.payload)
			}
		})
	}
}

func TestParseRefuses(t *testing.T) {
	tests := []struct {
		name string
		b    string
		want error
	}{
		{"nothing", "", ErrTruncated},
		{"eleven octets", "80 88 1234 00010203 A0B0C0", ErrTruncated},
		{"version 0", "00" + fixed, ErrVersion},
		{"version 1", "40" + fixed, ErrVersion},
		{"version 3", "C0" + fixed, ErrVersion},
		{"CSRCs that do not fit", "81" + fixed + "112233", ErrTruncated},
		{"extension that does not fit", "90" + fixed + "BEDE 0002 10FF0000", ErrTruncated},
		{"extension without its head", "90" + fixed + "BEDE00", ErrTruncated},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b := octets(t, tt.b)
			var h Header
			err := Parse(b, len(b), &h)
			var parse *ParseError
			if !errors.Is(err, tt.want) || !errors.As(err, &parse) || parse.Protocol != "RTP" {
				t.Errorf("error %v, want %v", err, tt.want)
			}
		})
	}
}

func TestParseAllocatesNothing(t *testing.T) {
	packets := [][]byte{
		octets(t, "80"+fixed+"01020304"),
		octets(t, "92"+fixed+"11111111 22222222 BEDE 0001 10FF0000 5566"),
		octets(t, "C0"+fixed),
	}
	var h Header
	for _, b := range packets {
		if n := testing.AllocsPerRun(1000, func() { _ = Parse(b, len(b), &h) }); n != 0 {
			t.Errorf("%x: %g allocations, want 0", b[:1], n)
		}
	}
}

// FuzzRTP checks that offsets stay inside the packet, and that whatever pion
// accepts as version 2 is read alike.
func FuzzRTP(f *testing.F) {
	f.Add(octets(f, "80"+fixed+"01020304"), 16)
	f.Add(octets(f, "B1"+fixed+"11111111 BEDE 0001 10FF0000 5566 000004"), 0)
	f.Add(octets(f, "90"+fixed+"1000 0001 0102FFFF 55"), 200)
	addCaptured(f, RTP, func(b []byte, wire int) { f.Add(b, wire) })
	f.Fuzz(func(t *testing.T, b []byte, wire int) {
		var h Header
		err := Parse(b, wire, &h)
		wire = max(wire, len(b))
		if err == nil && (h.PayloadOffset < 12 || h.PayloadLength < 0 || h.PayloadOffset+h.PayloadLength > wire) {
			t.Fatalf("payload at %d of %d in %d", h.PayloadOffset, h.PayloadLength, wire)
		}
		var other rtp.Header
		n, otherErr := other.Unmarshal(b)
		if otherErr != nil || other.Version != 2 {
			return
		}
		if err != nil {
			t.Fatalf("pion accepts what Parse does not: %v", err)
		}
		if h.SSRC != other.SSRC || h.SequenceNumber != other.SequenceNumber || h.Timestamp != other.Timestamp ||
			h.PayloadType != other.PayloadType || h.Marker != other.Marker || h.PayloadOffset != n {
			t.Fatalf("%+v, pion %+v at %d", h, other, n)
		}
	})
}

func BenchmarkParse(b *testing.B) {
	packet := append(octets(b, "80"+fixed), make([]byte, 160)...)
	var h Header
	b.ReportAllocs()
	for b.Loop() {
		if err := Parse(packet, len(packet), &h); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkParseExtension(b *testing.B) {
	packet := append(octets(b, "90"+fixed+"BEDE 0002 10FF 220102 000000"), make([]byte, 160)...)
	var h Header
	b.ReportAllocs()
	for b.Loop() {
		if err := Parse(packet, len(packet), &h); err != nil {
			b.Fatal(err)
		}
	}
}
