package correlate

import (
	"encoding/binary"
	"testing"

	"sipsniff/correlate/quality"
	"sipsniff/decode/sdp"
)

// The receiver's numbers decide what a packet is; the sender's help where
// the receiver has none (spec §5.1).
func TestPayloadTypesByDirection(t *testing.T) {
	offer := describe(alice, "m=audio PORT RTP/AVP 96 97 0", "a=rtpmap:96 opus/48000/2", "a=rtpmap:97 speex/16000")
	answer := describe(bob, "m=audio PORT RTP/AVP 97 98", "a=rtpmap:97 opus/48000/2", "a=rtpmap:98 iLBC/8000")
	tests := []struct {
		src, dst    string
		payloadType uint8
		codec       string
		clock       uint32
	}{
		{bob, alice, 96, "opus", 48000},
		{bob, alice, 97, "speex", 16000},
		{alice, bob, 97, "opus", 48000},
		{alice, bob, 96, "opus", 48000}, // only the sender lists it
		{bob, alice, 98, "iLBC", 8000},
		{alice, bob, 8, "PCMA", 8000}, // nobody lists it: RFC 3551
		{alice, bob, 120, "", 0},
	}
	for _, tt := range tests {
		s := newScene(t)
		s.describes(1, caller, 0, offer)
		s.describes(1, callee, 0, answer)
		s.talk(&source{src: tt.src, dst: tt.dst, ssrc: 1, payloadType: tt.payloadType}, sec, 3)
		got := s.only()
		if got.Codec != tt.codec || got.ClockRate != tt.clock || got.PayloadType != tt.payloadType || got.Quality.HasJitter != (tt.clock != 0) {
			t.Errorf("%s %d: %+v, want %s/%d", tt.src, tt.payloadType, *got, tt.codec, tt.clock)
		}
	}
}

// The stream is named after its media, however many events it carries.
func TestMainPayloadType(t *testing.T) {
	s := newScene(t)
	s.describes(1, caller, 0, describe(alice, "m=audio PORT RTP/AVP 8 101 13", "a=rtpmap:101 telephone-event/8000"))
	m := &source{src: bob, dst: alice, ssrc: 1}
	nanos := sec
	for _, pt := range []uint8{101, 101, 101, 13, 8, 8, 101, 101} {
		m.payloadType = pt
		nanos = s.talk(m, nanos, 1)
	}
	if got := s.only(); got.PayloadType != 8 || got.Codec != "PCMA" || got.Packets != 8 {
		t.Errorf("got %+v", *got)
	}
	for i := range 10 { // more types than are counted apart
		m.payloadType = uint8(110 + i)
		nanos = s.talk(m, nanos, 1)
	}
	m.payloadType = 0
	s.talk(m, nanos, 100)
	if got := s.only(); got.PayloadType != 0 {
		t.Errorf("payload type %d, want 0", got.PayloadType)
	}
}

func TestEventsDoNotFeedJitter(t *testing.T) {
	s := newScene(t)
	s.describes(1, caller, 0, audio(alice))
	m := &source{src: bob, dst: alice, ssrc: 1}
	nanos := s.talk(m, 0, 30)
	m.payloadType = 101
	start := m.timestamp
	for range 20 {
		m.timestamp = start
		nanos = s.talk(m, nanos, 1)
	}
	m.payloadType, m.timestamp = 0, start+20*160
	s.talk(m, nanos, 30)
	if q := s.only().Quality; !q.HasJitter || q.JitterMax != 0 || q.PTime != 20 {
		t.Errorf("jitter max %g ptime %g, want 0 and 20", q.JitterMax, q.PTime)
	}
}

