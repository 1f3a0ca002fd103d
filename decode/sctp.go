package decode

import (
	"encoding/binary"
	"slices"
	"unsafe"

	"sipsniff/decode/sip"
)

// Bounds of the memory of SCTP.
const (
	maxSCTPDirections = 10_000
	maxSCTPFragments  = 1024    // in one direction
	maxSCTPOctets     = 1 << 20 // of fragments in one direction
	maxSCTPHeld       = 16 << 20
)

// An sctpTable puts the user messages of SCTP together (RFC 9260, RFC 8260):
// one complete user message is one SIP message (RFC 4168 §5.1).
type sctpTable struct {
	d              *Decoder
	limit          int
	directions     map[sctpKey]*sctpDirection
	newest, oldest *sctpDirection // by their latest chunk
	held           int            // octets of fragments
}

func newSCTPTable(d *Decoder) *sctpTable {
	return &sctpTable{d: d, limit: maxSCTPDirections, directions: map[sctpKey]*sctpDirection{}}
}

// An sctpKey identifies one direction of an association.
type sctpKey struct {
	flow     flowKey
	reversed bool
}

// An sctpDirection is one direction of an association.
type sctpDirection struct {
	key          sctpKey
	older, newer *sctpDirection
	seen         tsnWindow
	fragments    []sctpFragment // by TSN
	octets       int
}

// An sctpFragment is a piece of a user message, or the whole of it.
type sctpFragment struct {
	tsn        uint32
	stream     uint16
	begin, end bool
	unordered  bool
	b          []byte
	wire       int // more than len(b) when the snapshot length cut it
	head       Packet
}

// fragmentOverhead is what a fragment costs besides its octets.
const fragmentOverhead = int(unsafe.Sizeof(sctpFragment{}))

// Types of SCTP chunks.
const (
	sctpData    = 0
	sctpInit    = 1
	sctpInitAck = 2
	sctpIData   = 64
)

// packet reads the chunks of one SCTP packet: after the common header of 12
// octets, each with type 1, flags 1, length 2, padded to a multiple of 4.
func (t *sctpTable) packet(p *Packet, b []byte) {
	if p.Duplicate {
		return
	}
	wire := p.WireLength
	for at := 12; at+4 <= len(b); {
		length := int(binary.BigEndian.Uint16(b[at+2:]))
		if length < 4 || at+length > wire {
			return
		}
		t.chunk(p, b[at], b[at+1], b[at+4:min(at+length, len(b))], length-4)
		at += (length + 3) &^ 3
	}
}

// chunk reads what follows the length of a chunk.
func (t *sctpTable) chunk(p *Packet, kind, flags byte, b []byte, wire int) {
	header := 12 // TSN 4, stream 2, sequence 2, payload protocol 4
	switch {
	case (kind == sctpInit || kind == sctpInitAck) && len(b) >= 16: // tag 4, window 4, streams 2+2, TSN 4
		t.start(p, binary.BigEndian.Uint32(b[12:]))
		return
	case kind == sctpIData:
		header = 16 // TSN 4, stream 2, reserved 2, message 4, payload protocol or fragment 4
	case kind != sctpData:
		return
	}
	if len(b) < header {
		return
	}
	f := sctpFragment{
		tsn: binary.BigEndian.Uint32(b), stream: binary.BigEndian.Uint16(b[4:]),
		end: flags&1 != 0, begin: flags&2 != 0, unordered: flags&4 != 0,
		b: b[header:], wire: wire - header,
	}
	if f.begin && f.end && !f.mayBeSIP() {
		return
	}
	d := t.find(p)
	if !d.seen.first(f.tsn) {
		return // sent again
	}
	if f.begin && f.end || f.begin && f.wire > len(f.b) {
		t.message(p, f.b, f.wire, *p, *p)
		return
	}
	f.head = *p
	f.head.Payload = nil
	t.add(d, f)
}

// mayBeSIP rejects by the first octet what cannot start a SIP message, so
// that other protocols cost nothing.
func (f *sctpFragment) mayBeSIP() bool { return len(f.b) > 0 && f.b[0] < 0x80 }

// start forgets what an earlier association between the same addresses left.
func (t *sctpTable) start(p *Packet, tsn uint32) {
	flow, reversed := keyOf(p)
	if d := t.directions[sctpKey{flow, reversed}]; d != nil && !d.seen.near(tsn) {
		t.remove(d)
	}
}

// find returns the direction of a packet and makes it the newest.
func (t *sctpTable) find(p *Packet) *sctpDirection {
	flow, reversed := keyOf(p)
	key := sctpKey{flow, reversed}
	d := t.directions[key]
	if d != nil {
		t.unlink(d)
	} else {
		for len(t.directions) >= t.limit {
			t.remove(t.oldest)
		}
		d = &sctpDirection{key: key}
		t.directions[key] = d
	}
	d.older = t.newest
	if t.newest != nil {
		t.newest.newer = d
	} else {
		t.oldest = d
	}
	t.newest = d
	return d
}

