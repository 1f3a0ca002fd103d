package correlate

import (
	"crypto/sha256"
	"fmt"
	"net/netip"
	"slices"
	"testing"

	"sipsniff/decode/dtls/dtlstest"
)

// named is the USERNAME attribute of a check.
const named = "\x00\x06\x00\x04a:b "

func (s *scene) octets(src, dst string, nanos int64, b []byte) {
	s.table.datagram(s.packet(src, dst, nanos, b))
}

func addrPort(s string) netip.AddrPort { return netip.MustParseAddrPort(s) }

// fingerprintOf is the a=fingerprint value of a certificate.
func fingerprintOf(der []byte) string {
	value := "sha-256"
	for i, b := range sha256.Sum256(der) {
		separator := ":"
		if i == 0 {
			separator = " "
		}
		value += fmt.Sprintf("%s%02X", separator, b)
	}
	return value
}

func TestPathChecks(t *testing.T) {
	s := newScene(t)
	s.describes(1, caller, 0, webrtc(alice))
	s.describes(1, callee, 0, webrtc(bob))
	request := stun(0x0001, []byte(named)...)
	for i := range 3 {
		s.octets(alice, bob, sec+int64(i)*sec, request)
	}
	s.octets(bob, alice, 2*sec, stun(0x0101))
	s.octets(bob, alice, 2*sec, stun(0x0111))
	s.octets(alice, bob, 9*sec, stun(0x0001))                      // no check of ICE by itself, but between the same addresses
	s.octets("192.0.2.77:1000", bob, 9*sec, stun(0x0001))          // nor this, from somewhere else
	s.octets("192.0.2.77:1000", "192.0.2.88:1000", 9*sec, request) // of no call
	s.octets(mallet, alice, 4*sec, request)                        // a peer that no description names
	copied := s.packet(alice, bob, 9*sec, request)
	copied.Duplicate = true
	s.table.datagram(copied)
	want := []PathCheck{
		{Src: addrPort(alice), Dst: addrPort(bob), Requests: 4, Successes: 1, Refusals: 1, First: sec, Last: 9 * sec, Frame: 1, LastFrame: 6},
		{Src: addrPort(mallet), Dst: addrPort(alice), Requests: 1, First: 4 * sec, Last: 4 * sec, Frame: 9, LastFrame: 9},
	}
	if got := s.table.pathsOf(1); !slices.Equal(got, want) {
		t.Errorf("got\n%+v, want\n%+v", got, want)
	}
	if got := s.table.takeMoved(); len(got) != 1 || got[0].Index != 1 || s.table.takeMoved() != nil {
		t.Errorf("moved %v", got)
	}
	s.table.callEnded(callRef(1), 10*sec)
	s.describes(2, caller, 20*sec, webrtc(alice)) // the port is used again
	s.octets(bob, alice, 21*sec, request)
	if got := s.table.pathsOf(2); len(got) != 1 || got[0].Requests != 1 {
		t.Errorf("of the next call: %+v", got)
	}
	s.octets(alice, bob, 21*sec, request)
	s.table.forget(callRef(1)) // which takes nothing of the next one with it
	s.octets(alice, bob, 22*sec, request)
	if got := s.table.pathsOf(2); len(got) != 2 || got[1].Requests != 2 {
		t.Errorf("of the next call, once the first has left: %+v", got)
	}
	s.table.forget(callRef(2))
	if len(s.table.checks) != 0 {
		t.Errorf("%d checks are left", len(s.table.checks))
	}
}

func TestPathChecksAreBounded(t *testing.T) {
	s := newScene(t)
	s.describes(1, caller, 0, webrtc(alice))
	for i := range 1000 {
		s.octets(fmt.Sprintf("203.0.113.9:%d", 1000+i), alice, sec, stun(0x0001, []byte(named)...))
	}
	if got := s.table.pathsOf(1); len(got) != maxCallChecks || len(s.table.checks) != maxCallChecks {
		t.Errorf("%d checks of the call, %d in all, want %d", len(got), len(s.table.checks), maxCallChecks)
	}
}

// A server that is silent, one that answers with the certificate that was
// named, and one with another.
func TestMediaHandshakes(t *testing.T) {
	der := []byte("no certificate, but octets")
	hash := fingerprintOf(der)
	for _, tt := range []struct {
		name              string
		answered, strange bool
		named             string
	}{
		{"silent", false, false, hash},
		{"right", true, false, hash},
		{"another", true, true, "sha-256 00:01:02:03"},
		{"one of two", true, false, "sha-256 00:01\na=fingerprint:" + hash},
		{"of a hash that is not known", true, false, "sha-512 00:01"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := newScene(t)
			s.describes(1, caller, 0, webrtc(alice))
			s.describes(1, callee, 0, describe(bob, "m=audio PORT UDP/TLS/RTP/SAVPF 0", "a=fingerprint:"+tt.named, "a=rtcp-mux"))
			hello := dtlstest.Whole(1, 0, dtlstest.ClientHello(0x40, 1))
			for i := range int64(3) {
				s.octets(alice, bob, (1+i)*sec, hello)
			}
			if tt.answered {
				s.octets(bob, alice, 4*sec, dtlstest.Whole(2, 0, dtlstest.ServerHelloMKI(0x80, 0xC02B, nil, 1)))
				s.octets(bob, alice, 4*sec, dtlstest.Whole(11, 1, dtlstest.Certificate(der)))
			}
			s.octets(bob, alice, 5*sec, []byte{21, 0xFE, 0xFD, 0, 0, 0, 0, 0, 0, 0, 9, 0, 2, 2, 40})
			got := s.table.handshakesOf(1)
			if len(got) != 1 {
				t.Fatalf("%d handshakes", len(got))
			}
			want := MediaHandshake{Client: addrPort(alice), Server: addrPort(bob), ClientFromCaller: true, Hellos: 3, Answered: tt.answered,
				Alerted: true, Alert: 40, ServerStranger: tt.strange, First: sec, Last: 3 * sec, Frames: [2]int{1, 3}, AlertFrame: s.frame}
			if got[0] != want {
				t.Errorf("got\n%+v, want\n%+v", got[0], want)
			}
		})
	}
}
