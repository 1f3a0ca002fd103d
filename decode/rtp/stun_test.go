package rtp

import (
	"bytes"
	"net/netip"
	"testing"
)

// The responses of RFC 5769 §2.2 and §2.3.
const (
	response4 = "0101003c 2112a442 b7e7a701bc34d686fa87dfae 8022000b 7465737420766563746f7220" +
		"00200008 0001a147e112a643 00080014 2b91f599fd9e90c38c7489f92af9ba53f06be7d7 80280004 c07d4c96"
	response6 = "01010048 2112a442 b7e7a701bc34d686fa87dfae 8022000b 7465737420766563746f7220" +
		"00200014 0002a1470113a9faa5d3f179bc25f4b5bed2b9d9 00080014 a382954e4be67bf11784c97c8292c275bfe3ed41 80280004 c8fb0b4c"
	request    = "00010000 2112a442 000102030405060708090a0b"
	oldAddress = "0101000c 2112a442 000102030405060708090a0b 00010008 00011234c0000207"
)

func TestSTUNType(t *testing.T) {
	tests := []struct {
		b      string
		method uint16
		class  STUNClass
		ok     bool
	}{
		{request, STUNBinding, STUNRequest, true},
		{response4, STUNBinding, STUNSuccess, true},
		{"01110000 2112a442 000102030405060708090a0b", STUNBinding, STUNError, true},
		{"00110000 2112a442 000102030405060708090a0b", STUNBinding, STUNIndication, true},
		{"00160000 2112a442 000102030405060708090a0b", turnSend, STUNIndication, true},
		{"00170000 2112a442 000102030405060708090a0b", turnData, STUNIndication, true},
		{"01030000 2112a442 000102030405060708090a0b", 3, STUNSuccess, true}, // Allocate
		{"00010000 2112a443 000102030405060708090a0b", 0, 0, false},
		{"00010000 2112a442 00010203", 0, 0, false},
	}
	for _, tt := range tests {
		method, class, ok := STUNType(octets(t, tt.b))
		if method != tt.method || class != tt.class || ok != tt.ok {
			t.Errorf("%s: %d %d %v, want %d %d %v", tt.b, method, class, ok, tt.method, tt.class, tt.ok)
		}
	}
}

func TestSTUNMapped(t *testing.T) {
	for b, want := range map[string]string{
		response4: "192.0.2.1:32853", response6: "[2001:db8:1234:5678:11:2233:4455:6677]:32853", oldAddress: "192.0.2.7:4660",
	} {
		if got, ok := STUNMapped(octets(t, b)); !ok || got != netip.MustParseAddrPort(want) {
			t.Errorf("got %v, want %s", got, want)
		}
	}
	for n := range len(octets(t, response4)) {
		if got, ok := STUNMapped(octets(t, response4)[:n]); ok && got.String() != "192.0.2.1:32853" {
			t.Errorf("%d octets: %v", n, got)
		}
	}
	if _, ok := STUNMapped(octets(t, request)); ok {
		t.Error("a request has a mapped address")
	}
}

func TestUnwrap(t *testing.T) {
	const data = "00160018 2112a442 000102030405060708090a0b 00120008 0001a147e112a643 00130006 80000001aabb0000"
	tests := []struct {
		name        string
		b           string
		cut         int
		inner       string
		innerLength int
		indication  bool
		ok          bool
	}{
		{"channel", "4000 0005 8000010203 000000", 0, "8000010203", 5, false, true},
		{"channel without padding", "4001 0005 8000010203", 0, "8000010203", 5, false, true},
		{"channel, cut by the capture", "4001 0005 8000", 3, "8000", 5, false, true},
		{"channel that is too short", "4001 0005 8000", 0, "", 0, false, false},
		{"channel with too much behind", "4001 0001 80 00000000", 0, "", 0, false, false},
		{"send indication", data, 0, "80000001aabb", 6, true, true},
		{"data indication", "0017" + data[4:], 0, "80000001aabb", 6, true, true},
		{"indication, cut by the capture", data[:len(data)-8], 4, "80000001", 6, true, true},
		{"request", "0006" + data[4:], 0, "", 0, false, false},
		{"indication without data", "00160000 2112a442 000102030405060708090a0b", 0, "", 0, true, false},
	}
	for _, tt := range tests {
		b := octets(t, tt.b)
		inner, n, indication, ok := Unwrap(b, len(b)+tt.cut)
		if ok != tt.ok || !bytes.Equal(inner, octets(t, tt.inner)) || n != tt.innerLength || indication != tt.indication {
			t.Errorf("%s: %x %d %v %v", tt.name, inner, n, indication, ok)
		}
	}
}

func FuzzTURN(f *testing.F) {
	for _, s := range []string{request, response4, response6, oldAddress, "4000 0005 8000010203 000000",
		"00160018 2112a442 000102030405060708090a0b 00120008 0001a147e112a643 00130006 80000001aabb0000"} {
		f.Add(octets(f, s), 0)
		f.Add(octets(f, s), 7)
	}
	f.Fuzz(func(t *testing.T, b []byte, cut int) {
		wire := len(b) + max(0, min(cut, 1<<16))
		inner, n, _, ok := Unwrap(b, wire)
		if ok && (len(inner) > n || len(inner) > len(b)) {
			t.Fatalf("%d octets, %d on the wire, of %d", len(inner), n, len(b))
		}
		if a, ok := STUNMapped(b); ok && !a.Addr().IsValid() {
			t.Fatal("no address")
		}
	})
}
