package correlate

import (
	"math"
	"unsafe"

	"sipsniff/correlate/quality"
	"sipsniff/decode"
)

// A pulse is what of a stream is looked at twice a second only, so that it
// costs nothing per packet: how fast its timestamps and its octets go on, in
// windows of five seconds, and how long its packets are.
type pulse struct {
	since       int64  // when the window began, Unix ns; 0 while there is none
	timestamp   uint32 // of the packet that began it
	octets      uint32 // of IP by then, modulo 2^32
	before      uint32 // octets of IP a second in the window before; 0 when there was none
	peak        uint32 // likewise, in the busiest two windows in a row
	size        uint16 // of the payload of most packets that carry media
	votes       uint8  // for size, more than for others
	payloadType uint8  // that the window began with
	samples     uint16 // packets whose sound was looked at
	silent      uint16 // of those, silent ones
	odd         *oddity
}

// An oddity is what most streams do not have.
type oddity struct {
	pace       Pace
	wrong      float64 // ratio of the window before; meaningful iff isWrong
	isWrong    bool
	after      AfterEnd
	fragmented uint64
	digital    uint16 // of pulse.samples, those in which nothing moves
	marks      uint64 // bit set of the DSCP of second captures, when they have another
}

// A Pace says that timestamps do not go on as the clock does: by Ratio of it,
// from Since for Length.
type Pace struct {
	Ratio  float64 // media time to time, of the worst ten seconds; 0 stands still
	Since  int64   // Unix ns, of the first ten seconds that were wrong
	Length int64   // ns, of all
	Frame  int     // where they were first known
}

// AfterEnd is the packets that came more than a second after the end of the
// call.
type AfterEnd struct {
	Packets     uint64
	First, Last int64 // Unix ns
	Frame       int   // of the first
}

const (
	pulseWindow = 5 * second
	pulseBreak  = 1 * second // of silence: the window is given up
	afterEnd    = 1 * second

	oddityMemory = int64(unsafe.Sizeof(oddity{}))

	slowest, fastest = 0.9, 1.1 // of Pace.Ratio (MED-15)
	alikeRatios      = 0.1      // two windows show the same fault
)

// oddOf is the oddity of a flow, made when there is none.
func (t *streamTable) oddOf(f *flow) *oddity {
	if f.pulse.odd == nil {
		f.pulse.odd = new(oddity)
		t.oddities++
	}
	return f.pulse.odd
}

// dropOddity forgets that of a flow that leaves.
func (t *streamTable) dropOddity(f *flow) {
	if f.pulse.odd != nil {
		f.pulse.odd = nil
		t.oddities--
	}
}

// beat looks at a packet that came half a second after the one that was looked
// at before, or later: its header is in t.header.
func (t *streamTable) beat(f *flow, p *decode.Packet, b []byte, class quality.Class) {
	if f.format.role != quality.Media || class != quality.InOrder && class != quality.Gap && class != quality.First {
		return
	}
	u := &f.pulse
	u.vote(t.header.PayloadLength)
	t.sample(f, b)
	elapsed := p.Nanos - u.since
	switch {
	case u.since == 0, p.Nanos-f.touched > pulseBreak, u.payloadType != t.header.PayloadType:
		u.before = 0
		if u.odd != nil {
			u.odd.isWrong = false
		}
	case elapsed < pulseWindow:
		return
	default:
		u.rate(f, elapsed)
		t.pace(f, p, elapsed)
	}
	u.since, u.timestamp, u.payloadType = p.Nanos, t.header.Timestamp, t.header.PayloadType
	u.octets = uint32(f.network.rtp + f.network.outside)
}

// vote finds the length that more than half of the packets have.
func (u *pulse) vote(octets int) {
	size := uint16(min(octets, math.MaxUint16))
	switch {
	case u.votes == 0:
		u.size, u.votes = size, 1
	case u.size != size:
		u.votes--
	case u.votes < math.MaxUint8:
		u.votes++
	}
}

// rate ends a window: the peak is what two in a row have on average.
func (u *pulse) rate(f *flow, elapsed int64) {
	octets := uint32(f.network.rtp+f.network.outside) - u.octets
	now := uint32(min(float64(octets)*float64(second)/float64(elapsed), math.MaxUint32))
	if u.before > 0 {
		u.peak = max(u.peak, uint32((uint64(now)+uint64(u.before))/2))
	}
	u.before = max(now, 1)
}

// pace compares timestamps and time. A jump spoils one window; a fault of the
// clock spoils two in a row by the same ratio.
func (t *streamTable) pace(f *flow, p *decode.Packet, elapsed int64) {
	clock := f.format.clock
	if clock == 0 {
		return
	}
	media := float64(int32(t.header.Timestamp-f.pulse.timestamp)) / float64(clock)
	ratio := media / (float64(elapsed) / float64(second))
	if ratio >= slowest && ratio <= fastest || ratio < 0 {
		if o := f.pulse.odd; o != nil {
			o.isWrong = false
		}
		return
	}
	o := t.oddOf(f)
	before, again := o.wrong, o.isWrong
	o.wrong, o.isWrong = ratio, true
	if !again || math.Abs(ratio-before) > alikeRatios*max(ratio, before) {
		return
	}
	v := &o.pace
	if v.Length == 0 {
		v.Since, v.Frame, v.Ratio = f.pulse.since-pulseWindow, p.Frame, ratio
		v.Length = pulseWindow
	}
	v.Length += elapsed
	if math.Abs(ratio-1) > math.Abs(v.Ratio-1) {
		v.Ratio = ratio
	}
}

// noteAfterEnd counts a packet that came after its call was over.
func (t *streamTable) noteAfterEnd(f *flow, p *decode.Packet) {
	a := &t.oddOf(f).after
	if a.Packets == 0 {
		a.First, a.Last, a.Frame = p.Nanos, p.Nanos, p.Frame
	}
	a.Packets++
	a.First, a.Last = min(a.First, p.Nanos), max(a.Last, p.Nanos)
}

// fragmented reports whether a datagram came in several IP fragments.
func fragmented(p *decode.Packet) bool { return p.FirstFrame != 0 && p.FirstFrame != p.Frame }

// publishPulse fills in what was looked at now and then, and what is odd.
func (f *flow) publishPulse(s *Stream) {
	u := &f.pulse
	s.PeakRate, s.PayloadSize = u.peak, u.size
	s.Sampled = Sampled{Packets: u.samples, Silent: u.silent}
	s.Types = f.countedTypes()
	o := u.odd
	if o == nil {
		return
	}
	s.Fragmented, s.Sampled.Digital, s.CopyDSCP = o.fragmented, o.digital, valuesOf(o.marks)
	if o.pace.Length > 0 {
		pace := o.pace
		s.Pace = &pace
	}
	if o.after.Packets > 0 {
		after := o.after
		s.AfterEnd = &after
	}
}

// A TypeCount is how many packets of one payload type came. Of more than four
// types the rarer ones are not told apart for certain: then Packets is the
// least that came.
type TypeCount struct {
	PayloadType uint8
	Packets     uint64
	Frame       int // of the first
}

func (f *flow) countedTypes() []TypeCount {
	var list []TypeCount
	for _, c := range f.types {
		if c.packets > uint64(c.others) && c.others < math.MaxUint16 {
			list = append(list, TypeCount{c.payloadType, c.packets - uint64(c.others), int(c.frame)})
		}
	}
	return list
}
