package correlate

import (
	"sipsniff/decode"
	"sipsniff/decode/rtp"
)

// datagram takes a UDP payload that is not SIP. What it could be, its octets
// say; what it is, the descriptions say.
func (t *streamTable) datagram(p *decode.Packet) {
	t.seen(p.Nanos)
	b, wireLength := p.Payload, max(p.WireLength, len(p.Payload))
	kind := rtp.Classify(b)
	if kind != rtp.RTP && kind != rtp.RTCP {
		b, wireLength, kind = t.unwrap(p, b, wireLength, kind)
	}
	if kind == rtp.RTP && rtp.Parse(b, wireLength, &t.header) == nil {
		t.mediaPacket(p, b, wireLength)
		return
	}
	if t.faxes && t.fax(p, b, wireLength, kind) {
		return
	}
	switch kind {
	case rtp.RTCP:
		t.control(p, b, wireLength)
	case rtp.Unknown:
		t.countUnknown(p)
	}
}

// plainMedia takes an RTP packet whose header was read already.
func (t *streamTable) plainMedia(d *Plain) {
	if t.ride(d) {
		return
	}
	d.Unpack(&t.packetAt)
	p := &t.packetAt
	t.seen(p.Nanos)
	d.Header.Unpack(&t.header)
	t.plainAt = d
	t.mediaPacket(p, p.Payload, max(p.WireLength, len(p.Payload)))
	t.plainAt = nil
}

// mediaPacket takes what has an RTP header, which is in t.header.
func (t *streamTable) mediaPacket(p *decode.Packet, b []byte, wireLength int) {
	if t.packet(p, b, wireLength) {
		return
	}
	if t.faxes && t.fax(p, b, wireLength, rtp.RTP) {
		return
	}
	t.unknown(p, b, wireLength)
}

// packet accounts an RTP packet of a flow that is known, and reports whether
// it is one.
func (t *streamTable) packet(p *decode.Packet, b []byte, wireLength int) bool {
	var f *flow
	if p.TunnelSrc.IsValid() {
		k := t.keyOf(p, t.header.SSRC)
		f = t.flows.find(&k)
	} else {
		f = t.flows.of(p, t.header.SSRC)
	}
	if f == nil {
		return p.Duplicate && t.copied(t.keyOf(p, t.header.SSRC))
	}
	t.halt(f)
	if p.Duplicate {
		t.copy(f)
		t.noteCopy(f, p)
		return true
	}
	if f.call == nil {
		return t.unexplained(f, p, b, wireLength)
	}
	if !t.holds(f, p.Nanos) {
		f = t.rematch(f, p)
	}
	t.account(f, p, b, wireLength)
	return true
}

// unexplained accounts a packet of a flow that no description explains. It
// reports false when the packet begins another.
func (t *streamTable) unexplained(f *flow, p *decode.Packet, b []byte, wireLength int) bool {
	if f.orphan != nil {
		return t.orphaned(f, p, b, wireLength)
	}
	if p.Nanos-f.last > lateSDP {
		t.dropCandidate(f) // another talk: no description could explain both
		return false
	}
	t.onWire(f)
	t.waiting.moved(f)
	t.addCandidate(f, p, b, wireLength)
	return true
}

// account adds a packet to a stream of a call.
func (t *streamTable) account(f *flow, p *decode.Packet, b []byte, wireLength int) {
	t.onWire(f)
	class := f.add(p, b, &t.header, wireLength)
	if f.format.content != contentNone && !f.secure {
		t.read(f, p, &t.header, b)
	}
	if f.secure || t.listens() {
		t.open(f, p, b, wireLength, class)
	}
	t.touch(f)
	if c := f.call; c.ended && p.Nanos > c.endedAt+afterEnd {
		t.noteAfterEnd(f, p)
	}
	if fragmented(p) {
		t.oddOf(f).fragmented++
	}
	if p.Nanos-f.touched >= touchInterval {
		t.beat(f, p, b, class)
		f.touched = p.Nanos
		f.call.facts.last = max(f.call.facts.last, p.Nanos)
	}
	if t.plainAt != nil {
		t.steer(f, t.plainAt)
	}
}

// touchInterval is how exactly mediaFacts.last is kept, in ns.
const touchInterval = 5e8

// onWire counts one more copy of a packet of the flow.
func (t *streamTable) onWire(f *flow) {
	f.wire++
	if f.isStream() {
		*t.packetsOf(f)++
	}
}

// packetsOf is the total that counts the packets of a stream.
func (t *streamTable) packetsOf(f *flow) *uint64 {
	if f.secure {
		return &t.totals.SRTPPackets
	}
	return &t.totals.RTPPackets
}

// touch marks a stream for the next publish.
func (t *streamTable) touch(f *flow) {
	if !f.dirty {
		f.dirty = true
		t.changed = append(t.changed, f)
	}
}

// copy counts a packet that was captured before.
func (t *streamTable) copy(f *flow) {
	t.onWire(f)
	f.copies++
	if f.isStream() {
		t.touch(f)
	}
}

// noteCopy notes the priority of a packet that was captured at another place
// before, when that is another one there.
func (t *streamTable) noteCopy(f *flow, p *decode.Packet) {
	if f.isStream() && f.dscp != 0 && f.dscp&(1<<(p.DSCP&63)) == 0 {
		t.oddOf(f).marks |= 1 << (p.DSCP & 63)
	}
}

// copied counts a copy that came through another tunnel than the original.
func (t *streamTable) copied(k flowKey) bool {
	const tried = 16
	for tunnel := range uint32(min(len(t.tunnels), tried) + 1) {
		k.tunnel = tunnel
		if f := t.flows.find(&k); f != nil {
			t.copy(f)
			return true
		}
	}
	return false
}

