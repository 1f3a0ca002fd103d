package correlate

import (
	"container/list"
	"net/netip"
	"slices"

	"sipsniff/decode"
	"sipsniff/decode/sip"
)

// maxBindings bounds the UDP flows of registrations that are watched; that
// which was quiet longest leaves. A Snapshot has those that were quiet for
// quietBinding or more, maxListedBindings at most.
const (
	maxBindings       = 20_000
	maxListedBindings = 1000
	quietBinding      = 25 * second
)

// A Binding is a UDP flow over which a device is registered, and which was
// quiet for a while: a router on the way may forget it (spec §7.4, INF-10).
type Binding struct {
	Call           int            // Call.Index of the REGISTER
	Client, Server netip.AddrPort // as seen here
	KeepAlives     uint64
	Quiet          int64 // ns, the longest time without a packet either way
	From           int64 // Unix ns, of the packet before that
	FromFrame      int
}

// A bindingRecord is a Binding that goes on.
type bindingRecord struct {
	Binding
	pair  addressPair
	last  int64
	frame int
}

type bindingTable struct {
	pairs  map[addressPair]*list.Element
	recent list.List // of *bindingRecord, the quietest first
}

// KeepAlive takes a keep-alive on a UDP flow of SIP.
func (t *Tracker) KeepAlive(p *decode.Packet) {
	t.Advance(p.Nanos)
	if b := t.bindings.touch(p); b != nil {
		b.KeepAlives++
	}
}

// message takes a SIP message: a REGISTER that is accepted opens a binding,
// or ends it when nothing is bound any more.
func (t *bindingTable) message(p *decode.Packet, m *sip.Message, call int) {
	if p.Transport != decode.UDP || p.Duplicate {
		return
	}
	b := t.touch(p)
	if m.CSeq.Method != "REGISTER" || m.StatusCode/100 != 2 {
		return
	}
	_, bound := m.Get(sip.HeaderContact)
	switch {
	case !bound && b != nil:
		t.remove(t.pairs[b.pair])
	case bound && b == nil:
		t.open(p, call)
	case bound:
		b.Call = call
	}
}

func (t *bindingTable) open(p *decode.Packet, call int) {
	if t.pairs == nil {
		t.pairs = make(map[addressPair]*list.Element)
	}
	for len(t.pairs) >= maxBindings {
		t.remove(t.recent.Front())
	}
	b := &bindingRecord{Binding: Binding{Call: call, Client: p.Dst, Server: p.Src}, pair: pairOf(p), last: p.Nanos, frame: p.Frame}
	t.pairs[b.pair] = t.recent.PushBack(b)
}

func (t *bindingTable) remove(e *list.Element) {
	delete(t.pairs, t.recent.Remove(e).(*bindingRecord).pair)
}

// touch notes a packet on a flow, and returns its binding if there is one.
func (t *bindingTable) touch(p *decode.Packet) *bindingRecord {
	if len(t.pairs) == 0 {
		return nil
	}
	e := t.pairs[pairOf(p)]
	if e == nil {
		return nil
	}
	b := e.Value.(*bindingRecord)
	b.quiet(p.Nanos)
	if p.Nanos > b.last {
		b.last, b.frame = p.Nanos, p.Frame
	}
	t.recent.MoveToBack(e)
	return b
}

func (b *bindingRecord) quiet(until int64) {
	if until-b.last > b.Quiet {
		b.Quiet, b.From, b.FromFrame = until-b.last, b.last, b.frame
	}
}

// publish lists the bindings that were quiet, the quietest flows first.
func (t *bindingTable) publish() (found []Binding) {
	for e := t.recent.Front(); e != nil && len(found) < maxListedBindings; e = e.Next() {
		if b := e.Value.(*bindingRecord); b.Quiet >= quietBinding {
			found = append(found, b.Binding)
		}
	}
	return slices.Clip(found)
}
