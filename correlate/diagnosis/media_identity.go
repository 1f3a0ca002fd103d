package diagnosis

import (
	"cmp"
	"slices"
	"strings"

	"sipsniff/correlate"
	"sipsniff/decode/sip"
	"sipsniff/internal/amount"
)

func identityRules() []*Rule {
	return []*Rule{{
		Code: "MED-16", Name: "ssrc-unstable", Title: "The audio source keeps changing its identity",
		Severity: correlate.Warning, Confidence: correlate.Proven,
		Needs: NeedMedia, When: TraitMedia,
		Means:      "Between the same two addresses the SSRC of the audio changes three times or more within a minute, two sources send at the same time, or the same SSRC goes both ways.",
		Advice:     "Look for a loop, a mixer or a music server that takes turns with the speaker, and for transfers.",
		References: []string{"RFC 3550 §8"},
		Thresholds: []Threshold{{"changes", 3, "", "within a minute"}, {"packets", 50, "", "of sources that send at the same time"}},
		Check:      unstableSource,
	}, {
		Code: "MED-17", Name: "sequence-fault", Title: "Packets are wrongly numbered or doubled",
		Severity: correlate.Warning, Confidence: correlate.Proven,
		Needs: NeedMedia, When: TraitMedia,
		Means:      "The sequence numbers of a stream begin anew twice or more, do not go up, or more than 1 % of its packets come twice; packets that the capture doubled are left out.",
		Advice:     "Look at the sender, and at a network path that is doubled on purpose or by mistake.",
		References: []string{"RFC 3550 §5.1, A.1"},
		Thresholds: []Threshold{{"restarts", 2, "", "of the numbers"}, {"duplicates", 1, "%", "of the packets"}, {"packets", 100, "", "of the stream"}},
		Check:      sequenceFault,
	}, {
		Code: "MED-37", Name: "media-copied", Title: "The call is recorded or mirrored",
		Severity: correlate.Info, Confidence: correlate.Strong,
		Graded: "proven when signalling says that it is a recording",
		Needs:  NeedMedia, When: TraitMedia,
		Means:      "The same packets (SSRC, payload type) go from one host to two others at the same time; or the call is a recording session (SIPREC).",
		Advice:     "Check that the copy is wanted: recording policy, and who can listen.",
		References: []string{"RFC 7866", "RFC 7245"},
		Thresholds: []Threshold{{"packets", 50, "", "of either copy"}},
		Check:      copiedMedia,
	}}
}

func unstableSource(c *Case) {
	k := c.Talk()
	if c.reflected(k) {
		return
	}
	for _, caller := range both() {
		byWay := make(map[string][]*correlate.Stream)
		var order []string
		for _, s := range k.audio[side(caller)] {
			w := ends(s)
			if byWay[w] == nil {
				order = append(order, w)
			}
			byWay[w] = append(byWay[w], s)
		}
		for _, w := range order {
			if len(byWay[w]) > 1 {
				c.changing(byWay[w], w)
			}
		}
	}
}

// reflected looks for an SSRC that goes both ways.
func (c *Case) reflected(k *talk) bool {
	for _, a := range k.audio[0] {
		for _, b := range k.audio[1] {
			if a.SSRC != b.SSRC || a.Src != b.Dst || a.Dst != b.Src || min(a.Packets, b.Packets) < uint64(c.Number("packets")) {
				continue
			}
			d := c.Find("Both directions between %s and %s have the same source number 0x%08X: one end sends back what it gets, or both chose the same number. The caller may hear an echo.", a.Src, a.Dst, a.SSRC)
			d.Stream(a, "from the caller").Stream(b, "from the callee")
			return true
		}
	}
	return false
}

// changing looks at the sources between two addresses.
func (c *Case) changing(list []*correlate.Stream, between string) {
	slices.SortFunc(list, func(a, b *correlate.Stream) int { return cmp.Compare(a.First, b.First) })
	changes := int(c.Number("changes"))
	for i := changes; i < len(list); i++ {
		if list[i].First-list[i-changes].First > minute {
			continue
		}
		d := c.Find("The audio of %s changed its source number %s times within a minute (%s): each change may cost a moment of sound.", c.sideName(list[0].FromCaller), amount.Grouped(changes), between)
		for _, s := range list[i-changes : i+1] {
			d.Stream(s, "SSRC 0x%08X, %s", s.SSRC, amount.Of(s.Packets, "packet"))
		}
		return
	}
	for i, a := range list {
		for _, b := range list[i+1:] {
			from, to := max(a.First, b.First), min(a.Last, b.Last)
			least := uint64(c.Number("packets"))
			if to-from < second || packetsBetween(a, from, to) < least || packetsBetween(b, from, to) < least || c.bundled() {
				continue
			}
			d := c.Find("Two sources send audio of %s at the same time, for %s (%s): the receiver hears one, or both in turns.", c.sideName(a.FromCaller), span(to-from), between)
			d.Stream(a, "SSRC 0x%08X, %s", a.SSRC, amount.Of(a.Packets, "packet")).Stream(b, "SSRC 0x%08X, %s", b.SSRC, amount.Of(b.Packets, "packet"))
			return
		}
	}
}

