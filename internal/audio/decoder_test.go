package audio

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// vector reads what testdata/make.py made with other programs.
func vector(t testing.TB, name string) (in []byte, out []int16) {
	t.Helper()
	in, err := os.ReadFile(filepath.Join("testdata", name+".in"))
	if err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(filepath.Join("testdata", name+".out"))
	if err != nil {
		t.Fatal(err)
	}
	for ; len(b) >= 2; b = b[2:] {
		out = append(out, int16(binary.LittleEndian.Uint16(b)))
	}
	return in, out
}

// exact decodes a vector in pieces of so many octets. With wraps the vector
// says nothing of samples that are too loud.
func exact(t *testing.T, name string, d Decoder, piece int, wraps bool) {
	t.Helper()
	in, want := vector(t, name)
	var got []int16
	for b := range slices.Chunk(in, piece) {
		var err error
		if got, err = d.Decode(got, b); err != nil {
			t.Fatal(err)
		}
	}
	if len(got) != len(want) || len(want) < 3000 {
		t.Fatalf("%s: %d samples, want %d", name, len(got), len(want))
	}
	for i := range want {
		if got[i] != want[i] && (!wraps || got[i] > -32768 && got[i] < 32767) {
			t.Fatalf("%s: sample %d of %d is %d, want %d", name, i, len(want), got[i], want[i])
		}
	}
}

// TestG722 wants what libspandsp makes of each mode, to the last bit; it does
// not limit samples that are too loud.
func TestG722(t *testing.T) {
	for mode, parameters := range map[string]string{"64": "", "56": "bitrate=56000", "48": "foo=1; bitrate=48000"} {
		exact(t, "g722-"+mode, NewDecoder(Format{Codec: "g722", ClockRate: 8000, Parameters: parameters}), 160, true)
	}
}

// TestGSM wants what libgsm makes, to the last bit.
func TestGSM(t *testing.T) {
	exact(t, "gsm", NewDecoder(Format{Codec: "GSM", ClockRate: 8000}), 66, false)
}

// TestOpus compares with libopus, which need not agree to the last bit
// (RFC 6716 §6): the correlation is that of the standard's own test, or better.
func TestOpus(t *testing.T) {
	for _, rate := range []int{12, 24, 64} {
		in, want := vector(t, fmt.Sprintf("opus-%d", rate))
		d := NewDecoder(Format{Codec: "opus", ClockRate: 48000, Channels: 2})
		var got []int16
		for len(in) > 2 {
			n := int(binary.LittleEndian.Uint16(in))
			var err error
			if got, err = d.Decode(got, in[2:2+n]); err != nil {
				t.Fatal(err)
			}
			in = in[2+n:]
		}
		if len(got) != len(want) {
			t.Fatalf("%d kbit/s: %d samples, want %d", rate, len(got), len(want))
		}
		r := correlation(got, want)
		t.Logf("%d kbit/s: correlation %.6f", rate, r)
		if r < 0.9999 {
			t.Errorf("%d kbit/s: correlation %.6f", rate, r)
		}
	}
}

func correlation(a, b []int16) float64 {
	var ab, aa, bb float64
	for i := range a {
		x, y := float64(a[i]), float64(b[i])
		ab, aa, bb = ab+x*y, aa+x*x, bb+y*y
	}
	return ab / math.Sqrt(aa*bb)
}

