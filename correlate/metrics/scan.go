package metrics

import (
	"net/netip"

	"sipsniff/correlate"
)

// openRequests bounds the requests of one call that wait for a response.
const openRequests = 64

// A scan goes through the messages of one call. It is used again for the next.
type scan struct {
	links    []link
	requests [openRequests]request // the latest, in a ring
	asked    int                   // all that ever were
	registry registry
}

// A link is two hosts that a call's messages pass between. Forward is the way
// of its first request.
type link struct {
	from, to netip.Addr
	row      *Summary
	blind    bool
}

// A request waits for its first response.
type request struct {
	message *correlate.Message // nil once there was one
	link    int
	back    bool
}

// messages counts what passed of a call since a moment.
func (c *collector) messages(call *correlate.Call) {
	x := &c.scan
	x.links, x.asked = x.links[:0], 0
	x.registry.begin()
	for _, m := range call.Messages {
		if m.Duplicate || m.Nanos <= c.since {
			continue
		}
		at, back := c.link(m)
		t := &x.links[at].row.Forward
		if back {
			t = &x.links[at].row.Backward
		}
		t.Messages++
		switch {
		case m.Retransmission:
			t.Retransmissions++
		case m.Method == "":
			x.response(m)
		case m.Method != "ACK":
			x.request(m, at, back)
		}
	}
	x.registry.end(c.snapshot.Last, x.links)
}

// link finds the link of a message, and whether it goes backward.
func (c *collector) link(m *correlate.Message) (at int, back bool) {
	src, dst := m.Src.Addr(), m.Dst.Addr()
	x := &c.scan
	for i := range x.links {
		switch l := &x.links[i]; {
		case l.from == src && l.to == dst:
			return i, false
		case l.from == dst && l.to == src:
			return i, true
		}
	}
	if m.Method == "" { // the request went the other way
		src, dst, back = dst, src, true
	}
	p := pair{src, dst}
	x.links = append(x.links, link{from: src, to: dst, row: c.row(p), blind: c.blind[p.ordered()]})
	return len(x.links) - 1, back
}

func (x *scan) request(m *correlate.Message, at int, back bool) {
	x.links[at].row.response(m.Method, back).Requests++
	x.requests[x.asked%openRequests] = request{m, at, back}
	x.asked++
	if m.Method == registerMethod {
		x.registry.request(m, at)
	}
}

// response takes the first response to a request on its link.
func (x *scan) response(m *correlate.Message) {
	for i := x.asked - 1; i >= 0 && i >= x.asked-openRequests; i-- {
		r := &x.requests[i%openRequests]
		if q := r.message; q != nil && answers(m, q) {
			x.links[r.link].row.response(q.Method, r.back).add(max(m.Nanos-q.Nanos, 0))
			r.message = nil
			break
		}
	}
	if m.CSeq.Method == registerMethod {
		x.registry.response(m)
	}
}

// answers reports whether m responds to q, which it does with its method,
// number and branch on the same link (RFC 3261 §17.1.3).
func answers(m, q *correlate.Message) bool {
	return m.CSeq.Number == q.CSeq.Number && m.Src.Addr() == q.Dst.Addr() && m.Dst.Addr() == q.Src.Addr() &&
		m.CSeq.Method == q.Method && m.Branch == q.Branch
}
