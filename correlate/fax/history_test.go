package fax

import "testing"

// A guarded side makes UDPTL packets with forward error correction, by the
// rule of T.38 §9.1.4.2: entry i of n is the exclusive or of span packets, from
// number − span·n + i on, n apart, shorter ones filled up with zeros. One that
// would reach back before the first is not sent yet.
type guardedSide struct {
	a, other      *Account
	span, entries int
	sent          [][]byte
}

func (s *guardedSide) datagram(ifp []byte) []byte {
	number := len(s.sent)
	s.sent = append(s.sent, ifp)
	b := append([]byte{byte(number >> 8), byte(number), byte(len(ifp))}, ifp...)
	if number < s.span*s.entries {
		return append(b, 0x80, 1, 0, 0)
	}
	b = append(b, 0x80, 1, byte(s.span), byte(s.entries))
	for i := range s.entries {
		var sum []byte
		for j := range s.span {
			old := s.sent[number-s.span*s.entries+i+j*s.entries]
			for len(sum) < len(old) {
				sum = append(sum, 0)
			}
			for k := range old {
				sum[k] ^= old[k]
			}
		}
		b = append(append(b, byte(len(sum))), sum...)
	}
	return b
}

func (s *guardedSide) send(ifps ...[]byte) {
	for _, ifp := range ifps {
		b := s.datagram(ifp)
		s.a.Add(b, len(b), 0, s.other)
	}
}

func (s *guardedSide) lose(ifps ...[]byte) {
	for _, ifp := range ifps {
		s.datagram(ifp)
	}
}

func guardedPair(span, entries int) (s *guardedSide, r *side) {
	a, b := new(Account), new(Account)
	return &guardedSide{a: a, other: b, span: span, entries: entries}, &side{a: b, other: a}
}

// The end of a page is cut out of a call in three pieces in a row, with the DCS
// in HDLC pieces before: three entries give them back, and the talk is the
// same as without loss.
func TestParityGivesBack(t *testing.T) {
	dcs := [][]byte{{0xC0, 1, 0x80, 0, 1, 0xFF, 0xC8}, {0xC0, 1, 0x80, 0, 1, 0xC1, 0}, {0xC0, 2, 0x80, 0, 1, 0x44, 0x00, 0x20}}
	filler := func(n int) (all [][]byte) {
		for range n {
			all = append(all, preamble)
		}
		return all
	}
	for _, lossy := range []bool{false, true} {
		s, r := guardedPair(3, 3)
		s.send(filler(9)...)
		s.send(cng, dcs[0])
		if lossy {
			s.lose(dcs[1])
		} else {
			s.send(dcs[1])
		}
		s.send(dcs[2])
		s.send(filler(9)...)
		r.send(ced)
		s.send(train)
		lost := [][]byte{page, preamble, hdlc(0xF4)}
		if lossy {
			s.lose(lost...)
		} else {
			s.send(lost...)
		}
		s.send(filler(9)...)
		r.send(preamble, hdlc(0x31))
		got := s.a.Report()
		want := uint64(0)
		if lossy {
			want = 4
		}
		if got.RecoveredParity != want || s.a.Recovered() != want || !got.Parity {
			t.Errorf("lossy %v: recovered %d: %+v", lossy, s.a.Recovered(), got)
		}
		if got.Pages != 1 || got.Confirmed != 1 || got.Modem != "V.17" || got.Rate != 14400 || got.Bad != 0 || !got.HasECM || got.ECM {
			t.Errorf("lossy %v: %+v", lossy, got)
		}
		if got.Indicators[0].Name != "CNG" || got.Indicators[0].Times != 1 || got.Indicators[1].Times != 28 {
			t.Errorf("lossy %v: indicators %v", lossy, got.Indicators)
		}
	}
}

// Four in a row are more than three entries can give back: two of them share
// an entry, and what they said is not invented.
func TestParityHasItsLimits(t *testing.T) {
	s, _ := guardedPair(3, 3)
	for range 12 {
		s.send(preamble)
	}
	s.lose(page, page, cng, hdlc(0xF4))
	for range 12 {
		s.send(preamble)
	}
	// Datagram 16 gives 13 and 14. 12 and 15 exclude each other in every set until
	// 22, which reaches back to 13 only and gives 15.
	got := s.a.Report()
	if got.RecoveredParity != 3 || s.a.Recovered() != 3 || got.Pages != 1 || got.Bad != 0 || got.Indicators[0].Name != "CNG" {
		t.Errorf("%+v, recovered %d", got, s.a.Recovered())
	}
	single, _ := guardedPair(3, 1)
	for range 6 {
		single.send(preamble)
	}
	single.lose(page, hdlc(0xF4)) // sets of one entry are three in a row: the last that has the page has both
	for range 6 {
		single.send(preamble)
	}
	got = single.a.Report()
	if got.RecoveredParity != 1 || got.Pages != 0 {
		t.Errorf("%+v", got)
	}
}

// What is older than all that is kept takes no place of what is.
func TestTooOldIsNotKept(t *testing.T) {
	var h history
	h.put(300, cng)
	h.put(300-remembered, page)
	h.put(300-2*remembered, page)
	if got := h.get(300); string(got) != string(cng) {
		t.Errorf("% x is kept, want % x", got, cng)
	}
	h.put(301-remembered, page)
	if got := h.get(301 - remembered); string(got) != string(page) {
		t.Errorf("the oldest that has a place: % x", got)
	}
}

// What comes late after all is not counted as recovered, nor heard twice.
func TestParityBeforeThePacket(t *testing.T) {
	s, _ := guardedPair(2, 1)
	s.send(preamble, preamble, preamble)
	late := s.datagram(cng)
	s.send(preamble, preamble, preamble)
	if got := s.a.Report(); got.RecoveredParity != 1 {
		t.Fatalf("%+v", got)
	}
	s.a.Add(late, len(late), 0, s.other)
	got := s.a.Report()
	if got.RecoveredParity != 0 || s.a.Recovered() != 0 || got.Indicators[0].Name != "CNG" || got.Indicators[0].Times != 1 {
		t.Errorf("%+v", got)
	}
}

// What waits for error correction is in the report, and is understood before
// the answer to it.
func TestParityDoesNotHoldBackTheAnswer(t *testing.T) {
	s, r := guardedPair(3, 1)
	for range 6 {
		s.send(preamble)
	}
	s.send(train, page)
	s.lose(preamble, preamble)
	s.send(hdlc(0xF4))
	if got := s.a.Report(); got.Pages != 1 || got.RecoveredParity != 0 {
		t.Errorf("while it waits: %+v", got)
	}
	r.send(hdlc(0x31))
	s.send(preamble, preamble, preamble)
	if got := s.a.Report(); got.Pages != 1 || got.Confirmed != 1 || got.RecoveredParity != 1 {
		t.Errorf("after the answer: %+v", got)
	}
}
