package correlate

import (
	"net/netip"

	"sipsniff/decode"
	"sipsniff/decode/rtp"
	"sipsniff/decode/rtp/srtp"
)

// control takes an RTCP packet when it belongs to described media: it comes
// to or from an address that RTCP or RTP is expected at, or beside a stream;
// or when the agent that reported it names its call.
func (t *streamTable) control(p *decode.Packet, b []byte, wireLength int) {
	if !t.described(p, b, wireLength) && !t.correlated(p, b, wireLength) && !t.besideOrphan(p, b, wireLength) {
		t.early.keep(p, b, wireLength)
	}
}

// described takes an RTCP packet and reports whether there is a description
// for it.
func (t *streamTable) described(p *decode.Packet, b []byte, wireLength int) bool {
	m, ok := t.controlled(p)
	if ok {
		t.countControl(p, &m, b, wireLength)
	}
	return ok
}

// correlated takes an RTCP packet of which an agent says whose it is, and
// reports whether that call is known.
func (t *streamTable) correlated(p *decode.Packet, b []byte, wireLength int) bool {
	if len(p.Correlation) == 0 || t.named == nil {
		return false
	}
	ref := t.named(string(p.Correlation))
	if ref == nil {
		return false
	}
	t.totals.RTCPPackets++
	if !p.Duplicate && rtp.ControlInClear(b) {
		h := hearing{t: t, p: p, call: t.callOf(ref)}
		h.hear(b, wireLength)
	}
	return true
}

// countControl takes an RTCP packet that m explains.
func (t *streamTable) countControl(p *decode.Packet, m *match, b []byte, wireLength int) {
	t.totals.RTCPPackets++
	if p.Duplicate {
		return
	}
	if m.secure() && !(len(b) == wireLength && rtp.ControlInClear(b)) {
		plain := t.openControl(p, m, b, wireLength)
		if plain == nil {
			if c, err := rtp.FirstControl(b, wireLength); err == nil && c.HasSSRC {
				t.report(p, &c)
			}
			return
		}
		b, wireLength = plain, len(plain)
	}
	h := hearing{t: t, p: p, call: m.party().call, receiver: m.receiver, sender: m.sender}
	h.hear(b, wireLength)
}

// hear reads a compound. It counts once, at the stream of its sender. What a
// faulty one says counts when it makes sense: without keys, and without a
// description that says so, encrypted reports look like faulty ones.
func (h *hearing) hear(b []byte, wireLength int) {
	t := h.t
	var err error
	t.controls, err = rtp.ParseControl(t.controls[:0], b, wireLength)
	if err == nil && rtp.ControlInClear(b) || rtp.Sensible(t.controls) {
		for i := range t.controls {
			h.take(&t.controls[i])
		}
	}
	if len(t.controls) == 0 || !t.controls[0].HasSSRC {
		return
	}
	if f := h.find(t.controls[0].SSRC, ours); f != nil {
		f.controls++
		t.controlBegun(f).wire.count(h.p, wireLength)
		h.touch(f)
	}
}

// openControl decrypts SRTCP: with the key of the stream of its sender, or
// with any that its sender may use. It is nil when no key fits.
func (t *streamTable) openControl(p *decode.Packet, m *match, b []byte, wireLength int) []byte {
	first, err := rtp.FirstControl(b, wireLength)
	if err != nil || len(b) < wireLength {
		return nil
	}
	t.plain = room(t.plain, len(b))
	f := t.streamBeside(p, first.SSRC)
	if f == nil || f.guard == nil {
		return t.tryControl(t.keysFor(m.direction(p)).contexts, b)
	}
	g := f.guard
	var plain []byte
	if c := g.opener.Found(); c != nil {
		plain, _ = c.DecryptRTCP(t.plain, b)
	} else {
		plain = t.tryControl(t.keysFor(f.direction()).contexts, b)
	}
	if plain != nil {
		g.controls++
	} else {
		g.controlsFailed++
	}
	return plain
}

func (t *streamTable) tryControl(contexts []*srtp.Context, b []byte) []byte {
	for _, c := range contexts {
		if plain, err := c.DecryptRTCP(t.plain, b); err == nil {
			return plain
		}
	}
	return nil
}

// direction is the direction of an RTCP packet that m explains.
func (m *match) direction(p *decode.Packet) direction {
	return direction{call: m.party().call, receiver: m.receiver, sender: m.sender, fromCaller: m.fromCaller(), src: p.Src, dst: p.Dst}
}

// controlled finds the descriptions that explain an RTCP packet.
func (t *streamTable) controlled(p *decode.Packet) (match, bool) {
	for _, e := range t.expected[p.Dst] {
		if e.controls(p.Nanos) {
			sender, _ := e.line.peerAt(p.Src)
			return match{receiver: e.line, sender: sender}, true
		}
	}
	for _, e := range t.expected[p.Src] {
		if e.controls(p.Nanos) {
			receiver, _ := e.line.peerAt(p.Dst)
			return match{receiver: receiver, sender: e.line}, true
		}
	}
	for _, ends := range beside(p) {
		if f := t.pairs[ends]; f != nil && f.call != nil {
			return match{receiver: f.receiver, sender: f.sender}, true
		}
	}
	return match{}, false
}

// controls reports whether RTCP may come to or from the address now.
func (e *expectation) controls(nanos int64) bool {
	return !e.line.fax && e.line.party.windowAt(nanos) > over
}

// beside are the addresses that the RTP of an RTCP packet may run between:
// the same, or the ports below.
func beside(p *decode.Packet) [4]pair {
	src, dst := below(p.Src), below(p.Dst)
	return [4]pair{{p.Src, p.Dst}, {src, dst}, {src, p.Dst}, {p.Src, dst}}
}

func below(a netip.AddrPort) netip.AddrPort {
	return netip.AddrPortFrom(a.Addr(), max(a.Port(), 1)-1)
}

// report counts an RTCP packet at the stream of its sender.
func (t *streamTable) report(p *decode.Packet, c *rtp.Control) {
	if f := t.streamBeside(p, c.SSRC); f != nil {
		f.controls++
		t.touch(f)
	}
}

// streamBeside finds the stream of an SSRC that an RTCP packet belongs to.
func (t *streamTable) streamBeside(p *decode.Packet, ssrc uint32) *flow {
	k := t.keyOf(p, ssrc)
	for _, ends := range beside(p) {
		k.src, k.dst = ends.src, ends.dst
		if f := t.flows.find(&k); f != nil && f.isStream() {
			return f
		}
	}
	return nil
}

// fax counts a UDPTL packet when a T.38 line explains it, and reports whether
// it did. RTP on the same port, before or after the fax, does not have the
// shape of UDPTL; what has neither shape belongs to the fax when no RTP line
// explains it.
func (t *streamTable) fax(p *decode.Packet, b []byte, wireLength int, kind rtp.Kind) bool {
	if kind == rtp.STUN || kind == rtp.ZRTP || kind == rtp.DTLS || len(b) < 4 {
		return false
	}
	m, ok := t.match(sought{src: p.Src, dst: p.Dst, nanos: p.Nanos, fax: true})
	if !ok {
		return false
	}
	if kind == rtp.RTP && !rtp.UDPTL(b, wireLength) {
		if _, ok := t.match(sought{src: p.Src, dst: p.Dst, nanos: p.Nanos}); ok {
			return false
		}
	}
	if kind == rtp.RTCP && !rtp.UDPTL(b, wireLength) {
		return false
	}
	t.totals.T38Packets++
	t.takeFax(p, b, wireLength, &m)
	return true
}