func TestFormats(t *testing.T) {
	tests := []struct {
		name   string
		clock  uint32
		octets int
		role   quality.Role
		want   uint32 // clock that counts
	}{
		{"PCMU", 8000, 160, quality.Media, 8000},
		{"Telephone-Event", 48000, 4, quality.Event, 48000},
		{"cn", 16000, 1, quality.Comfort, 16000},
		{"rtx", 90000, 100, quality.Repair, 90000},
		{"ulpfec", 90000, 100, quality.Repair, 90000},
		{"G722", 16000, 160, quality.Media, 8000},
		{"OPUS", 8000, 60, quality.Media, 48000},
		{"G729", 8000, 20, quality.Media, 8000},
		{"G729", 8000, 2, quality.Comfort, 8000},
		{"G729", 8000, 12, quality.Comfort, 8000},
		{"G723", 8000, 24, quality.Media, 8000},
		{"G723", 8000, 4, quality.Comfort, 8000},
		{"AMR", 8000, 32, quality.Media, 8000},
		{"AMR-WB", 16000, 7, quality.Comfort, 16000},
		{"G729", 8000, 0, quality.Media, 8000},
	}
	for _, tt := range tests {
		f := formatOf(&sdp.Codec{Name: tt.name, ClockRate: tt.clock})
		if got := f.roleOf(tt.octets); got != tt.role || f.clock != tt.want {
			t.Errorf("%s of %d octets: role %d clock %d, want %d and %d", tt.name, tt.octets, got, f.clock, tt.role, tt.want)
		}
	}
}

func TestSecureStream(t *testing.T) {
	s := newScene(t)
	secure := describe(alice, "m=audio PORT RTP/SAVP 0", "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:x")
	s.describes(1, caller, 0, secure)
	if !s.table.mediaOf(callRef(1)).encrypted {
		t.Error("the offer alone is not seen as encrypted")
	}
	m := &source{src: bob, dst: alice, ssrc: 1}
	packet := rtpPacket(m, 170)
	packet[0] |= 0x20           // padding, whose count is encrypted
	packet[len(packet)-1] = 100 // and only looks like one
	s.table.datagram(s.packet(bob, alice, sec, packet))
	got := s.only()
	if !got.Secure || got.Octets != 170 {
		t.Errorf("got %+v", *got)
	}
	if totals := s.totals(); totals.SRTPPackets != 1 || totals.RTPPackets != 0 {
		t.Errorf("totals %+v", totals)
	}
	s.describes(2, caller, 0, secure)
	s.describes(2, callee, 0, audio(bob))
	if s.table.mediaOf(callRef(2)).encrypted {
		t.Error("an answer in clear counts as encrypted")
	}
}

func TestBundledMedia(t *testing.T) {
	s := newScene(t)
	s.describes(1, caller, 0, describe(alice, "a=group:BUNDLE a v", "m=audio PORT RTP/AVP 0", "a=mid:a",
		"m=video 0 RTP/AVP 99", "a=rtpmap:99 VP8/90000", "a=mid:v", "a=bundle-only"))
	s.talk(&source{src: bob, dst: alice, ssrc: 1, payloadType: 0}, sec, 2)
	s.talk(&source{src: bob, dst: alice, ssrc: 2, payloadType: 99}, 2*sec, 30)
	streams := s.table.publish()
	if len(streams) != 2 || streams[0].Media != "audio" || streams[1].Media != "video" || streams[1].Codec != "VP8" || streams[1].ClockRate != 90000 {
		t.Fatalf("got %+v", streams)
	}
	if streams[1].Quality.PTime != 0 {
		t.Errorf("video has a packet time of %g ms", streams[1].Quality.PTime)
	}
}

// senderReport is an RTCP sender report without blocks.
func senderReport(ssrc uint32) []byte {
	b := make([]byte, 28)
	b[0], b[1], b[3] = 0x80, 200, 6
	binary.BigEndian.PutUint32(b[4:], ssrc)
	return b
}

