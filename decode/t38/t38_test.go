package t38

import (
	"bytes"
	"testing"
)

// Octets worked out by hand from the ASN.1 of T.38 annex A: a bit that tells
// whether data follows, a bit for the choice, an extension bit, four bits.
func TestParsePacket(t *testing.T) {
	tests := []struct {
		name    string
		octets  []byte
		version int
		want    Packet
	}{
		{"no signal", []byte{0x00}, 0, Packet{}},
		{"CNG", []byte{0x02}, 0, Packet{Indicator: CNG}},
		{"CED", []byte{0x04}, 3, Packet{Indicator: CED}},
		{"V.21 preamble", []byte{0x06}, 0, Packet{Indicator: V21Preamble}},
		{"V.17 14400 long", []byte{0x1E}, 0, Packet{Indicator: 15}},
		{"V.33 14400, an extension", []byte{0x21, 0x80}, 3, Packet{Indicator: V33Train14400}}, // 0 0 1 0 000110 → 0010 0001 10
		{"FCS good and end in the half octets of version 0", []byte{0xC0, 2, 0x21}, 0, Packet{Data: true, Fields: []Field{{Type: HDLCFCSOK}, {Type: HDLCSigEnd}}}},
		{"the same with extension bits", []byte{0xC0, 2, 0x10, 0x40}, 3, Packet{Data: true, Fields: []Field{{Type: HDLCFCSOK}, {Type: HDLCSigEnd}}}}, // 00010 00001
		{"page octets", []byte{0xD0, 1, 0xE0, 0, 1, 0xAB, 0xCD}, 0, Packet{Data: true, Modem: 8, Fields: []Field{{T4NonECM, []byte{0xAB, 0xCD}}}}},
		{"V.21 data and FCS", []byte{0xC0, 2, 0x80, 0, 2, 0xFF, 0xC8, 0x31, 0x20}, 0,
			Packet{Data: true, Fields: []Field{{HDLCData, []byte{0xFF, 0xC8, 0x31}}, {Type: HDLCFCSOK}}}},
		{"V.21 data and FCS, version 3", []byte{0xC0, 2, 0x80, 0, 2, 0xFF, 0xC8, 0x31, 0x10}, 3,
			Packet{Data: true, Fields: []Field{{HDLCData, []byte{0xFF, 0xC8, 0x31}}, {Type: HDLCFCSOK}}}},
	}
	for _, tt := range tests {
		var p Packet
		if !p.Parse(tt.octets, tt.version) || !same(&p, &tt.want) {
			t.Errorf("%s: %+v, want %+v", tt.name, p, tt.want)
		}
	}
	for _, bad := range [][]byte{nil, {0xC0}, {0xC0, 1}, {0xC0, 1, 0x80, 0, 5, 1, 2}, {0xD2}, {0x21, 0xC0}, {0x30}, {0xC0, 0xFF}} {
		var p Packet
		if p.Parse(bad, 0) {
			t.Errorf("% x was read: %+v", bad, p)
		}
	}
}

func same(a, b *Packet) bool {
	if a.Data != b.Data || a.Indicator != b.Indicator || a.Modem != b.Modem || len(a.Fields) != len(b.Fields) {
		return false
	}
	for i := range a.Fields {
		if a.Fields[i].Type != b.Fields[i].Type || !bytes.Equal(a.Fields[i].Data, b.Fields[i].Data) {
			return false
		}
	}
	return true
}

