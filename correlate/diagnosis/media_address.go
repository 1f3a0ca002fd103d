package diagnosis

import (
	"fmt"
	"net/netip"
	"slices"

	"sipsniff/correlate"
	"sipsniff/decode/sdp"
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
			d.Explanation += fmt.Sprintf(" %s sends %s there, from %s; they cannot arrive.", c.sideFirst(!caller), count(there.Packets, "packet"), there.Src)
			d.Stream(there, "audio of %s that goes to %s", c.sideName(!caller), at)
		} else {
			d.Explanation += fmt.Sprintf(" No audio was seen on its way to %s.", c.sideName(caller))
			c.absent(d, !caller, k.from)
		}
		return
	}
}

func wrongPort(c *Case) {
	k := c.Talk()
	for _, caller := range both() {
		for _, s := range k.audio[side(caller)] {
			if e := unreachable(s); e != nil {
				d := c.Find("Nobody listens where %s sends its audio (%s): %s says %q.", c.sideName(caller), ends(s), e.From, e.Text())
				d.Confidence = correlate.Proven
				d.Stream(s, "audio to %s, %s", s.Dst, count(s.Packets, "packet"))
				for _, frame := range e.Frames[:min(len(e.Frames), 3)] {
					d.Frame(frame, e.First, "ICMP of %s: %s", e.From, e.Text())
				}
				continue
			}
			c.wrongDoor(k, s)
		}
	}
}

// unreachable is what ICMP says of a stream from its beginning, and that went
// on after it; nil when it does not: at the end of a call ports close before
// the last packets come, and who heard the beginning left later.
func unreachable(s *correlate.Stream) *correlate.NetworkError {
	for i := range s.NetworkErrors {
		e := &s.NetworkErrors[i]
		if e.Unreachable && e.Count >= 3 && e.Last-e.First >= second && e.First-s.First < 2*second {
			return e
		}
	}
	return nil
}

// wrongDoor looks whether a stream goes where its receiver does not want it.
func (c *Case) wrongDoor(k *talk, s *correlate.Stream) {
	least := uint64(c.Number("packets"))
	if s.Packets < least || c.usesICE(!s.FromCaller) {
		return
	}
	list := c.described(!s.FromCaller)
	if given, by := c.givenUp(list, s.Dst); given != nil {
		n := packetsBetween(s, by.Nanos+second, s.Last)
		if n < least || k.paused(by.Nanos, by.Nanos) && k.paused(s.Last, s.Last) || k.sendsFrom(!s.FromCaller, s.Dst, by.Nanos+second) {
			return
		}
		at, _ := placeOf(audioLine(by.SDP))
		d := c.Find("%s goes on sending to %s, which %s gave up for %s: %s after that.", c.sideFirst(s.FromCaller), s.Dst, c.sideName(!s.FromCaller), at, count(n, "packet"))
		d.Message(by.Message, "%s now wants its audio at %s", c.sideName(!s.FromCaller), at)
		d.StreamAt(s, s.LastFrame, s.Last, "still to %s", s.Dst)
		d.Message(given.Message, "%s wanted its audio at %s", c.sideName(!s.FromCaller), s.Dst)
		return
	}
	if k.sendsFrom(!s.FromCaller, s.Dst, 0) {
		return
	}
	for _, m := range list {
		if words := doorBeside(m, s.Dst); words != "" {
			at, _ := placeOf(audioLine(m.SDP))
			d := c.Find("%s sends %s to %s, %s; %s wants its audio at %s.", c.sideFirst(s.FromCaller), count(s.Packets, "packet"), s.Dst, words, c.sideName(!s.FromCaller), at)
			d.Stream(s, "audio to %s", s.Dst)
			d.Message(m.Message, "%s wants its audio at %s", c.sideName(!s.FromCaller), at)
			return
		}
	}
}

// sendsFrom reports whether a side sends from an address after a moment: then
// it also listens there, whatever it says.
func (k *talk) sendsFrom(fromCaller bool, at netip.AddrPort, since int64) bool {
	return slices.ContainsFunc(k.audio[side(fromCaller)], func(s *correlate.Stream) bool { return s.Src == at && s.Last > since })
}

// givenUp finds the description that asked for audio at an address, and the one
// after which it no longer holds: of the same dialog and hop, and accepted.
func (c *Case) givenUp(list []*correlate.Description, at netip.AddrPort) (given, by *correlate.Description) {
	for _, m := range list {
		now, ok := placeOf(audioLine(m.SDP))
		switch {
		case ok && now == at:
			given, by = m, nil
		case ok && given != nil && by == nil && sameHop(given, m) && c.accepted(m):
			by = m
		}
	}
	if by == nil {
		return nil, nil
	}
	return given, by
}

// sameHop reports whether two descriptions, the earlier first, are of one
// dialog, on one hop. An offer outside a dialog is of all that it makes.
func sameHop(a, b *correlate.Description) bool {
	if a.Src.Addr() != b.Src.Addr() || a.Dst.Addr() != b.Dst.Addr() {
		return false
	}
	if a.FromTag == b.FromTag {
		return a.ToTag == b.ToTag || a.ToTag == ""
	}
	return a.FromTag == b.ToTag && (a.ToTag == b.FromTag || a.ToTag == "")
}

// accepted reports whether a description took effect: it came in a 2xx or an
// ACK, or its request was answered by a 2xx.
func (c *Case) accepted(d *correlate.Description) bool {
	if d.Method == "" {
		return d.StatusCode/100 == 2
	}
	if d.Method == "ACK" {
		return true
	}
	return slices.ContainsFunc(c.Call.Messages, func(m *correlate.Message) bool {
		return m.Method == "" && m.StatusCode/100 == 2 && m.CSeq == d.CSeq && m.FromTag == d.FromTag
	})
}

