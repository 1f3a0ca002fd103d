package hide

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"sipsniff/capture"
	"sipsniff/internal/wire"
)

// hiddenCut is a frame of which only the first octets were captured, behind the mask.
func hiddenCut(t *testing.T, frame []byte, octets int) []byte {
	t.Helper()
	f := capture.Frame{Number: 1, Data: frame[:octets], Length: len(frame), LinkType: linkEthernet}
	h := newHider(Numbers|Addresses|Auth, secret{5})
	if err := h.Learn(context.Background(), &listed{[]capture.Frame{f}}, nil); err != nil {
		t.Fatal(err)
	}
	list := frames(t, h.NewSource(&listed{[]capture.Frame{f}}, nil))
	if len(list) == 0 {
		return nil
	}
	return list[0].Data
}

// private texts of the invite, of which not even a beginning may be seen.
var inviteSecrets = []string{"Alicia", "alicia", "Wagner", "+4420794600", "10.20.30.40", "203.0.113.7", "2001:db8::c0a8:1", "84a4cc6f3082121f", "7587245234b3434c", "WVNfX19z"}

// beginnings reports a private text that a text ends in the middle of, before and behind the mask.
func beginnings(before, behind []byte) string {
	for _, s := range inviteSecrets {
		for n := 4; n <= len(s); n++ {
			if part := []byte(s[:n]); bytes.HasSuffix(before, part) && bytes.HasSuffix(behind, part) {
				return s[:n]
			}
		}
	}
	return ""
}

// Where a capture cut a packet off nobody can tell what the last word was to be.
func TestCutPackets(t *testing.T) {
	frame := wire.EthernetIP(packetOf(alice4, bob4, protocolUDP, wire.UDP(5060, 5060, []byte(invite))))
	seen := 0
	for octets := 100; octets < len(frame); octets++ {
		got := hiddenCut(t, frame, octets)
		if got == nil {
			continue
		}
		seen++
		if part := beginnings(frame[:octets], got); part != "" {
			t.Errorf("cut at %d: %q is still there: %q", octets, part, got[max(42, octets-60):])
		}
	}
	if seen < 700 {
		t.Errorf("%d packets came through", seen)
	}
}

func TestCutQuotations(t *testing.T) {
	packet := packetOf(bob4, alice4, protocolUDP, wire.UDP(5060, 5060, []byte(invite)))
	for octets := 100; octets < len(packet); octets++ {
		frame := wire.EthernetIP(packetOf(alice4, bob4, protocolICMP, wire.Join(3, 3, uint16(0), uint32(0), packet[:octets])))
		for _, got := range first(hiddenFrames(t, Numbers|Addresses|Auth, linkEthernet, frame)) {
			if part := beginnings(frame, got); part != "" {
				t.Errorf("cut at %d: %q is still there", octets, part)
			}
		}
	}
}

func first(list [][]byte, _ *Hider) [][]byte { return list }

func TestCutStreams(t *testing.T) {
	for size := 100; size < len(invite); size++ {
		list := segments(invite, size)
		list = list[:2] // the rest is missing
		for _, got := range first(hiddenFrames(t, Numbers|Addresses|Auth, linkEthernet, list...)) {
			if part := beginnings([]byte(invite[:size]), got); part != "" {
				t.Errorf("cut at %d: %q is still there", size, part)
			}
		}
	}
}

// The line that was cut keeps the name of its header, and one that announces media stays.
func TestCutLine(t *testing.T) {
	h := newHider(Numbers, secret{5})
	h.settle()
	for cut, want := range map[string]string{"X: 1\r\nFrom: \"Ali": "From: xxxx", "X: 1\r\nFrom: \"Ali\r\n ce": "From: xxxx\r\n xx", "v=0\r\nm=audio 491": "m=audio 491", "v=0\r\no=al": "o=xx"} {
		b := []byte(cut)
		h.text(b, true)
		if !strings.HasSuffix(string(b), want) {
			t.Errorf("%q is %q", cut, b)
		}
	}
}
