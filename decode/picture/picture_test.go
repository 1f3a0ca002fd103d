package picture

import (
	"encoding/base64"
	"testing"
)

func TestKeyFrames(t *testing.T) {
	tests := []struct {
		name    string
		codec   Codec
		payload []byte
		key     bool
	}{
		{"H264 IDR", H264, []byte{0x65, 0x88}, true},
		{"H264 slice", H264, []byte{0x41, 0x9A}, false},
		{"H264 PPS", H264, []byte{0x68, 0xCE}, true},
		{"H264 SEI", H264, []byte{0x06, 0x05}, false},
		{"H264 STAP-A of SEI and IDR", H264, []byte{0x78, 0, 2, 0x06, 0x05, 0, 2, 0x65, 0x88}, true},
		{"H264 STAP-A of slices", H264, []byte{0x78, 0, 2, 0x41, 0x9A, 0, 2, 0x41, 0x9A}, false},
		{"H264 STAP-A that is cut", H264, []byte{0x78, 0, 200, 0x65}, true},
		{"H264 FU-A start of IDR", H264, []byte{0x7C, 0x85, 0x88}, true},
		{"H264 FU-A middle of IDR", H264, []byte{0x7C, 0x05, 0x88}, false},
		{"H264 FU-A start of slice", H264, []byte{0x5C, 0x81, 0x9A}, false},
		{"H265 IDR_W_RADL", H265, []byte{19 << 1, 1, 0xAF}, true},
		{"H265 CRA", H265, []byte{21 << 1, 1}, true},
		{"H265 TRAIL_R", H265, []byte{1 << 1, 1}, false},
		{"H265 VPS", H265, []byte{32 << 1, 1}, false},
		{"H265 AP with IDR", H265, []byte{48 << 1, 1, 0, 2, 32 << 1, 1, 0, 2, 20 << 1, 1}, true},
		{"H265 FU start", H265, []byte{49 << 1, 1, 0x80 | 19, 0}, true},
		{"H265 FU end", H265, []byte{49 << 1, 1, 0x40 | 19, 0}, false},
		{"VP8 key", VP8, []byte{0x10, 0x50, 1, 0}, true},
		{"VP8 inter", VP8, []byte{0x10, 0x51, 1, 0}, false},
		{"VP8 second packet", VP8, []byte{0x00, 0x50}, false},
		{"VP8 second partition", VP8, []byte{0x11, 0x50}, false},
		{"VP8 with 15 bits of picture number, L and T", VP8, []byte{0x90, 0xE0, 0x81, 0x23, 7, 0x40, 0x10}, true},
		{"VP8 the same, not a key", VP8, []byte{0x90, 0xE0, 0x81, 0x23, 7, 0x40, 0x11}, false},
		{"VP8 with 7 bits of picture number", VP8, []byte{0x90, 0x80, 0x11, 0x10}, true},
		{"VP8 descriptor that is cut", VP8, []byte{0x90, 0x80, 0x81}, false},
		{"VP9 key", VP9, []byte{0x88}, true},
		{"VP9 predicted", VP9, []byte{0xC8}, false},
		{"VP9 not at the beginning", VP9, []byte{0x80}, false},
		{"AV1 new sequence", AV1, []byte{0x18}, true},
		{"AV1 other", AV1, []byte{0x10}, false},
		{"empty", H264, nil, false},
		{"another codec", Other, []byte{0x65}, false},
	}
	for _, tt := range tests {
		if got := tt.codec.Read(tt.payload); got.Key != tt.key {
			t.Errorf("%s: %+v, want %v", tt.name, got, tt.key)
		}
	}
}

// bitWriter writes the fields of a parameter set, to have sets of any kind.
type bitWriter struct{ bits []byte }

func (w *bitWriter) u(n int, v uint) {
	for i := n - 1; i >= 0; i-- {
		w.bits = append(w.bits, byte(v>>i&1))
	}
}

func (w *bitWriter) ue(values ...uint) {
	for _, v := range values {
		n := 0
		for (v+1)>>n > 1 {
			n++
		}
		w.u(n, 0)
		w.u(n+1, v+1)
	}
}

