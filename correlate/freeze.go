package correlate

import (
	"math"
	"slices"
)

const (
	// settledAfter is how long a call must be finished and silent for nothing but
	// stragglers to be expected: twice what RFC 3261 has a transaction wait.
	settledAfter = 64 * second
	// calmAfter is how long it must be for to be frozen. Most calls say no more
	// then; those that do are read again once and wait for settledAfter.
	calmAfter = 8 * second
)

// freezeLimit is how many messages a call may have to be frozen: reading
// those of a longer one again would take too long.
const freezeLimit = 256

// restLimit is how many messages a registration may have to be frozen while it
// runs: each refresh has them read again.
const restLimit = 16

// freezeOld freezes the calls that have been finished for a while, and
// registrations that were silent as long. Most calls of a long capture are;
// frozen they take a fraction of the memory.
func (t *Tracker) freezeOld(after int64) {
	for _, c := range [...]*crowd{&t.known, &t.hailed, &t.strangers} {
		for r := c.finished.first; r != nil && r.calm(t.clock()-r.heard, after); r = c.finished.first {
			c.finished.remove(r)
			c.settled.push(r)
			t.freeze(r)
		}
		if after < 0 {
			t.freezeRest(c)
		}
	}
	t.freezes = math.MaxInt64
	for _, c := range [...]*crowd{&t.known, &t.hailed, &t.strangers} {
		if r := c.finished.first; r != nil {
			t.freezes = min(t.freezes, addTime(r.heard, r.restless(after)+1))
		}
	}
}

// freezeRest freezes, when the capture is over, the registrations that were left
// alone while a refresh might come.
func (t *Tracker) freezeRest(c *crowd) {
	for r := c.settled.first; r != nil; r = r.place.next {
		if r.following != nil && r.alarm.at != 0 {
			t.freeze(r)
		}
	}
}

// calm reports whether a finished call that was silent for so long, in ns, may
// be frozen, where that of the others must be more than after.
func (r *callRecord) calm(silence, after int64) bool { return silence > r.restless(after) }

// restless is for how long, in ns, a finished call may be silent and is not
// frozen.
func (r *callRecord) restless(after int64) int64 {
	if r.thawed && after >= 0 {
		return settledAfter
	}
	return after
}

// addTime adds to a time, which a capture may have made up.
func addTime(a, b int64) int64 {
	if b > 0 && a > math.MaxInt64-b {
		return math.MaxInt64
	}
	return a + b
}

// freeze forgets how a call came to be what it is; its Call and its messages
// say enough to find out again. Calls whose timers still run, and those whose
// messages alone do not say everything, stay as they are; but of a registration
// the timer is kept, and has its messages read again.
func (t *Tracker) freeze(r *callRecord) {
	if r.alarm.at != 0 && !t.rests(r) || r.dropped || r.replaced || r.count() > freezeLimit {
		return
	}
	t.refresh(r)
	if !r.retold() {
		return
	}
	t.totals.recount(r)
	freed, read := t.pack(r)
	c := t.build(r)
	t.tighten(r, c)
	t.views[r.position] = c
	t.account(r, -r.followingSize()-freed-r.packedFrees)
	t.spares.put(r.following)
	r.following = nil
	if r.packed != nil {
		r.identity.of = nil // or it would hold the message and its text
	}
	if t.streams.release(r.ref, t.clock()) {
		r.packedFrees += read
		t.account(r, -read)
	}
	t.mark(r) // its streams may not be published yet
	r.built = len(c.StreamIDs) == 0
}

// rests reports whether a call is a registration that holds, and may be frozen
// until it runs out.
func (t *Tracker) rests(r *callRecord) bool {
	x, ok := r.run.machine.(*exchangeMachine)
	return ok && x.expiry() != 0 && !x.open && (t.flushed || r.count() <= restLimit)
}

// retold reports whether the messages say all that the events do: not so when
// a copy of a packet came before its original, or without it.
func (r *callRecord) retold() bool {
	for i := range r.events {
		if e := &r.events[i]; e.message == nil || e.copied != e.message.Duplicate {
			return false
		}
	}
	return true
}

// thaw reads the messages of a frozen call again, because another one came.
func (t *Tracker) thaw(r *callRecord) {
	if r.following != nil {
		return
	}
	t.account(r, r.followingSize()+r.packedFrees)
	r.unpack()
	r.following, r.thawed = t.spares.take(), true
	for _, m := range r.messages {
		e := t.event(m, m.SIP())
		e.copied = m.Duplicate
		r.add(e)
	}
	r.settle(t.nowOf(r))
	if r.identity.of == nil && len(r.events) > 0 {
		r.identity.of = r.opening().message // it is the same message, and what it says is known
	}
}

// followingSize is the estimate of what freezing a call gives back.
func (r *callRecord) followingSize() int64 {
	return followingOverhead + eventOverhead*int64(r.holds())
}

// rebuild makes a new Call of a frozen record: only its streams and the
// remarks of the tracker can have changed.
func (t *Tracker) rebuild(r *callRecord) *Call {
	c := *t.views[r.position]
	c.Holds = slices.Clone(c.Holds)
	t.attachStreams(r, &c)
	t.attachRelations(r, &c)
	c.Flags = (setOf(c.Flags) | r.remarks).names()
	return &c
}
