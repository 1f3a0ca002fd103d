package ladder

import (
	"testing"

	"sipsniff/decode/sdp"
)

func TestMessageSession(t *testing.T) {
	s := sdp.Parse("v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\nm=message 7654 TCP/MSRP *\r\n" +
		"a=accept-types:text/plain message/cpim\r\na=path:msrp://192.0.2.1:7654/x;tcp\r\nm=application 9 UDP/BFCP *\r\n")
	for i, want := range [][2]string{
		{"message 192.0.2.1:7654 TCP/MSRP sendrecv", "text/plain message/cpim"},
		{"application 192.0.2.1:9 UDP/BFCP sendrecv", "*"},
	} {
		if got := [2]string{MediaSummary(&s.Media[i]), CodecSummary(&s.Media[i])}; got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
