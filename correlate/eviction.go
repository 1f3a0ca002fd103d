package correlate

import (
	"math"
	"slices"
	"unsafe"

	"sipsniff/decode/sdp"
)

// place is where a record stands in a recordList.
type place struct {
	list       *recordList
	prev, next *callRecord
}

// A recordList keeps records in the order of their latest message.
type recordList struct {
	first, last *callRecord
}

func (l *recordList) push(r *callRecord) {
	r.place = place{list: l, prev: l.last}
	if l.last != nil {
		l.last.place.next = r
	} else {
		l.first = r
	}
	l.last = r
}

func (l *recordList) remove(r *callRecord) {
	p := &r.place
	if p.prev != nil {
		p.prev.place.next = p.next
	} else {
		l.first = p.next
	}
	if p.next != nil {
		p.next.place.prev = p.prev
	} else {
		l.last = p.prev
	}
	r.place = place{}
}

// rank puts a record behind the others of its kind: the finished calls, which
// leave first, or those that go on.
func (t *Tracker) rank(r *callRecord) {
	t.unrank(r)
	r.known = r.known || r.media.firstCallee != 0 // the caller may well be alone
	c := t.crowdOf(r)
	r.crowd = c
	c.live++
	if r.finished() {
		c.finished.push(r)
		t.freezes = math.MinInt64
	} else {
		c.active.push(r)
	}
}

// unrank takes a record out of the list where it stands, if it does.
func (t *Tracker) unrank(r *callRecord) {
	if r.place.list != nil {
		r.place.list.remove(r)
	}
	if r.crowd != nil {
		r.crowd.live--
		r.crowd = nil
	}
}

// enforce keeps the limits: strangers leave first while they are many, then the
// oldest finished call, then the one that was idle for longest. The record
// that is being fed, if any, stays.
func (t *Tracker) enforce(keep *callRecord) {
	for t.live > 1 {
		switch {
		case t.live > t.config.MaxCalls:
			t.limit = "calls"
		case t.tooLarge():
			t.limit = "memory"
		default:
			return
		}
		victim := t.victim(keep)
		if victim == nil {
			return
		}
		t.evict(victim)
	}
}

// tooLarge reports whether calls and streams take more than they may. Streams
// have half of it at most, and a quarter is always left for the calls and their
// descriptions.
func (t *Tracker) tooLarge() bool {
	calls := t.memory + t.streams.callMemory()
	return calls > t.config.MaxMemory/4 && t.memory+t.streams.memory() > t.config.MaxMemory
}

// evict forgets a call. The totals still count it.
func (t *Tracker) evict(r *callRecord) {
	t.tellEvicted(r)
	t.unrank(r)
	t.timers.remove(r)
	if r.pair != nil {
		delete(t.pairs, *r.pair)
	} else {
		delete(t.calls, r.ref.CallID)
	}
	delete(t.records, r.index)
	t.forgetRelations(r)
	if r.announced {
		t.streams.forget(r.ref)
	}
	t.msrp.forget(r)
	t.linker.Drop(r.index)
	t.memory -= r.bytes
	t.live--
	t.evicted++
	t.gone++
	t.views[r.position] = nil
	t.spares.put(r.following)
	*r = callRecord{evicted: true}
	if t.gone > len(t.order)/2 {
		t.compact()
	}
}

// compact takes the evicted records out of the lists that point to them.
func (t *Tracker) compact() {
	views := t.views[:0]
	for i, r := range t.order {
		if !r.evicted {
			r.position = len(views)
			views = append(views, t.views[i])
		}
	}
	clear(t.views[len(views):])
	t.views = views
	t.order = withoutEvicted(t.order)
	t.changed = withoutEvicted(t.changed)
	t.gone = 0
}

func withoutEvicted(list []*callRecord) []*callRecord {
	return slices.DeleteFunc(list, func(r *callRecord) bool { return r.evicted })
}

// Estimates of the memory behind a call and behind a message, without its
// text and its description, in octets.
const (
	callOverhead      = 2000 // with its story
	messageOverhead   = 432
	followingOverhead = 1500 // of a call that is not frozen
	eventOverhead     = 370  // of a message of such a call
	factOverhead      = 500  // of a fact about relations between calls, with what only its event has
)

// messageLimit and messageShare bound one call: the number of messages that
// are kept, and the part of the memory that they may take.
const (
	messageLimit = 10_000
	messageShare = 8
	messageFew   = 16 // so many are kept however long they are
)

// size is the estimate for one message.
func (m *Message) size() int64 {
	return int64(messageOverhead + len(m.Raw) + 32*len(m.Findings) + m.sessionSize)
}

// sessionSize is the estimate for what was read of a description, without its text.
func sessionSize(s *sdp.Session) int {
	text := int(unsafe.Sizeof(""))
	n := int(unsafe.Sizeof(*s)) + cap(s.Media)*int(unsafe.Sizeof(sdp.Media{})) +
		(cap(s.BundleMIDs)+cap(s.Attributes))*text + cap(s.Findings)*int(unsafe.Sizeof(sdp.Finding{}))
	for i := range s.Media {
		m := &s.Media[i]
		n += (cap(m.Formats)+cap(m.Crypto)+cap(m.Attributes))*text + cap(m.SSRCs)*4 +
			cap(m.Codecs)*int(unsafe.Sizeof(sdp.Codec{})) + cap(m.Candidates)*int(unsafe.Sizeof(sdp.Candidate{}))
	}
	return n
}

// tooLong reports whether a call has more messages, or more octets, than it
// may have.
func (r *callRecord) tooLong(octets int64) bool {
	n := r.count()
	return n > messageLimit || r.bytes > octets && n >= messageFew
}

// trim lets go of messages in the middle: the first half and the latest stay.
// It returns the octets that this frees.
func (r *callRecord) trim() (freed int64) {
	head, tail := len(r.events)/2, len(r.events)/4
	for _, e := range r.events[head : len(r.events)-tail] {
		if e.message != nil {
			freed += e.message.size() + eventOverhead
		}
	}
	kept := make([]event, 0, len(r.events))
	kept = append(kept, r.events[:head]...)
	r.events = append(kept, r.events[len(r.events)-tail:]...)
	r.messages = make([]*Message, 0, cap(r.events))
	for i := range r.events {
		if m := r.events[i].message; m != nil {
			r.messages = append(r.messages, m)
		}
	}
	r.dropped = true
	r.remarks |= flagMessagesDropped
	r.lead = min(r.lead, head)
	r.run.done = len(r.events)
	r.run.seen = hashTable[sightings]{} // it points to what was let go
	return freed
}
