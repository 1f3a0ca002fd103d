package correlate

import (
	"testing"

	"sipsniff/decode/dtls/dtlstest"
	"sipsniff/decode/rtp/srtp/srtptest"
)

// FuzzDatagram gives datagrams of strangers to a call with keys in SDP and to
// one with DTLS, between known and unknown addresses, cut and whole.
func FuzzDatagram(f *testing.F) {
	media := rtpPacket(&source{ssrc: 9}, 40)
	sealed := srtptest.Described(f, crypto(1, suite80, aliceKey), 9, 0)
	f.Add(uint8(0), sealed.RTP(media), sealed.RTCP([]byte{0x80, 201, 0, 1, 0, 0, 0, 9}))
	f.Add(uint8(1), dtlstest.Whole(1, 0, dtlstest.ClientHello(0x40, 1)), dtlstest.Whole(2, 0, dtlstest.ServerHelloMKI(0x80, 0xC02B, nil, 1)))
	f.Add(uint8(5), channelData(sealed.RTP(media)), dataIndication(0x17, media))
	f.Add(uint8(9), stun(0x0101, 0, 0x20, 0, 8, 0, 1, 0xA1, 0x47, 0xE1, 0x12, 0xA6, 0x43), media)
	f.Fuzz(func(t *testing.T, how uint8, x, y []byte) {
		s := newScene(t)
		s.table.secrets = &keyLog{random: clientRandom}
		if how&1 == 0 {
			s.describes(1, caller, 0, secured(alice, crypto(1, suite80, aliceKey)))
			s.describes(1, callee, 0, secured(bob, crypto(1, suite80, bobKey)))
		} else {
			s.describes(1, caller, 0, webrtc(alice))
			s.describes(1, callee, 0, webrtc(bob))
		}
		var packets, payload uint64
		if how&2 == 0 {
			s.table.observe = func(m *MediaPacket) {
				packets++
				payload += uint64(len(m.Payload))
			}
		}
		other := bob
		if how&4 != 0 {
			other = relay
		}
		for n := range 3 {
			for _, p := range [][]byte{x, y} {
				one, two := s.packet(alice, other, sec+int64(n), p), s.packet(other, alice, sec+int64(n), p)
				if how&8 != 0 {
					one.Payload, two.WireLength = p[:len(p)/2], len(p)+10
				}
				s.table.datagram(one)
				s.table.datagram(two)
			}
			s.table.publish()
		}
		if packets > 12 || payload > 12*uint64(len(x)+len(y)+20) {
			t.Fatalf("%d packets with %d octets were observed", packets, payload)
		}
	})
}
