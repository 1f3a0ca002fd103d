package correlate

import (
	"cmp"
	"slices"
)

// idleStream is after how long without packets a stream counts as ended, in ns
// (spec §5.2).
const idleStream = 60 * 1e9

// keepRoom lets flows go while all of them take more than their share of the
// memory: first those that nothing explains, then streams.
func (t *streamTable) keepRoom() {
	for t.crowded() && t.waiting.count > 0 {
		t.dropCandidate(t.waiting.oldest())
	}
	if t.crowded() {
		t.makeRoom("memory")
	}
}

func (t *streamTable) crowded() bool { return t.maxMemory > 0 && t.flowMemory() > t.maxMemory }

// makeRoom lets a sixteenth of the streams go: first those that come in crowds,
// then those whose call ended or whose source said goodbye, then the idle, then
// the rest; among equals those whose last packet is the oldest. The limit is
// the one that was reached.
func (t *streamTable) makeRoom(limit string) {
	t.limit = limit
	t.settleAll()
	t.compact()
	all := slices.Concat(t.streams, t.fresh)
	if len(all) == 0 {
		return
	}
	rank := func(f *flow) int {
		if t.crowds(f, len(all)/streamShare) {
			return -1
		}
		return t.standing(f)
	}
	slices.SortFunc(all, func(a, b *flow) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(a.last, b.last), cmp.Compare(a.order, b.order))
	})
	for _, f := range all[:max(1, len(all)/16)] {
		t.evict(f)
	}
	t.compact()
}

// streamShare is the part of all streams that those of one kind may be before
// they leave first.
const streamShare = 4

// crowds reports whether a stream is one of very many that nothing explains, or
// that one call has: a flood, which has to make room for itself.
func (t *streamTable) crowds(f *flow, many int) bool {
	if f.orphan != nil {
		return t.orphans > many
	}
	return len(f.call.flows) > max(many, streamsFew)
}

// streamsFew is how many streams a call may have without being a crowd.
const streamsFew = 8

// standing is the lower the sooner a stream has to leave.
func (t *streamTable) standing(f *flow) int {
	switch {
	case f.orphan != nil:
		if t.now-f.last > lateSDP {
			return 0
		}
		return 1 // streams of calls stay longer
	case f.call.ended || f.left || t.flows.find(&f.key) != f:
		return 0
	case t.now-f.last > idleStream:
		return 1
	}
	return 2
}

// evict removes a stream to make room, or with its call. What only RTCP told
// of was never counted as one.
func (t *streamTable) evict(f *flow) {
	if !f.isReported() {
		t.evicted++
	}
	t.leave(f)
}

// leave removes a stream. The lists of streams lose it at the next compact.
func (t *streamTable) leave(f *flow) {
	t.park(f)
	f.gone = true
	f.account.Rest()
	f.segments.before = nil // or it would hold on to those before it
	t.countHistory(f, 0)
	t.dropContent(f)
	t.dropOddity(f)
	t.gone++
	t.dropKept(f)
	t.flows.remove(f)
	t.dropControl(f)
	if f.links.waits {
		t.waiting.remove(f)
	}
	if f.orphan != nil {
		t.orphans--
	}
	if t.newest[f.key.ssrc] == f {
		delete(t.newest, f.key.ssrc)
	}
	if f.guard != nil {
		t.guarded--
	}
	if f.listening != nil {
		t.listening--
	}
	if at := (pair{f.key.src, f.key.dst}); t.pairs[at] == f {
		delete(t.pairs, at)
		t.tellFlow(f)
	}
	if f.call != nil {
		t.list(f.call)
	}
	if t.gone > len(t.streams)/2+1000 {
		t.compact()
	}
}

// list has the streams of a call listed anew at the next compact.
func (t *streamTable) list(c *callMedia) {
	if !c.stale {
		c.stale = true
		t.stale = append(t.stale, c)
	}
}

// compact takes the streams that left out of the lists.
func (t *streamTable) compact() {
	left := func(f *flow) bool { return f.gone }
	for _, c := range t.stale {
		c.stale = false
		c.flows = slices.DeleteFunc(c.flows, left)
		c.ids = c.publishedIDs()
	}
	clear(t.stale)
	t.stale = t.stale[:0]
	t.shrunk = t.shrunk || t.gone > 0
	t.gone = 0
	t.streams = slices.DeleteFunc(t.streams, left)
	t.fresh = slices.DeleteFunc(t.fresh, left)
	t.changed = slices.DeleteFunc(t.changed, left)
}

// publishedIDs lists the streams of the call that have an ID.
func (c *callMedia) publishedIDs() []int {
	ids := make([]int, 0, len(c.flows))
	for _, f := range c.flows {
		if f.id != 0 {
			ids = append(ids, f.id)
		}
	}
	slices.Sort(ids)
	return ids
}
