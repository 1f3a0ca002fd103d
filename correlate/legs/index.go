package legs

import (
	"cmp"
	"hash/maphash"
	"net/netip"
	"slices"
	"strings"
)

// A leg is the facts of one call and what they were joined to.
type leg struct {
	*Facts        // its owner's, which may have grown since they were put
	put    uint64 // their mark then

	hashes        []uint64 // under which it is in the index
	callersKnown  bool
	dirty, listed bool

	parent   *edge
	maybe    *edge // the best that is not enough, while there is no parent
	children []*leg
	doubtful []*leg // whose maybe this is
	group    *group
	view     []Member // what was shown last
	gone     bool     // dropped
	bids     *bids    // while parents are chosen
	met      uint64   // the search that saw it last
}

// bids are the edges of a leg while parents are chosen.
type bids struct {
	earlier []*edge // to earlier legs
	later   []*edge // from later ones
}

// bid returns the bids of a leg, begun when there are none.
func (l *leg) bid() *bids {
	if l.bids == nil {
		l.bids = &bids{}
	}
	return l.bids
}

// before orders legs by their INVITEs.
func (l *leg) before(o *leg) bool { return compareLegs(l, o) < 0 }

func compareLegs(a, b *leg) int {
	return cmp.Or(cmp.Compare(a.Invited, b.Invited), cmp.Compare(a.ID, b.ID))
}

// indexKind is what a list of the index is about.
type indexKind uint8

const (
	receivedKey indexKind = iota // host and second
	sentKey                      // likewise; only counted
	numberKey                    // number and half a minute
	endpointKey
	streamKey
	sessionKey
	valueKey  // of a Key
	callIDKey // the own Call-ID
	nameKey   // the Call-ID of another
)

// The lengths of lists. Those of hosts and numbers are of a span of time; a
// key that so many share means nothing.
const (
	maxReceived = 4096
	maxNumbered = 512
	maxShared   = 64
	numberSpan  = 32 * second
)

// A list is the legs under one key, in the order of their INVITEs. Those
// beyond its length are counted only.
type list struct {
	legs []*leg
	over int
}

// An index finds legs by what they may have in common.
type index struct {
	seed  maphash.Seed
	lists map[uint64]list
	room  []*leg // for lists of one
}

func newIndex() index { return index{seed: maphash.MakeSeed(), lists: make(map[uint64]list)} }

// keyOf is what a list is of.
type keyOf struct {
	kind   indexKind
	number uint64
	addr   netip.AddrPort
	text   string
}

func (x *index) hash(k keyOf) uint64 { return maphash.Comparable(x.seed, k) }

// usualKeys is how many keys most legs have.
const usualKeys = 8

// add files a leg under a key.
func (x *index) add(l *leg, k keyOf) {
	h := x.hash(k)
	if l.hashes == nil {
		l.hashes = make([]uint64, 0, usualKeys)
	}
	if slices.Contains(l.hashes, h) {
		return
	}
	l.hashes = append(l.hashes, h)
	s := x.lists[h]
	if len(s.legs) >= k.kind.room() {
		s.over++
		x.lists[h] = s
		return
	}
	at := len(s.legs)
	for at > 0 && l.before(s.legs[at-1]) {
		at--
	}
	if at == 0 && len(s.legs) == 0 {
		s.legs = x.alone(l)
	} else {
		before := s.legs
		s.legs = slices.Insert(before, at, l)
		if cap(before) == 1 {
			before[0] = nil // the memory is shared, and may be held for longer than the leg
		}
	}
	x.lists[h] = s
}

// roomAtOnce is for how many lists of one leg, which most are, memory is taken.
const roomAtOnce = 256

// alone is a list of one leg.
func (x *index) alone(l *leg) []*leg {
	if len(x.room) == 0 {
		x.room = make([]*leg, roomAtOnce)
	}
	list := x.room[:1:1]
	x.room, list[0] = x.room[1:], l
	return list
}

func (k indexKind) room() int {
	switch k {
	case receivedKey:
		return maxReceived
	case sentKey:
		return 0
	case numberKey:
		return maxNumbered
	}
	return maxShared
}

// remove takes a leg out of all lists.
func (x *index) remove(l *leg) {
	for _, h := range l.hashes {
		s := x.lists[h]
		if i, found := slices.BinarySearchFunc(s.legs, l, compareLegs); found && s.legs[i] == l {
			s.legs = slices.Delete(s.legs, i, i+1)
		} else {
			s.over--
		}
		if len(s.legs) == 0 && s.over <= 0 {
			delete(x.lists, h)
		} else {
			x.lists[h] = s
		}
	}
	l.hashes = l.hashes[:0]
}

