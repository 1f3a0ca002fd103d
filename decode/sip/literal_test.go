package sip

import "testing"

func TestLiterals(t *testing.T) {
	for value, want := range map[string]string{
		"<sip:alice@192.0.2.1:5060;transport=tcp>": "192.0.2.1", "\"A\" <sip:a@[2001:db8::1]:5060>": "2001:db8::1", "sip:10.0.0.1": "10.0.0.1",
		"<sip:alice@phone.example.com>": "invalid IP", "*": "invalid IP", "": "invalid IP", "<sip:a@1.2.3>": "invalid IP", "<sip:a@[::1": "::1", "<sip:a@999.1.1.1>": "invalid IP",
	} {
		if got := ContactLiteral(value).String(); got != want {
			t.Errorf("Contact %q: %s, want %s", value, got, want)
		}
	}
	for value, want := range map[string]string{
		"SIP/2.0/UDP 192.0.2.1:5060;branch=z9": "192.0.2.1", "SIP/2.0/TLS   [2001:db8::1];rport": "2001:db8::1", "10.0.0.1": "10.0.0.1",
		"SIP/2.0/UDP pbx.example.com": "invalid IP", "SIP/2.0/UDP": "invalid IP", "": "invalid IP",
	} {
		if got := ViaLiteral(value).String(); got != want {
			t.Errorf("Via %q: %s, want %s", value, got, want)
		}
	}
}
