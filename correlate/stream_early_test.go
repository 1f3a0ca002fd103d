package correlate

import (
	"fmt"
	"testing"
)

// TestEarlyControls: RTCP may come before the description that explains it,
// as RTP may; it counts once, and not when it is long gone.
func TestEarlyControls(t *testing.T) {
	const aliceControl, bobControl = "192.0.2.1:4001", "198.51.100.2:5001"
	for _, c := range []struct {
		name     string
		play     func(s *scene)
		total    uint64
		ofStream uint64
	}{
		{"to the port above", func(s *scene) {
			s.table.datagram(s.packet(bobControl, aliceControl, sec, senderReport(1)))
			s.describes(1, caller, 2*sec, audio(alice))
		}, 1, 1},
		{"from there", func(s *scene) {
			s.table.datagram(s.packet(bobControl, aliceControl, sec, senderReport(1)))
			s.describes(1, callee, 2*sec, audio(bob))
		}, 1, 1},
		{"both described", func(s *scene) {
			s.table.datagram(s.packet(bobControl, aliceControl, sec, senderReport(1)))
			s.describes(1, caller, 2*sec, audio(alice))
			s.describes(1, callee, 3*sec, audio(bob))
		}, 1, 1},
		{"long before", func(s *scene) {
			s.table.datagram(s.packet(bobControl, aliceControl, sec, senderReport(1)))
			s.describes(1, caller, sec+lateSDP+1, audio(alice))
		}, 0, 0},
		{"somebody else's", func(s *scene) {
			s.table.datagram(s.packet(bobControl, "203.0.113.3:6001", sec, senderReport(1)))
			s.describes(1, caller, 2*sec, audio(alice))
		}, 0, 0},
		{"captured twice", func(s *scene) {
			for _, duplicate := range []bool{false, true} {
				p := s.packet(bobControl, aliceControl, sec, senderReport(1))
				p.Duplicate = duplicate
				s.table.datagram(p)
			}
			s.describes(1, caller, 2*sec, audio(alice))
		}, 2, 1},
		{"more than are kept", func(s *scene) {
			for i := range maxEarlyControls + 10 {
				to := aliceControl
				if i >= 10 && i != 100 {
					to = fmt.Sprintf("203.0.113.3:%d", 2001+i)
				}
				s.table.datagram(s.packet(bobControl, to, sec, senderReport(1)))
			}
			s.describes(1, caller, 2*sec, audio(alice))
		}, 1, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newScene(t)
			s.talk(&source{src: bob, dst: alice, ssrc: 1}, sec/2, 4) // too few to be taken for RTP without a description
			c.play(s)
			if n := s.totals().RTCPPackets; n != c.total {
				t.Errorf("%d RTCP packets, want %d", n, c.total)
			}
			var of uint64
			for _, stream := range s.table.publish() {
				of += stream.RTCPPackets
			}
			if of != c.ofStream {
				t.Errorf("%d of the stream, want %d", of, c.ofStream)
			}
			if len(s.table.early.ring) > maxEarlyControls {
				t.Errorf("%d are kept", len(s.table.early.ring))
			}
		})
	}
}
