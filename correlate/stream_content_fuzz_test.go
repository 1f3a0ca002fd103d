package correlate

import (
	"net/netip"
	"testing"

	"sipsniff/decode"
	"sipsniff/decode/sdp"
)

// FuzzStreamContent feeds payloads of any content to every format that is
// looked into, in both directions, and to a fax.
func FuzzStreamContent(f *testing.F) {
	f.Add([]byte{1, 0x87, 2, 0x80, 3, 0x65, 1, 2, 3, 4}, []byte{9, 10, 3, 0x20}, uint8(20))
	f.Add([]byte{0, 1, 2, 0x65, 0x88}, []byte{0xD0, 1, 0xE0, 0, 1, 1, 2}, uint8(40))
	lines := []string{
		"m=audio PORT RTP/AVP 0 8 13 100 101 102", "a=rtpmap:100 red/8000", "a=rtpmap:101 telephone-event/8000", "a=rtpmap:102 AMR/8000",
		"m=video PORT RTP/AVP 96 97 98 99 103 104 105 106", "a=rtpmap:96 H264/90000", "a=rtpmap:97 rtx/90000", "a=fmtp:97 apt=96", "a=rtpmap:98 ulpfec/90000",
		"a=rtpmap:99 red/90000", "a=rtpmap:103 VP8/90000", "a=rtpmap:104 VP9/90000", "a=rtpmap:105 AV1/90000", "a=rtpmap:106 H265/90000",
		"m=text PORT RTP/AVP 107 108", "a=rtpmap:107 t140/1000", "a=rtpmap:108 red/1000", "m=image PORT udptl t38", "a=T38FaxVersion:3",
	}
	types := []byte{0, 8, 13, 96, 97, 98, 99, 100, 101, 102, 103, 104, 105, 106, 107, 108}
	sides := []string{alice, bob}
	f.Fuzz(func(t *testing.T, a, b []byte, steps uint8) {
		table := newStreamTable(64)
		table.tones = true
		for i, at := range sides {
			table.announce(announcement{ref: callRef(1), dialog: "d", fromCaller: i == 0, session: sdp.Parse(describe(at, lines...))})
		}
		sources := [2]source{{src: alice, dst: bob}, {src: bob, dst: alice}}
		for i := range int(steps) {
			m := &sources[i%2]
			payload := [][]byte{a, b}[i/2%2]
			m.payloadType, m.ssrc = types[(i+len(a))%len(types)], uint32(i%3)
			octets := append(rtpPacket(m, 0), payload...)
			if len(payload) > 0 {
				m.sequence += uint16(payload[0] & 3)
				m.timestamp += uint32(payload[0]&0xF0) * 10
				octets[1] |= payload[0] & 0x80
			}
			if i%5 == 4 {
				octets = append([]byte{byte(i >> 8), byte(i), byte(len(payload))}, payload...)
			}
			table.datagram(&decode.Packet{Frame: i, Nanos: int64(i) * 20 * msec, Payload: octets, WireLength: len(octets) + i%7/6*100,
				Src: netip.MustParseAddrPort(m.src), Dst: netip.MustParseAddrPort(m.dst)})
		}
		for _, s := range table.publish() {
			if q := s.Quality; q.Recovered > q.Lost {
				t.Fatalf("%d recovered of %d lost", q.Recovered, q.Lost)
			}
			if c := s.Content; c != nil {
				if len(c.DTMF) > 512 || c.RecoveredRedundancy+c.RecoveredRetransmission > s.Quality.Recovered || c.RedundantOctets > s.Octets {
					t.Fatalf("%+v of %+v", *c, s.Quality)
				}
				if v := c.Video; v != nil && (v.Incomplete > v.Frames || v.Keys > s.Packets) {
					t.Fatalf("%+v", *v)
				}
			}
		}
		if table.contents < 0 {
			t.Fatal("memory below nothing")
		}
		table.forget(callRef(1))
		if table.contents != 0 {
			t.Fatalf("%d octets of nothing", table.contents)
		}
	})
}
