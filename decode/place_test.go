package decode

import (
	"slices"
	"testing"

	"sipsniff/capture"
	"sipsniff/internal/wire"
)

// TestDuplicatePairs captures packets at two or three places. The first
// capture of a packet is where it was seen first, each other one makes a pair
// with it.
func TestDuplicatePairs(t *testing.T) {
	r := newRun(Config{})
	at := func(id uint32, ttl uint8, mac, source, iface int) {
		frame := udpSeen(wire.IP{ID: id, TTL: ttl}, 1, "x")
		frame[5] = byte(mac)
		r.Decoder.Frame(&capture.Frame{Data: frame, Length: len(frame), LinkType: 1, Source: source, Interface: iface})
	}
	for id := range uint32(3) {
		at(1+id, 64, 1, 0, 3)
		at(1+id, 64, 1, 0, 5)
	}
	at(10, 64, 1, 0, 3)
	at(10, 63, 2, 1, 0) // behind a router
	at(11, 64, 1, 1, 0)
	at(11, 64, 1, 0, 3)
	at(11, 64, 1, 0, 5)
	at(12, 64, 1, 0, 3)
	s := r.Stats()
	want := []DuplicatePair{
		{FirstInterface: 3, AgainInterface: 5, Frames: 3},
		{FirstInterface: 3, AgainSource: 1, Frames: 1},
		{FirstSource: 1, AgainInterface: 3, Frames: 1},
		{FirstSource: 1, AgainInterface: 5, Frames: 1},
	}
	if s.Duplicates != 6 || s.Routed != 1 || !slices.Equal(s.DuplicatePairs, want) {
		t.Errorf("%d duplicates, %d of them routed, at %+v; want %+v", s.Duplicates, s.Routed, s.DuplicatePairs, want)
	}
}

// TestDuplicatePairsAreBounded has more interfaces than are told apart.
func TestDuplicatePairsAreBounded(t *testing.T) {
	r := newRun(Config{})
	for i := range maxPlacePairs + 50 {
		frame := udpSeen(wire.IP{ID: uint32(1 + i)}, 1, "x")
		r.frame(0, 1, frame, len(frame), 1000)
		r.frame(0, 1, frame, len(frame), 2000+i)
	}
	if s := r.Stats(); s.Duplicates != maxPlacePairs+50 || len(s.DuplicatePairs) != maxPlacePairs {
		t.Errorf("%d duplicates of %d pairs, want %d of %d", s.Duplicates, len(s.DuplicatePairs), maxPlacePairs+50, maxPlacePairs)
	}
}

// TestFragmentsHeadless loses the first fragment of one datagram and the last
// of another.
func TestFragmentsHeadless(t *testing.T) {
	r := newRun(Config{})
	for _, b := range sipFragments(1)[1:] {
		r.at(0, 101, b)
	}
	second := sipFragments(2)
	for _, b := range second[:len(second)-1] {
		r.at(0, 101, b)
	}
	r.Flush()
	if s := r.Stats(); s.FragmentsLost != 2 || s.FragmentsHeadless != 1 {
		t.Errorf("%d incomplete, %d without the first fragment; want 2, 1", s.FragmentsLost, s.FragmentsHeadless)
	}
}