func TestControlPackets(t *testing.T) {
	tests := []struct {
		name     string
		offer    string
		src, dst string
		want     bool // counted
		attached bool // to the stream of SSRC 1
	}{
		{"port above", audio(alice), "198.51.100.2:5001", "192.0.2.1:4001", true, true},
		{"multiplexed", audio(alice), bob, alice, true, true},
		{"a=rtcp", describe(alice, "m=audio PORT RTP/AVP 0", "a=rtcp:4444"), "198.51.100.2:5001", "192.0.2.1:4444", true, true},
		{"beside a stream from behind a NAT", audio(alice), "203.0.113.3:6001", "192.0.2.1:4001", true, true},
		{"elsewhere", audio(alice), mallet, "203.0.113.9:4001", false, false},
		{"encrypted", describe(alice, "m=audio PORT RTP/SAVP 0"), "198.51.100.2:5001", "192.0.2.1:4001", true, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := newScene(t)
			s.describes(1, caller, 0, tt.offer)
			s.describes(1, callee, 0, audio(bob))
			s.talk(&source{src: bob, dst: alice, ssrc: 1}, sec, 2)
			p := s.packet(tt.src, tt.dst, 2*sec, senderReport(1))
			s.table.datagram(p)
			p.Duplicate = true
			s.table.datagram(p)
			want := uint64(0)
			if tt.want {
				want = 2
			}
			if got := s.totals().RTCPPackets; got != want {
				t.Errorf("%d RTCP packets, want %d", got, want)
			}
			want = 0
			if tt.attached {
				want = 1
			}
			if got := s.only().RTCPPackets; got != want {
				t.Errorf("%d at the stream, want %d", got, want)
			}
		})
	}
}

func TestGoodbye(t *testing.T) {
	s := newScene(t)
	s.describes(1, caller, 0, audio(alice))
	s.talk(&source{src: bob, dst: alice, ssrc: 1}, sec, 2)
	s.table.datagram(s.packet("198.51.100.2:5001", "192.0.2.1:4001", 2*sec, append(senderReport(1), 0x81, 203, 0, 1, 0, 0, 0, 1)))
	if f := s.table.calls[1].flows[0]; !f.left || s.table.standing(f) != 0 {
		t.Error("the stream is not marked as ended")
	}
}

func TestFax(t *testing.T) {
	udptl := []byte{0, 1, 1, 6, 0, 0}
	late := []byte{0x80, 0x08, 1, 6, 0, 1, 1, 6, 0, 0, 0, 0, 0, 0} // sequence number 0x8008 looks like RTP
	control := []byte{0x80, 0xC8, 1, 6, 0, 0}                      // and 0x80C8 like RTCP
	s := newScene(t)
	s.describes(1, caller, 0, audio(alice))
	s.describes(1, callee, 0, audio(bob))
	m := &source{src: bob, dst: alice, ssrc: 1}
	nanos := s.talk(m, sec, 10)
	s.table.datagram(s.packet(bob, alice, nanos, udptl))
	if got := s.totals().T38Packets; got != 0 {
		t.Fatalf("%d T.38 packets before T.38 was described", got)
	}
	fax := func(at string) string { return describe(at, "m=image PORT udptl t38", "a=T38FaxVersion:0") }
	s.describes(1, caller, nanos, fax(alice))
	s.describes(1, callee, nanos, fax(bob))
	nanos = s.talk(m, nanos, 3) // speech that was under way
	for _, b := range [][]byte{udptl, late, control} {
		s.table.datagram(s.packet(bob, alice, nanos, b))
		s.table.datagram(s.packet(alice, bob, nanos, b))
	}
	s.table.datagram(s.packet(alice, mallet[:len(mallet)-4]+"6600", nanos, udptl)) // to a relay
	s.talk(&source{src: alice, dst: bob, ssrc: 2}, nanos, 4)                       // speech of the other side
	if got := s.totals(); got.T38Packets != 7 || got.RTPPackets != 17 || got.RTCPPackets != 0 || got.Streams != 2 {
		t.Errorf("totals %+v, want 7 of T.38 and 17 of RTP", got)
	}
	s.table.datagram(s.packet(mallet, "203.0.113.3:6002", nanos, udptl))
	if got := s.totals().T38Packets; got != 7 {
		t.Error("a packet that nothing describes was counted")
	}
}
