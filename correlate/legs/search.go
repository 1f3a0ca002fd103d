package legs

import "slices"

// The limits of one search.
const (
	maxSoft     = 256 // legs that are looked at in one list
	maxEdges    = 6   // candidates that are kept
	hostSeconds = 3   // how long ago a host may have received the other leg
)

// An edge is a later leg with an earlier one that it may belong to.
type edge struct {
	from, to  *leg
	score     score
	threshold int
	words     []string // the reasons, once they were asked for
}

// shown is the score that people see.
func (e *edge) shown() int { return min(e.score.total, maxScore) }

func (e *edge) enough() bool { return e.score.total >= e.threshold }

// weak reports an edge that would be enough if its host were not busy: the
// host fits, and so does a number or both the answer and the BYE.
func (e *edge) weak() bool {
	p := &e.score.points
	return !e.enough() && e.score.total >= joinedAt && p[ByHost] != 0 && (p[ByCaller] != 0 || p[ByCallee] != 0 || p[ByOutcome] != 0 && p[ByBye] != 0)
}

// A search collects the earlier legs that one may belong to, the best first.
type search struct {
	x       *index
	number  uint64
	to      *leg
	crowded crowd
	edges   []*edge
}

// find returns the edges of a leg, the best first.
func (s *search) find(to *leg) []*edge {
	s.number++
	s.to, s.edges = to, nil
	to.met, s.crowded = s.number, s.x.crowdOf(to.Facts)
	s.byKeys()
	s.byNumbers()
	s.byHost()
	slices.SortFunc(s.edges, compareEdges)
	return slices.Clone(s.edges[:min(len(s.edges), maxEdges)]) // of its own: there may be thousands of others
}

// compareEdges puts the higher score first, then the one whose INVITEs are
// closer, then the earlier.
func compareEdges(a, b *edge) int {
	switch {
	case a.score.total != b.score.total:
		return b.score.total - a.score.total
	case a.delay() != b.delay():
		return int(min(max(a.delay()-b.delay(), -1), 1))
	case a.to != b.to:
		return compareLegs(a.to, b.to)
	}
	return compareLegs(a.from, b.from)
}

func (e *edge) delay() int64 { return e.to.Invited - e.from.Invited }

// byKeys looks at the legs that share a key with this one, name it, or are
// named by it.
func (s *search) byKeys() {
	for k := range s.to.shared() {
		s.each(k)
	}
	for i := range s.to.few().Names {
		s.each(called(s.to.Names[i].CallID))
	}
	s.each(keyOf{kind: nameKey, text: s.to.CallID})
	s.each(called(s.to.CallID))
	for stem := range stems(s.to.CallID) {
		s.each(keyOf{kind: callIDKey, text: stem})
	}
}

func (s *search) each(k keyOf) {
	for _, l := range s.x.lists[s.x.hash(k)].legs {
		if l.met != s.number && l.before(s.to) {
			s.try(l)
		}
	}
}

func (s *search) byNumbers() {
	bucket := s.to.Invited / numberSpan
	for _, numbers := range [...][]Number{s.to.Callers, s.to.Callees} {
		for i := range numbers {
			s.back(numbered(&numbers[i], bucket), maxDelay, maxSoft)
			s.back(numbered(&numbers[i], bucket-1), maxDelay, maxSoft)
		}
	}
}

// byHost looks at what the sender of this leg received a little before.
func (s *search) byHost() {
	left := maxSoft
	for b := s.to.Invited / second; b >= s.to.Invited/second-hostSeconds && left > 0; b-- {
		left = s.back(inSecond(receivedKey, s.to.Sender, b), hostSeconds*second, left)
	}
}

// back looks through a list from the latest earlier leg on. It returns how
// many more may be looked at.
func (s *search) back(k keyOf, within int64, left int) int {
	legs := s.x.lists[s.x.hash(k)].legs
	end, _ := slices.BinarySearchFunc(legs, s.to, compareLegs)
	for i := end - 1; i >= 0 && left > 0 && s.to.Invited-legs[i].Invited <= within; i-- {
		left--
		if l := legs[i]; l.met != s.number && !hopeless(l, s.to) {
			s.try(l)
		}
	}
	return left
}

// hopeless sorts out most of the legs that share only a host or a number with
// another. Those with a key were met before.
func hopeless(a, b *leg) bool {
	if a.callersKnown && b.callersKnown && alike(a.Callers, b.Callers) == unlike {
		return true
	}
	return sameWay(a.Facts, b.Facts)
}

func (s *search) try(from *leg) {
	from.met = s.number
	points := between(from, s.to, &s.crowded)
	if points.unfit || points.total < possibleAt {
		return
	}
	e := &edge{from: from, to: s.to, score: points, threshold: joinedAt}
	if !points.keyed {
		e.threshold += min(maxLoad, s.load(from))
	}
	s.edges = append(s.edges, e)
}

// load is the INVITEs a second at the host between the legs, or at the busier
// of the two where no host is common to them.
func (s *search) load(from *leg) int {
	if from.received(s.to.Sender) {
		return s.x.perSecond(receivedKey, s.to.Sender, from.Invited)
	}
	busiest := s.x.perSecond(sentKey, s.to.Sender, s.to.Invited)
	for _, host := range from.Receivers {
		busiest = max(busiest, s.x.perSecond(receivedKey, host, from.Invited))
	}
	return busiest
}