func (t *sctpTable) unlink(d *sctpDirection) {
	if d.older != nil {
		d.older.newer = d.newer
	} else {
		t.oldest = d.newer
	}
	if d.newer != nil {
		d.newer.older = d.older
	} else {
		t.newest = d.older
	}
	d.older, d.newer = nil, nil
}

// remove surfaces what is unfinished in a direction and forgets it.
func (t *sctpTable) remove(d *sctpDirection) {
	for len(d.fragments) > 0 {
		t.loseFirst(d, cutStreamEnd)
	}
	t.unlink(d)
	delete(t.directions, d.key)
}

// flush surfaces what is unfinished at the end of the capture.
func (t *sctpTable) flush() {
	for t.oldest != nil {
		t.remove(t.oldest)
	}
}

// add keeps a fragment and hands on the message that it completes.
func (t *sctpTable) add(d *sctpDirection, f sctpFragment) {
	i, found := slices.BinarySearchFunc(d.fragments, f.tsn, func(f sctpFragment, tsn uint32) int {
		return int(int32(f.tsn - tsn))
	})
	if found {
		return
	}
	f.b = slices.Clone(f.b)
	d.fragments = slices.Insert(d.fragments, i, f)
	t.account(d, len(f.b)+fragmentOverhead)
	if first, n := d.run(i); d.fragments[first].begin && d.fragments[first+n-1].end {
		t.complete(d, first, n, "")
	}
	for d.octets > maxSCTPOctets || len(d.fragments) > maxSCTPFragments {
		t.loseFirst(d, cutGap)
	}
	for t.held > maxSCTPHeld {
		t.remove(t.oldest)
	}
}

func (t *sctpTable) account(d *sctpDirection, n int) {
	d.octets += n
	t.held += n
}

// run returns the fragments of one user message around number i, as far as
// they follow each other.
func (d *sctpDirection) run(i int) (first, n int) {
	first = i
	for first > 0 && !d.fragments[first].begin && d.fragments[first].follows(&d.fragments[first-1]) {
		first--
	}
	last := i
	for last+1 < len(d.fragments) && !d.fragments[last].end && d.fragments[last+1].follows(&d.fragments[last]) {
		last++
	}
	return first, last - first + 1
}

// follows reports whether f continues the user message of before.
func (f *sctpFragment) follows(before *sctpFragment) bool {
	return f.tsn == before.tsn+1 && f.stream == before.stream && f.unordered == before.unordered && !f.begin && !before.end
}

// loseFirst gives up the user message of the first fragment.
func (t *sctpTable) loseFirst(d *sctpDirection, why string) {
	first, n := d.run(0)
	t.complete(d, first, n, why)
}

// complete takes a run of fragments out and hands it on as a message: the
// whole of it, or its beginning when the rest will not come.
func (t *sctpTable) complete(d *sctpDirection, first, n int, cut string) {
	run := d.fragments[first : first+n]
	begin, start, end := run[0].begin, run[0].head, run[n-1].head
	var b []byte
	var frames []int
	wire, octets := 0, 0
	for _, f := range run {
		if t.d.config.Fragments {
			frames = append(frames, f.head.Frame)
		}
		if len(b) == wire { // nothing behind what the snapshot length cut
			b = append(b, f.b...)
		}
		wire += f.wire
		octets += len(f.b) + fragmentOverhead
	}
	d.fragments = slices.Delete(d.fragments, first, first+n)
	t.account(d, -octets)
	if t.d.config.Fragments {
		start.Fragments = frames
	}
	if begin && (cut == "" || headEnd(b) > 0) {
		start.Cut = cut
		t.message(&start, b, wire, start, end)
	}
}

// message hands on a user message that is SIP.
func (t *sctpTable) message(p *Packet, b []byte, wire int, first, last Packet) {
	key, _ := keyOf(p)
	known := t.d.streams.sipFlows.has(key)
	class, start := sip.Detect(b, sip.Hint{Known: known, Port: hasSIPPort(p)})
	switch {
	case class == sip.IsMessage:
		if !known {
			t.d.streams.sipFlows.add(key)
		}
	case class == sip.KeepAlive:
		t.d.stats.Signalling.KeepAlives++
		return
	default:
		if known {
			t.d.stats.Signalling.NonSIP++
		}
		return
	}
	out := first
	out.LastFrame, out.LastNanos = last.Frame, last.Nanos
	out.Payload, out.WireLength = b[start:], wire-start
	if len(b) < wire && out.Cut == "" {
		out.Cut = cutSnaplen
	}
	t.d.handler.Message(&out)
}
