package correlate

import (
	"bytes"
	"math"
	"testing"

	"sipsniff/decode/rtp/srtp/srtptest"
)

// sound sends n packets whose 160 octets are a and b by turns.
func (s *scene) sound(m *source, nanos int64, n int, a, b byte) {
	for i := range n {
		packet := rtpPacket(m, 160)
		copy(packet[12:], bytes.Repeat([]byte{a, b}, 80))
		s.table.datagram(s.packet(m.src, m.dst, nanos+int64(i)*20*msec, packet))
		m.sequence++
		m.timestamp += 160
	}
}

// Half a second of ±15,996 in µ-law (−6.23 dBov), as much of digital silence,
// of which a fifth of a second came before the description: by hand.
func TestLevels(t *testing.T) {
	s := newScene(t)
	s.table.levels = true
	m := &source{src: alice, dst: bob, ssrc: 7}
	s.sound(m, 0, 10, 0x90, 0x10)
	s.describes(1, caller, 200*msec, audio(alice))
	s.sound(m, 200*msec, 15, 0x90, 0x10)
	again := *m
	again.sequence, again.timestamp = m.sequence-1, m.timestamp-160
	s.sound(&again, 500*msec, 1, 0xFF, 0xFF) // a duplicate says nothing
	s.sound(m, 500*msec, 25, 0xFF, 0x7F)
	l := s.only().Levels
	if l == nil || l.Frames != 50 || l.Silent != 25 || l.Digital != 25 || math.Abs(l.Active+6.23) > 0.01 || math.Abs(l.Mean+9.24) > 0.01 || l.Peak != 15996 {
		t.Errorf("%+v", l)
	}
}

// Nobody asked, the codec is not decoded, or there are no keys: nothing is known.
func TestLevelsUnknown(t *testing.T) {
	for name, tt := range map[string]struct {
		ask         bool
		payloadType uint8
		description string
	}{
		"not asked": {false, 0, audio(alice)},
		"G.729":     {true, 96, describe(alice, "m=audio PORT RTP/AVP 96", "a=rtpmap:96 G729/8000")},
		"no key":    {true, 0, describe(alice, "m=audio PORT RTP/SAVP 0")},
	} {
		s := newScene(t)
		s.table.levels = tt.ask
		s.describes(1, caller, 0, tt.description)
		s.sound(&source{src: alice, dst: bob, ssrc: 7, payloadType: tt.payloadType}, sec, 50, 0x90, 0x10)
		if l := s.only().Levels; l != nil {
			t.Errorf("%s: %+v", name, l)
		}
	}
}

// Every packet of a secure stream is decrypted for it.
func TestLevelsOfSecureStream(t *testing.T) {
	s := newScene(t)
	s.table.levels = true
	s.describes(1, caller, 0, secured(alice, crypto(1, suite80, aliceKey)))
	s.describes(1, callee, 0, secured(bob, crypto(1, suite80, bobKey)))
	m := &source{src: alice, dst: bob, ssrc: 7}
	s.talkSealed(m, srtptest.Described(t, crypto(1, suite80, aliceKey), m.ssrc, 0), sec, 100)
	if l := s.only().Levels; l == nil || l.Frames != 100 {
		t.Errorf("%+v", l)
	}
}

// BenchmarkLevels is what measuring one packet of 20 ms in G.711 costs.
func BenchmarkLevels(b *testing.B) {
	s := &scene{t: b, table: newStreamTable(0)}
	s.describes(1, caller, 0, audio(alice))
	m := &source{src: alice, dst: bob, ssrc: 7}
	s.sound(m, sec, 1, 0x90, 0x10)
	var f *flow
	for _, f = range s.table.fresh {
	}
	payload := bytes.Repeat([]byte{0x90, 0x10, 0x33, 0xA5}, 40)
	b.ReportAllocs()
	for b.Loop() {
		s.table.measure(f, 0, payload)
	}
}

// What was taken for sound before a description said that it is encrypted does
// not count for how loud the stream is.
func TestLevelsOfClaimedSecureStream(t *testing.T) {
	s := newScene(t)
	s.table.levels, s.table.tones = true, true
	m := &source{src: bob, dst: alice, ssrc: 5}
	for i := range int64(50) {
		b := rtpPacket(m, 170)
		for j := range b[12:] {
			b[12+j] = byte(j * 37)
		}
		s.table.datagram(s.packet(bob, alice, i*20*msec, b))
		m.sequence++
		m.timestamp += 160
	}
	if st := s.only(); st.Call != nil || st.Levels == nil {
		t.Fatalf("not taken for sound: %+v", *st)
	}
	s.describes(1, caller, sec, describe(alice, "m=audio PORT RTP/SAVP 0"))
	if st := s.only(); !st.Secure || st.Levels != nil {
		t.Errorf("secure %t, levels %+v", st.Secure, st.Levels)
	}
	if n := s.table.listening; n != 0 {
		t.Errorf("%d streams are measured", n)
	}
	if c := s.table.newest[5].carried; c != nil && c.tones != nil {
		t.Error("keys are listened for in what is encrypted")
	}
}