// TestG711 has values from the tables of the Recommendation: the decision
// levels' outputs of segments 8, 1 and 0, as sixteen bits.
func TestG711(t *testing.T) {
	tests := []struct {
		codec string
		octet byte
		want  int16
	}{
		{"PCMU", 0x00, -32124}, {"PCMU", 0x80, 32124}, {"PCMU", 0xFF, 0}, {"PCMU", 0x7F, 0}, {"PCMU", 0xFE, 8}, {"PCMU", 0x7E, -8},
		{"PCMU", 0xEF, 132}, {"PCMU", 0x8F, 16764},
		{"PCMA", 0xD5, 8}, {"PCMA", 0x55, -8}, {"PCMA", 0xAA, 32256}, {"PCMA", 0x2A, -32256}, {"PCMA", 0xC5, 264}, {"PCMA", 0x85, 4224},
	}
	for _, tt := range tests {
		got, err := NewDecoder(Format{Codec: tt.codec}).Decode(nil, []byte{tt.octet})
		if err != nil || len(got) != 1 || got[0] != tt.want {
			t.Errorf("%s %#02x: %d %v, want %d", tt.codec, tt.octet, got, err, tt.want)
		}
	}
}

func TestL16(t *testing.T) {
	payload := []byte{0x12, 0x34, 0xFF, 0xFE, 0x80, 0x00, 0x7F, 0xFF}
	tests := []struct {
		channels int
		payload  []byte
		want     []int16
		err      error
	}{
		{1, payload, []int16{0x1234, -2, -32768, 32767}, nil},
		{2, payload, []int16{(0x1234 - 2) / 2, 0}, nil},
		{0, payload[:3], []int16{0x1234}, ErrPayload},
		{2, payload[:6], []int16{(0x1234 - 2) / 2}, ErrPayload},
	}
	for _, tt := range tests {
		got, err := NewDecoder(Format{Codec: "L16", ClockRate: 16000, Channels: tt.channels}).Decode(nil, tt.payload)
		if !slices.Equal(got, tt.want) || !errors.Is(err, tt.err) {
			t.Errorf("%d channels: %d %v, want %d %v", tt.channels, got, err, tt.want, tt.err)
		}
	}
}

// What the codec cannot have made is refused, and what came before it is kept.
func TestBadPayload(t *testing.T) {
	frames, want := vector(t, "gsm")
	bad := append(slices.Clone(frames[:33]), make([]byte, 33)...)
	got, err := NewGSM().Decode(nil, bad)
	if !errors.Is(err, ErrPayload) || !slices.Equal(got, want[:160]) {
		t.Errorf("%d samples, %v", len(got), err)
	}
	if got, err := newOpus().Decode([]int16{1}, []byte{3, 0, 0}); !errors.Is(err, ErrPayload) || len(got) != 1 {
		t.Errorf("opus: %d samples, %v", len(got), err)
	}
	if got, err := newOpus().Decode(nil, []byte{0x78}); err != nil || len(got) != 0 {
		t.Errorf("opus, nothing said: %d samples, %v", len(got), err)
	}
	if NewDecoder(Format{Codec: "G729", ClockRate: 8000}) != nil {
		t.Error("a decoder for G.729")
	}
}

// FuzzDecoders gives each decoder any payloads, of any split.
func FuzzDecoders(f *testing.F) {
	for i, name := range []string{"g722-64", "gsm", "opus-12", "opus-24", "opus-64"} {
		in, _ := vector(f, name)
		f.Add(byte(i), in[:200], in[200:300])
	}
	formats := []Format{
		{Codec: "PCMU"}, {Codec: "PCMA", Channels: 255, ClockRate: 1 << 30}, {Codec: "G722"}, {Codec: "G722", Parameters: "bitrate=48000"},
		{Codec: "GSM"}, {Codec: "L16", Channels: 3, ClockRate: 44100}, {Codec: "opus"},
	}
	f.Fuzz(func(t *testing.T, which byte, a, b []byte) {
		d := NewDecoder(formats[int(which)%len(formats)])
		var out []int16
		for _, payload := range [][]byte{a, b, a} {
			before := len(out)
			out, _ = d.Decode(out, payload)
			most := max(5*len(payload), opusFrame)
			if n := len(out) - before; n < 0 || n > most {
				t.Fatalf("%d samples of %d octets", n, len(payload))
			}
		}
		if r := d.Rate(); r < 4000 || r > 192000 {
			t.Fatalf("rate %d", r)
		}
	})
}
