package decode

import (
	"math"
	"slices"
	"unsafe"
)

// Bounds of what waits for missing octets in one direction (spec §1.5).
const (
	maxWaitingOctets = 1 << 20
	maxWaitingPieces = 4096
	maxWaiting       = 3e9 // ns of capture time
)

// pieceOverhead is what a waiting piece costs besides its octets.
const pieceOverhead = 64

// reorderOverhead is what a direction that waits costs besides its pieces.
const reorderOverhead = int(unsafe.Sizeof(reorder{}))

// A waitingPiece is a run of octets that came before its turn.
type waitingPiece struct {
	seq   uint32
	wire  int // octets on the wire; more than len(b) when the snapshot length cut them
	b     []byte
	frame int
	nanos int64
}

// A reorder holds the pieces of one direction that wait behind a hole. They
// are sorted and do not overlap: for every octet the first copy counts.
type reorder struct {
	pieces []waitingPiece
	octets int    // what it occupies, itself included
	head   Packet // headers of the first segment that had to wait

	// Neighbours in the streamTable's waiting list.
	c            *connection
	from         int
	since        int64 // arrival of the first piece behind the hole
	before, next *reorder
}

// waitingList is the list of the directions that wait, oldest first.
type waitingList struct{ first, last *reorder }

// wait keeps a segment that came before its turn.
func (t *streamTable) wait(c *connection, from int, o waitingPiece, p *Packet) {
	a := &c.sides[from]
	if a.ignored {
		return
	}
	if a.hole == nil {
		a.hole = &reorder{c: c, from: from, since: p.Nanos, head: *p, octets: reorderOverhead}
		t.held += reorderOverhead
		a.hole.head.Payload = nil
		t.enlist(a.hole)
	}
	octets := a.hole.octets
	a.hole.insert(o)
	t.held += a.hole.octets - octets
	h := a.hole
	if h.pieces[0].seq == a.next {
		return // not any more
	}
	for a.hole == h && (h.octets > maxWaitingOctets || len(h.pieces) > maxWaitingPieces) {
		t.skipHole(c, from)
	}
	if a.hole != nil && a.hasAck {
		t.skipAcknowledged(c, from)
	}
}

// insert puts the octets of a piece that are not there yet in their places.
func (h *reorder) insert(n waitingPiece) {
	i, _ := slices.BinarySearchFunc(h.pieces, n.seq, func(p waitingPiece, seq uint32) int {
		return int(int32(p.seq - seq))
	})
	if i > 0 {
		before := &h.pieces[i-1]
		n = n.from(before.seq + uint32(before.wire))
	}
	for n.wire > 0 {
		part := n
		if i < len(h.pieces) {
			part = n.upTo(h.pieces[i].seq)
		}
		if part.wire > 0 {
			h.put(i, part)
			i++
		}
		if i == len(h.pieces) {
			return
		}
		following := &h.pieces[i]
		n = n.from(following.seq + uint32(following.wire))
		i++
	}
}

// put inserts a copy of the piece as number i.
func (h *reorder) put(i int, p waitingPiece) {
	p.b = slices.Clone(p.b)
	h.pieces = slices.Insert(h.pieces, i, p)
	h.octets += len(p.b) + pieceOverhead
}

// from returns the part of p at seq and behind.
func (p waitingPiece) from(seq uint32) waitingPiece {
	skip := int(int32(seq - p.seq))
	if skip <= 0 {
		return p
	}
	skip = min(skip, p.wire)
	p.seq += uint32(skip)
	p.wire -= skip
	p.b = p.b[min(skip, len(p.b)):]
	return p
}

// upTo returns the part of p in front of seq.
func (p waitingPiece) upTo(seq uint32) waitingPiece {
	keep := max(int(int32(seq-p.seq)), 0)
	p.wire = min(p.wire, keep)
	p.b = p.b[:min(len(p.b), keep)]
	return p
}

