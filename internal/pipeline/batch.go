package pipeline

import (
	"net/netip"
	"slices"

	"sipsniff/capture"
	"sipsniff/decode"
	"sipsniff/decode/rtp"
	"sipsniff/decode/sip"
)

// A batch is what the decoder found in a stretch of a capture, in order, on its
// way to the tracker.
type batch struct {
	events   []event
	packets  []decode.Packet // of events that are not plain
	messages []sip.Message
	text     int        // octets of messages
	octets   []byte     // of payloads that are not in a buffer of the source
	header   rtp.Header // refilled for each packet of media

	published []*Status
	sources   []capture.SourceInfo
	buffers   [][]byte // that nobody reads any more after this batch
}

const (
	// batchEvents is how many events a batch has at most, batchOctets how much
	// text and copied payload.
	batchEvents = 4096
	batchOctets = 1 << 20
)

// An eventKind says what the tracker is told.
type eventKind uint8

const (
	media         eventKind = iota // RTP; the event is all there is
	plainDatagram                  // the event is all there is
	otherDatagram                  // the packet at index
	message                        // the packet at index, and the next of messages
	keepAlive                      // the packet at index
	advance                        // time goes on to nanos
	publish                        // the next of published
)

// An event is one thing that the tracker is told. Nearly all are datagrams
// without anything uncommon about them, which are packed here: a decode.Packet
// takes six times as much, and all of it travels from one core to another.
type event struct {
	nanos    int64
	frame    int
	payload  []byte
	header   rtp.Compact // of media
	index    int32       // of batch.packets; for a datagram the octets on the wire
	iface    int32
	source   uint16
	ipid     uint16
	overhead uint16
	src, dst uint16 // ports
	from, to [4]byte
	ttl      uint8
	dscp     uint8
	link     uint8
	kind     eventKind
	again    bool // captured before
}

// isPlain reports whether an event holds all that is known of a datagram:
// IPv4, whole, out of no tunnel. frame is what it came in.
func isPlain(p *decode.Packet, frame []byte) bool {
	return p.Transport == decode.UDP && p.Tunnel == "" && p.Agent == 0 && p.VLANCount == 0 && p.Cut == "" &&
		p.FirstFrame == p.Frame && p.LastFrame == p.Frame && p.Fragments == nil && p.Correlation == nil &&
		p.Src.Addr().Is4() && p.Dst.Addr().Is4() && p.IPID <= 0xffff && uint32(p.Source) <= 0xffff &&
		!p.TunnelSrc.IsValid() && within(p.Payload, frame)
}

// within reports whether b is a part of a frame that goes on to its end, and
// not a copy.
func within(b, frame []byte) bool {
	return cap(b) > 0 && cap(frame) > 0 && &b[:cap(b)][cap(b)-1] == &frame[:cap(frame)][cap(frame)-1]
}

// datagram adds a datagram that came in a frame.
func (b *batch) datagram(p *decode.Packet, frame []byte) {
	if isPlain(p, frame) {
		b.pack(p)
		return
	}
	b.keep(otherDatagram, p, p.Payload)
}

// advance adds that time goes on.
func (b *batch) advance(nanos int64) {
	b.events = append(b.events, event{kind: advance, nanos: nanos})
}

// publish adds that everybody is to see what is known by then.
func (b *batch) publish(s *Status) {
	b.events = append(b.events, event{kind: publish})
	b.published = append(b.published, s)
}

// pack makes an event of a plain datagram.
func (b *batch) pack(p *decode.Packet) {
	n := len(b.events)
	if n == cap(b.events) {
		b.events = slices.Grow(b.events, batchEvents)
	}
	b.events = b.events[:n+1]
	// Written in place: what goes through a copy waits for all its parts.
	e := &b.events[n]
	e.nanos, e.frame, e.payload, e.index, e.iface = p.Nanos, p.Frame, p.Payload, int32(p.WireLength), p.Interface
	e.source, e.ipid, e.overhead, e.src, e.dst = uint16(p.Source), uint16(p.IPID), p.OverheadIP, p.Src.Port(), p.Dst.Port()
	e.from, e.to, e.ttl, e.dscp, e.link, e.again = p.Src.Addr().As4(), p.Dst.Addr().As4(), p.TTL, p.DSCP, p.LinkDirection, p.Duplicate
	e.kind = plainDatagram
	if rtp.Classify(p.Payload) == rtp.RTP && rtp.Parse(p.Payload, p.WireLength, &b.header) == nil && e.header.Pack(&b.header) {
		e.kind = media
	}
}

// unpack refills p, which holds nothing but what events held before.
func (e *event) unpack(p *decode.Packet) {
	p.Frame, p.LastFrame, p.FirstFrame = e.frame, e.frame, e.frame
	p.Nanos, p.LastNanos, p.FirstNanos = e.nanos, e.nanos, e.nanos
	p.Src = netip.AddrPortFrom(netip.AddrFrom4(e.from), e.src)
	p.Dst = netip.AddrPortFrom(netip.AddrFrom4(e.to), e.dst)
	p.Payload, p.WireLength = e.payload, int(e.index)
	p.TTL, p.DSCP, p.IPID, p.LinkDirection = e.ttl, e.dscp, uint32(e.ipid), e.link
	p.Interface, p.Source, p.OverheadIP, p.Duplicate = e.iface, int32(e.source), e.overhead, e.again
}

// keep adds an event with a copy of the packet, and of what it borrows.
func (b *batch) keep(kind eventKind, p *decode.Packet, payload []byte) {
	b.events = append(b.events, event{kind: kind, index: int32(len(b.packets))})
	b.packets = append(b.packets, *p)
	q := &b.packets[len(b.packets)-1]
	q.Payload = b.copied(payload)
	q.Fragments = slices.Clone(p.Fragments)
	q.Correlation = b.copied(p.Correlation)
}

// copied is a copy of octets that lasts as long as the batch.
func (b *batch) copied(octets []byte) []byte {
	if octets == nil {
		return nil
	}
	from := len(b.octets)
	b.octets = append(b.octets, octets...)
	return b.octets[from:len(b.octets):len(b.octets)]
}

// full reports whether nothing more should be added.
func (b *batch) full() bool {
	return len(b.events) >= batchEvents || len(b.octets)+b.text >= batchOctets
}

// clear makes room for other events.
func (b *batch) clear() {
	clear(b.packets)
	for i := range b.messages { // their headers are room for the next
		m := &b.messages[i]
		clear(m.Headers[:cap(m.Headers)])
		*m = sip.Message{Headers: m.Headers[:0], Findings: m.Findings[:0]}
	}
	clear(b.published)
	clear(b.buffers)
	b.events, b.packets, b.messages, b.octets, b.text = b.events[:0], b.packets[:0], b.messages[:0], b.octets[:0], 0
	b.published, b.buffers, b.sources = b.published[:0], b.buffers[:0], nil
	if cap(b.octets) > 2*batchOctets {
		b.octets = nil
	}
}

// parsed adds a SIP message, unless it is none. Its text is copied here, once:
// every header is a substring of the copy.
func (b *batch) parsed(p *decode.Packet, o sip.Options) {
	n := len(b.messages)
	if n < cap(b.messages) {
		b.messages = b.messages[:n+1]
	} else {
		b.messages = append(b.messages, sip.Message{})
	}
	if sip.ParseWith(&b.messages[n], string(p.Payload), o) != nil {
		b.messages = b.messages[:n]
		return
	}
	b.text += len(p.Payload)
	b.keep(message, p, nil)
}
