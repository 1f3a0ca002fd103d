package correlate

import (
	"net/netip"
	"slices"

	"sipsniff/decode/sdp"
)

// An expectation is one address at which a party awaits the packets of one
// of its media lines (spec §5.1).
type expectation struct {
	line    *mediaLine
	at      netip.AddrPort
	control bool // RTCP only
	origin  origin
}

// origin is how an expectation came about, the surest first.
type origin uint8

const (
	fromConnection origin = iota // the c= and m= lines
	fromCandidate                // ICE
	fromSignalling               // the port of m= at the address that sent the SIP message
)

const (
	maxAtEndpoint = 64 // expectations of one address; border controllers share ports
	maxPorts      = 16 // of one m= line with a port count
	discardPort   = 9  // no address yet (RFC 8840 §4.1.1)
)

// addLine makes the expectations of one m= line.
func (t *streamTable) addLine(p *party, index int) {
	m := &p.session.Media[index]
	l := &mediaLine{party: p, index: index, media: m, secure: m.Secure(), fax: m.UDPTL(),
		bundled: m.MID != "" && slices.Contains(p.session.BundleMIDs, m.MID)}
	p.lines = append(p.lines, l)
	t.lines++
	if !m.RTP() && !l.fax {
		return
	}
	l.formats = formatsOf(m)
	t.formats += len(l.formats)
	if m.Port == 0 { // rejected, or bundled: then the first bundled line has the address
		if l.bundled {
			t.announceSources(l)
		}
		return
	}
	t.faxes = t.faxes || l.fax
	if m.Port != discardPort {
		t.addPorts(l)
	}
	for _, c := range m.Candidates {
		if c.Addr.Addr().IsValid() && c.Addr.Port() != discardPort && c.Component <= 2 {
			t.expect(l, c.Addr, c.Component == 2, fromCandidate)
		}
	}
	t.announceSources(l)
}

// addPorts expects media at the address of c= and m=, and RTCP beside it.
func (t *streamTable) addPorts(l *mediaLine) {
	m := l.media
	signalling := l.party.signalling
	if m.Address.IsValid() && !m.Address.IsUnspecified() {
		t.addPair(l, m.Address, fromConnection)
	}
	if needsSignalling(m.Address) && signalling.IsValid() && signalling != m.Address {
		t.addPair(l, signalling, fromSignalling)
	}
}

// needsSignalling reports whether a media address may be unusable for the
// peer, so that packets go to where the signalling comes from.
func needsSignalling(a netip.Addr) bool {
	return !a.IsValid() || a.IsUnspecified() || a.IsPrivate() || a.IsLinkLocalUnicast() || sharedSpace.Contains(a)
}

// sharedSpace is the address space of carrier-grade NAT (RFC 6598).
var sharedSpace = netip.PrefixFrom(netip.AddrFrom4([4]byte{100, 64, 0, 0}), 10)

// addPair expects media at the ports of an m= line and its RTCP at a=rtcp or
// the port above.
func (t *streamTable) addPair(l *mediaLine, addr netip.Addr, o origin) {
	m := l.media
	for i := range min(m.PortCount, maxPorts) {
		port := int(m.Port) + 2*i
		if port > 0xFFFF {
			return
		}
		t.expect(l, netip.AddrPortFrom(addr, uint16(port)), false, o)
		if control, ok := controlOf(m, addr, port, i); ok {
			t.expect(l, control, true, o)
		}
	}
}

// controlOf is where the RTCP of one port of an m= line goes.
func controlOf(m *sdp.Media, addr netip.Addr, port, i int) (netip.AddrPort, bool) {
	if i == 0 && m.RTCP.Port() != 0 {
		if m.RTCP.Addr().IsValid() {
			return m.RTCP, true
		}
		return netip.AddrPortFrom(addr, m.RTCP.Port()), true
	}
	if port+1 > 0xFFFF || m.UDPTL() {
		return netip.AddrPort{}, false
	}
	return netip.AddrPortFrom(addr, uint16(port+1)), true
}

// expect enters one address into the index.
func (t *streamTable) expect(l *mediaLine, at netip.AddrPort, control bool, o origin) {
	p := l.party
	if len(p.expectations) >= maxExpectations {
		return
	}
	e := &expectation{line: l, at: at, control: control, origin: o}
	p.expectations = append(p.expectations, e)
	if !control {
		l.addrs = append(l.addrs, at)
	}
	t.share(e)
	list := t.expected[at]
	if len(list) >= maxAtEndpoint {
		i := leastAwaited(list)
		list = slices.Delete(list, i, i+1)
	}
	t.expected[at] = append(list, e)
	t.expectations++
}

// leastAwaited picks the expectation to leave a crowded address: the oldest
// of a call that is over, else the oldest that was superseded, else the oldest.
func leastAwaited(list []*expectation) int {
	superseded := -1
	for i, e := range list {
		if e.line.party.call.ended {
			return i
		}
		if superseded < 0 && e.line.party.superseded {
			superseded = i
		}
	}
	return max(superseded, 0)
}

// unexpect removes one address of a party from the index.
func (t *streamTable) unexpect(e *expectation) {
	list := t.expected[e.at]
	i := slices.Index(list, e)
	if i < 0 {
		return
	}
	if len(list) == 1 {
		delete(t.expected, e.at)
		return
	}
	t.expected[e.at] = slices.Delete(list, i, i+1)
}

// announceSources indexes the SSRCs that a description names (RFC 5576); the
// newest description of one counts.
func (t *streamTable) announceSources(l *mediaLine) {
	for _, ssrc := range l.media.SSRCs {
		if _, known := t.sources[ssrc]; known || len(t.sources) < t.maxStreams {
			t.sources[ssrc] = l
		}
	}
}

func (t *streamTable) unannounceSources(l *mediaLine) {
	for _, ssrc := range l.media.SSRCs {
		if t.sources[ssrc] == l {
			delete(t.sources, ssrc)
		}
	}
}
