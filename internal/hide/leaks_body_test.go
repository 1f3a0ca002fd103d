package hide

import (
	"strings"
	"testing"
)

// Of what stands in a body only what is understood stays.
func TestBodiesLeak(t *testing.T) {
	const sdp = "application/sdp"
	for _, l := range []leak{
		{"e p i", Numbers, request("", sdp, "v=0\r\ns=Carla's call\r\ni=for Carla\r\ne=carla@h (Carla Wagner)\r\np=+1 617 555-6011\r\n"), "Carla|carla|Wagner|6011"},
		{"o with space", Numbers, request("", sdp, "v=0\r\no=Carla Wagner 1 1 IN IP4 192.0.2.1\r\n"), "Carla|Wagner"},
		{"sdp other lines", Numbers, request("", sdp, "v=0\r\nCarla Wagner\r\nx=Carla\r\n o=Carla\r\n"), "Carla|Wagner"},
		{"sdp without LF", Numbers, request("", sdp, "v=0\ro=carla 1 1 IN IP4 192.0.2.1\rs=Wagner\r\n"), "carla|Wagner"},
		{"pstn", Numbers, request("", sdp, "v=0\r\nc=PSTN E164 +441134960123\r\n"), "441134960123"},
		{"xml text", Numbers, request("", "application/pidf+xml", "<presence entity=\"pres:carla@h\"><tuple id=\"x\"><x:given-name>Carla</x:given-name><user name=\"Carla\" nick='Carla'/><!-- Carla > Wagner --><![CDATA[Carla]]></tuple></presence>"), "carla|Carla|Wagner"},
		{"dtmf", Numbers, request("", "application/dtmf-relay", "Signal=7\r\nDuration=160\r\n"), "Signal=7"},
		{"kpml", Numbers, request("", "application/kpml-response+xml", "<kpml-response version=\"1.0\" code=\"200\" digits=\"4711\" tag=\"dtmf\"/>"), "4711"},
		{"epilogue", Numbers, request("", "multipart/mixed;boundary=b", "pre Carla\r\n--b\r\nContent-Type: text/plain\r\n\r\nhi Carla\r\n--b--\r\nCarla Wagner\r\n"), "Carla|Wagner"},
	} {
		l.check(t)
	}
}

// What is known of media stays, blanks behind it or not.
func TestTermsOfMediaStay(t *testing.T) {
	for _, line := range []string{"a=sendonly", "a=sendonly ", "a=rtpmap:8 PCMA/8000", "a=T38FaxVersion:0", "a=ptime :20", "a=fmtp:101 0-15"} {
		text := request("", "application/sdp", "v=0\r\n"+line+"\r\n")
		if got := masked(Numbers|Addresses|Auth, text)[0]; !strings.Contains(got, line) {
			t.Errorf("%q is gone:\n%s", line, got)
		}
	}
}
