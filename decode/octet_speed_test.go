package decode

import (
	"strings"
	"testing"
)

// BenchmarkOctetAtATime sends one octet in each segment of a connection whose
// framing is lost: without a line end, so that as much as possible is kept.
func BenchmarkOctetAtATime(b *testing.B) {
	s := newTalk(b)
	s.client, s.server = s.server, s.client // the lower address is side 0
	s.syn()
	s.send(client, 0, sipText)
	s.send(client, len(sipText), strings.Repeat("x", 9000))
	at := len(sipText) + 9000
	for range 9000 { // the octets kept are of as many segments
		s.send(client, at, "x")
		at++
	}
	b.ReportAllocs()
	for b.Loop() {
		s.send(client, at, "x")
		at++
	}
	if f := s.d.streams.newest.sides[client].flow; f == nil || !f.framer.Searching() {
		b.Errorf("it does not search: %+v", f)
	}
}
