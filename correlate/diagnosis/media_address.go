package diagnosis

import (
	"fmt"
	"net/netip"

	"sipsniff/correlate"
	"sipsniff/internal/amount"
)

func addressRules() []*Rule {
	return []*Rule{{
		Code: "MED-06", Name: "unroutable-media-address", Title: "Audio is sent to an address that cannot work",
		Severity: correlate.Error, Confidence: correlate.Strong,
		Graded: "proven when packets were seen that go there from a public address",
		Needs:  NeedSDP, When: TraitDescribed,
		Means:      "A description that came from a public address (or from another private network) asks for its media at a private, link-local, loopback or shared address, without ICE, and nothing arrives at that side, or packets are sent there.",
		Advice:     "Set up NAT traversal: STUN or ICE in the device, far-end NAT traversal in the border controller, or a public address in its settings.",
		Hides:      []string{"SIG-09"},
		References: []string{"RFC 1918", "RFC 6598", "RFC 4961"},
		Thresholds: []Threshold{{"call", 5, "s", "the call has to be up for so long"}, {"packets", 10, "", "that go to the address"}},
		Check:      unroutableMedia,
	}, {
		Code: "MED-07", Name: "wrong-media-port", Title: "Audio goes to the wrong door",
		Severity: correlate.Error, Confidence: correlate.Strong,
		Graded: "proven when ICMP says that nobody listens there",
		Needs:  NeedMedia | NeedSDP, When: TraitMedia,
		Means:      "RTP goes to an address that its receiver has given up by a later description, to the port for RTCP or for signalling, or to a port beside the one that was asked for, and the receiver does not send from there either; or ICMP says that nobody listens.",
		Advice:     "Check how the sender handles re-INVITEs, and whether a router rewrites ports (ALG).",
		References: []string{"RFC 3264 §8.3.1", "RFC 3605"},
		Thresholds: []Threshold{{"packets", 10, "", "that go to the wrong place"}},
		Check:      wrongPort,
	}, {
		Code: "MED-24", Name: "nat-rebinding", Title: "The router changed the media port during the call",
		Severity: correlate.Warning, Confidence: correlate.Strong,
		Needs: NeedMedia, When: TraitMedia,
		Means:      "The packets of one source come from another address than before, without a description that says so, and more than a second of them is missing in between.",
		Advice:     "Raise the UDP timeout of the NAT, or have the device keep the port alive while it is silent.",
		References: []string{"RFC 4787 §4.3", "RFC 6263"},
		Thresholds: []Threshold{{"gap", 1, "s", "between the two"}},
		Check:      natRebinding,
	}, {
		Code: "MED-38", Name: "foreign-media", Title: "Sound from elsewhere may be heard",
		Severity: correlate.Error, Confidence: correlate.Strong,
		Needs: NeedMedia | NeedSDP, When: TraitMedia,
		Means:      "Twenty packets or more of a host that no description and no message of the call names arrive where audio of the call arrives at the same time; or another call that is up as well awaits media at the same address.",
		Advice:     "Check whether the port was given out twice, whether an earlier call still sends to it, and whether the receiver checks where packets come from. SRTP keeps strangers out.",
		References: []string{"RFC 7362 §4"},
		Thresholds: []Threshold{{"packets", 20, "", "of the stranger"}},
		Check:      foreignMedia,
	}, {
		Code: "MED-40", Name: "address-family", Title: "One side uses IPv6, the other IPv4",
		Severity: correlate.Error, Confidence: correlate.Strong,
		Needs: NeedSDP, When: TraitAnswered,
		Means:      "Offer and answer name addresses of different families, without ICE candidates of a common one, and there is no RTP from one to the other.",
		Advice:     "Put a dual-stack media relay or border controller between the two, or offer both families with ICE.",
		References: []string{"RFC 6157"},
		Thresholds: []Threshold{{"call", 5, "s", "the call has to be up for so long"}},
		Check:      addressFamily,
	}}
}

func unroutableMedia(c *Case) {
	k := c.Talk()
	if !k.up {
		return
	}
	for _, caller := range both() {
		if !c.usesICE(caller) {
			c.unroutableOf(k, caller)
		}
	}
}

