package correlate

import (
	"encoding/binary"
	"net/netip"
	"unsafe"

	"sipsniff/correlate/detect"
	"sipsniff/correlate/quality"
	"sipsniff/decode"
	"sipsniff/decode/rtp"
)

const (
	maxCandidates = 4096     // flows without a description
	maxHeld       = 256      // packets held of one of them: five seconds of speech
	maxHeldAll    = 1 << 18  // and of all of them
	lateSDP       = 10 * 1e9 // ns that a description may come after the last packet it explains
	maxMissed     = 64       // candidates at an address that a description does not explain before it looks no further
	endGrace      = 5 * 1e9  // ns that media may go on after the signalling ended
	idleEnd       = 30 * 1e9 // ns of silence after which an address may belong to somebody else
)

// candidates are the flows that look like RTP and that no description
// explains, in bounded number. Flows of a single packet leave before flows
// that went on, so that noise cannot displace media.
type candidates struct {
	single, several flowList
	accepted        flowList // orphans that hold packets, the one that was accepted first in front
	count, held     int      // orphans do not count, what they hold does
	octets          int      // of kept packets

	// The heads of the lists through candidateLinks, the flow with the
	// latest packet first.
	bySrc, byDst map[netip.AddrPort]*flow
	found        []*flow         // see adopt
	judged       []detect.Packet // see judge
}

// candidateLinks are a flow's places in the lists of candidates. Orphans are in
// the lists of their addresses too: a description may yet explain them.
type candidateLinks struct {
	waits      bool // in the lists of the addresses
	list       *flowList
	prev, next *flow
	src, dst   addressLink
}

type addressLink struct{ prev, next *flow }

// A flowList is a list with the flow that was idle longest at its head.
type flowList struct{ head, tail *flow }

func newCandidates() candidates {
	return candidates{bySrc: make(map[netip.AddrPort]*flow), byDst: make(map[netip.AddrPort]*flow)}
}

func (l *flowList) push(f *flow) {
	f.links.list, f.links.prev, f.links.next = l, l.tail, nil
	if l.tail != nil {
		l.tail.links.next = f
	} else {
		l.head = f
	}
	l.tail = f
}

func (l *flowList) remove(f *flow) {
	prev, next := f.links.prev, f.links.next
	if prev != nil {
		prev.links.next = next
	} else {
		l.head = next
	}
	if next != nil {
		next.links.prev = prev
	} else {
		l.tail = prev
	}
	f.links.list, f.links.prev, f.links.next = nil, nil, nil
}

// add enters a new flow.
func (c *candidates) add(f *flow) {
	c.count++
	f.links.waits = true
	c.single.push(f)
	link(c.bySrc, f.key.src, f, srcLink)
	link(c.byDst, f.key.dst, f, dstLink)
}

func srcLink(f *flow) *addressLink { return &f.links.src }
func dstLink(f *flow) *addressLink { return &f.links.dst }

// link puts a flow in front of those with the same address.
func link(heads map[netip.AddrPort]*flow, at netip.AddrPort, f *flow, of func(*flow) *addressLink) {
	next := heads[at]
	*of(f) = addressLink{next: next}
	if next != nil {
		of(next).prev = f
	}
	heads[at] = f
}

// moved notes that another packet of the candidate came.
func (c *candidates) moved(f *flow) {
	c.inFront(f)
	if c.several.tail == f {
		return
	}
	f.links.list.remove(f)
	c.several.push(f)
}

// inFront moves a flow before the others of its addresses.
func (c *candidates) inFront(f *flow) {
	if f.links.src.prev != nil {
		unlink(c.bySrc, f.key.src, f, srcLink)
		link(c.bySrc, f.key.src, f, srcLink)
	}
	if f.links.dst.prev != nil {
		unlink(c.byDst, f.key.dst, f, dstLink)
		link(c.byDst, f.key.dst, f, dstLink)
	}
}

// remove takes a flow out, because it became a stream or has to leave.
func (c *candidates) remove(f *flow) {
	if f.orphan == nil {
		c.count--
	}
	c.held -= len(f.held)
	if f.links.list != nil {
		f.links.list.remove(f)
	}
	unlink(c.bySrc, f.key.src, f, srcLink)
	unlink(c.byDst, f.key.dst, f, dstLink)
	f.links = candidateLinks{}
}

func unlink(heads map[netip.AddrPort]*flow, at netip.AddrPort, f *flow, of func(*flow) *addressLink) {
	l := *of(f)
	switch {
	case l.prev != nil:
		of(l.prev).next = l.next
	case l.next != nil:
		heads[at] = l.next
	default:
		delete(heads, at)
	}
	if l.next != nil {
		of(l.next).prev = l.prev
	}
}

