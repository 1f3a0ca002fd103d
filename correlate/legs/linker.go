package legs

import "slices"

// A Linker holds the facts of calls and the joins between them. The zero value
// is not usable: see New.
type Linker struct {
	legs   map[int]*leg
	index  index
	search search
	dirty  []*leg
	lost   []*leg // legs that were together with one that left

	waiting []*leg // weakly joined to none; more may become known of their rivals
	latest  int64  // INVITE
}

// New returns a Linker that knows no calls.
func New() *Linker {
	k := &Linker{legs: make(map[int]*leg), index: newIndex()}
	k.search.x = &k.index
	return k
}

// Put takes the facts of a call, or tells that there is more in them now. The
// Linker keeps f; its owner may go on filling it, and calls Put before Link.
func (k *Linker) Put(f *Facts) {
	l := k.legs[f.ID]
	now := f.mark()
	switch {
	case l == nil:
		l = &leg{}
		k.legs[f.ID] = l
	case l.put == now:
		l.Facts = f
		return
	default:
		k.index.remove(l)
	}
	l.Facts, l.put = f, now
	k.latest = max(k.latest, f.Invited)
	k.index.enter(l)
	k.touch(l)
}

func (k *Linker) touch(l *leg) {
	if !l.dirty {
		l.dirty = true
		k.dirty = append(k.dirty, l)
	}
}

// Drop forgets a call.
func (k *Linker) Drop(id int) {
	l := k.legs[id]
	if l == nil {
		return
	}
	delete(k.legs, id)
	k.index.remove(l)
	var c circle
	c.around(l)
	for _, o := range c {
		o.listed = false
	}
	k.lost = append(k.lost, c...)
	for _, c := range slices.Concat(l.children, l.doubtful) {
		k.touch(c)
	}
	k.part(l)
	k.waiting = slices.DeleteFunc(k.waiting, func(w *leg) bool { return w == l })
	l.gone = true
}

// Link finds the joins of the calls that changed and of those that depend on
// them, and returns the calls whose legs are others than before. What it finds
// may differ from LinkAll where calls compete for one leg.
func (k *Linker) Link() (changed []int) {
	if len(k.dirty) == 0 && len(k.lost) == 0 {
		return nil
	}
	for _, l := range k.waiting {
		if k.latest-l.Invited <= waitFor {
			k.touch(l)
		}
	}
	k.waiting = k.waiting[:0]
	for _, l := range slices.Clone(k.dirty) {
		for _, c := range slices.Concat(l.children, l.doubtful) {
			k.touch(c)
		}
		k.touchSharers(l)
	}
	return k.link(k.dirty)
}

// touchSharers marks the later legs that share a key with this one.
func (k *Linker) touchSharers(l *leg) {
	mark := func(x keyOf) {
		for _, o := range k.index.lists[k.index.hash(x)].legs {
			if l.before(o) {
				k.touch(o)
			}
		}
	}
	for x := range l.shared() {
		mark(x)
	}
	mark(keyOf{kind: nameKey, text: l.CallID})
	for i := range l.few().Names {
		mark(called(l.Names[i].CallID))
	}
}

// LinkAll finds all joins anew. What it finds depends on nothing but the facts.
func (k *Linker) LinkAll() (changed []int) {
	k.waiting = k.waiting[:0]
	for _, l := range k.legs {
		k.touch(l)
	}
	return k.link(k.dirty)
}

// link finds the parents of some legs anew.
func (k *Linker) link(legs []*leg) []int {
	legs = slices.DeleteFunc(slices.Clone(legs), func(l *leg) bool { return l.gone })
	slices.SortFunc(legs, compareLegs)
	var c circle
	c.gather(k.lost)
	for _, l := range legs {
		c.around(l)
	}
	for _, l := range legs {
		k.part(l)
	}
	ungroup(c)
	k.choose(legs)
	for _, l := range legs {
		c.around(l)
	}
	k.dirty, k.lost = k.dirty[:0], k.lost[:0]
	return regroup(c)
}

// A circle is the legs whose views may change, each once.
type circle []*leg

func (c *circle) gather(legs []*leg) {
	for _, l := range legs {
		if !l.listed && !l.gone {
			l.listed = true
			*c = append(*c, l)
		}
	}
}

// around adds the legs whose views show something of l.
func (c *circle) around(l *leg) {
	c.gather(l.together())
	if l.maybe != nil {
		c.gather(l.maybe.from.together())
	}
	for _, d := range l.doubtful {
		c.gather(d.together())
	}
}

// part takes a leg from its parent, joined or possible.
func (k *Linker) part(l *leg) {
	if l.parent != nil {
		from := l.parent.from
		from.children = slices.DeleteFunc(from.children, func(c *leg) bool { return c == l })
		l.parent = nil
	}
	if l.maybe != nil {
		from := l.maybe.from
		from.doubtful = slices.DeleteFunc(from.doubtful, func(c *leg) bool { return c == l })
		l.maybe = nil
	}
}
