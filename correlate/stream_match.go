package correlate

import (
	"net/netip"
)

// The scores of spec §5.1: how well a description explains a flow.
const (
	scoreBoth       = 100 // to an expected address, from the address of the peer's description
	scorePeerHost   = 90  // to an expected address, from the peer's host
	scoreReverse    = 85  // the way back of a stream
	scoreReceiver   = 80  // to an expected address from anywhere: the sender is behind a NAT
	scoreSource     = 75  // an announced SSRC
	scoreSender     = 70  // from an expected address to anywhere: symmetric RTP to a relay
	scoreSignalling = 65  // the expected port at the address of the signalling
	candidateMalus  = 4   // an ICE candidate is less sure than c= and m=
)

// window is how well the time of a packet fits a description.
type window uint8

const (
	over       window = iota // long after the end of the call: no match at all
	early                    // before the description was sent
	ending                   // shortly after the end of the call
	superseded               // a later description took its place
	live
)

// windowAt judges the lifetime of a description: from a little before it was
// sent, because media can outrun it, to a little after its call ended.
func (p *party) windowAt(nanos int64) window {
	switch c := p.call; {
	case c.ended && nanos > c.endedAt+endGrace:
		return over
	case nanos < p.nanos-lateSDP:
		return early
	case c.ended && nanos > c.endedAt:
		return ending
	case p.superseded && nanos > p.supersededAt:
		return superseded
	}
	return live
}

// A match is a description that explains a flow.
type match struct {
	receiver, sender *mediaLine // one of them at least is set
	window           window
	score            int
	order            uint64
}

func (m *match) party() *party {
	if m.receiver != nil {
		return m.receiver.party
	}
	return m.sender.party
}

// fromCaller reports who sends the flow.
func (m *match) fromCaller() bool {
	if m.sender != nil {
		return m.sender.party.fromCaller
	}
	return !m.receiver.party.fromCaller
}

// better reports whether m explains a flow better than o: by the time window,
// then by the addresses, then by the newer description.
func (m *match) better(o *match) bool {
	if m.window != o.window {
		return m.window > o.window
	}
	if m.score != o.score {
		return m.score > o.score
	}
	return m.order > o.order
}

// A sought is what match looks a description up for.
type sought struct {
	src, dst netip.AddrPort
	ssrc     uint32
	nanos    int64
	fax      bool       // T.38 lines instead of RTP lines
	within   *callMedia // only of this call; nil: of any
}

// match finds the description that explains packets best.
func (t *streamTable) match(s sought) (best match, ok bool) {
	src, dst := s.src, s.dst
	consider := func(m match) {
		if s.within != nil && m.party().call != s.within {
			return
		}
		m.order = m.party().order
		m.window = m.party().windowAt(s.nanos)
		if m.window > over && (!ok || m.better(&best)) {
			best, ok = m, true
		}
	}
	for _, e := range t.expected[dst] {
		if e.usable(s.fax) {
			sender, score := e.line.peerAt(src)
			consider(match{receiver: e.line, sender: sender, score: e.grade(score)})
		}
	}
	for _, e := range t.expected[src] {
		if e.usable(s.fax) {
			receiver, _ := e.line.peerAt(dst)
			consider(match{sender: e.line, receiver: receiver, score: e.grade(scoreSender)})
		}
	}
	if s.fax {
		return best, ok
	}
	if back := t.pairs[pair{dst, src}]; back != nil && back.call != nil {
		consider(match{receiver: back.sender, sender: back.receiver, score: scoreReverse})
	}
	if l := t.sources[s.ssrc]; l != nil {
		receiver, _ := l.peerAt(dst)
		consider(match{sender: l, receiver: receiver, score: scoreSource})
	}
	return best, ok
}

// usable reports whether packets of the kind looked for may come for e.
func (e *expectation) usable(fax bool) bool {
	return !e.control && e.line.fax == fax
}

// grade lowers a score by how the expectation came about.
func (e *expectation) grade(score int) int {
	switch e.origin {
	case fromCandidate:
		return score - candidateMalus
	case fromSignalling:
		return min(score, scoreSignalling)
	}
	return score
}

// peerAt finds the line of the other side that names the address, or its
// host; else the newest line of the other side. The score is that of packets
// from the address to l.
func (l *mediaLine) peerAt(at netip.AddrPort) (peer *mediaLine, score int) {
	score = scoreReceiver
	var order uint64
	for _, p := range l.party.call.parties {
		o := l.counterpart(p)
		if o == nil {
			continue
		}
		s := o.scoreOf(at)
		if peer == nil || s > score || s == score && p.order > order {
			peer, score, order = o, s, p.order
		}
	}
	return peer, score
}

// counterpart is the line of p that answers l, or that l answers.
func (l *mediaLine) counterpart(p *party) *mediaLine {
	own := l.party
	if p.fromCaller == own.fromCaller || l.index >= len(p.lines) {
		return nil
	}
	if p.dialog != own.dialog && p.dialog != "" && own.dialog != "" {
		return nil
	}
	return p.lines[l.index]
}

func (l *mediaLine) scoreOf(at netip.AddrPort) int {
	score := scoreReceiver
	for _, a := range l.addrs {
		if a == at {
			return scoreBoth
		}
		if a.Addr() == at.Addr() {
			score = scorePeerHost
		}
	}
	return score
}
