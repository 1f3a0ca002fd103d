package hide

import (
	"strings"
	"testing"

	"sipsniff/internal/wire"
)

// Addresses are hidden in the other spellings that programs have for them, too.
func TestAddressesLeak(t *testing.T) {
	for _, l := range []leak{
		{"hyphens", Addresses, request("X-H: ip-192-0-2-99.example\r\nX-I: 99-2-0-192.example\r\n", "", ""), "192-0-2-99|99-2-0-192"},
		{"hex", Addresses, request("X-H: 6302000c-6302-c0000263@x\r\nX-I: z9hG4bK630200C0\r\n", "", ""), "c0000263|630200C0"},
		{"escaped", Addresses, request("X-H: <sip:a@h?x=%5B2001%3Adb8%3a%3Aa11c%5D>\r\n", "", ""), "a11c"},
		{"MAC", Addresses, request("User-Agent: phone 00:15:65:ab:cd:ef 00-15-65-AB-CD-EE\r\n", "", ""), "65:ab:cd:ef|65-AB-CD-EE"},
		{"MAC in UUID", Addresses, request("Contact: <sip:a@h>;+sip.instance=\"<urn:uuid:00000000-0000-1000-8000-001565ABCDEF>\"\r\n", "", ""), "1565ABCDEF"},
	} {
		l.check(t)
	}
}

// A phone tells its MAC address in texts: it is the one of its frames.
func TestMACsInTexts(t *testing.T) {
	frame := wire.EthernetIP(packetOf(alice4, bob4, protocolUDP, wire.UDP(5060, 5060, []byte(request("User-Agent: phone 02A1b2c3d4e5 02:a1:b2:c3:d4:e5\r\n", "", "")))))
	copy(frame[6:], "\x02\xa1\xb2\xc3\xd4\xe5")
	got, _ := hiddenFrames(t, Addresses, linkEthernet, frame)
	text := string(got[0])
	_, agent, _ := strings.Cut(text, "phone ")
	agent, _, _ = strings.Cut(agent, "\r\n")
	if strings.Contains(strings.ToLower(text), "a1b2c3") || strings.Contains(text, "a1:b2:c3") {
		t.Error(agent)
	}
	if plain, with, _ := strings.Cut(agent, " "); !strings.EqualFold(plain, strings.ReplaceAll(with, ":", "")) {
		t.Errorf("%s and %s", plain, with)
	}
}

// What only looks alike stays.
func TestNoAddresses(t *testing.T) {
	fingerprint := "a=fingerprint:sha-1 4A:AD:B9:B1:3F:82:18:3B:54:02:12:DF:3E:5D:49:6B:19:E5:7C:AB\r\n"
	for _, text := range []string{request("X: 1-2-3-4 deadbeef0\r\n", "", ""), request("X: 00000000-0000-4000-8000-001565abcdef\r\n", "", ""), request("", "application/sdp", "v=0\r\n"+fingerprint)} {
		got := masked(Addresses, text)[0]
		if strings.ReplaceAll(got, "X: ", "") == got && !strings.Contains(got, fingerprint) {
			t.Error(got)
		}
		if _, want, _ := strings.Cut(text, "X: "); want != "" && !strings.Contains(got, want) {
			t.Errorf("%q in %s", want, got)
		}
	}
}
