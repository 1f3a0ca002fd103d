package fax

import (
	"testing"
)

// A side makes UDPTL packets of version 0 with so many older ones in each.
type side struct {
	a, other   *Account
	redundancy int
	number     uint16
	sent       [][]byte // the newest last
}

// ifp builds octets of a datagram around a primary packet.
func (s *side) datagram(ifp []byte) []byte {
	b := append([]byte{byte(s.number >> 8), byte(s.number), byte(len(ifp))}, ifp...)
	n := min(s.redundancy, len(s.sent))
	b = append(b, 0, byte(n))
	for i := range n {
		old := s.sent[len(s.sent)-1-i]
		b = append(append(b, byte(len(old))), old...)
	}
	s.sent = append(s.sent, ifp)
	s.number++
	return b
}

func (s *side) send(ifps ...[]byte) {
	for _, ifp := range ifps {
		b := s.datagram(ifp)
		s.a.Add(b, len(b), 0, s.other)
	}
}

// lose makes packets that do not arrive.
func (s *side) lose(ifps ...[]byte) {
	for _, ifp := range ifps {
		s.datagram(ifp)
	}
}

// hdlc is V.21 data of one frame with a good check sequence.
func hdlc(octets ...byte) []byte {
	b := []byte{0xC0, 2, 0x80, 0, byte(len(octets) + 1), 0xFF, 0xC8}
	return append(append(b, octets...), 0x20)
}

var (
	cng      = []byte{0x02}
	ced      = []byte{0x04}
	preamble = []byte{0x06}
	train    = []byte{0x1E}                                  // V.17 at 14400, long
	page     = []byte{0xD0, 1, 0xE0, 0, 3, 1, 2, 3, 4}       // V.17 at 14400, T.4 without ECM
	blocks   = []byte{0xD0, 2, 0x80, 0, 1, 0xFF, 0xC0, 0x20} // V.17 at 14400, HDLC
)

func pairOfSides(redundancy int) (sender, receiver *side) {
	a, b := new(Account), new(Account)
	return &side{a: a, other: b, redundancy: redundancy}, &side{a: b, other: a, redundancy: redundancy}
}

// Two pages: the first in two tries because its end was not heard, the second
// refused once.
func TestPages(t *testing.T) {
	s, r := pairOfSides(0)
	s.send(cng)
	r.send(ced, preamble, hdlc(0x01, 0, 0xEE, 0xF8))
	s.send(preamble, hdlc(0xC1, 0, 0x44, 0x00), train, page) // DCS, and a training check
	r.send(preamble, hdlc(0x21))                             // CFR
	s.send(train, page, page, preamble, hdlc(0xF2))          // MPS
	s.send(preamble, hdlc(0xF2))                             // again
	r.send(preamble, hdlc(0x31), preamble, hdlc(0x31))       // MCF
	s.send(train, page, preamble, hdlc(0xF4))                // EOP
	r.send(preamble, hdlc(0x32))                             // RTN
	s.send(preamble, hdlc(0xC1, 0, 0x60, 0x00), train, page) // DCS: slower
	s.send(train, page, preamble, hdlc(0xF4))
	r.send(preamble, hdlc(0x31))
	s.send(preamble, hdlc(0xDF)) // DCN
	got := s.a.Report()
	if got.Pages != 3 || got.Confirmed != 2 || got.Refused != 1 || !got.Seen || !got.Disconnected || got.ECM || !got.HasECM || got.Bad != 0 {
		t.Errorf("sender: %+v", got)
	}
	if got.Modem != "V.17" || got.Rate != 14400 { // what carried the pages, whatever was agreed on
		t.Errorf("%s at %d", got.Modem, got.Rate)
	}
	want := []Count{{"CNG", 1}, {"V.21 preamble", 7}, {"V.17 14400 long", 5}}
	if len(got.Indicators) != len(want) || got.Indicators[0] != want[0] || got.Indicators[1] != want[1] || got.Indicators[2] != want[2] {
		t.Errorf("indicators %v, want %v", got.Indicators, want)
	}
	if r := r.a.Report(); r.Pages != 0 || r.Confirmed != 0 || r.Modem != "" || r.Rate != 0 {
		t.Errorf("receiver: %+v", r)
	}
}

// A page with error correction in two blocks, of which one was repaired.
func TestErrorCorrection(t *testing.T) {
	s, r := pairOfSides(0)
	s.send(hdlc(0xC1, 0, 0x44, 0x01, 0x20), train, blocks, hdlc(0xFD, 0x00, 0, 0, 9)) // PPS-NULL
	r.send(hdlc(0x31))
	s.send(train, blocks, hdlc(0xFD, 0xF4, 0, 1, 9)) // PPS-EOP
	r.send(hdlc(0x3D, 0x80))                         // PPR
	s.send(train, blocks, hdlc(0xFD, 0xF4, 0, 1, 0))
	r.send(hdlc(0x31))
	if got := s.a.Report(); got.Pages != 1 || got.Confirmed != 1 || got.Refused != 0 || !got.ECM {
		t.Errorf("%+v", got)
	}
}

// Two of three lost packets stand in the redundancy of the next; what they
// say is heard.
func TestRedundancy(t *testing.T) {
	s, r := pairOfSides(2)
	r.send(ced)
	s.send(cng, hdlc(0xC1, 0, 0x44, 0x00), train)
	s.lose(page, hdlc(0xF4), preamble)
	s.send(hdlc(0xF4))
	r.send(hdlc(0x31))
	got := s.a.Report()
	if s.a.Expected() != 7 || s.a.Recovered() != 2 || got.RecoveredRedundancy != 2 || got.Redundancy != 2 {
		t.Errorf("expected %d, recovered %d: %+v", s.a.Expected(), s.a.Recovered(), got)
	}
	if got.Pages != 0 || got.Confirmed != 0 { // the page itself was lost for good
		t.Errorf("%+v", got)
	}
	s, r = pairOfSides(3)
	r.send(ced)
	s.send(train)
	s.lose(page, hdlc(0xF4))
	s.send(preamble)
	r.send(hdlc(0x31))
	if got := s.a.Report(); got.Pages != 1 || got.Confirmed != 1 || got.RecoveredRedundancy != 2 {
		t.Errorf("recovered page: %+v", got)
	}
}

func FuzzAccount(f *testing.F) {
	f.Add([]byte{0, 1, 1, 2, 0, 0}, []byte{0, 2, 9, 0xC0, 2, 0x80, 0, 2, 0xFF, 0xC8, 0x31, 0x20, 0, 1, 1, 2})
	f.Fuzz(func(t *testing.T, x, y []byte) {
		var a, b Account
		for _, p := range [][]byte{x, y, x, y} {
			a.Add(p, len(p), 0, &b)
			b.Add(p, len(p)+1, 1, &a)
		}
		r := a.Report()
		if r.Confirmed > 4*64 || r.RecoveredParity+r.RecoveredRedundancy != a.Recovered() {
			t.Fatalf("%+v, recovered %d", r, a.Recovered())
		}
	})
}
