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
	read     int64 // so that reading ahead is not optimized away
}

// readAhead touches what will be read of each message. The messages of a call
// lie far apart in memory: asked for together they come together, which
// takes two fifths off the time of a scan.
func readAhead(list []*correlate.Message) (sum int64) {
	for _, m := range list {
		sum += m.Nanos ^ int64(m.StatusCode) ^ int64(m.CSeq.Number)
	}
	return sum
}

// A link is two hosts that a call's messages pass between. Forward is the way
// of its first request.
type link struct {
	from, to netip.Addr
	row      *aged
	blind    bool
}

// A request waits for its first response.
type request struct {
	message *correlate.Message
	part    *Summary
	back    bool
	done    bool
}

// messages counts what passed of a call.
func (c *collector) messages(call *correlate.Call) {
	x := &c.scan
	x.links, x.asked = x.links[:0], 0
	x.registry.begin()
	x.read += readAhead(call.Messages())
	for _, m := range call.Messages() {
		if m.Duplicate {
			continue
		}
		at, back := c.link(m)
		part := x.links[at].row.part(c.age(m.Nanos))
		t := &part.Forward
		if back {
			t = &part.Backward
		}
		t.Messages++
		switch {
		case m.Retransmission:
			t.Retransmissions++
		case m.Method == "":
			x.response(m)
		case m.Method != "ACK":
			x.request(m, part, back)
			if m.Method == registerMethod {
				x.registry.request(m, at, part)
			}
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
	x.links = append(x.links, link{from: src, to: dst, row: c.of(p), blind: c.sided[p.ordered()] != ""})
	return len(x.links) - 1, back
}

func (x *scan) request(m *correlate.Message, part *Summary, back bool) {
	part.response(m.Method, back).Requests++
	x.requests[x.asked%openRequests] = request{message: m, part: part, back: back}
	x.asked++
}

// response takes the first response to a request.
func (x *scan) response(m *correlate.Message) {
	if r := x.answered(m); r != nil && !r.done {
		q := r.message
		r.part.response(q.Method, r.back).add(max(m.Nanos-q.Nanos, 0))
		r.done = true
	}
	if m.CSeq.Method == registerMethod {
		x.registry.response(m)
	}
}

// answered is the request that m responds to. Its branch, which is far away in
// memory, is looked at only where several requests look like it.
func (x *scan) answered(m *correlate.Message) (found *request) {
	several := false
	for i := x.asked - 1; i >= 0 && i >= x.asked-openRequests; i-- {
		r := &x.requests[i%openRequests]
		if !alike(m, r.message) {
			continue
		}
		several = several || found != nil
		if several && r.message.Branch == m.Branch {
			return r
		}
		if found == nil {
			found = r
		}
	}
	if several && found.message.Branch != m.Branch {
		return nil
	}
	return found
}

// alike reports whether m responds to q as far as its method, its number and
// its link tell (RFC 3261 §17.1.3).
func alike(m, q *correlate.Message) bool {
	return m.CSeq.Number == q.CSeq.Number && m.Src.Addr() == q.Dst.Addr() && m.Dst.Addr() == q.Src.Addr() && m.CSeq.Method == q.Method
}
