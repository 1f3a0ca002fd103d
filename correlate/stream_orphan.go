package correlate

import (
	"sipsniff/correlate/detect"
	"sipsniff/correlate/quality"
	"sipsniff/decode"
	"sipsniff/decode/sdp"
)

// An orphan is what is guessed of a stream that no description explains, and
// how well its packets keep to what it was taken for.
type orphan struct {
	media   string
	clock   uint32
	formats [maxGuessed]format // of dynamic payload types
	count   int

	steps, failed int
	timestamp     uint32 // of the packet before
	arrival       int64
	began         bool
}

const (
	maxGuessed  = 4
	leastWatch  = 10 // steps after which an orphan may turn out to be none
	maxFailed   = 30 // percent of its steps (spec §5.4)
	maxOnwards  = 5  // numbers that a step goes on by
	strayedTime = 10 // s by which a timestamp may run ahead or behind
)

func newOrphan(g *detect.Guess) *orphan {
	o := &orphan{media: g.Media, clock: g.ClockRate}
	if !g.Static && g.Codec != "telephone-event" {
		f := formatOf(&sdp.Codec{PayloadType: g.PayloadType, Name: g.Codec, ClockRate: g.ClockRate, FMTP: g.FMTP})
		f.guessed = true
		o.add(f)
	}
	if g.HasEvents {
		o.addEvents(g.EventsType)
	}
	return o
}

func (o *orphan) add(f format) {
	if o.count < maxGuessed {
		o.formats[o.count] = f
		o.count++
	}
}

func (o *orphan) addEvents(payloadType uint8) {
	f := formatOf(&sdp.Codec{PayloadType: payloadType, Name: "telephone-event", ClockRate: o.clock})
	f.guessed = true
	o.add(f)
}

// find returns what is guessed of a payload type.
func (o *orphan) find(payloadType uint8) (format, bool) {
	if o == nil {
		return format{}, false
	}
	for i := range o.formats[:o.count] {
		if o.formats[i].payloadType == payloadType {
			return o.formats[i], true
		}
	}
	return format{}, false
}

// learn guesses what a payload type means that came up later: four octets are
// an event, anything else runs by the same clock.
func (o *orphan) learn(p *quality.Packet, octets int) {
	if o == nil || p.PayloadType < 77 {
		return
	}
	if _, known := o.find(p.PayloadType); known {
		return
	}
	const event = 4 // octets, RFC 4733 §2.3
	if octets == event && p.Marker {
		o.addEvents(p.PayloadType)
		return
	}
	o.add(format{payloadType: p.PayloadType, clock: o.clock, guessed: true})
}

// watch counts a step that is not one of RTP: the sequence number jumps, or
// the timestamp does.
func (o *orphan) watch(p *quality.Packet, class quality.Class) {
	ticks, elapsed := int64(int32(p.Timestamp-o.timestamp)), p.Arrival-o.arrival
	strayed := o.began && o.clock != 0 && abs(ticks-elapsed*int64(o.clock)/1e9) > strayedTime*int64(o.clock)
	o.timestamp, o.arrival, o.began = p.Timestamp, p.Arrival, true
	o.steps++
	if strayed || class == quality.Probation || class == quality.Restart {
		o.failed++
	}
}

func abs(n int64) int64 { return max(n, -n) }

// refuted reports whether too many steps failed.
func (o *orphan) refuted() bool {
	return o.steps >= leastWatch && o.failed*100 > o.steps*maxFailed
}

// accept makes a stream without a call of a candidate.
func (t *streamTable) accept(f *flow, g *detect.Guess) {
	t.roomForStream()
	w := &t.waiting
	w.count--
	f.links.list.remove(f)
	w.accepted.push(f)
	t.orphans++
	f.orphan = newOrphan(g)
	f.secure = t.handshakes.joins(f.key.src, f.key.dst)
	f.release()
	t.overhearKept(f)
	*t.packetsOf(f) += f.wire
	t.begin(f)
	t.early.controlOf(t, f)
}

