package correlate

import "cmp"

// A crowd is calls that stand for each other when one has to leave, in the
// order of their latest messages: those that go on, those that are finished,
// and those that have been finished for a while, see freezeOld.
type crowd struct {
	active, finished, settled recordList
	live                      int
}

// strangerShare is the part of all calls that strangers may be before they are
// the first to leave, and strangerFew how many of them stay in any case: they
// may be calls that nobody had the time to answer.
const (
	strangerShare = 4
	strangerFew   = 16
)

// crowdOf is where a record stands.
func (t *Tracker) crowdOf(r *callRecord) *crowd {
	switch {
	case r.known:
		return &t.known
	case r.hailed:
		return &t.hailed
	}
	return &t.strangers
}

// acquaint notes whether somebody took part in a call beside the one who sent
// its first request: it was answered with more than "wait" or "who are you?", a
// second request followed, or media came from the other side. Before that the call is a
// stranger, one of very many in a flood; strangers who were told to wait, or asked
// who they are, are a crowd of their own.
func (r *callRecord) acquaint(e *event) {
	m := e.message
	switch {
	case r.known || m == nil:
	case m.Method == "":
		r.hailed = true
		r.known = m.StatusCode != 100 && m.StatusCode != 401 && m.StatusCode != 407
	case r.number == 0:
		r.number = e.number
	default:
		r.known = e.number != r.number
	}
}

// flood is the crowd of strangers that is to leave before others, nil when they
// are few: the larger one, so that a flood that nobody answers leaves calls alone
// that somebody did, and the other way round.
func (t *Tracker) flood() *crowd {
	if t.strangers.live+t.hailed.live <= max(t.live/strangerShare, strangerFew) {
		return nil
	}
	if t.hailed.live > t.strangers.live {
		return &t.hailed
	}
	return &t.strangers
}

// lists are those of a crowd in the order in which their calls leave.
func (c *crowd) lists() [3]*recordList {
	return [3]*recordList{&c.settled, &c.finished, &c.active}
}

// head is the first record of a list but for keep.
func (l *recordList) head(keep *callRecord) *callRecord {
	if l.first != nil && l.first == keep {
		return keep.place.next
	}
	return l.first
}

// victim is the call to leave now, nil when there is none but keep.
func (t *Tracker) victim(keep *callRecord) *callRecord {
	if r := t.ends.told.head(keep); r != nil {
		return r
	}
	if c := t.flood(); c != nil {
		for _, l := range c.lists() {
			if r := l.head(keep); r != nil {
				return r
			}
		}
	}
	strangers, hailed := t.strangers.lists(), t.hailed.lists()
	for i, l := range t.known.lists() {
		if r := longer(l.head(keep), longer(strangers[i].head(keep), hailed[i].head(keep))); r != nil {
			return r
		}
	}
	return nil
}

// longer is which of two was silent for longer. Either may be nil.
func longer(a, b *callRecord) *callRecord {
	switch {
	case a == nil:
		return b
	case b == nil || cmp.Or(cmp.Compare(a.heard, b.heard), a.index-b.index) < 0:
		return a
	}
	return b
}

// firstFinished is the finished call that was silent for longest.
func (t *Tracker) firstFinished() *callRecord {
	return longer(t.known.finished.first, longer(t.strangers.finished.first, t.hailed.finished.first))
}
