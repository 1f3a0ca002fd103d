package correlate

import (
	"unicode/utf8"

	"sipsniff/correlate/quality"
	"sipsniff/correlate/video"
	"sipsniff/decode/picture"
	"sipsniff/decode/rtp"
)

// blocks is what a stream of RED carries.
type blocks struct {
	list     []rtp.Block // refilled for each packet
	primary  format
	known    bool
	packets  uint64 // that had redundant blocks
	octets   uint64 // of redundant blocks and of the headers
	problems uint64 // packets that cannot be read
}

// takeBlocks takes a packet of RED: its redundant blocks make good what was
// lost, its primary block is read as if it stood alone (spec §5.11).
func (t *streamTable) takeBlocks(f *flow, r *reading) {
	if r.payload == nil || f.class == quality.Duplicate || f.class == quality.Probation {
		return
	}
	c := f.carries()
	if c.blocks == nil {
		c.blocks = new(blocks)
	}
	b := c.blocks
	list, ok := rtp.ParseRED(b.list[:0], r.payload, r.length)
	b.list = list
	if !ok {
		b.problems++
		return
	}
	f.recoverBlocks(c, list)
	primary := list[len(list)-1]
	if !b.known || b.primary.payloadType != primary.PayloadType {
		b.primary, _ = f.lookup(primary.PayloadType)
		b.known = true
		if b.primary.content == contentSound && !f.tones { // nobody listens
			b.primary.content = contentNone
		}
	}
	size := r.length - redundantOctets(list)
	b.octets += uint64(r.length - size)
	if b.primary.content == contentBlocks || b.primary.content == contentNone {
		return
	}
	inner := *r
	inner.format, inner.payload, inner.length = &b.primary, primary.Data, size
	t.take(f, &inner)
}

// redundantOctets is what redundancy adds to a payload, as far as it was
// captured.
func redundantOctets(list []rtp.Block) int {
	n := 4*len(list) - 3 // the header of the primary block has one octet
	for _, b := range list {
		if !b.Primary {
			n += len(b.Data)
		}
	}
	return n
}

// redundant is the octets of a stream that are there for redundancy.
func (c *carried) redundant() uint64 {
	if c == nil || c.blocks == nil {
		return 0
	}
	return c.blocks.octets
}

// back is how many packets before its own a redundant block stands for. Where
// the packets have a steady length, of step timestamp units, the timestamp
// tells; else they are the packets right before. The last block is the primary.
func back(list []rtp.Block, i, step int) int {
	if offset := int(list[i].Offset); step > 0 && offset > 0 && offset%step == 0 {
		return offset / step
	}
	return len(list) - 1 - i
}

// recoverBlocks notes which numbers the redundant blocks, the oldest first,
// stand for.
func (f *flow) recoverBlocks(c *carried, list []rtp.Block) {
	if len(list) > 1 {
		c.blocks.packets++
	}
	step := int(f.account.Step(f.format.clock))
	for i := range list[:len(list)-1] {
		b := &list[i]
		if len(b.Data) == 0 {
			continue
		}
		if f.account.Recover(f.extended - int64(back(list, i, step))) {
			c.recoveredBlocks++
			if c.text != nil || f.textBlock(b) {
				f.typed().count(b.Data)
			}
		}
	}
}

func (f *flow) textBlock(b *rtp.Block) bool {
	known, _ := f.lookup(b.PayloadType)
	return known.content == contentText
}

// takeAgain takes a retransmission: the number of the packet, then its
// payload. It belongs to another stream (RFC 4588 §4).
func (t *streamTable) takeAgain(f *flow, r *reading) {
	const number = 2
	f.carries().again++
	if len(r.payload) < number || f.class == quality.Duplicate {
		return
	}
	base := t.baseStream(f, r.format.again)
	if base == nil {
		return
	}
	extended, _ := base.account.Locate(uint16(r.payload[0])<<8 | uint16(r.payload[1]))
	if !base.account.Recover(extended) {
		return
	}
	c := base.carries()
	c.recoveredAgain++
	if c.video != nil {
		known, _ := base.lookup(r.format.again)
		c.video.Add(&video.Packet{Arrival: r.nanos, Extended: extended, Timestamp: r.timestamp, Marker: r.marker,
			Facts: picture.CodecOf(known.name).Read(r.payload[number:])})
	}
	t.touch(base)
}

// baseStream is the stream that retransmissions of a payload type belong to:
// the latest of the same direction that carries it, among the latest of the
// call.
func (t *streamTable) baseStream(f *flow, payloadType uint8) *flow {
	c := f.carried
	if f.call == nil { // nothing says what it repeats
		return nil
	}
	if t.settled(c.base) != nil && !c.base.gone && c.base.has(payloadType) && c.base.last >= f.last-idleStream {
		return c.base
	}
	c.base = nil
	flows := f.call.flows
	for _, other := range flows[max(0, len(flows)-maxNamesakes):] {
		if other == f || other.gone || other.fromCaller != f.fromCaller || !other.has(payloadType) ||
			(other.key.src != f.key.src || other.key.dst != f.key.dst) && other.key.ssrc != f.key.ssrc {
			continue
		}
		if t.settle(other); c.base == nil || other.last > c.base.last {
			c.base = other
		}
	}
	return c.base
}

// has reports whether packets of a payload type came.
func (f *flow) has(payloadType uint8) bool {
	for i := range f.types {
		if c := &f.types[i]; c.packets > 0 && c.payloadType == payloadType {
			return true
		}
	}
	return false
}

// typed counts the characters of real-time text; nobody keeps them.
type typed struct{ characters uint64 }

func (f *flow) typed() *typed {
	c := f.carries()
	if c.text == nil {
		c.text = new(typed)
	}
	return c.text
}

// byteOrderMark is sent to keep the path open, and is no text (T.140 §8).
const byteOrderMark = '\uFEFF'

func (x *typed) count(b []byte) {
	for len(b) > 0 {
		r, n := utf8.DecodeRune(b)
		if r != byteOrderMark {
			x.characters++
		}
		b = b[n:]
	}
}

func (f *flow) takeText(r *reading) {
	if f.class != quality.Duplicate && f.class != quality.Probation {
		f.typed().count(r.payload)
	}
}
