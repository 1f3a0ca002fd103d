package correlate

// repeatWindow is how long after its last copy a message still counts as
// retransmitted: twice 64*T1, for senders with a slow T1. After that the same
// message is a new one, of a client that uses its identifiers again.
const repeatWindow = 64 * second

// copyWindow is how far apart two captures of one packet may be (spec §9.2).
const copyWindow = 10 * millisecond

// sightings is what is known of one message on one way.
type sightings struct {
	first *Message
	last  int64 // Unix ns, of the latest copy
	owed  int64 // time of a copy that sorted in front of its original, 0 when none
}

// A repetition says what a message is in relation to those before it. The
// zero value is a message that is new.
type repetition struct {
	first          *Message
	retransmission bool
	duplicate      bool
}

// classify tells a new message from a retransmission of the same client and
// from a packet that was captured twice (spec §3.3), and marks the message of
// the event so. Copies that a proxy forwards took another way, so they have
// another print.
func classify(seen *hashTable[sightings], e *event) {
	key := e.print ^ e.serial
	s := seen.find(key)
	if s == nil || e.nanos-s.last > repeatWindow {
		repetition{}.mark(e)
		s = seen.put(key, sightings{first: e.message, last: e.nanos})
		if e.copied {
			s.owed = e.nanos
		}
		return
	}
	s.repeat(e).mark(e)
}

// repeat judges a message that was seen before.
func (s *sightings) repeat(e *event) repetition {
	if e.copied {
		return repetition{first: s.first, duplicate: true}
	}
	if s.owed != 0 && e.nanos-s.owed <= copyWindow {
		// The capture was not in order of time: the copy came first.
		s.owed = 0
		return repetition{first: s.first, duplicate: true}
	}
	s.last = e.nanos
	return repetition{first: s.first, retransmission: true}
}

// mark gives the message of an event its place among the repetitions. What
// was published never changes: then a different place makes a new Message.
func (r repetition) mark(e *event) {
	m := e.message
	if m.First == r.first && m.Retransmission == r.retransmission && m.Duplicate == r.duplicate {
		e.fresh = false
		return
	}
	if !e.fresh {
		copied := *m
		m = &copied
		e.message = m
	}
	m.First, m.Retransmission, m.Duplicate = r.first, r.retransmission, r.duplicate
	e.fresh = false
}