// enter files a leg under everything that another may find it by.
func (x *index) enter(l *leg) {
	x.add(l, inSecond(sentKey, l.Sender, l.Invited/second))
	for _, host := range l.Receivers {
		x.add(l, inSecond(receivedKey, host, l.Invited/second))
	}
	for _, numbers := range [...][]Number{l.Callers, l.Callees} {
		for i := range numbers {
			x.add(l, numbered(&numbers[i], l.Invited/numberSpan))
		}
	}
	x.add(l, called(l.CallID))
	for k := range l.shared() {
		x.add(l, k)
	}
	for i := range l.few().Names {
		x.add(l, keyOf{kind: nameKey, text: l.Names[i].CallID})
	}
	l.callersKnown = known(l.Callers)
}

func inSecond(kind indexKind, host netip.Addr, bucket int64) keyOf {
	return keyOf{kind: kind, number: uint64(bucket), addr: netip.AddrPortFrom(host, 0)}
}

func numbered(n *Number, bucket int64) keyOf {
	k := keyOf{kind: numberKey, number: uint64(bucket)}
	if n.tail[1] == 0 {
		k.text = n.Digits
	} else {
		k.text = n.Digits[len(n.Digits)-shortTail:]
	}
	return k
}

// called is the key of a Call-ID: its word when that may be found in others.
func called(callID string) keyOf {
	if w := word(callID); len(w) >= minDerived {
		callID = w
	}
	return keyOf{kind: callIDKey, text: callID}
}

// shared yields the keys that mean the same on both legs.
func (f *Facts) shared() func(yield func(keyOf) bool) {
	return func(yield func(keyOf) bool) {
		for i := range f.Endpoints {
			if !yield(keyOf{kind: endpointKey, addr: f.Endpoints[i].At}) {
				return
			}
		}
		if f.Rare == nil {
			return
		}
		for i := range f.Streams {
			if !yield(keyOf{kind: streamKey, number: uint64(f.Streams[i].SSRC)}) {
				return
			}
		}
		for i := range f.Sessions {
			if !yield(keyOf{kind: sessionKey, text: f.Sessions[i].UUID}) {
				return
			}
		}
		for i := range f.Keys {
			if !yield(keyOf{kind: valueKey, text: f.Keys[i].Value}) {
				return
			}
		}
	}
}

// A crowd says which of the shared keys of a leg more legs have than one call
// can: they mean nothing. Bits are places in the lists.
type crowd struct{ endpoints, streams, sessions, keys uint32 }

func (x *index) crowdOf(f *Facts) (c crowd) {
	at, kind := 0, receivedKey
	for k := range f.shared() {
		if k.kind != kind {
			at, kind = 0, k.kind
		}
		if s := x.lists[x.hash(k)]; len(s.legs)+s.over > maxShared {
			*c.of(kind) |= 1 << at
		}
		at++
	}
	return c
}

func (c *crowd) of(k indexKind) *uint32 {
	switch k {
	case endpointKey:
		return &c.endpoints
	case streamKey:
		return &c.streams
	case sessionKey:
		return &c.sessions
	}
	return &c.keys
}

// perSecond is how many INVITEs a host receives, or sends, around a time: in
// the second before, the same and the one after.
func (x *index) perSecond(kind indexKind, host netip.Addr, nanos int64) int {
	n := 0
	for b := nanos/second - 1; b <= nanos/second+1; b++ {
		s := x.lists[x.hash(inSecond(kind, host, b))]
		n += len(s.legs) + s.over
	}
	return n / 3
}

// maxAffixes is how many words in front of a Call-ID, and behind it, may have
// been added.
const maxAffixes = 2

// stems yields what a Call-ID may have been before something was added in
// front or behind: its word without one or two parts between separators.
func stems(callID string) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		front := word(callID)
		for i := 0; i <= maxAffixes && len(front) >= minDerived; i++ {
			back := front
			for j := 0; j <= maxAffixes && len(back) >= minDerived; j++ {
				if i+j > 0 && !yield(back) {
					return
				}
				cut := strings.LastIndexAny(back, separators)
				if cut < 0 {
					break
				}
				back = back[:cut]
			}
			cut := strings.IndexAny(front, separators)
			if cut < 0 {
				return
			}
			front = front[cut+1:]
		}
	}
}

const separators = "-_.~:;+=/!*"
