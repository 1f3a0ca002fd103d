package diagnosis

import (
	"net/netip"
	"slices"
	"strings"

	"sipsniff/correlate"
	"sipsniff/decode/sip"
	"sipsniff/internal/amount"
)

// intrusionRules are about strangers in the calls of others.
func intrusionRules() []*Rule {
	return []*Rule{
		{
			Code: "SEC-05", Name: "spoofed-request", Title: "A stranger interferes with the call",
			Severity: correlate.Error, Confidence: correlate.Strong, Needs: NeedRequests, When: TraitBye | TraitCancel | TraitReinvite,
			Means:      "A BYE, CANCEL or INVITE with the tags of the call comes from an address that no message of the call came from, went to or names (Via, Contact, Record-Route), and that is in no network of such an address.",
			Advice:     "Find out whose address it is: another server of the same cluster is harmless. Use TLS, and let servers check where requests come from.",
			References: []string{"RFC 3261 §26.1.4"},
			Check:      spoofed,
		},
		{
			Code: "SEC-07", Name: "rtp-injection", Title: "A stranger sends sound into the call",
			Severity: correlate.Error, Confidence: correlate.Strong, Needs: NeedMedia, When: TraitMedia,
			Means:      "To the address of a stream come packets with the same SSRC from another host at the same time, going on with its sequence numbers.",
			Advice:     "Use SRTP, and let phones and border controllers take media from the agreed address only.",
			Thresholds: []Threshold{{"packets", 20, "", "packets of the stranger at least"}},
			Hides:      []string{"MED-38"},
			Survey:     injection,
		},
	}
}

// spoofed is SEC-05.
func spoofed(c *Case) {
	if slices.Contains(c.Call.Flags, "no_request_seen") {
		return
	}
	for i, m := range c.Messages() {
		if m.Duplicate || m.Retransmission || i == 0 || m.Method != "BYE" && m.Method != "CANCEL" && (m.Method != "INVITE" || m.ToTag == "") {
			continue
		}
		if c.onPath(m.Src.Addr(), i) || c.named(m.Src.Addr(), i) {
			continue
		}
		first := c.Messages()[0]
		c.Find("A %s with the tags of the call came from %s, which had no part in it before.", m.Method, m.Src).
			Message(m, "%s from %s to %s", m.Method, m.Src, m.Dst).Message(first, "the call began between %s and %s", first.Src, first.Dst)
		return
	}
}

// onPath reports whether a message before sent from or to the address.
func (c *Case) onPath(a netip.Addr, before int) bool {
	for _, m := range c.Messages()[:before] {
		if m.Src.Addr() == a || m.Dst.Addr() == a {
			return true
		}
	}
	return false
}

// named reports whether a message before names the address, or one of its
// network: servers of a cluster stand in for each other.
func (c *Case) named(a netip.Addr, before int) bool {
	for _, m := range c.Messages()[:before] {
		if nearby(a, m.Src.Addr()) || nearby(a, m.Dst.Addr()) {
			return true
		}
		s := c.SIP(m)
		for _, id := range [...]sip.HeaderID{sip.HeaderContact, sip.HeaderRecordRoute} {
			for x := range s.Addresses(id) {
				if host, ok := sip.ParseURI(x.URI).Addr(); ok && nearby(a, host) {
					return true
				}
			}
		}
		if strings.Contains(m.Text(), a.String()) { // Via, received, SDP
			return true
		}
	}
	return false
}

// nearby reports whether two addresses are in one network of 256 addresses, or
// of 64 bits.
func nearby(a, b netip.Addr) bool {
	bits := 24
	if a.Is6() {
		bits = 64
	}
	p, err := a.Prefix(bits)
	return err == nil && p.Contains(b)
}

// injection is SEC-07: streams to one address with one SSRC from two hosts.
func injection(s *Survey) {
	type heard struct {
		dst  netip.AddrPort
		ssrc uint32
	}
	seen := make(map[heard]*correlate.Stream, len(s.snap.Streams))
	for _, st := range s.snap.Streams {
		if st.UDPTL || st.Packets == 0 {
			continue
		}
		key := heard{st.Dst, st.SSRC}
		first := seen[key]
		if first == nil {
			seen[key] = st
			continue
		}
		if first.Src.Addr() != st.Src.Addr() {
			s.injected(first, st)
		}
	}
}

// injected judges two streams, the second of which began later. A source that
// moved to another address stops where it was.
func (s *Survey) injected(own, other *correlate.Stream) {
	call := own.Call
	if call == nil {
		if other.Call == nil {
			return
		}
		call = other.Call
	}
	const apart = int64(500e6)
	together := min(own.Last, other.Last) - max(own.First, other.First)
	if together < apart || float64(other.Packets) < s.Number("packets") || own.Continues == other.ID {
		return
	}
	d := s.FindIn(call.Index, "%s sent %s packets to %s with the identity (SSRC 0x%08X) of the stream from %s, while that went on for %s.",
		other.Src, amount.Grouped(other.Packets), own.Dst, own.SSRC, own.Src, span(together))
	d.Show(correlate.Evidence{Frame: other.FirstFrame, Nanos: other.First, Stream: other.ID, Text: "first packet of the stranger"})
	d.Show(correlate.Evidence{Frame: own.LastFrame, Nanos: own.Last, Stream: own.ID, Text: "last packet of the stream itself"})
}
