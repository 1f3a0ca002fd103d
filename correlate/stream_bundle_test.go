package correlate

import (
	"strings"
	"testing"

	"sipsniff/decode/rtp/srtp/srtptest"
)

// bundle is a description of audio and two video lines on one transport. The
// last line has a port of 0 and is bundled only.
func bundle(at, audioSource, cameraSource, screenSource string, key string) string {
	text := describe(at,
		"m=audio PORT RTP/SAVPF 111", "a=mid:a", "a=rtpmap:111 opus/48000/2", "a=rtcp-mux", "a=ssrc:"+audioSource+" cname:x", "a=crypto:"+key,
		"m=video PORT RTP/SAVPF 96 97", "a=mid:c", "a=rtpmap:96 VP8/90000", "a=rtpmap:97 rtx/90000", "a=ssrc:"+cameraSource+" cname:x",
		"m=text 0 RTP/SAVPF 96", "a=mid:s", "a=rtpmap:96 t140/1000", "a=bundle-only", "a=ssrc:"+screenSource+" cname:x")
	return strings.Replace(text, "t=0 0\n", "t=0 0\na=group:BUNDLE a c s\n", 1)
}

// TestBundle tells the lines of one transport apart: by the announced source,
// even where they use the same payload type, else by the payload type.
func TestBundle(t *testing.T) {
	tests := []struct {
		name         string
		ssrc         uint32
		payloadType  uint8
		media, codec string
		clock        uint32
	}{
		{"source of the audio line", 11, 111, "audio", "opus", 48000},
		{"source of the video line", 12, 96, "video", "VP8", 90000},
		{"source of the line that is bundled only", 13, 96, "text", "t140", 1000},
		{"payload type of the video line", 99, 96, "video", "VP8", 90000},
		{"payload type of the audio line", 99, 111, "audio", "opus", 48000},
		{"retransmission of the video line", 12, 97, "video", "rtx", 90000},
	}
	for _, tt := range tests {
		for _, fromCaller := range []bool{true, false} {
			s := newScene(t)
			s.table.openAll = true
			s.describes(1, caller, 0, bundle(alice, "11", "12", "13", crypto(1, suite80, aliceKey)))
			s.describes(1, callee, 0, bundle(bob, "11", "12", "13", crypto(1, suite80, bobKey)))
			m := &source{src: alice, dst: bob, ssrc: tt.ssrc, payloadType: tt.payloadType}
			key := aliceKey
			if !fromCaller {
				// The sources of Bob's description are the newest, so those of
				// Alice's have to be announced again to be hers.
				m.src, m.dst, key = bob, alice, bobKey
			} else {
				s.describes(1, caller, 1, bundle(alice, "11", "12", "13", crypto(1, suite80, aliceKey))+"\na=x:1")
			}
			s.talkSealed(m, srtptest.Described(t, crypto(1, suite80, key), tt.ssrc, 0), sec, 10)
			st := s.only()
			if st.Media != tt.media || st.Codec != tt.codec || st.ClockRate != tt.clock || st.FromCaller != fromCaller {
				t.Errorf("%s, from the caller %v: %s %s %d, from the caller %v", tt.name, fromCaller, st.Media, st.Codec, st.ClockRate, st.FromCaller)
			}
			if p := st.Protection; p.Decrypted != 10 || p.Key != "sdes" {
				t.Errorf("%s, from the caller %v: protection %+v", tt.name, fromCaller, p)
			}
		}
	}
}
