package legs

import "slices"

// choose finds the parents of legs that have none: those of the highest
// scores first, then the weak ones that have no rivals.
func (k *Linker) choose(legs []*leg) {
	var edges []*edge
	for _, l := range legs {
		found := k.search.find(l)
		l.bid().earlier = found
		for _, e := range found {
			b := e.from.bid()
			b.later = append(b.later, e)
		}
		edges = append(edges, found...)
		l.dirty = false
	}
	slices.SortFunc(edges, compareEdges)
	for _, e := range edges {
		if e.enough() {
			k.join(e)
		}
	}
	for _, e := range edges {
		if e.weak() && e.alone() {
			k.join(e)
		}
	}
	for _, l := range legs {
		k.doubt(l)
	}
	for _, l := range legs {
		l.bids = nil
	}
	for _, e := range edges {
		e.from.bids = nil
	}
}

// alone reports whether no other leg comes near an edge, on either side: none
// for which that would be the best, and which is not joined already. Branches
// of one fork are no rivals.
func (e *edge) alone() bool {
	for _, o := range e.to.bids.earlier {
		if o != e && o.rivals(e) && !joined(o.from, e.from) && o.best(o.from.bids.later) && !o.taken() {
			return false
		}
	}
	for _, o := range e.from.bids.later {
		if o != e && o.rivals(e) && o.to.parent == nil && !joined(o.to, e.from) && o.best(o.to.bids.earlier) && !branches(o.to, e.to) {
			return false
		}
	}
	return true
}

// rivals reports whether an edge is nearly as good as another.
func (e *edge) rivals(o *edge) bool { return e.score.total > o.score.total-clearBy }

// best reports whether none of the edges is better.
func (e *edge) best(edges []*edge) bool {
	for _, o := range edges {
		if o.score.total > e.score.total {
			return false
		}
	}
	return true
}

// clearBy is how many points a weak edge must be in front of all others.
const clearBy = 20

func joined(a, b *leg) bool { return a.group != nil && a.group == b.group }

// join takes an edge unless something is in its way.
func (k *Linker) join(e *edge) {
	if e.to.parent != nil || e.from.gone || e.taken() || !e.from.merge(e.to) {
		return
	}
	e.to.parent = e
	e.from.children = append(e.from.children, e.to)
}

// taken reports whether the earlier leg goes on as another one (spec §3.9):
// one that is surely joined and was there at the same time, unless both are
// branches of a fork or a header names the leg.
func (e *edge) taken() bool {
	if e.score.named {
		return false
	}
	for _, c := range e.from.children {
		if c.parent.score.total < sureAt || branches(c, e.to) {
			continue
		}
		first, second := c, e.to
		if second.before(first) {
			first, second = second, first
		}
		if first.Ended == 0 || first.Ended > second.Invited+symmetric {
			return true
		}
	}
	return false
}

// branches reports whether two legs of one look like a fork: at the same time
// to different targets.
func branches(a, b *leg) bool {
	return apart(a.Invited, b.Invited) <= sameFork && (a.first() != b.first() || a.Request != b.Request)
}

// doubt notes the best possible parent of a leg that got none.
func (k *Linker) doubt(l *leg) {
	if l.parent != nil {
		return
	}
	for _, e := range l.bids.earlier {
		if e.enough() { // and was taken
			continue
		}
		if len(e.from.doubtful) < maxDoubts {
			l.maybe = e
			if e.weak() && len(k.waiting) < maxWaiting {
				k.waiting = append(k.waiting, l)
			}
			e.from.doubtful = append(e.from.doubtful, l)
		}
		return
	}
}

// How many legs are looked at again whenever others change, and for how long
// after their INVITEs.
const (
	maxWaiting = 256
	waitFor    = 64 * second
)

// maxDoubts is how many possible legs of one call are shown.
const maxDoubts = 4