// unknown takes an RTP packet that begins a flow: a stream when a
// description explains it, else a candidate. A copy begins nothing.
func (t *streamTable) unknown(p *decode.Packet, b []byte, wireLength int) {
	if p.Duplicate {
		return
	}
	k := t.keyOf(p, t.header.SSRC)
	m, explained := t.match(sought{src: p.Src, dst: p.Dst, ssrc: t.header.SSRC, nanos: p.Nanos})
	if explained {
		f := t.newFlow(k, p)
		t.attach(f, &m)
		t.account(f, p, b, wireLength)
		return
	}
	if !plausible(&t.header, p) {
		return
	}
	f := t.newCandidate(k, p)
	t.onWire(f)
	t.addCandidate(f, p, b, wireLength)
}

// newFlow enters a flow of its first packet. Another flow of the same key
// stays a stream but gets no more packets.
func (t *streamTable) newFlow(k flowKey, p *decode.Packet) *flow {
	t.keepRoom()
	t.order++
	f := &flow{key: k, order: t.order, first: p.Nanos, firstFrame: p.Frame}
	f.network.marks = noMarks
	f.account.Buffer, f.account.Batches = t.buffer, &t.batches
	f.tones = t.tones
	f.segments.number = t.header.SequenceNumber
	t.flows.put(f)
	return f
}

// rematch looks again who a stream belongs to, after signalling changed or a
// long silence. When the addresses were given to another call since, a new
// stream begins there, even with the same SSRC (spec §9.11).
func (t *streamTable) rematch(f *flow, p *decode.Packet) *flow {
	s := sought{src: f.key.src, dst: f.key.dst, ssrc: f.key.ssrc, nanos: p.Nanos}
	f.epoch = f.call.epoch
	m, ok := t.match(s)
	if ok && m.party().call != f.call {
		if f.released(p.Nanos, m.party()) {
			t.park(f)
			next := t.newFlow(f.key, p)
			t.attach(next, &m)
			return next
		}
		s.within = f.call
		m, ok = t.match(s)
	}
	if ok {
		t.unbundle(&m, f.key.ssrc)
		f.explain(&m)
	}
	if f.call.ended {
		t.listen(f, p.Nanos)
	}
	return f
}

// unbundle moves a match to the m= lines that an announced SSRC belongs to,
// when several share a transport (RFC 9143 §9.2). Without one the payload
// type decides.
func (t *streamTable) unbundle(m *match, ssrc uint32) {
	l := t.sources[ssrc]
	if l == nil || !l.bundled || l.party.call != m.party().call || l.party.fromCaller != m.fromCaller() {
		return
	}
	m.sender = l
	if r := m.receiver; r != nil && r.bundled && l.index < len(r.party.lines) {
		m.receiver = r.party.lines[l.index]
	}
}

// released reports whether a description of another call may take the flow
// over: it came after the flow's own call ended, or after the flow fell
// silent. The legs of one call, which share media and end one after the
// other, do not take it from each other.
func (f *flow) released(nanos int64, by *party) bool {
	if f.call.ended && nanos > f.call.endedAt {
		return by.nanos >= f.call.endedAt
	}
	return nanos-f.last > idleEnd && by.nanos >= f.last
}

// explain notes which descriptions the flow belongs to.
func (f *flow) explain(m *match) {
	f.receiver, f.sender = m.receiver, m.sender
	f.fromCaller = m.fromCaller()
	f.known = false
	f.epoch = f.call.epoch
	f.secure = m.secure()
	if f.guard != nil {
		f.guard.stale = true
	}
	f.call.secure = f.call.secure || f.secure
	f.call.plain = f.call.plain || !f.secure
}

// secure reports whether packets are SRTP: the profile says so, or both sides
// tell keys although it does not, as peers do that leave encryption open.
func (m *match) secure() bool {
	if m.receiver == nil {
		return m.sender.secure
	}
	return m.receiver.secure || m.sender != nil && len(m.receiver.media.Crypto) > 0 && len(m.sender.media.Crypto) > 0
}

// attach makes a stream of a flow.
func (t *streamTable) attach(f *flow, m *match) {
	if f.orphan != nil {
		t.claim(f, m)
		return
	}
	if f.links.waits {
		t.waiting.remove(f)
	}
	t.roomForStream()
	t.unbundle(m, f.key.ssrc)
	f.call = m.party().call
	f.call.flows = append(f.call.flows, f)
	f.explain(m)
	f.release()
	t.takeOver(f)
	f.held = nil
	t.showKept(f, false)
	f.call.facts.began(f)
	*t.packetsOf(f) += f.wire
	t.begin(f)
}

func (t *streamTable) roomForStream() {
	if len(t.streams)+len(t.fresh)-t.gone >= t.maxStreams {
		t.makeRoom("streams")
	}
}

// begin enters a flow that became a stream.
func (t *streamTable) begin(f *flow) {
	t.totals.Streams++
	t.segment(f)
	t.pairs[pair{f.key.src, f.key.dst}] = f
	if back := t.pairs[pair{f.key.dst, f.key.src}]; back != nil && back.orphan != nil {
		t.touch(back) // it is surer now
	}
	t.tellFlow(f)
	t.fresh = append(t.fresh, f)
	t.touch(f)
}

// began notes the first packet of a stream.
func (m *mediaFacts) began(f *flow) {
	if f.fromCaller {
		m.firstFromCaller = earlier(m.fromCaller, m.firstFromCaller, f.first)
		m.fromCaller = true
	} else {
		m.firstFromCallee = earlier(m.fromCallee, m.firstFromCallee, f.first)
		m.fromCallee = true
	}
	m.last = max(m.last, f.first, f.last)
}

func earlier(known bool, a, b int64) int64 {
	if known {
		return min(a, b)
	}
	return b
}