// oldest is the flow to leave when there is no room.
func (c *candidates) oldest() *flow {
	if c.single.head != nil {
		return c.single.head
	}
	return c.several.head
}

// hold keeps what jitter and spacing need of a packet until a description
// gives its payload type a meaning. The sequence was accounted already.
func (f *flow) hold(p *quality.Packet, class quality.Class, extended int64, octets int, head uint32) {
	if f.spoil {
		return
	}
	if len(f.held) == maxHeld {
		f.spoil = true
		return
	}
	f.held = append(f.held, heldPacket{arrival: p.Arrival, frame: p.Frame, extended: extended, timestamp: p.Timestamp, head: head,
		octets: uint16(min(octets, 0xFFFF)), payloadType: p.PayloadType, class: class, marker: p.Marker})
}

// A heldPacket is a packet whose meaning is not known yet.
type heldPacket struct {
	arrival, extended int64
	frame             int
	timestamp, head   uint32
	octets            uint16
	payloadType       uint8
	class             quality.Class
	marker            bool
}

// release accounts the held packets, now that they mean something.
func (f *flow) release() {
	for i := range f.held {
		h := &f.held[i]
		p := quality.Packet{Arrival: h.arrival, Frame: h.frame, Timestamp: h.timestamp, Octets: h.octets, PayloadType: h.payloadType, Marker: h.marker}
		f.interpret(&p, int(h.octets))
		f.account.Space(&p, h.class, h.extended)
		f.readHeld(h)
	}
}

// headOf is the first four octets of payload, 0 where there are fewer.
func headOf(b []byte, offset int) uint32 {
	if len(b)-4 < offset {
		return 0
	}
	return binary.BigEndian.Uint32(b[offset:])
}

// addCandidate accounts a packet that no description explains yet.
func (t *streamTable) addCandidate(f *flow, p *decode.Packet, b []byte, wireLength int) {
	held := len(f.held)
	class := f.add(p, b, &t.header, wireLength)
	t.keep(f, p, b, wireLength, class)
	t.keptHold(f, held)
	if f.links.waits {
		t.judge(f)
	}
}

// keptHold counts what a flow came to hold, and makes room for it: first
// orphans let go what they hold, then the oldest candidates leave.
func (t *streamTable) keptHold(f *flow, before int) {
	w := &t.waiting
	if f.spoil {
		f.held = nil
	}
	w.held += len(f.held) - before
	for w.held > t.mayHold() {
		switch old := w.oldest(); {
		case w.accepted.head != nil:
			t.letGo(w.accepted.head)
		case old == nil || old == f:
			w.held -= len(f.held)
			f.spoil, f.held = true, nil
			return
		default:
			t.dropCandidate(old)
		}
	}
}

// letGo frees what an orphan holds.
func (t *streamTable) letGo(f *flow) {
	w := &t.waiting
	w.held -= len(f.held)
	f.spoil, f.held = true, nil
	if f.links.list == &w.accepted {
		w.accepted.remove(f)
	}
}

// mayHold is how many packets of all candidates may be held.
func (t *streamTable) mayHold() int {
	if t.maxMemory == 0 {
		return maxHeldAll
	}
	return int(min(maxHeldAll, t.maxMemory/4/int64(unsafe.Sizeof(heldPacket{}))))
}

// newCandidate begins a flow of a packet that could be RTP.
func (t *streamTable) newCandidate(k flowKey, p *decode.Packet) *flow {
	if t.waiting.count >= maxCandidates {
		t.dropCandidate(t.waiting.oldest())
	}
	f := t.newFlow(k, p)
	t.waiting.add(f)
	return f
}

// dropCandidate forgets a flow that nothing explained.
func (t *streamTable) dropCandidate(f *flow) {
	t.waiting.remove(f)
	t.dropKept(f)
	t.flows.remove(f)
}

// plausible reports whether a packet without a description may be RTP: the
// payload type and the ports of spec §5.4.
func plausible(h *rtp.Header, p *decode.Packet) bool {
	if pt := h.PayloadType; pt >= 35 && pt <= 76 {
		return false
	}
	return mediaPort(p.Src.Port()) && mediaPort(p.Dst.Port())
}

// mediaPort reports whether a port is none of those where something else is
// at home (spec §5.4).
func mediaPort(port uint16) bool {
	if port < 1024 || port >= 6881 && port <= 6889 {
		return false
	}
	switch port {
	case 1194, 1701, 1900, 2123, 2152, 3702, 4500, 4789, 5060, 5061, 5353, 5355, 6081, 9600, 27015, 30303, 51820:
		return false
	}
	return true
}