// octets ends with the stop bit and puts in what keeps start codes away.
func (w *bitWriter) octets() []byte {
	w.u(1, 1)
	for len(w.bits)%8 != 0 {
		w.u(1, 0)
	}
	out := []byte{0x67}
	zeros := 0
	for i := 0; i < len(w.bits); i += 8 {
		var b byte
		for _, bit := range w.bits[i : i+8] {
			b = b<<1 | bit
		}
		if zeros >= 2 && b <= 3 {
			out = append(out, 3)
			zeros = 0
		}
		if b == 0 {
			zeros++
		} else {
			zeros = 0
		}
		out = append(out, b)
	}
	return out
}

func TestSizes(t *testing.T) {
	fromRFC, _ := base64.StdEncoding.DecodeString("Z0IACpZTBYmI") // RFC 6184 §8.2.1: level 1, which is QCIF
	var high bitWriter                                            // 1920x1080: 1088 lines, 8 of them cropped; high profile with a scaling list
	high.u(8, 100)
	high.u(16, 40)
	high.ue(0, 1, 0, 0)
	high.u(1, 0)
	high.u(1, 1)
	high.u(1, 1)
	high.ue(16) // delta_scale -8: the list ends at once
	high.u(7, 0)
	high.ue(0, 0, 2, 4)
	high.u(1, 0)
	high.ue(119, 67)
	high.u(2, 0b11)
	high.u(1, 1)
	high.ue(0, 0, 0, 4)
	high.u(1, 0)
	var fields bitWriter // 720x576 in fields; order of pictures by a cycle, zeros that need 0x03
	fields.u(8, 77)
	fields.u(16, 0)
	fields.ue(0, 0, 1)
	fields.u(1, 0)
	fields.ue(0, 0, 2, 0, 65535, 1)
	fields.u(1, 0)
	fields.ue(44, 17)
	fields.u(2, 0b00)
	fields.u(2, 0b10)
	tests := []struct {
		name          string
		unit          []byte
		width, height int
	}{
		{"RFC 6184", fromRFC, 176, 144},
		{"high, cropped", high.octets(), 1920, 1080},
		{"fields", fields.octets(), 720, 576},
		{"in an aggregate", append([]byte{0x78, 0, byte(len(fromRFC))}, fromRFC...), 176, 144},
		{"cut", fromRFC[:5], 0, 0},
	}
	for _, tt := range tests {
		if got := H264.Read(tt.unit); got.Width != tt.width || got.Height != tt.height || !got.Key {
			t.Errorf("%s: %+v, want %dx%d", tt.name, got, tt.width, tt.height)
		}
	}
	vp8 := []byte{0x10, 0x10, 0x02, 0x00, 0x9D, 0x01, 0x2A, 0x80, 0x42, 0xE0, 0x81}
	if got := VP8.Read(vp8); got.Width != 640 || got.Height != 480 { // with scaling in the upper bits
		t.Errorf("VP8: %+v", got)
	}
}

func FuzzRead(f *testing.F) {
	f.Add(uint8(H264), []byte{0x78, 0, 2, 0x06, 0x05, 0, 2, 0x67, 0x88})
	f.Add(uint8(H265), []byte{48 << 1, 1, 0, 2, 32 << 1, 1, 0, 2, 20 << 1, 1})
	f.Add(uint8(VP8), []byte{0x90, 0xE0, 0x81, 0x23, 7, 0x40, 0x10, 0, 0, 0x9D, 1, 0x2A, 0, 0, 0, 0})
	f.Add(uint8(H264), []byte{0x67, 0x64, 0, 0x1F, 0xAC, 0xD9, 0x40, 0x50, 0x05, 0xBB})
	f.Fuzz(func(t *testing.T, codec uint8, b []byte) {
		got := Codec(codec % 6).Read(b)
		if got.Width < 0 || got.Height < 0 || got.Width > maxSide || (got.Width == 0) != (got.Height == 0) && codec%6 != uint8(VP8) {
			t.Fatalf("%+v", got)
		}
	})
}
