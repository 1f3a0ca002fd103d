package decode

import (
	"bytes"

	"sipsniff/decode/sip"
)

// fragmentKey says which datagram a fragment belongs to (spec §1.4). For IPv6
// the protocol is left out: it stands in the first fragment only.
type fragmentKey struct {
	addresses [32]byte // source and destination
	v6        bool
	id        uint32
	protocol  uint8
}

func fragmentKeyOf(addresses []byte, id uint32, protocol uint8) fragmentKey {
	k := fragmentKey{v6: len(addresses) == 32, id: id, protocol: protocol}
	copy(k.addresses[:], addresses)
	return k
}

// fragment is a part of an IP datagram as it came in a frame.
type fragment struct {
	key     fragmentKey
	offset  int // octets, a multiple of 8
	more    bool
	next    uint8  // the protocol of the payload; for IPv6 only true at offset 0
	payload []byte // the captured octets
	wire    int    // octets of the payload on the wire
}

// mostDatagram is the largest IP datagram, in octets.
const mostDatagram = 65535

// fragmentBlock is the unit of fragment offsets, in octets. Every fragment but
// the last fills whole blocks.
const fragmentBlock = 8

// fragmented is an IP datagram of which some fragments have come.
type fragmented struct {
	key    fragmentKey
	packet Packet // as the first fragment's headers filled it in; until that one came, as another's did
	walk   walk
	next   uint8

	octets  []byte                                    // the datagram, with holes
	present [mostDatagram/fragmentBlock/64 + 1]uint64 // a bit for each block that has come
	blocks  int                                       // how many bits are set
	end     int                                       // behind the last octet that came
	total   int                                       // octets of the datagram, -1 until the last fragment came
	frames  uint64                                    // how many fragments came
	list    []int                                     // their frames, for Packet.Fragments

	duplicate bool  // every fragment so far was captured before
	started   int64 // capture time of the first to come, nanoseconds

	older, newer *fragmented
}

// hasStart reports whether the fragment with the transport header came.
func (g *fragmented) hasStart() bool { return g.present[0]&1 != 0 }

// complete reports whether every octet has come.
func (g *fragmented) complete() bool {
	return g.total >= 0 && g.blocks == (g.total+fragmentBlock-1)/fragmentBlock
}

// contiguous returns the octets from the start to the first hole.
func (g *fragmented) contiguous() []byte {
	n := 0
	for n < g.end && g.has(n/fragmentBlock) {
		n += fragmentBlock
	}
	return g.octets[:min(n, g.end)]
}

func (g *fragmented) has(block int) bool { return g.present[block/64]>>(block%64)&1 != 0 }

// agrees reports whether a fragment fits the length of the datagram as far as
// that is known.
func (g *fragmented) agrees(f *fragment) bool {
	end := f.offset + len(f.payload)
	if f.more {
		return g.total < 0 || end <= g.total
	}
	return end >= g.end && (g.total < 0 || end == g.total)
}

// fill copies the octets that have not come before and reports whether others
// differ from those that have: the first to come stay.
func (g *fragmented) fill(offset int, b []byte) (differs bool) {
	g.end = max(g.end, offset+len(b))
	for len(b) > 0 {
		n := min(fragmentBlock, len(b))
		if block := offset / fragmentBlock; !g.has(block) {
			g.present[block/64] |= 1 << (block % 64)
			g.blocks++
			copy(g.octets[offset:], b[:n])
		} else if !bytes.Equal(g.octets[offset:offset+n], b[:n]) {
			differs = true
		}
		offset, b = offset+n, b[n:]
	}
	return differs
}

// fragment takes in a fragment of an IP datagram and goes on with the datagram
// when it is the last one needed.
func (d *Decoder) fragment(f fragment) {
	if d.walk.cut == cutFragmentLost {
		return // inside a datagram that stays incomplete, so this one will too
	}
	d.stats.Fragments++
	d.recogniseFragment(&f)
	d.walk.known = true
	switch end := f.offset + f.wire; {
	case end > mostDatagram, f.more && (f.wire%fragmentBlock != 0 || f.wire == 0):
		d.drop(malformedFragment)
		return
	case len(f.payload) < f.wire:
		d.cutFragment(&f)
		return
	}
	g := d.gather(&f)
	if g == nil || !g.complete() {
		return
	}
	d.stats.Reassembled++
	d.fragments.remove(g)
	d.resume(g)
	d.fragments.recycle(g)
}

// cutFragment makes what it can of a fragment that the snapshot length cut:
// the first one holds the transport header, which knows the whole length.
func (d *Decoder) cutFragment(f *fragment) {
	if f.offset != 0 {
		d.drop(truncatedIP)
		return
	}
	d.walk.cut = cutSnaplen
	d.afterFragments(f.next, f.payload, mostDatagram, f.key.v6)
}

