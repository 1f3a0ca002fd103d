package sdp

import "testing"

func TestBandwidth(t *testing.T) {
	s := Parse("v=0\no=- 1 1 IN IP4 192.0.2.1\ns=-\nc=IN IP4 192.0.2.1\nb=AS:512\nt=0 0\n" +
		"m=audio 4000 RTP/AVP 0\nb=AS:64\nb=RS:0\nb=RR:0\n" +
		"m=video 4002 RTP/AVP 96\nb=TIAS:384000\nb=X-YZ:1\nb=AS:many\na=rtpmap:96 H264/90000\n")
	if s.Bandwidth != (Bandwidth{AS: 512}) {
		t.Errorf("session %+v", s.Bandwidth)
	}
	if got := s.Media[0].Bandwidth; got != (Bandwidth{64, 0, true, true}) || !got.ControlForbidden() {
		t.Errorf("audio %+v", got)
	}
	if got := s.Media[1].Bandwidth; got != (Bandwidth{TIAS: 384000}) || got.ControlForbidden() {
		t.Errorf("video %+v", got)
	}
	if len(s.Findings) != 0 {
		t.Errorf("findings %v", s.Findings)
	}
}