// orphaned accounts a packet of an orphan. It reports false when the packet
// begins something else: after a silence the addresses may have been given to
// a call, or the talk is another one.
func (t *streamTable) orphaned(f *flow, p *decode.Packet, b []byte, wireLength int) bool {
	if silence := p.Nanos - f.last; silence > lateSDP {
		_, explained := t.match(sought{src: f.key.src, dst: f.key.dst, ssrc: f.key.ssrc, nanos: p.Nanos})
		if explained || silence > idleStream {
			t.waiting.remove(f)
			t.dropKept(f)
			f.spoil, f.held = true, nil
			t.flows.remove(f)
			return false
		}
	}
	t.onWire(f)
	held := len(f.held)
	class := f.add(p, b, &t.header, wireLength)
	if f.format.content != contentNone && !f.secure {
		t.read(f, p, &t.header, b)
	}
	if len(f.held) != held || f.spoil && held > 0 {
		t.keptHold(f, held)
		if f.spoil && f.links.list != nil {
			t.letGo(f)
		}
	}
	if f.orphan.refuted() {
		t.refuse(f, p, b, wireLength)
		return true
	}
	t.overhear(f, p, b, wireLength, class)
	if t.observe != nil {
		t.keep(f, p, b, wireLength, class)
	}
	t.touch(f)
	if p.Nanos-f.touched >= touchInterval {
		f.touched = p.Nanos
		t.waiting.inFront(f)
	}
	return true
}

// refuse takes back that a flow is a stream. It stays a candidate: a
// description may know better.
func (t *streamTable) refuse(f *flow, p *decode.Packet, b []byte, wireLength int) {
	t.leave(f)
	t.totals.Streams--
	*t.packetsOf(f) -= f.wire
	t.mistaken++
	next := t.newCandidate(f.key, p)
	next.refused = true
	t.onWire(next)
	t.addCandidate(next, p, b, wireLength)
}

// claim gives an orphan to the call that a description of it came with. While
// all its packets are held they are accounted anew, with what they mean.
func (t *streamTable) claim(f *flow, m *match) {
	whole := !f.spoil && len(f.held) > 0
	*t.packetsOf(f) -= f.wire
	t.waiting.remove(f)
	f.orphan = nil
	t.orphans--
	t.unbundle(m, f.key.ssrc)
	f.call = m.party().call
	f.call.flows = append(f.call.flows, f)
	f.explain(m)
	if f.secure {
		t.unhear(f)
	}
	if whole {
		f.segments.spoken = nil
		f.carried.restart()
		f.account.Rest()
		f.account = quality.Account{Sequence: f.account.Sequence, Buffer: f.account.Buffer, Batches: f.account.Batches}
		f.release()
	}
	f.held, f.spoil = nil, false
	t.showKept(f, true)
	f.call.facts.began(f)
	*t.packetsOf(f) += f.wire
	if f.id != 0 {
		t.list(f.call)
	}
	t.tellFlow(f)
	t.touch(f)
}

// unhear takes back what was read in the payload of a flow that turned out to
// be encrypted.
func (t *streamTable) unhear(f *flow) {
	t.dropContent(f)
	f.carried = nil
	if f.listening != nil {
		t.listening--
		f.listening = nil
	}
}

// How sure it is that an orphan is a stream.
const (
	detectedProven  = "proven"  // its source sent RTCP
	detectedStrong  = "strong"  // there is the way back, or the codec is known and the ports are even
	detectedSuspect = "suspect" // by itself only
)

// confidence is how sure it is that the orphan is a stream (spec §5.4).
func (t *streamTable) confidence(f *flow) string {
	back := t.pairs[pair{f.key.dst, f.key.src}]
	switch {
	case f.controls > 0:
		return detectedProven
	case back != nil && !back.gone:
		return detectedStrong
	case f.orphan.count == 0 && evenPorts(f):
		return detectedStrong
	}
	return detectedSuspect
}

// besideOrphan counts RTCP that runs beside a stream without a call, the same
// way or the other, and reports whether it does.
func (t *streamTable) besideOrphan(p *decode.Packet, b []byte, wireLength int) bool {
	for _, ends := range beside(p) {
		there, back := t.pairs[ends], t.pairs[pair{ends.dst, ends.src}]
		if (there == nil || there.orphan == nil) && (back == nil || back.orphan == nil) {
			continue
		}
		t.totals.RTCPPackets++
		if !p.Duplicate {
			h := hearing{t: t, p: p}
			h.hear(b, wireLength)
		}
		return true
	}
	return false
}
