package legs

import "strings"

const (
	millisecond = int64(1e6)
	second      = int64(1e9)
)

// The times of spec §3.9.
const (
	maxDelay  = 30 * second // between the INVITEs, unless there is a key
	symmetric = second / 2  // between responses or BYEs of two legs
	sameFork  = second      // between the INVITEs of two branches of a call
	slack     = 10 * millisecond
)

// between scores two legs of which a began first. It looks at nothing but
// their facts, and crowded says which keys of b too many share to mean anything.
func between(a, b *leg, crowded *crowd) score {
	var s score
	if a.CallID == b.CallID {
		s.unfit = true
		return s
	}
	s.names(a.Facts, b.Facts)
	if a.Rare != nil && b.Rare != nil {
		s.keys(a.Rare, b.Rare, crowded)
		s.streams(a.Streams, b.Streams, crowded)
	}
	s.endpoints(a, b, crowded)
	delay := b.Invited - a.Invited
	callers := alike(a.Callers, b.Callers)
	switch {
	case s.keyed:
	case delay > maxDelay, callers == unlike && known(a.Callers) && known(b.Callers), sameWay(a.Facts, b.Facts):
		s.unfit = true
		return s
	}
	if a.received(b.Sender) {
		s.add(ByHost, 25)
	}
	s.add(ByTime, delayPoints(delay))
	s.add(ByCallee, [...]int{0, 8, 15, 20}[alike(a.Callees, b.Callees)])
	s.add(ByCaller, [...]int{0, 6, 12, 15}[callers])
	s.soft(a.Facts, b.Facts)
	s.unfit = s.contradicted(a.Facts, b.Facts)
	return s
}

// sameWay is two calls from one host to another: what received the first sent
// no other. It is a rule of our own; two hosts that do nothing but call each
// other show nothing else.
func sameWay(a, b *Facts) bool {
	return a.Sender == b.Sender && a.first() == b.first() && a.Sender != a.first()
}

// contradicted reports what no evidence outweighs.
func (s *score) contradicted(a, b *Facts) bool {
	forwarded := s.points[ByDialog] != 0 || s.points[InReplyTo] != 0 || s.points[ByTarget] != 0
	if a.Ended != 0 && a.Ended < b.Invited && !forwarded {
		return true
	}
	if a.Rare != nil && b.Rare != nil && foreign(a.Sessions, b.Sessions) {
		return true
	}
	// A call that goes back to where it came from needs something of the
	// caller's or the callee's, be it two short names: two sites call each
	// other all the time.
	return !s.keyed && b.received(a.Sender) && !a.received(a.Sender) && (a.From == "" || a.To == "" || a.From != b.From || a.To != b.To) &&
		s.points[ByCallee]+s.points[ByCaller]+s.points[ByOrigin]+s.points[ByTarget] == 0
}

// foreign reports that both sides of both legs have a Session-ID, and none in
// common.
func foreign(a, b []Session) bool {
	return complete(a) && complete(b) && !share(a, b)
}

func complete(list []Session) bool {
	n := 0
	for i := range list {
		if !list[i].Legacy {
			n++
		}
	}
	return n >= 2
}

func share(a, b []Session) bool {
	for i := range a {
		for j := range b {
			if a[i].UUID == b[j].UUID {
				return true
			}
		}
	}
	return false
}

func delayPoints(delay int64) int {
	switch {
	case delay <= second/4:
		return 25
	case delay <= second:
		return 20
	case delay <= 3*second:
		return 12
	case delay <= 10*second:
		return 5
	}
	return 0
}

// names looks for the Call-ID of one leg in headers of the other. That of a
// REFER stands in the earlier leg.
func (s *score) names(a, b *Facts) {
	for _, n := range b.few().Names {
		if n.CallID == a.CallID {
			s.add(n.Kind, namePoints(n.Kind, s))
		}
	}
	for _, n := range a.few().Names {
		if n.CallID == b.CallID {
			s.add(n.Kind, namePoints(n.Kind, s))
		}
	}
	if s.points[ByHeader] == 0 && derived(a.CallID, b.CallID) {
		s.add(ByCallID, 80)
	}
}

// namePoints is what a name counts that was not counted yet.
func namePoints(k Kind, s *score) int {
	if s.points[k] != 0 {
		return 0
	}
	return map[Kind]int{ByHeader: 100, ByDialog: 95, InReplyTo: 70}[k]
}

// keys looks for values that both legs carry.
func (s *score) keys(a, b *Rare, crowded *crowd) {
	for i := range a.Sessions {
		for j := range b.Sessions {
			x, y := &a.Sessions[i], &b.Sessions[j]
			if x.UUID != y.UUID || crowded.sessions&(1<<j) != 0 {
				continue
			}
			if x.Legacy || y.Legacy {
				s.once(ByLegacySession, 90)
			} else {
				s.once(BySession, 95)
			}
		}
	}
	for i := range a.Keys {
		for j := range b.Keys {
			if x := &a.Keys[i]; sameKey(x, &b.Keys[j]) && crowded.keys&(1<<j) == 0 {
				s.once(x.Kind, 90)
			}
		}
	}
}

func (s *score) once(k Kind, points int) {
	if s.points[k] == 0 {
		s.add(k, points)
	}
}

func sameKey(x, y *Key) bool { return x.Kind == y.Kind && x.Value == y.Value }

// soft adds what fits and proves nothing.
func (s *score) soft(a, b *Facts) {
	for _, o := range a.Origins {
		for _, p := range b.Origins {
			if o == p {
				s.once(ByOrigin, 30)
			}
		}
	}
	if a.Codecs != 0 && a.Codecs == b.Codecs {
		s.add(ByCodecs, 5)
	}
	s.outcome(a, b)
	if a.Bye != 0 && b.Bye != 0 && apart(a.Bye, b.Bye) <= symmetric {
		s.add(ByBye, 10)
	}
	if a.MaxForwards >= 0 && b.MaxForwards == a.MaxForwards-1 {
		s.add(ByHops, 10)
	}
	for _, t := range b.few().Targets {
		if a.Request != "" && t == a.Request {
			s.once(ByTarget, 20)
		}
	}
}

// outcome compares the final responses. That of the later leg comes first,
// but for a CANCEL: each host answers that by itself.
func (s *score) outcome(a, b *Facts) {
	if a.Final == 0 || b.Final == 0 || a.Status/100 != b.Status/100 {
		return
	}
	early := slack
	if a.Status == 487 {
		early = symmetric
	}
	if d := a.Final - b.Final; d < -early || d > symmetric {
		return
	}
	if a.Status == b.Status {
		s.add(ByOutcome, 15)
	} else {
		s.add(ByOutcome, 10)
	}
}

func apart(a, b int64) int64 { return max(a-b, b-a) }

// minDerived is how long a Call-ID must be to be recognised in another.
const minDerived = 16

// derived reports whether one Call-ID is the other with something in front or
// behind, or with another host behind the @. Having much in
// common is not enough: UUIDs that a host makes within a minute differ in a
// few digits only.
func derived(a, b string) bool {
	a, b = word(a), word(b)
	if len(a) > len(b) {
		a, b = b, a
	}
	return len(a) >= minDerived && strings.Contains(b, a)
}

// word is the part of a Call-ID in front of the @.
func word(callID string) string {
	before, _, _ := strings.Cut(callID, "@")
	return before
}
