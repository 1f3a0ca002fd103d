package correlate

import (
	"net/netip"
	"slices"
	"unsafe"

	"sipsniff/decode"
	"sipsniff/decode/rtp"
)

// A PathCheck is the connectivity checks of ICE from one address to another
// (RFC 8445 §7.2), and what came back.
type PathCheck struct {
	Src, Dst            netip.AddrPort
	Requests            uint64
	Successes, Refusals uint64
	First, Last         int64 // Unix ns, of the requests
	Frame, LastFrame    int   // of the first and the latest request
}

const (
	maxChecks     = 16 << 10 // pairs of addresses that are remembered
	maxCallChecks = 64       // of one call
	checkMemory   = int64(unsafe.Sizeof(PathCheck{})) + indexMemory
)

// checkTable remembers the checks of ICE on the addresses of calls. Pairs
// leave with their call; when it is full no more are taken.
type checkTable map[pair]*pathCheck

type pathCheck struct {
	PathCheck
	call *callMedia
}

// check takes a binding request or the response to one. Those without a user
// name are no checks of ICE.
func (t *streamTable) check(p *decode.Packet, b []byte, class rtp.STUNClass) {
	if p.Duplicate {
		return
	}
	if class != rtp.STUNRequest {
		if c := t.checks[pair{p.Dst, p.Src}]; c != nil {
			if class == rtp.STUNSuccess {
				c.Successes++
			} else {
				c.Refusals++
			}
			t.move(c.call)
		}
		return
	}
	c := t.checks[pair{p.Src, p.Dst}]
	if c == nil || c.call.ended && p.Nanos > c.call.endedAt {
		if c = t.newCheck(p, b); c == nil {
			return
		}
	}
	c.Requests++
	c.Last, c.LastFrame = max(c.Last, p.Nanos), p.Frame
	t.move(c.call)
}

// newCheck begins the checks between two addresses, of which a description of
// a call names one at least.
func (t *streamTable) newCheck(p *decode.Packet, b []byte) *pathCheck {
	if len(t.checks) >= maxChecks || !rtp.STUNNamed(b) {
		return nil
	}
	call := t.callAt(p.Dst, p.Nanos)
	if call == nil {
		call = t.callAt(p.Src, p.Nanos)
	}
	if call == nil || len(call.checks) >= maxCallChecks {
		return nil
	}
	if t.checks == nil {
		t.checks = make(checkTable)
	}
	c := &pathCheck{PathCheck: PathCheck{Src: p.Src, Dst: p.Dst, First: p.Nanos, Frame: p.Frame}, call: call}
	t.checks[pair{p.Src, p.Dst}] = c
	call.checks = append(call.checks, c)
	return c
}

// callAt is the call that awaits media at an address now, the newest one.
func (t *streamTable) callAt(at netip.AddrPort, nanos int64) *callMedia {
	for _, e := range slices.Backward(t.expected[at]) {
		if e.line.party.windowAt(nanos) > over {
			return e.line.party.call
		}
	}
	return nil
}

// forgetChecks lets those of a call go.
func (t *streamTable) forgetChecks(c *callMedia) {
	for _, k := range c.checks {
		if at := (pair{k.Src, k.Dst}); t.checks[at] == k { // it may be another call's by now
			delete(t.checks, at)
		}
	}
	c.checks = nil
}

// pathsOf are the checks of a call in the order of their first requests.
func (t *streamTable) pathsOf(callIndex int) []PathCheck {
	c := t.calls[callIndex]
	if c == nil || len(c.checks) == 0 {
		return nil
	}
	list := make([]PathCheck, len(c.checks))
	for i, k := range c.checks {
		list[i] = k.PathCheck
	}
	return list
}

// move notes that what is published of a call's media is out of date although
// no stream changed.
func (t *streamTable) move(c *callMedia) {
	if !c.moved {
		c.moved = true
		t.moved = append(t.moved, c.ref)
	}
}

// takeMoved returns those calls, once.
func (t *streamTable) takeMoved() []*CallRef {
	list := t.moved
	t.moved = nil
	for _, ref := range list {
		if c := t.calls[ref.Index]; c != nil {
			c.moved = false
		}
	}
	return list
}
