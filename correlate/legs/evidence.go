package legs

import (
	"fmt"
	"strings"
)

// A Kind is a kind of evidence. The numbers are those of spec §3.9.
type Kind uint8

// The kinds of evidence. Those up to StreamRelayed are keys: each is nearly
// enough alone.
const (
	ByHeader Kind = 1 + iota // a header of the later leg is the Call-ID of the earlier
	BySession
	ByLegacySession
	ByICID
	ByDialog // Replaces, Join and their like name a dialog of the other leg
	ByVendorID
	ByCallID   // one Call-ID is made from the other
	sameCallID // the legs share a Call-ID: to the tracker that is one call
	ByEndpoint
	ByStream
	streamRelayed // the payloads are the same: would cost a hash of every packet
	ByHost
	ByTime
	ByCallee
	ByCaller
	ByOrigin
	ByCodecs
	ByOutcome
	ByBye
	ByHops
	ByTarget
	InReplyTo // a key as well; one with evidence 5 in the specification
	kinds
)

// The score at which legs are joined, and at which they may be legs.
const (
	joinedAt   = 60
	possibleAt = 40
	sureAt     = 80 // a leg that is joined like this is taken
	maxScore   = 100
	maxLoad    = 20 // points that a busy host adds to joinedAt
)

// class tells the kinds that need nothing beside them.
func (k Kind) key() bool { return k >= ByHeader && k <= streamRelayed || k == InReplyTo }

// A score is the points of each kind of evidence between two legs.
type score struct {
	points [kinds]uint8
	total  int
	keyed  bool // there is a key
	named  bool // one leg names the other
	unfit  bool // a contradiction
}

func (s *score) add(k Kind, points int) {
	if points == 0 {
		return
	}
	s.points[k] = uint8(points)
	s.total += points
	s.keyed = s.keyed || k.key()
	s.named = s.named || k == ByHeader || k == ByDialog || k == InReplyTo
}

// reasons says in words what the score is made of, the strongest first.
func (s *score) reasons(a, b *Facts) []string {
	var words []string
	for k := Kind(1); k < kinds; k++ {
		if s.points[k] != 0 {
			if word := s.reason(k, a, b); word != "" {
				words = append(words, word)
			}
		}
	}
	return words
}

func (s *score) reason(k Kind, a, b *Facts) string {
	switch k {
	case ByHeader, ByDialog, InReplyTo:
		return nameBetween(k, a, b)
	case BySession, ByLegacySession:
		return "same Session-ID"
	case ByICID, ByVendorID:
		return "same " + sharedKey(k, a, b)
	case ByCallID:
		return "one Call-ID contains the other"
	case ByEndpoint:
		return "both describe media at " + sharedEndpoint(a, b)
	case ByStream:
		return "the same RTP stream"
	case ByHost:
		return b.Sender.String() + " received one and sent the other"
	case ByTime:
		return fmt.Sprintf("%.3f s later", float64(b.Invited-a.Invited)/1e9)
	case ByCallee:
		return "callee's number" + howMuch(alike(a.Callees, b.Callees))
	case ByCaller:
		return "caller's number" + howMuch(alike(a.Callers, b.Callers))
	case ByOrigin:
		return "same session in SDP"
	case ByCodecs:
		return "same codecs"
	case ByOutcome:
		return fmt.Sprintf("%d and %d at the same time", a.Status, b.Status)
	case ByBye:
		return "BYE at the same time"
	case ByHops:
		return "Max-Forwards one less"
	case ByTarget:
		return "was diverted from the other's target"
	}
	return ""
}

func howMuch(l likeness) string {
	switch l {
	case nineDigits:
		return " (last 9 digits)"
	case sevenDigits:
		return " (last 7 digits)"
	}
	return ""
}

func nameBetween(k Kind, a, b *Facts) string {
	for _, f := range [...][2]*Facts{{b, a}, {a, b}} {
		for _, n := range f[0].few().Names {
			if n.Kind == k && n.CallID == f[1].CallID {
				return n.Header + " names the other Call-ID"
			}
		}
	}
	return ""
}

func sharedKey(k Kind, a, b *Facts) string {
	for _, x := range a.few().Keys {
		for _, y := range b.few().Keys {
			if x.Kind == k && sameKey(&x, &y) {
				return strings.TrimSpace(x.Header)
			}
		}
	}
	return ""
}
