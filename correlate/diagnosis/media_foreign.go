package diagnosis

import (
	"net/netip"
	"slices"

	"sipsniff/correlate"
	"sipsniff/decode/sdp"
	"sipsniff/internal/amount"
)

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
				c.sideFirst(!fromCaller), s.Src, amount.Of(s.Packets, "packet"), clock(s.First), clock(s.Last), c.sideName(fromCaller), own.Src)
			d.Stream(s, "audio of a stranger: %s", ends(s))
			d.Stream(own, "audio of %s: %s", c.sideName(fromCaller), ends(own))
			break
		}
	}
}

// namedHosts are the addresses that descriptions and messages of the call name.
func (c *Case) namedHosts() (list []netip.Addr) {
	for i := range c.Descriptions() {
		d := &c.Descriptions()[i]
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
			for i := range call.Descriptions() {
				if m := &call.Descriptions()[i]; named(m.SDP, shared.At) {
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