// gather adds a fragment to its datagram and returns that, or nil when the
// fragment contradicts those before it.
func (d *Decoder) gather(f *fragment) *fragmented {
	t := &d.fragments
	g := t.open[f.key]
	if g != nil && g.duplicate && !d.packet.Duplicate {
		// Nothing but second copies of an earlier datagram: the sender has
		// used the identification again.
		t.forget(g)
		g = nil
	}
	if g == nil {
		g = t.add(f.key, d.now)
		g.adopt(d, f.next)
		g.duplicate = true
	}
	g.frames++
	if d.config.Fragments {
		g.note(&d.packet)
	}
	if !g.agrees(f) {
		d.stats.FragmentOverlaps++
		return nil
	}
	if f.offset == 0 && !g.hasStart() {
		frame, nanos := g.packet.FirstFrame, g.packet.FirstNanos
		g.adopt(d, f.next)
		g.packet.FirstFrame, g.packet.FirstNanos = frame, nanos
	}
	if !f.more {
		g.total = f.offset + len(f.payload)
	}
	g.duplicate = g.duplicate && d.packet.Duplicate
	t.reserve(g, f.offset+len(f.payload))
	if g.fill(f.offset, f.payload) {
		d.stats.FragmentOverlaps++
	}
	return g
}

// note adds the frame of a fragment to the list; a fragment of a fragmented
// tunnel has several.
func (g *fragmented) note(p *Packet) {
	switch {
	case len(g.list) > mostDatagram/fragmentBlock:
	case len(p.Fragments) > 0:
		g.list = append(g.list, p.Fragments...)
	default:
		g.list = append(g.list, p.Frame)
	}
}

// adopt takes over what the headers in front of a fragment said. Nothing of
// the frame is kept: the addresses stand in the key as well.
func (g *fragmented) adopt(d *Decoder, next uint8) {
	g.packet, g.walk, g.next = d.packet, d.walk, next
	g.packet.Payload = nil
	g.walk.addresses = g.key.addresses[:len(d.walk.addresses)]
}

// resume goes on with a datagram that is complete. Its time is that of the
// frame at hand, which completed it; its headers are those of its first
// fragment.
func (d *Decoder) resume(g *fragmented) {
	frame, nanos := d.packet.Frame, d.packet.Nanos
	d.packet, d.walk = g.packet, g.walk
	p := &d.packet
	p.Frame, p.Nanos, p.LastFrame, p.LastNanos = frame, nanos, frame, nanos
	p.Duplicate, p.Fragments = g.duplicate, g.list
	d.afterFragments(g.next, g.octets[:g.total], g.total, g.key.v6)
}

// afterFragments goes on behind the IP header or fragment header.
func (d *Decoder) afterFragments(next uint8, b []byte, wire int, v6 bool) {
	if v6 {
		d.extensions(next, b, wire)
		return
	}
	d.transport(next, b, wire)
}

// expireFragments gives up the datagrams that have waited too long.
func (d *Decoder) expireFragments() {
	t := &d.fragments
	for t.due(d.now, &d.config) {
		t.lose(t.oldest)
	}
	if t.lost != nil {
		d.surfaceLost()
	}
}

// surfaceLost hands on what is worth it of the datagrams that were given up.
func (d *Decoder) surfaceLost() {
	t := &d.fragments
	for t.lost != nil {
		g := t.nextLost()
		d.surface(g)
		t.recycle(g)
	}
}

// surface hands on the beginning of an incomplete datagram when it is a SIP
// message (spec §1.4). Leftovers of nothing but second copies are no loss.
func (d *Decoder) surface(g *fragmented) {
	if g.duplicate {
		return
	}
	d.stats.FragmentsLost++
	before := d.stats.UDP
	if g.hasStart() {
		d.packet, d.walk = g.packet, g.walk
		d.packet.Duplicate, d.packet.Fragments = false, g.list
		d.walk.cut = cutFragmentLost
		d.afterFragments(g.next, g.contiguous(), mostDatagram, g.key.v6)
	} else {
		d.stats.FragmentsHeadless++
	}
	if d.stats.UDP == before {
		d.undecoded[fragmentIncomplete] += g.frames
	}
}

// surfaces reports whether a datagram of which the end is missing is worth
// handing on, and marks it.
func surfaces(p *Packet) bool {
	class, _ := sip.Detect(p.Payload, sip.Hint{Known: true})
	p.Cut = cutFragmentLost
	return class == sip.IsMessage
}