// doorBeside says what an address is that is not the one of a description; ""
// when it is that one, or none near it.
func doorBeside(m *correlate.Description, at netip.AddrPort) string {
	line := audioLine(m.SDP)
	want, ok := placeOf(line)
	if !ok || want == at || want.Addr() != at.Addr() {
		return ""
	}
	control := want.Port() + 1
	if line.RTCP.Port() != 0 {
		control = line.RTCP.Port()
	}
	apart := int(at.Port()) - int(want.Port())
	switch {
	case at == m.Src:
		return "the port of its signalling"
	case at.Port() == control && !line.RTCPMux:
		return "the port for RTCP"
	case line.PortCount > 1 || otherLine(m.SDP, at):
		return ""
	case apart >= -2 && apart <= 2:
		return fmt.Sprintf("%d beside the port that was asked for", max(apart, -apart))
	}
	return ""
}

// otherLine reports whether another line of a description wants media at an
// address.
func otherLine(s *sdp.Session, at netip.AddrPort) bool {
	for i := range s.Media {
		if own, ok := placeOf(&s.Media[i]); ok && own == at {
			return true
		}
	}
	return false
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

func foreignMedia(c *Case) {
	k := c.Talk()
	for _, caller := range both() {
		if c.usesICE(caller) || c.usesICE(!caller) {
			continue
		}
		c.strangers(k, caller)
	}
	c.sharedPorts(k)
}

// strangers looks for streams of hosts that the call does not know beside one
// of a host that it knows, to the same address.
func (c *Case) strangers(k *talk, fromCaller bool) {
	known := c.namedHosts()
	list := k.audio[side(fromCaller)]
	for _, s := range list {
		if s.Packets < uint64(c.Number("packets")) || contains(known, s.Src.Addr()) {
			continue
		}
		for _, own := range list {
			if own.Dst != s.Dst || own.Src.Addr() == s.Src.Addr() || own.SSRC == s.SSRC {
				continue
			}
			from, to := max(own.First, s.First), min(own.Last, s.Last)
			// The known one may be behind a NAT: then the address that is
			// answered is the right one.
			if to-from < second || !contains(known, own.Src.Addr()) && !k.sendsTo(!fromCaller, own.Src) || k.sendsTo(!fromCaller, s.Src) {
				continue
			}
			if packetsBetween(s, from, to) < uint64(c.Number("packets")) {
				continue
			}
			d := c.Find("%s got audio from %s as well, a host that nothing in this call names: %s between %s and %s, beside that of %s from %s.",
				c.sideFirst(!fromCaller), s.Src, count(s.Packets, "packet"), clock(s.First), clock(s.Last), c.sideName(fromCaller), own.Src)
			d.Stream(s, "audio of a stranger: %s", ends(s))
			d.Stream(own, "audio of %s: %s", c.sideName(fromCaller), ends(own))
			break
		}
	}
}

// namedHosts are the addresses that descriptions and messages of the call name.
func (c *Case) namedHosts() (list []netip.Addr) {
	for i := range c.Call.Descriptions {
		d := &c.Call.Descriptions[i]
		list = append(list, d.Src.Addr(), d.Dst.Addr())
		for j := range d.SDP.Media {
			list = append(list, d.SDP.Media[j].Address)
		}
	}
	slices.SortFunc(list, netip.Addr.Compare)
	return slices.Compact(list)
}

// sendsTo reports whether a side sends audio to an address.
func (k *talk) sendsTo(fromCaller bool, at netip.AddrPort) bool {
	return slices.ContainsFunc(k.audio[side(fromCaller)], func(s *correlate.Stream) bool { return s.Dst == at })
}

// sharedPorts looks for other calls that were up at the same time and await
// media at the same address.
func (c *Case) sharedPorts(k *talk) {
	for _, shared := range c.Call.SharedPorts {
		other := c.CallOf(shared.With.Index)
		if other == nil || !k.up || other.Answered == 0 || slices.Contains(c.Call.Joined(), other.Index) || len(c.Call.Holds)+len(other.Holds) > 0 || related(c.Call, other) {
			continue
		}
		end := other.Ended
		if end == 0 {
			end = c.Now
		}
		from, to := max(k.from, other.Answered), min(k.to, end)
		if to-from < second || !c.alive(other, from) || !c.alive(c.Call, from) {
			continue
		}
		d := c.Find("Two calls that were up at the same time await their audio at %s: this one and %s. Each may hear the sound of the other.", shared.At, other.CallID)
		for _, call := range [...]*correlate.Call{c.Call, other} {
			for i := range call.Descriptions {
				if m := &call.Descriptions[i]; named(m.SDP, shared.At) {
					d.Message(m.Message, "%s asks for audio at %s", call.CallID, shared.At)
					break
				}
			}
		}
	}
}

func named(s *sdp.Session, at netip.AddrPort) bool { return otherLine(s, at) }

// alive reports whether a call has media after a moment.
func (c *Case) alive(call *correlate.Call, nanos int64) bool {
	for _, id := range call.StreamIDs {
		if s := c.StreamOf(id); s != nil && s.Last > nanos+second {
			return true
		}
	}
	return false
}

// related reports whether one of two calls came of the other.
func related(a, b *correlate.Call) bool {
	for _, pair := range [...][2]*correlate.Call{{a, b}, {b, a}} {
		for _, ref := range [...]*correlate.CallRef{pair[0].TransferredBy, pair[0].RedirectedBy, pair[0].Replaces, pair[0].ReplacedBy, pair[0].Joins} {
			if ref != nil && ref.Index == pair[1].Index {
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
