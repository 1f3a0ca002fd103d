package correlate

import (
	"net/netip"

	"sipsniff/decode"
)

// A hop is one link that an INVITE, or a response to it, was seen on. With a
// proxy at the probe every message of a call passes on several.
type hop struct {
	key       uint64
	vias      uint8
	source    netip.AddrPort // of the request
	nanos     int64          // of the first message
	frame     int
	invite    bool // the INVITE itself was seen here
	heard     bool // a response was seen here
	responded bool // a response other than 100 was seen here
}

// A hopSet is the hops of one INVITE: of all copies that share CSeq number
// and From tag. Everything it tells depends on which messages were seen and
// not on their order.
type hopSet struct {
	number  uint32
	fromTag string
	hops    []hop
}

// maxHops and maxHopSets bound what one call may make us remember. INVITEs
// beyond them are judged as if they were seen on one link only.
const (
	maxHops    = 64
	maxHopSets = 64
)

// near is the hop that is nearest to the caller: fewest Vias, then earliest.
func (s *hopSet) near() *hop {
	var best *hop
	for i := range s.hops {
		if h := &s.hops[i]; best == nil || h.nearer(best) {
			best = h
		}
	}
	return best
}

func (h *hop) nearer(o *hop) bool {
	if h.invite != o.invite {
		return h.invite
	}
	if h.vias != o.vias {
		return h.vias < o.vias
	}
	return h.nanos < o.nanos || h.nanos == o.nanos && h.frame < o.frame
}

// beside reports whether h is as near to the caller as near: the branches
// that one proxy forks are; the copy that a border controller sends on with
// Vias of its own is not.
func (h *hop) beside(near *hop) bool {
	if !h.invite || !near.invite {
		return h.vias <= near.vias
	}
	return h.vias == near.vias && h.source == near.source
}

// answered reports whether the caller's hop shows responses, so that those on
// the other hops are only copies of them.
func (s *hopSet) answered(near *hop) bool {
	for i := range s.hops {
		if h := &s.hops[i]; h.responded && h.beside(near) {
			return true
		}
	}
	return false
}

// farResponses reports whether another hop than the caller's shows responses.
func (s *hopSet) farResponses(near *hop) bool {
	for i := range s.hops {
		if h := &s.hops[i]; h.heard && !h.beside(near) {
			return true
		}
	}
	return false
}

func (s *hopSet) find(key uint64) *hop {
	for i := range s.hops {
		if s.hops[i].key == key {
			return &s.hops[i]
		}
	}
	return nil
}

// A hopTable holds the hop sets of one call.
type hopTable struct {
	sets []hopSet
}

func (t *hopTable) find(number uint32, fromTag string) *hopSet {
	for i := len(t.sets) - 1; i >= 0; i-- {
		if s := &t.sets[i]; s.number == number && s.fromTag == fromTag {
			return s
		}
	}
	return nil
}

// A judgement is how far a message changes what is known of the hops.
type judgement uint8

const (
	judgedBefore judgement = iota // nothing that was judged changes
	judgeHop                      // what was seen on the hop of the message is judged anew
	judgeAll                      // everything is
)

// learn adds what an INVITE without To tag, or a response to an INVITE, tells
// about the hops. It reports which events have to be judged anew.
func (t *hopTable) learn(e *event) judgement {
	m := e.message
	if e.method != "INVITE" || m.Method != "" && m.ToTag != "" {
		return judgedBefore
	}
	s := t.find(e.number, m.FromTag)
	if s == nil {
		if len(t.sets) >= maxHopSets {
			return judgedBefore
		}
		t.sets = append(t.sets, hopSet{number: e.number, fromTag: m.FromTag})
		s = &t.sets[len(t.sets)-1]
	}
	return s.learn(e)
}

func (s *hopSet) learn(e *event) judgement {
	var before hop
	known, answered, counted := false, false, true
	if near := s.near(); near != nil {
		before, answered, known = *near, s.answered(near), true
		if h := s.find(e.hop); h != nil {
			counted = h.beside(near)
		}
	}
	s.add(e)
	near := s.near()
	switch {
	case known && before.key != near.key && !before.sameJudgement(near):
		return judgeAll
	case known && answered != s.answered(near) && s.farResponses(near):
		return judgeAll
	}
	if h := s.find(e.hop); h != nil && h.beside(near) != counted {
		return judgeHop
	}
	return judgedBefore
}

// sameJudgement reports whether all hops stand to h as they stand to o.
func (h *hop) sameJudgement(o *hop) bool {
	return h.invite == o.invite && h.vias == o.vias && h.source == o.source
}

func (s *hopSet) add(e *event) {
	h := s.find(e.hop)
	if h == nil {
		if len(s.hops) >= maxHops {
			return
		}
		s.hops = append(s.hops, hop{key: e.hop, vias: e.vias, source: requestSource(e.message), nanos: e.nanos, frame: e.frame})
		h = &s.hops[len(s.hops)-1]
	}
	m := e.message
	switch {
	case m.Method != "" && !h.invite:
		h.invite, h.vias, h.source, h.nanos, h.frame = true, e.vias, requestSource(m), e.nanos, e.frame
	case m.Method != "" && (e.nanos < h.nanos || e.nanos == h.nanos && e.frame < h.frame):
		h.nanos, h.frame, h.vias, h.source = e.nanos, e.frame, e.vias, requestSource(m)
	case m.Method == "":
		h.heard = true
		h.responded = h.responded || m.StatusCode != 100
		if !h.invite && e.nanos < h.nanos {
			h.nanos, h.frame = e.nanos, e.frame
		}
	}
}

// requestSource is the sender of the request that the message is, or
// answers. Connections have a port of their own for each peer, so the port
// tells senders apart on UDP only.
func requestSource(m *Message) netip.AddrPort {
	source := m.Src
	if m.Method == "" {
		source = m.Dst
	}
	if m.Transport != decode.UDP {
		source = netip.AddrPortFrom(source.Addr(), 0)
	}
	return source
}

// counts reports whether an event of an INVITE transaction decides the state
// of the call: those on the caller's hop do, and those elsewhere as long as
// the caller's hop shows no response at all.
func (t *hopTable) counts(e *event) bool {
	s := t.find(e.number, e.message.FromTag)
	if s == nil {
		return true
	}
	h, near := s.find(e.hop), s.near()
	if h == nil || h.beside(near) {
		return true
	}
	return e.message.Method == "" && !s.answered(near)
}

// far reports whether the branch of a CANCEL or an ACK is known to be one
// behind the hop of the caller.
func (t *hopTable) far(e *event) bool {
	s := t.find(e.number, e.message.FromTag)
	if s == nil {
		return false
	}
	h, near := s.find(e.hop), s.near()
	return h != nil && h.invite && !h.beside(near)
}
