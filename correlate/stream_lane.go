package correlate

import (
	"encoding/binary"
	"math"
	"unsafe"

	"sipsniff/correlate/quality"
)

// laneSize is how many packets wait in a lane at most: more than half a second of
// speech in packets of 20 ms. A lane is eight times the 64 octets that come from
// memory at once.
const laneSize = 28

// A lane is where the packets of a stream wait that say nothing new: the next
// one in number and in time, of the same payload type, by the same way. All of
// them are accounted together, for which what is known of the stream is fetched
// from memory once. Who looks at a stream calls settle first.
type lane struct {
	ends   [2]uint64 // see endsOf
	flow   *flow
	first  int64 // arrival of the first that waits
	last   int64 // of the latest
	beaten int64 // when one was looked at, see beat
	frame  int   // of the first
	next   uint16
	marks  uint16 // DSCP and TTL
	format laneFormat
	count  uint8 // that wait

	packets [laneSize]quality.Steady
}

// A laneFormat is how packets of media are told from others: by the payload type,
// and by lengths as in format.
type laneFormat struct{ payloadType, frame, silence uint8 }

// laneMemory is what a lane takes, in octets.
const laneMemory = int64(unsafe.Sizeof(lane{}))

// endsOf is what tells the flows apart that a Plain may be of.
func endsOf(p *Plain) [2]uint64 {
	return [2]uint64{
		uint64(binary.LittleEndian.Uint32(p.Src[:]))<<32 | uint64(binary.LittleEndian.Uint32(p.Dst[:])),
		uint64(p.SrcPort)<<48 | uint64(p.DstPort)<<32 | uint64(p.Header.SSRC),
	}
}

// ride has a packet wait in the lane of its stream, and reports whether it has
// one and the packet says nothing new.
func (t *streamTable) ride(p *Plain) bool {
	ends := endsOf(p)
	l := p.lane // perhaps of a packet that was there before
	if l == nil || l.flow == nil || l.ends != ends {
		l = t.lanes.find(&ends)
	}
	if l == nil || !l.takes(p) {
		return false
	}
	t.now = max(t.now, p.Nanos)
	if l.count == 0 {
		l.first, l.frame = p.Nanos, p.Frame
	}
	h := &p.Header
	w := &l.packets[l.count]
	w.After, w.Timestamp, w.Frames = uint32(p.Nanos-l.first), h.Timestamp, uint32(p.Frame-l.frame)
	w.Octets, w.Around, w.Marker = h.PayloadLength(), uint8(p.WireLength-int32(h.PayloadLength())), h.Marker()
	l.last = p.Nanos
	l.next++
	if l.count++; p.Nanos-l.beaten >= touchInterval {
		t.settle(l.flow)
		t.pause(l, p)
	} else if l.count == laneSize {
		t.settle(l.flow)
	}
	return true
}

// pause does what account does twice a second.
func (t *streamTable) pause(l *lane, p *Plain) {
	f := l.flow
	p.Header.Unpack(&t.header)
	p.Unpack(&t.packetAt)
	t.beat(f, &t.packetAt, p.Payload, quality.InOrder)
	f.touched, l.beaten = p.Nanos, p.Nanos
	f.call.facts.last = max(f.call.facts.last, p.Nanos)
}

// takes reports whether a packet is one of those that wait in the lane.
func (l *lane) takes(p *Plain) bool {
	h := &p.Header
	octets := h.PayloadLength()
	if h.SequenceNumber != l.next || h.PayloadType() != l.format.payloadType || p.Duplicate || octets == 0 ||
		uint16(p.DSCP)<<8|uint16(p.TTL) != l.marks || p.Overhead != plainOverhead ||
		uint64(p.Nanos-l.last) > touchInterval || p.WireLength-int32(octets) > math.MaxUint8 {
		return false
	}
	if l.count > 0 && (uint64(p.Frame-l.frame) > math.MaxUint32 || p.Nanos-l.first > math.MaxUint32) {
		return false
	}
	f := &l.format
	return (f.frame == 0 || octets%uint16(f.frame) == 0) && (f.silence == 0 || octets != uint16(f.silence))
}

// plainOverhead is the octets of headers of IPv4 and UDP without options.
const plainOverhead = 20 + 8

// settle accounts the packets of a flow that wait.
func (t *streamTable) settle(f *flow) {
	if f.lane == nil || f.lane.count == 0 {
		return
	}
	l := f.lane
	packets := l.packets[:l.count]
	l.count = 0
	var octets, around uint64
	for i := range packets {
		octets += uint64(packets[i].Octets)
		around += uint64(packets[i].Around)
	}
	n := uint64(len(packets))
	f.last, f.lastFrame = l.last, l.frame+int(packets[n-1].Frames)
	f.octets += octets
	f.network.rtp += octets + around
	f.network.outside += n * plainOverhead
	f.wire += n
	*t.packetsOf(f) += n
	f.countTypes(l.format.payloadType, l.frame, n)
	f.extended = f.account.Run(&quality.Run{
		Arrival: l.first, Frame: l.frame, ClockRate: f.format.clock, PayloadType: l.format.payloadType, Packets: packets,
	})
	f.class = quality.InOrder
	t.touch(f)
}

// halt accounts the packets of a flow that wait. Those that come are accounted at
// once until it is steered.
func (t *streamTable) halt(f *flow) {
	if f.lane != nil {
		t.settle(f)
		f.lane.format.payloadType = noType
	}
}

// noType is no payload type: they have seven bits.
const noType = 0xFF

// settled is the flow, if there is one, after settle.
func (t *streamTable) settled(f *flow) *flow {
	if f != nil {
		t.settle(f)
	}
	return f
}

// settleAll accounts all packets that wait.
func (t *streamTable) settleAll() {
	for _, l := range t.lanes.all {
		if l.count > 0 {
			t.settle(l.flow)
		}
	}
}

// settleCall accounts the packets of the streams of a call.
func (t *streamTable) settleCall(c *callMedia) {
	for _, f := range c.flows {
		t.settle(f)
	}
}

// park accounts what waits, and has the packets of the flow accounted at once
// until it has a lane again.
func (t *streamTable) park(f *flow) {
	if f == nil || f.lane == nil {
		return
	}
	t.settle(f)
	t.lanes.leave(f.lane)
	f.lane = nil
}

// parkCall does so with the streams of a call, about which something new became
// known.
func (t *streamTable) parkCall(c *callMedia) {
	for _, f := range c.flows {
		t.park(f)
	}
}

// steer gives a stream a lane behind a packet of it that was accounted, when
// nothing of those that follow has to be looked at one by one.
func (t *streamTable) steer(f *flow, p *Plain) {
	c := f.call
	if c == nil || c.ended || f.epoch != c.epoch || f.secure || f.gone || f.orphan != nil || t.listens() ||
		!f.known || f.format.role != quality.Media || f.format.content != contentNone || f.format.payloadType != p.Header.PayloadType() ||
		p.Overhead != plainOverhead {
		t.park(f)
		return
	}
	l := f.lane
	if l == nil {
		if l = t.lane(f, p); l == nil {
			return
		}
		f.lane = l
	}
	f.account.Rest()
	l.last, l.beaten = p.Nanos, f.touched
	l.next, l.marks = f.account.Newest()+1, f.network.marks
	l.format = laneFormat{f.format.payloadType, f.format.frame, f.format.silence}
}