// fill delivers the waiting pieces whose turn has come.
func (t *streamTable) fill(c *connection, from int) {
	a := &c.sides[from]
	for h := a.hole; h != nil && h == a.hole; {
		p := h.pieces[0].from(a.next)
		if p.wire > 0 && p.seq != a.next {
			t.waitFrom(h, h.pieces[0].nanos)
			break
		}
		cost := len(h.pieces[0].b) + pieceOverhead
		h.octets -= cost
		t.held -= cost
		h.pieces[0].b = nil
		h.pieces = h.pieces[1:]
		if len(h.pieces) == 0 {
			t.held -= h.octets
			t.delist(h)
			a.hole = nil
		}
		if p.wire > 0 {
			t.deliver(c, from, p, &h.head)
		}
	}
	t.closeIfDone(c, from)
}

// skipHole gives up the missing octets in front of the first waiting piece.
func (t *streamTable) skipHole(c *connection, from int) {
	a := &c.sides[from]
	first := a.hole.pieces[0].seq
	missing := int(int32(first - a.next))
	a.next = first
	t.gap(c, from, missing, cutGap)
	t.fill(c, from)
}

// giveUpHoles gives up everything that is missing.
func (t *streamTable) giveUpHoles(c *connection, from int) {
	for c.sides[from].hole != nil {
		t.skipHole(c, from)
	}
}

// forgetHole lets go of what waits in a direction.
func (t *streamTable) forgetHole(c *connection, from int) {
	a := &c.sides[from]
	if h := a.hole; h != nil {
		t.held -= h.octets
		t.delist(h)
		a.hole = nil
	}
}

// acknowledge notes what the peer has acknowledged. Octets that it has and
// that were not captured will not come again.
func (t *streamTable) acknowledge(c *connection, from int, ack uint32) {
	a := &c.sides[from]
	if !a.hasAck || int32(ack-a.acked) > 0 {
		a.hasAck, a.acked = true, ack
	}
	if a.hole != nil {
		t.skipAcknowledged(c, from)
	}
	if !a.started || a.ignored {
		return // what came of it was not counted: nothing can be missing
	}
	if missing := int(int32(a.fin - a.next)); a.closing && a.hole == nil && missing > 0 && int32(a.acked-a.fin) >= 0 {
		a.next = a.fin
		t.stats.Unseen++
		t.gap(c, from, missing, cutGap)
		t.closeIfDone(c, from)
	}
}

// skipAcknowledged gives up the holes that the peer's acknowledgement covers.
func (t *streamTable) skipAcknowledged(c *connection, from int) {
	a := &c.sides[from]
	for a.hole != nil && int32(a.acked-a.hole.pieces[0].seq) >= 0 {
		t.stats.Unseen++
		t.skipHole(c, from)
	}
}

// expire gives up the holes that have waited long enough at the given time.
func (t *streamTable) expire(now int64) {
	for h := t.waiting.first; h != nil && now-h.since >= maxWaiting; h = t.waiting.first {
		t.skipHole(h.c, h.from)
	}
}

// waitFrom moves h to its place for a hole that opened at the given time.
func (t *streamTable) waitFrom(h *reorder, since int64) {
	if h.since == since {
		return
	}
	t.delist(h)
	h.since = since
	t.enlist(h)
}

// enlist puts h in its place in the waiting list. When capture times jump the
// order is only nearly right, so that the search for the place ends soon.
func (t *streamTable) enlist(h *reorder) {
	l := &t.waiting
	before := l.last
	for n := 0; n < 16 && before != nil && before.since > h.since; n++ {
		before = before.before
	}
	h.before = before
	if before != nil {
		h.next, before.next = before.next, h
	} else {
		h.next, l.first = l.first, h
	}
	if h.next != nil {
		h.next.before = h
	} else {
		l.last = h
	}
	t.setDeadline()
}

func (t *streamTable) delist(h *reorder) {
	l := &t.waiting
	if h.before != nil {
		h.before.next = h.next
	} else {
		l.first = h.next
	}
	if h.next != nil {
		h.next.before = h.before
	} else {
		l.last = h.before
	}
	h.before, h.next = nil, nil
	t.setDeadline()
}

func (t *streamTable) setDeadline() {
	t.deadline = math.MaxInt64
	if t.waiting.first != nil {
		t.deadline = t.waiting.first.since + maxWaiting
	}
}
