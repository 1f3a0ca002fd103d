package legs

import "slices"

// A Member is one leg of an end-to-end call, or one that may be.
type Member struct {
	ID       int
	With     int // the earlier leg that it was joined with; 0 for the first leg
	Score    int // 0 to 100
	Reasons  []string
	Possible bool // not joined: the score is not enough
}

// maxGroup is how many legs one call may have.
const maxGroup = 64

// A group is legs that are joined, over any number of hops.
type group struct {
	legs []*leg
	view []Member // of this pass of regroup
}

// merge puts two legs and all that hang on them into one group, unless that
// would be too large.
func (l *leg) merge(o *leg) bool {
	if l.group != nil && l.group == o.group {
		return true
	}
	if len(l.together())+len(o.together()) > maxGroup {
		return false
	}
	if l.group == nil {
		l.group = &group{legs: []*leg{l}}
	}
	g, others := l.group, []*leg{o}
	if o.group != nil {
		others = o.group.legs
	}
	for _, m := range others {
		m.group = g
	}
	g.legs = append(g.legs, others...)
	return true
}

// together is the legs of l's group, or l alone.
func (l *leg) together() []*leg {
	if l.group == nil {
		return []*leg{l}
	}
	return l.group.legs
}

// ungroup takes legs out of their groups, and puts together again those whose
// joins still hold.
func ungroup(legs []*leg) {
	for _, l := range legs {
		l.group = nil
	}
	for _, l := range legs {
		if l.parent != nil {
			l.parent.from.merge(l)
		}
	}
}

// regroup works out what is shown of legs and returns the IDs of those for
// which that is not what was shown before.
func regroup(legs []*leg) (changed []int) {
	for _, l := range legs {
		if l.group != nil {
			l.group.view = nil
		}
	}
	for _, l := range legs {
		l.listed = false
		view := l.look()
		if !slices.EqualFunc(view, l.view, sameMember) {
			l.view = view
			changed = append(changed, l.ID)
		}
	}
	slices.Sort(changed)
	return changed
}

func sameMember(a, b Member) bool {
	return a.ID == b.ID && a.With == b.With && a.Score == b.Score && a.Possible == b.Possible && slices.Equal(a.Reasons, b.Reasons)
}

// look lists the legs of a call in the order of their INVITEs, then those
// that may be; nil when it is alone. Members of a group share one list.
func (l *leg) look() []Member {
	if l.group == nil {
		return viewOf([]*leg{l})
	}
	if l.group.view == nil {
		slices.SortFunc(l.group.legs, compareLegs)
		l.group.view = viewOf(l.group.legs)
	}
	return l.group.view
}

func viewOf(legs []*leg) []Member {
	view := make([]Member, 0, len(legs)+1)
	for _, l := range legs {
		m := Member{ID: l.ID}
		if l.parent != nil {
			m = l.parent.member()
		}
		view = append(view, m)
	}
	for _, l := range legs {
		if l.maybe != nil {
			view = append(view, l.maybe.member())
		}
		for _, d := range l.doubtful {
			view = append(view, d.maybe.member())
		}
	}
	if len(view) < 2 {
		return nil
	}
	return view
}

// member is the later leg of an edge as it is shown.
func (e *edge) member() Member {
	if e.words == nil {
		e.words = e.score.reasons(e.from.Facts, e.to.Facts)
	}
	return Member{ID: e.to.ID, With: e.from.ID, Score: e.shown(), Reasons: e.words, Possible: e.to.parent != e}
}

// Legs returns the legs of the end-to-end call that a call belongs to, itself
// included, nil when there are no others. The list never changes.
func (k *Linker) Legs(id int) []Member {
	if l := k.legs[id]; l != nil {
		return l.view
	}
	return nil
}
