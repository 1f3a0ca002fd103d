package page

import (
	"strings"
	"testing"
)

func TestWithoutBody(t *testing.T) {
	const keys = "INFO sip:b@example.com SIP/2.0\r\nCall-ID: x\r\nContent-Type: application/dtmf-relay\r\n\r\nSignal=5\r\nDuration=160\r\n"
	const words = "MESSAGE sip:b@example.com SIP/2.0\r\nCall-ID: x\r\nc: text/plain\r\n\r\nmeet me at five"
	const session = "INVITE sip:b@example.com SIP/2.0\r\nContent-Type: application/sdp\r\n\r\nv=0\r\n"
	for _, tt := range []struct {
		name, raw    string
		bodies, keys bool
		hidden       bool
	}{
		{"keys", keys, true, false, true}, {"keys that are shown", keys, false, true, false},
		{"words", words, false, true, true}, {"words that are shown", words, true, false, false},
		{"a session", session, false, false, false}, {"no body", "ACK sip:b@example.com SIP/2.0\r\n\r\n", false, false, false}, {"nothing", "", false, false, false},
	} {
		got := WithoutBody(tt.raw, tt.bodies, tt.keys)
		head, body, _ := strings.Cut(tt.raw, "\r\n\r\n")
		if tt.hidden && (!strings.HasPrefix(got, head) || strings.Contains(got, body) || !strings.Contains(got, "octets of body left out")) || !tt.hidden && got != tt.raw {
			t.Errorf("%s: %q", tt.name, got)
		}
	}
}
