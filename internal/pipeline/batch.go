package pipeline

import (
	"slices"

	"sipsniff/capture"
	"sipsniff/correlate"
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
// without anything uncommon about them, which are packed here: all of it travels
// from one core to another.
type event struct {
	correlate.Plain       // of media and plainDatagram; of advance its time
	index           int32 // of batch.packets
	kind            eventKind
}

// within reports whether b is a part of a frame that goes on to its end, and
// not a copy.
func within(b, frame []byte) bool {
	return cap(b) > 0 && cap(frame) > 0 && &b[:cap(b)][cap(b)-1] == &frame[:cap(frame)][cap(frame)-1]
}

// datagram adds a datagram that came in a frame.
func (b *batch) datagram(p *decode.Packet, frame []byte) {
	if within(p.Payload, frame) && b.pack(p) {
		return
	}
	b.keep(otherDatagram, p, p.Payload)
}

// advance adds that time goes on.
func (b *batch) advance(nanos int64) {
	b.events = append(b.events, event{kind: advance, Plain: correlate.Plain{Plain: decode.Plain{Nanos: nanos}}})
}

// publish adds that everybody is to see what is known by then.
func (b *batch) publish(s *Status) {
	b.events = append(b.events, event{kind: publish})
	b.published = append(b.published, s)
}

// pack makes an event of a plain datagram, and reports whether it is one.
func (b *batch) pack(p *decode.Packet) bool {
	e := b.next()
	if !e.Pack(p) {
		return false
	}
	kind := plainDatagram
	if e.ReadMedia(&b.header) {
		kind = media
	}
	b.take(kind)
	return true
}

// next is room for the next event, which take makes one.
func (b *batch) next() *event {
	n := len(b.events)
	if n == cap(b.events) {
		b.events = slices.Grow(b.events, batchEvents)
	}
	return &b.events[:n+1][n]
}

func (b *batch) take(kind eventKind) {
	n := len(b.events)
	b.events = b.events[:n+1]
	b.events[n].kind = kind
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
