package decode

// A tcpSegment is the part of a TCP header that putting streams together
// needs (RFC 9293 §3.1).
type tcpSegment struct {
	Seq, Ack   uint32
	Flags      uint8
	Payload    []byte // borrowed
	WireLength int    // of the payload; more than len(Payload) when the snapshot length cut it
	Window     uint16 // unscaled: only 0 is the same for everybody
	HasAck     bool
}

// Flags of a TCP header.
const (
	tcpFin = 0x01
	tcpSyn = 0x02
	tcpRst = 0x04
)

// farAway is the distance of sequence numbers, in octets, that no window
// explains: such a segment belongs to another connection with the same
// addresses, of which the beginning was not captured.
const farAway = 1 << 26

// maxBeforeSyn is how many octets may have come when a SYN is taken for the
// late one of the same connection.
const maxBeforeSyn = 64 << 10

// A side is one direction of a connection.
type side struct {
	next    uint32 // sequence number of the octet that is wanted
	initial uint32 // sequence number of the SYN, when opened is set
	acked   uint32 // what the peer has acknowledged, when hasAck is set
	fin     uint32 // sequence number behind the last octet, when closing is set

	started bool // next is valid
	opened  bool // the SYN was captured
	hasAck  bool
	closing bool
	ignored bool // what it carries is of no interest

	flow *flow    // nil until there are octets, and when they are ignored
	hole *reorder // nil unless segments wait for octets that are missing
}

// segment puts a TCP segment in its place (spec §1.5). A second capture of a
// segment is dropped quietly.
func (t *streamTable) segment(p *Packet, s *tcpSegment) {
	if p.Duplicate {
		return
	}
	if p.Nanos >= t.deadline {
		t.expire(p.Nanos)
	}
	if t.secrets != nil && t.secrets.Generation() != t.generation {
		t.useSecrets()
	}
	c, from := t.find(p, s.WireLength > 0 || s.Flags&tcpSyn != 0)
	if c == nil {
		return
	}
	if s.Flags&tcpSyn != 0 {
		t.open(c, from, s)
	}
	if c.facts == nil && !c.unwatched && hasSIPPort(p) {
		t.facts.watch(c, from, p, s.Flags&tcpSyn != 0, s.HasAck)
	}
	if c.facts != nil {
		t.facts.segment(c, from, p, s)
	}
	if s.HasAck {
		t.acknowledge(c, 1-from, s.Ack)
	}
	switch {
	case s.Flags&tcpRst != 0: // what it may carry is a diagnosis, not data
		t.reset(c, from, s)
	case s.WireLength > 0:
		t.data(c, from, p, s)
	}
	if s.Flags&tcpFin != 0 {
		t.closeAt(c, from, s)
	}
	if c.tls != nil && s.Flags&(tcpFin|tcpRst) != 0 {
		c.tls.entry.Closed = true
	}
	if t.held > t.maxHeld {
		t.shrink()
	}
}

// open handles a SYN. One with another initial sequence number starts a new
// connection between the same addresses.
func (t *streamTable) open(c *connection, from int, s *tcpSegment) {
	a := &c.sides[from]
	first := s.Seq + 1
	switch {
	case a.opened && a.initial == s.Seq:
		return // sent again
	case a.opened, a.started && a.next-first > maxBeforeSyn:
		t.finish(c)
		*c = connection{key: c.key, hash: c.hash, chained: c.chained, older: c.older, newer: c.newer, last: c.last}
		a = &c.sides[from]
		t.stats.Connections++
	case a.started: // data came before it
		a.opened, a.initial = true, s.Seq
		return
	}
	a.opened, a.initial = true, s.Seq
	a.started, a.next = true, first
	if b := &c.sides[1-from]; s.HasAck && !b.started {
		b.opened, b.initial = true, s.Ack-1
		b.started, b.next = true, s.Ack
	}
}

// data takes the octets of one segment.
func (t *streamTable) data(c *connection, from int, p *Packet, s *tcpSegment) {
	a := &c.sides[from]
	if a.ignored {
		if !c.talks() {
			return
		}
		*a = side{} // the other direction turned out to be SIP or MSRP
	}
	o := waitingPiece{seq: s.Seq, wire: s.WireLength, b: s.Payload, frame: p.Frame, nanos: p.Nanos}
	if s.Flags&tcpSyn != 0 {
		o.seq++
	}
	if a.started && isFar(o.seq-a.next) {
		t.giveUpHoles(c, from)
		t.end(c, from)
		*a = side{}
	}
	if !a.started {
		a.started, a.next = true, o.seq
	}
	if o = o.from(a.next); o.wire == 0 {
		t.countOld(c, from, s)
		return
	}
	t.place(c, from, o, p)
}

// isFar reports whether a difference of sequence numbers is beyond farAway in
// either direction.
func isFar(d uint32) bool { return d+farAway > 2*farAway }

// place delivers octets, or keeps them until it is their turn.
func (t *streamTable) place(c *connection, from int, o waitingPiece, p *Packet) {
	a := &c.sides[from]
	switch {
	case o.seq != a.next:
		t.stats.OutOfOrder++
		t.wait(c, from, o, p)
		return
	case a.hole != nil && int32(o.seq+uint32(o.wire)-a.hole.pieces[0].seq) > 0:
		t.wait(c, from, o, p) // some of its octets came before it, and these count
	default:
		t.deliver(c, from, o, p)
	}
	t.fill(c, from)
}

// countOld counts a segment that brought nothing new.
func (t *streamTable) countOld(c *connection, from int, s *tcpSegment) {
	if s.WireLength == 1 && s.Seq+1 == c.sides[from].next {
		t.stats.TCPKeepAlives++ // RFC 9293 §3.8.4
		return
	}
	t.stats.Retransmitted++
	if c.facts != nil {
		c.facts.side(from).Retransmitted++
	}
}

// deliver hands on octets whose turn it is. p has the headers of the segment
// they came in, or of one before it.
func (t *streamTable) deliver(c *connection, from int, o waitingPiece, p *Packet) {
	a := &c.sides[from]
	if a.flow == nil && !a.ignored {
		a.flow = &flow{fromStart: a.opened && a.next == a.initial+1}
	}
	a.next += uint32(o.wire)
	if len(o.b) > 0 && !a.ignored {
		t.push(c, from, o.b, mark{frame: o.frame, nanos: o.nanos, endFrame: o.frame, endNanos: o.nanos}, p)
	}
	if missing := o.wire - len(o.b); missing > 0 {
		t.gap(c, from, missing, cutSnaplen)
	}
}

// reset handles an RST that may be genuine: the direction is over. Octets
// that come nevertheless are taken as before.
func (t *streamTable) reset(c *connection, from int, s *tcpSegment) {
	a := &c.sides[from]
	if !a.started || isFar(s.Seq-a.next) {
		return
	}
	t.giveUpHoles(c, from)
	t.end(c, from)
}

// closeAt remembers where a direction ends, and ends it when all octets up
// to there have come.
func (t *streamTable) closeAt(c *connection, from int, s *tcpSegment) {
	a := &c.sides[from]
	a.closing, a.fin = true, s.Seq+uint32(s.WireLength)
	if s.Flags&tcpSyn != 0 {
		a.fin++
	}
	t.closeIfDone(c, from)
}

func (t *streamTable) closeIfDone(c *connection, from int) {
	a := &c.sides[from]
	if a.closing && a.started && a.next == a.fin {
		a.closing = false
		t.end(c, from)
	}
}
