package correlate

import (
	"bytes"
	"fmt"
	"testing"

	"sipsniff/decode/rtp/srtp/srtptest"
)

// watchCall collects the payloads of packets that have a call.
func (s *scene) watchCall() *[][]byte {
	var seen [][]byte
	s.table.observe = func(m *MediaPacket) {
		if m.Call != nil {
			seen = append(seen, bytes.Clone(m.Payload))
		}
	}
	return &seen
}

// What was said before the description came is heard too, in clear and
// decrypted: 20 packets from before it and ten after.
func TestKeptPackets(t *testing.T) {
	s := newScene(t)
	seen := s.watchCall()
	m := &source{src: alice, dst: bob, ssrc: 7}
	by := srtptest.Described(t, crypto(1, suite80, aliceKey), m.ssrc, 0)
	sent := s.talkSealed(m, by, 0, 20)
	if len(*seen) != 0 {
		t.Fatal("packets were shown before they meant something")
	}
	s.describes(1, caller, sec, secured(alice, crypto(1, suite80, aliceKey)))
	s.describes(1, callee, sec, secured(bob, crypto(1, suite80, bobKey)))
	sent = append(sent, s.talkSealed(m, by, sec, 10)...)
	samePayloads(t, *seen, sent)
	if s.table.waiting.octets != 0 {
		t.Errorf("%d octets are kept", s.table.waiting.octets)
	}
}

// Of one candidate the latest packets are kept, of all so many octets.
func TestKeptPacketsAreBounded(t *testing.T) {
	s := newScene(t)
	s.table.maxMemory = 1 << 20
	seen := s.watchCall()
	m := &source{src: alice, dst: bob, ssrc: 7}
	s.talk(m, 0, 600)
	for i := range 200 {
		s.talk(&source{src: fmt.Sprintf("198.51.100.7:%d", 10000+2*i), dst: relay, ssrc: uint32(i)}, 11*sec, 20)
		if s.table.waiting.octets > 1<<17 {
			t.Fatalf("%d octets are kept of 131072", s.table.waiting.octets)
		}
	}
	s.describes(1, caller, 12*sec, audio(alice))
	if n := len(*seen); n < maxKept/2 || n > maxKept {
		t.Errorf("%d packets, want 256 to 512", n)
	}
	for f := s.table.waiting.several.head; f != nil; f = f.links.next {
		s.table.dropKept(f)
	}
	for _, f := range append(s.table.streams, s.table.fresh...) {
		s.table.dropKept(f)
	}
	if s.table.waiting.octets != 0 {
		t.Errorf("%d octets are kept of nothing", s.table.waiting.octets)
	}
}

// A stream that was found without a description is shown at once, and again
// with the call that claims it; how loud it is is measured once.
func TestKeptPacketsOfOrphan(t *testing.T) {
	s := newScene(t)
	s.table.levels = true
	with, without := 0, 0
	var latest uint16
	s.table.observe = func(m *MediaPacket) {
		if m.Call == nil {
			without++
			return
		}
		if with > 0 && m.SequenceNumber != latest+1 {
			t.Fatalf("%d after %d", m.SequenceNumber, latest)
		}
		with, latest = with+1, m.SequenceNumber
	}
	m := &source{src: alice, dst: bob, ssrc: 0x12345678}
	s.sound(m, 0, 50, 0x90, 0x10)
	if s.table.orphans != 1 || without != 50 {
		t.Fatalf("%d orphans, %d packets", s.table.orphans, without)
	}
	s.describes(1, caller, sec, audio(alice))
	s.sound(m, sec, 10, 0x90, 0x10)
	if with != 60 || without != 50 || s.table.waiting.octets != 0 {
		t.Errorf("%d packets with the call, %d without, %d octets kept", with, without, s.table.waiting.octets)
	}
	if l := s.only().Levels; l == nil || l.Frames != 60 {
		t.Errorf("%+v", l)
	}
}
