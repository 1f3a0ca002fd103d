package correlate

import (
	"encoding/binary"
	"net/netip"
	"testing"

	"sipsniff/decode/dtls/dtlstest"
)

const (
	relay    = "203.0.113.200:3478"
	stunHead = "\x21\x12\xa4\x42twelve octet"
)

// stun is a STUN message of a type with attributes.
func stun(kind uint16, attributes ...byte) []byte {
	b := binary.BigEndian.AppendUint16(nil, kind)
	b = binary.BigEndian.AppendUint16(b, uint16(len(attributes)))
	return append(append(b, stunHead...), attributes...)
}

func channelData(inner []byte) []byte {
	b := binary.BigEndian.AppendUint16([]byte{0x40, 1}, uint16(len(inner)))
	return append(b, inner...)
}

// dataIndication is a Data indication, or with kind 0x16 a Send indication.
func dataIndication(kind uint16, inner []byte) []byte {
	a := []byte{0, 0x12, 0, 8, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0x13}
	a = binary.BigEndian.AppendUint16(a, uint16(len(inner)))
	a = append(a, inner...)
	for len(a)%4 != 0 {
		a = append(a, 0)
	}
	return stun(kind, a...)
}

func TestDemultiplexing(t *testing.T) {
	s := newScene(t)
	s.describes(1, caller, 0, webrtc(alice))
	s.describes(1, callee, 0, webrtc(bob))
	media := rtpPacket(&source{ssrc: 9}, 160)
	hello := dtlstest.Whole(1, 0, dtlstest.ClientHello(0x40, 1))
	server13 := append(dtlstest.ServerHello(0x80, 0x1301), 0, 6, 0, 43, 0, 2, 0xFE, 0xFC)
	zrtp := append([]byte{0x10, 0, 0, 0, 0x5A, 0x52, 0x54, 0x50}, make([]byte, 20)...)
	for _, b := range [][]byte{
		stun(0x0001), stun(0x0001), stun(0x0101, 0, 0x20, 0, 8, 0, 1, 0xA1, 0x47, 0xE1, 0x12, 0xA6, 0x43), stun(0x0111), stun(0x0011),
		zrtp, hello, dtlstest.Whole(2, 0, server13), {0x2E, 1, 2, 3}, {9, 9, 9, 9},
		media, channelData(media), dataIndication(0x17, media), channelData(dataIndication(0x16, media)), channelData(stun(0x0001)),
		channelData(zrtp), channelData(channelData(channelData(media))), {0x80, 201, 0, 1, 0, 0, 0, 9},
	} {
		s.table.datagram(s.packet(alice, bob, sec, b))
	}
	s.table.datagram(s.packet("192.0.2.9:1", "192.0.2.9:2", sec, []byte{9, 9, 9, 9}))    // nobody expects media there
	s.table.datagram(s.packet("192.0.2.9:1", "192.0.2.9:2", sec, []byte{0x2E, 1, 2, 3})) // nor DTLS
	want := DatagramCounts{STUNRequests: 3, STUNResponses: 1, STUNErrors: 1, STUNIndications: 1, TURNChannelData: 6, TURNIndications: 2,
		DTLS: 3, DTLSHandshakes: 1, ZRTP: 2, UnknownOnMediaPort: 1}
	if got := s.table.datagrams; got != want {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	st := s.only()
	if st.Packets != 4 || st.RTCPPackets != 1 {
		t.Errorf("%d packets, %d of RTCP", st.Packets, st.RTCPPackets)
	}
}

// TestRelayed has a client speak through TURN: its packets go to the relay,
// and belong to the call all the same.
func TestRelayed(t *testing.T) {
	s := newScene(t)
	s.describes(1, caller, 0, audio(alice))
	s.describes(1, callee, 0, audio(bob))
	m := &source{src: alice, dst: relay, ssrc: 9}
	for n := range 30 {
		b := channelData(rtpPacket(m, 160))
		if n < 5 {
			b = dataIndication(0x16, rtpPacket(m, 160))
		}
		s.table.datagram(s.packet(m.src, m.dst, sec+int64(n)*20*msec, b))
		m.sequence++
		m.timestamp += 160
	}
	if st := s.only(); st.Packets != 30 || st.Octets != 30*160 || st.Codec != "PCMU" || st.Quality.Lost != 0 {
		t.Errorf("%+v", st)
	}
}

// TestMapped tells what address a STUN server saw.
func TestMapped(t *testing.T) {
	s := newScene(t)
	s.describes(1, caller, 0, audio(alice))
	response := stun(0x0101, 0, 0x20, 0, 8, 0, 1, 0xA1, 0x47, 0xE1, 0x12, 0xA6, 0x43) // 192.0.2.1:32853, as in RFC 5769 §2.2
	s.table.datagram(s.packet(relay, alice, sec, response))
	s.talk(&source{src: alice, dst: bob, ssrc: 9}, 2*sec, 5)
	if got := s.only().MappedSrc; got != netip.MustParseAddrPort("192.0.2.1:32853") {
		t.Errorf("mapped to %v", got)
	}
	for n := range 2 * mappedLimit {
		s.table.noteMapped(netip.AddrPortFrom(netip.AddrFrom4([4]byte{10, byte(n >> 16), byte(n >> 8), byte(n)}), 1), netip.AddrPort{})
	}
	if len(s.table.mapped) > mappedLimit {
		t.Errorf("%d addresses are remembered", len(s.table.mapped))
	}
}
