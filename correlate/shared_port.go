package correlate

import "net/netip"

// A SharedPort is an address at which two calls that were both up at the time
// await media.
type SharedPort struct {
	At    netip.AddrPort
	With  *CallRef // the other call
	Nanos int64    // when the later of the two described it
}

// maxShared bounds the shared addresses of one call.
const maxShared = 4

// share notes that a new description awaits media where another call does that
// is not over. Candidates of ICE share ports on purpose, and what has the same
// origin is one description that two legs carry.
func (t *streamTable) share(e *expectation) {
	if e.origin != fromConnection || e.control || len(e.line.media.Candidates) > 0 || e.line.bundled {
		return
	}
	for _, o := range t.expected[e.at] {
		a, b := e.line.party, o.line.party
		if o.origin != fromConnection || o.control || a.call == b.call || b.call.ended || b.superseded || len(o.line.media.Candidates) > 0 ||
			a.session.Origin == b.session.Origin || a.call.shares(e.at, b.call.ref) {
			continue
		}
		a.call.noteShared(e.at, b.call.ref, a.nanos)
		b.call.noteShared(e.at, a.call.ref, a.nanos)
		t.move(b.call)
	}
}

func (c *callMedia) shares(at netip.AddrPort, with *CallRef) bool {
	for i := range c.shared {
		if c.shared[i].At == at && c.shared[i].With == with {
			return true
		}
	}
	return false
}

func (c *callMedia) noteShared(at netip.AddrPort, with *CallRef, nanos int64) {
	if len(c.shared) < maxShared {
		c.shared = append(c.shared, SharedPort{at, with, nanos})
	}
}

// sharedOf are the addresses that a call shares with others.
func (t *streamTable) sharedOf(callIndex int) []SharedPort {
	if c := t.calls[callIndex]; c != nil && len(c.shared) > 0 {
		return c.shared[:len(c.shared):len(c.shared)]
	}
	return nil
}