func TestParseDatagram(t *testing.T) {
	var d Datagram
	b := []byte{0x12, 0x34, 1, 0x06, 0x00, 2, 1, 0x02, 2, 0x04, 0x05}
	if !d.Parse(b, len(b)) || d.SequenceNumber != 0x1234 || !bytes.Equal(d.Primary, []byte{6}) || len(d.Redundancy) != 2 ||
		!bytes.Equal(d.Redundancy[0], []byte{2}) || !bytes.Equal(d.Redundancy[1], []byte{4, 5}) || d.Bad || d.Cut {
		t.Errorf("%+v", d)
	}
	if !d.Parse(b[:9], len(b)) || !d.Cut || d.Bad || len(d.Redundancy) != 1 {
		t.Errorf("cut: %+v", d)
	}
	if !d.Parse(b[:9], 9) || d.Cut || !d.Bad {
		t.Errorf("too short: %+v", d)
	}
	begins := []byte{0, 0, 1, 0x06, 0x80, 1, 0, 0} // the first of a side that sends parity, as spandsp has it
	if !d.Parse(begins, len(begins)) || d.Bad || !d.HasParity || len(d.Parity) != 0 {
		t.Errorf("no parity yet: %+v", d)
	}
	parity := []byte{0, 9, 1, 0x06, 0x80, 1, 3, 2, 1, 0xAA, 1, 0xBB}
	if !d.Parse(parity, len(parity)) || d.Span != 3 || len(d.Parity) != 2 || d.Parity[1][0] != 0xBB || !d.HasParity || d.Bad || len(d.Redundancy) != 0 {
		t.Errorf("parity: %+v", d)
	}
	if d.Parse([]byte{0, 1, 5, 0}, 4) || !d.Bad {
		t.Errorf("a primary that does not fit: %+v", d)
	}
}

// Frames of T.30, bit 1 of the information field first.
func TestParseFrame(t *testing.T) {
	tests := []struct {
		octets []byte
		want   Frame
	}{
		// DCS: V.17 at 14400 is bit 14, ECM bit 27.
		{[]byte{0xFF, 0xC8, 0xC1, 0x00, 0x44, 0x01, 0x20}, Frame{Command: DCS, Rate: 14400, Modem: "V.17", HasECM: true, ECM: true}},
		{[]byte{0xFF, 0xC8, 0x41, 0x00, 0x60, 0x00}, Frame{Command: DCS, Rate: 9600, Modem: "V.29", HasECM: true}},
		{[]byte{0xFF, 0xC8, 0x41, 0x00, 0x40, 0x01, 0x00}, Frame{Command: DCS, Rate: 2400, Modem: "V.27", HasECM: true}},
		{[]byte{0xFF, 0xC8, 0xF4}, Frame{Command: EOP, EndOfPage: true}},
		{[]byte{0xFF, 0xC8, 0x72}, Frame{Command: MPS, EndOfPage: true}},
		{[]byte{0xFF, 0xC8, 0xFD, 0xF2, 0, 0, 5}, Frame{Command: PPS, EndOfPage: true}},
		{[]byte{0xFF, 0xC8, 0xFD, 0x00, 0, 0, 255}, Frame{Command: PPS}}, // part of a page
		{[]byte{0xFF, 0xC8, 0x31}, Frame{Command: MCF}},
		{[]byte{0xFF, 0xC8, 0xFB}, Frame{Command: 0x7B}},
	}
	for _, tt := range tests {
		if got, ok := ParseFrame(tt.octets); !ok || got != tt.want {
			t.Errorf("% x: %+v %v, want %+v", tt.octets, got, ok, tt.want)
		}
	}
	for _, bad := range [][]byte{nil, {0xFF, 0xC8}, {0xFE, 0xC8, 0x31}, {0xFF, 0x03, 0x31}} {
		if _, ok := ParseFrame(bad); ok {
			t.Errorf("% x was taken for a frame", bad)
		}
	}
}

func FuzzDatagram(f *testing.F) {
	f.Add([]byte{0x12, 0x34, 1, 0x06, 0x00, 2, 1, 0x02, 2, 0x04, 0x05}, 0)
	f.Add([]byte{0, 9, 9, 0xC0, 2, 0x80, 0, 2, 0xFF, 0xC8, 0x31, 0x20, 0x80, 1, 3, 2, 1, 0xAA, 1, 0xBB}, 3)
	f.Fuzz(func(t *testing.T, b []byte, version int) {
		var d Datagram
		var p Packet
		d.Parse(b, len(b))
		if len(d.Redundancy) > MaxSecondaries || len(d.Parity) > maxParities || d.Cut {
			t.Fatalf("%+v", d)
		}
		for _, ifp := range append(d.Redundancy, d.Primary) {
			if p.Parse(ifp, version); len(p.Fields) > maxFields {
				t.Fatalf("%d fields", len(p.Fields))
			}
			_ = p.Indicator.String() + p.Modem.Name()
			for _, field := range p.Fields {
				ParseFrame(field.Data)
			}
		}
	})
}