// bundled reports whether several streams share a transport on purpose.
func (c *Case) bundled() bool {
	for i := range c.Descriptions() {
		if len(c.Descriptions()[i].SDP.BundleMIDs) > 1 {
			return true
		}
	}
	return false
}

func sequenceFault(c *Case) {
	for _, s := range c.Streams {
		q := &s.Quality
		if s.Packets < uint64(c.Number("packets")) || s.Repair || s.UDPTL {
			continue
		}
		odd := q.Received - min(q.Unique+q.Duplicates, q.Received) // jumps that nothing confirmed
		switch {
		case q.Duplicates*2 > q.Received:
			d := c.Find("%s hardly counts its packets: %s of %s have a number that came before.", c.sideFirst(s.FromCaller), amount.Grouped(q.Duplicates), amount.Grouped(q.Received))
			d.Stream(s, "%s: %s", amount.Of(q.Duplicates, "repeated number"), ends(s))
		case odd*10 > q.Received:
			d := c.Find("The numbers of the packets of %s jump about: %s of %s follow no other.", c.sideName(s.FromCaller), amount.Grouped(odd), amount.Grouped(q.Received))
			d.Stream(s, "%s out of nowhere: %s", amount.Of(odd, "number"), ends(s))
		case percentOf(q.Duplicates, q.Received) > c.Number("duplicates") && q.Duplicates > repeatedEnds(s):
			d := c.Find("%.1f %% of the packets of %s came twice (%s of %s): something on the way doubles them.", percentOf(q.Duplicates, q.Received), c.sideName(s.FromCaller), amount.Grouped(q.Duplicates), amount.Grouped(q.Received))
			d.Stream(s, "%s came twice: %s", amount.Of(q.Duplicates, "packet"), ends(s))
		case q.Restarts >= uint64(c.Number("restarts")):
			d := c.Find("The packet numbers of %s began anew %s within the same source: each time its receiver has to start over.", c.sideName(s.FromCaller), times(int(q.Restarts)))
			d.Stream(s, "numbers began anew %s: %s", times(int(q.Restarts)), ends(s))
		}
	}
}

// repeatedEnds is how many packets may be the last ones of key presses, which
// some senders send again as they are.
func repeatedEnds(s *correlate.Stream) uint64 {
	if s.Content == nil {
		return 0
	}
	return 2 * uint64(len(s.Content.DTMF))
}

func copiedMedia(c *Case) {
	if m := c.recording(); m != nil {
		d := c.Find("This call is the recording of another one (SIPREC): %s records it.", m.Dst)
		d.Confidence = correlate.Proven
		d.Message(m, "the request says that it is a recording session")
		return
	}
	least := uint64(c.Number("packets"))
	for _, s := range c.Streams {
		if s.Packets < least {
			continue
		}
		for _, o := range c.namesakes(s.SSRC) {
			from, to := max(s.First, o.First, c.Call.Answered), min(s.Last, o.Last)
			if o.ID <= s.ID && o.Call != nil && s.Call != nil && o.Call.Index == s.Call.Index || o.Src.Addr() != s.Src.Addr() || o.Dst.Addr() == s.Dst.Addr() ||
				o.PayloadType != s.PayloadType || o.Packets < least || to-from < second || c.Call.Answered == 0 {
				continue
			}
			if !slices.Equal(o.TTL, s.TTL) || packetsBetween(o, from, to) < least || packetsBetween(s, from, to) < least {
				continue // another hop of the same packets: a NAT in between
			}
			d := c.Find("What %s sends from %s goes to %s and, at the same time, to %s: somebody else gets a copy.", c.sideName(s.FromCaller), s.Src.Addr(), s.Dst, o.Dst)
			d.Stream(s, "to %s", s.Dst).Stream(o, "the same to %s", o.Dst)
			return
		}
	}
}

// recording is the request that makes the call a recording session (RFC 7866
// §6.1.1), nil when there is none.
func (c *Case) recording() *correlate.Message {
	for _, m := range c.Messages() {
		if m.Method != "INVITE" {
			continue
		}
		if m.Headers.Has(sip.HeaderRequire) && strings.Contains(strings.ToLower(c.Header(m, "Require")), "siprec") || strings.Contains(m.Text(), "application/rs-metadata") {
			return m
		}
		if m.ToTag == "" && m.Nanos > c.Call.Started+second {
			return nil
		}
	}
	return nil
}
