package correlate

import (
	"net/netip"

	"sipsniff/decode"
	"sipsniff/decode/rtp"
)

// control counts an RTCP packet when it belongs to described media: it comes
// to or from an address that RTCP or RTP is expected at, or beside a stream.
func (t *streamTable) control(p *decode.Packet, b []byte, wireLength int) {
	line, ok := t.controlled(p)
	if !ok {
		return
	}
	t.totals.RTCPPackets++
	if p.Duplicate {
		return
	}
	if line != nil && line.secure {
		if c, err := rtp.FirstControl(b, wireLength); err == nil && c.HasSSRC {
			t.report(p, &c)
		}
		return
	}
	t.controls, _ = rtp.ParseControl(t.controls[:0], b, wireLength)
	for i := range t.controls {
		if i == 0 && t.controls[i].HasSSRC {
			t.report(p, &t.controls[i])
		}
		for _, ssrc := range t.controls[i].Sources {
			t.farewell(p, ssrc)
		}
	}
}

// controlled finds the description that explains an RTCP packet.
func (t *streamTable) controlled(p *decode.Packet) (*mediaLine, bool) {
	for _, at := range [...]netip.AddrPort{p.Dst, p.Src} {
		for _, e := range t.expected[at] {
			if !e.line.fax && e.line.party.windowAt(p.Nanos) > over {
				return e.line, true
			}
		}
	}
	for _, ends := range beside(p) {
		if f := t.pairs[ends]; f != nil {
			return f.receiver, true
		}
	}
	return nil, false
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

// farewell notes that a source ends.
func (t *streamTable) farewell(p *decode.Packet, ssrc uint32) {
	if f := t.streamBeside(p, ssrc); f != nil {
		f.left = true
	}
}

// streamBeside finds the stream of an SSRC that an RTCP packet belongs to.
func (t *streamTable) streamBeside(p *decode.Packet, ssrc uint32) *flow {
	k := t.keyOf(p, ssrc)
	for _, ends := range beside(p) {
		k.src, k.dst = ends.src, ends.dst
		if f := t.flows.find(&k); f != nil && f.call != nil {
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
	if kind == rtp.STUN || kind == rtp.ZRTP || len(b) < 4 {
		return false
	}
	if _, ok := t.match(sought{src: p.Src, dst: p.Dst, nanos: p.Nanos, fax: true}); !ok {
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
	return true
}
