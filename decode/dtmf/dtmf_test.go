package dtmf

import (
	"testing"
	"time"
)

// The last packet of the example in RFC 4733 §5.1: digit 9, end, volume 7,
// duration 1600; then what the layout of §2.3 says.
func TestParseEvent(t *testing.T) {
	tests := []struct {
		payload []byte
		want    Event
		key     string
	}{
		{[]byte{9, 0x87, 0x06, 0x40}, Event{9, true, 7, 1600}, "9"},
		{[]byte{11, 0x0A, 0x00, 0xA0}, Event{11, false, 10, 160}, "#"},
		{[]byte{10, 0x4A, 0xFF, 0xFF, 1, 2}, Event{10, false, 10, 65535}, "*"}, // R is ignored
		{[]byte{16, 0x3F, 0, 0}, Event{16, false, 63, 0}, "!"},
		{[]byte{36, 0, 0, 1}, Event{36, false, 0, 1}, "CNG"},
		{[]byte{200, 0, 0, 1}, Event{200, false, 0, 1}, "event 200"},
	}
	for _, tt := range tests {
		got, ok := ParseEvent(tt.payload)
		if !ok || got != tt.want || Name(got.Code) != tt.key {
			t.Errorf("%x: %+v %v %q, want %+v %q", tt.payload, got, ok, Name(got.Code), tt.want, tt.key)
		}
	}
	if _, ok := ParseEvent([]byte{1, 2, 3}); ok {
		t.Error("three octets were taken for an event")
	}
}

func TestParseInfo(t *testing.T) {
	tests := []struct {
		kind, body string
		keys       string
		duration   time.Duration
	}{
		{"application/dtmf-relay", "Signal=5\r\nDuration=160\r\n", "5", 160 * time.Millisecond},
		{"Application/DTMF-Relay; charset=utf-8", "Signal= *\r\nDuration= 100", "*", 100 * time.Millisecond},
		{"application/dtmf-relay", "Signal=11\nDuration=x", "#", 0},
		{"application/dtmf-relay", "Signal=13\n", "B", 0},
		{"application/dtmf", "7", "7", 0},
		{"application/dtmf", " d\r\n", "D", 0},
		{"application/dtmf", "Signal=3\r\nDuration=250", "3", 250 * time.Millisecond},
		{"application/vnd.nortelnetworks.digits", "p=Digit-Collection\r\ny=Digits\r\ns=success\r\nu=1\r\ni=2\r\nd=42#\r\n", "42#", 0},
		{"application/dtmf-relay", "Signal=hf\n", "!", 0},
		{"application/dtmf-relay", "Signal=<x>\n", "", 0},
		{"application/dtmf-relay", "", "", 0},
		{"text/plain", "Signal=5", "", 0},
	}
	for _, tt := range tests {
		got, ok := ParseInfo(tt.kind, tt.body)
		if got.Keys != tt.keys || ok && got.Duration != tt.duration || ok != (tt.keys != "") {
			t.Errorf("%s %q: %+v %v", tt.kind, tt.body, got, ok)
		}
	}
}

func FuzzParseInfo(f *testing.F) {
	f.Add("application/dtmf-relay", "Signal=5\r\nDuration=160\r\n")
	f.Add("application/dtmf", "1")
	f.Fuzz(func(t *testing.T, kind, body string) {
		p, ok := ParseInfo(kind, body)
		if ok != (p.Keys != "") || len(p.Keys) > maxKeys || p.Duration < 0 {
			t.Fatalf("%+v %v", p, ok)
		}
	})
}
