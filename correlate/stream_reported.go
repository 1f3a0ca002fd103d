package correlate

import (
	"net/netip"

	"sipsniff/correlate/mos"
	"sipsniff/decode"
)

const (
	maxReported   = 32 // streams of one call of which only RTCP was seen
	maxNamesakes  = 64 // streams of one call among which another one is looked for
	controlsAbove = 1  // RTCP has the port above that of RTP (RFC 3550 §11)
)

// find is the stream of an SSRC that runs with or against an RTCP packet; nil
// when there is none.
func (h *hearing) find(ssrc uint32, way direct) *flow {
	t, k := h.t, h.key(ssrc, way)
	f := t.streamBetween(h.p, ssrc, way)
	if f == nil && h.call != nil {
		f = h.namesake(ssrc, way)
	}
	old := t.reported[k]
	if f == nil {
		return old
	}
	t.settle(f)
	if old != nil {
		t.absorb(f, old)
	}
	return f
}

// streamBetween is the stream of an SSRC between the addresses of an RTCP
// packet or those beside them, through the same tunnel, in or out.
func (t *streamTable) streamBetween(p *decode.Packet, ssrc uint32, way direct) *flow {
	if way == ours {
		return t.streamBeside(p, ssrc)
	}
	back := decode.Packet{Src: p.Dst, Dst: p.Src, TunnelSrc: p.TunnelSrc, TunnelDst: p.TunnelDst}
	f := t.streamBeside(&back, ssrc)
	if f == nil && p.TunnelSrc.IsValid() {
		back.TunnelSrc, back.TunnelDst = p.TunnelDst, p.TunnelSrc
		f = t.streamBeside(&back, ssrc)
	}
	return f
}

// namesake is the stream of the SSRC in the call: the one that shares a host
// with the packet, else the only one.
func (h *hearing) namesake(ssrc uint32, way direct) *flow {
	src, dst := h.p.Src.Addr(), h.p.Dst.Addr()
	if way == theirs {
		src, dst = dst, src
	}
	var found *flow
	several := false
	flows := h.call.flows
	for _, f := range flows[max(0, len(flows)-maxNamesakes):] {
		if f.key.ssrc != ssrc || f.gone || f.isReported() {
			continue
		}
		if f.key.src.Addr() == src && f.key.dst.Addr() == dst {
			return f
		}
		several = found != nil
		found = f
	}
	if several {
		return nil
	}
	return found
}

// isReported reports whether the stream is known by RTCP only.
func (f *flow) isReported() bool { return f.reports != nil && f.reports.only }

// key is what the stream of an SSRC has, as far as an RTCP packet tells: the
// addresses of RTP beside its own.
func (h *hearing) key(ssrc uint32, way direct) flowKey {
	src, dst := mediaEnd(h.p.Src, h.sender), mediaEnd(h.p.Dst, h.receiver)
	switch above := h.p.Src.Port()&1 == 1 && h.p.Dst.Port()&1 == 1; {
	case src != h.p.Src && dst == h.p.Dst && h.receiver == nil, above && h.receiver == nil && h.sender == nil:
		dst = below(dst)
		if src == h.p.Src {
			src = below(src)
		}
	case dst != h.p.Dst && src == h.p.Src && h.sender == nil:
		src = below(src)
	}
	if way == theirs {
		src, dst = dst, src
	}
	return flowKey{src: src, dst: dst, ssrc: ssrc}
}

// mediaEnd is where the RTP of a description is whose RTCP is at an address:
// there as well, at the port below, or at the only place that it names on the
// host.
func mediaEnd(at netip.AddrPort, l *mediaLine) netip.AddrPort {
	if l == nil {
		return at
	}
	found := at
	for _, a := range l.addrs {
		switch {
		case a == at:
			return at
		case a.Addr() == at.Addr() && a.Port()+controlsAbove == at.Port():
			return a
		case a.Addr() == at.Addr() && found == at:
			found = a
		}
	}
	return found
}

// report begins a stream of which only RTCP was seen so far. It has no place
// in the index of flows: should RTP of it come, a stream proper begins and
// absorbs this one.
func (h *hearing) report(ssrc uint32, way direct) *flow {
	t, c := h.t, h.call
	if c == nil || c.reported >= maxReported || h.p.Duplicate {
		return nil
	}
	t.keepRoom()
	t.roomForStream()
	t.order++
	f := &flow{key: h.key(ssrc, way), order: t.order, call: c, receiver: h.receiver, sender: h.sender,
		first: h.p.Nanos, last: h.p.Nanos, firstFrame: h.p.Frame, lastFrame: h.p.Frame, epoch: c.epoch}
	if way == theirs {
		f.receiver, f.sender = h.sender, h.receiver
	}
	if f.receiver != nil || f.sender != nil {
		f.fromCaller = (&match{receiver: f.receiver, sender: f.sender}).fromCaller()
	}
	t.controlOf(f).only = true
	if t.reported == nil {
		t.reported = make(map[flowKey]*flow)
	}
	t.reported[f.key] = f
	c.reported++
	c.flows = append(c.flows, f)
	t.fresh = append(t.fresh, f)
	t.touch(f)
	return f
}

// absorb gives a stream what RTCP said of it before RTP was seen.
func (t *streamTable) absorb(f, old *flow) {
	if old.call != f.call || f.isReported() {
		return
	}
	if f.reports == nil {
		f.reports, old.reports = old.reports, nil
		f.reports.only = false
		f.reports.mark, f.reports.base = receiverMark{}, senderMark{}
		f.controls += old.controls
		f.left = f.left || old.left
		t.forgetReported(old)
	}
	t.leave(old)
}

// takeOver lets a stream that begins absorb what RTCP said of it.
func (t *streamTable) takeOver(f *flow) {
	k := f.key
	k.tunnel = 0
	if old := t.reported[k]; old != nil {
		t.absorb(f, old)
	}
}

// dropControl forgets what RTCP said of a stream that leaves.
func (t *streamTable) dropControl(f *flow) {
	if f.reports == nil {
		return
	}
	t.reporting--
	if f.reports.only {
		t.forgetReported(f)
	}
	f.reports = nil
}

func (t *streamTable) forgetReported(f *flow) {
	if t.reported[f.key] == f {
		delete(t.reported, f.key)
		f.call.reported--
	}
}

// assume fills in what descriptions say of a stream without packets.
func (f *flow) assume(s *Stream) {
	s.Score.Reason = mos.NoPackets
	known, sure := f.assumed()
	if known == nil {
		return
	}
	s.PayloadType, s.Codec, s.ClockRate, s.CodecFrom = known.payloadType, known.name, known.clock, "guess"
	if sure {
		s.CodecFrom = "sdp"
	}
}