func (c *Case) unroutableOf(k *talk, caller bool) {
	for _, m := range c.described(caller) {
		at, ok := placeOf(audioLine(m.SDP))
		if !ok || !foreign(at.Addr(), m.Src.Addr()) {
			continue
		}
		var there *correlate.Stream
		arrives := false
		for _, s := range k.audio[side(!caller)] {
			if s.Dst != at {
				arrives = true
			} else if there == nil || s.Packets > there.Packets {
				there = s
			}
		}
		lost := there != nil && there.Packets >= uint64(c.Number("packets")) && !private(there.Src.Addr()) && !private(m.Src.Addr())
		// From a private network to another one packets may well get through.
		silent := there == nil && !arrives && len(k.audio[side(caller)]) > 0 && k.length() >= int64(c.Number("call")*1e9) && c.mutual()
		if !lost && !silent {
			continue
		}
		d := c.Find("%s wants its audio at %s, but its message came from %s: that address works only inside its own network.", c.sideFirst(caller), at, m.Src.Addr())
		d.Message(m.Message, "%s asks for audio at %s; the message came from %s", c.sideName(caller), at, m.Src)
		if lost {
			d.Confidence = correlate.Proven
			d.Explanation += fmt.Sprintf(" %s sends %s there, from %s; they cannot arrive.", c.sideFirst(!caller), amount.Of(there.Packets, "packet"), there.Src)
			d.Stream(there, "audio of %s that goes to %s", c.sideName(!caller), at)
		} else {
			d.Explanation += fmt.Sprintf(" No audio was seen on its way to %s.", c.sideName(caller))
			c.absent(d, !caller, k.from)
		}
		return
	}
}

func natRebinding(c *Case) {
	for _, s := range c.Streams {
		if s.Continues == 0 || c.usesICE(s.FromCaller) {
			continue
		}
		before := c.StreamOf(s.Continues)
		if before == nil || before.Src == s.Src || before.Dst != s.Dst {
			continue
		}
		gap := s.First - before.Last
		if gap <= int64(c.Number("gap")*1e9) || c.announced(s.FromCaller, s.Src, before.First) {
			continue
		}
		d := c.Find("The audio of %s came from %s until %s and, %s later, from %s: the same source, and no message says so. %s heard nothing meanwhile.",
			c.sideName(s.FromCaller), before.Src, clock(before.Last), span(gap), s.Src, c.sideFirst(!s.FromCaller))
		d.StreamAt(before, before.LastFrame, before.Last, "the last packet from %s", before.Src)
		d.Stream(s, "the first packet from %s", s.Src)
	}
}

// announced reports whether a description of a side, not older than a moment,
// names an address or its host.
func (c *Case) announced(caller bool, at netip.AddrPort, since int64) bool {
	for _, m := range c.described(caller) {
		if m.Nanos < since {
			continue
		}
		for i := range m.SDP.Media {
			if place, ok := placeOf(&m.SDP.Media[i]); ok && (place == at || place.Addr() == at.Addr()) {
				return true
			}
		}
	}
	return false
}

func addressFamily(c *Case) {
	k := c.Talk()
	if !k.up || k.length() < int64(c.Number("call")*1e9) || c.usesICE(true) || c.usesICE(false) {
		return
	}
	for _, offer := range c.described(true) {
		for _, answer := range c.described(false) {
			if !pairs(offer, answer) {
				continue
			}
			a, ok := placeOf(audioLine(offer.SDP))
			b, ok2 := placeOf(audioLine(answer.SDP))
			if !ok || !ok2 || a.Addr().Is4() == b.Addr().Is4() {
				continue
			}
			if len(k.audio[0]) > 0 && len(k.audio[1]) > 0 {
				return // something in between translates
			}
			d := c.Find("The caller wants its audio at %s and the callee at %s: addresses of different families, and no audio went both ways.", a, b)
			d.Message(offer.Message, "the caller asks for audio at %s", a)
			d.Message(answer.Message, "the callee asks for audio at %s", b)
			c.absent(d, len(k.audio[0]) == 0 && len(k.audio[1]) > 0, k.from)
			return
		}
	}
}

// pairs reports whether two descriptions are offer and answer on one hop.
func pairs(a, b *correlate.Description) bool {
	return a.Src == b.Dst && a.Dst == b.Src && (a.CSeq.Number == b.CSeq.Number || a.Method == "ACK" || b.Method == "ACK")
}
