package diagnosis

import (
	"fmt"
	"slices"
	"strings"

	"sipsniff/correlate"
	"sipsniff/internal/amount"
)

func markingRules() []*Rule {
	return []*Rule{{
		Code: "MED-23", Name: "dscp", Title: "Speech is not marked for priority",
		Severity: correlate.Info, Confidence: correlate.Proven,
		Graded: "warning when the marking changes on the way or during the call",
		Needs:  NeedMedia, When: TraitMedia,
		Means:      "Audio is not marked with DSCP 46 (EF), or one that was set; or the packets of one stream have several values, or another one at a second point of the capture.",
		Advice:     "Check the trust and the policy of the switches on the way, and the settings of the device.",
		References: []string{"RFC 4594 §4.1", "RFC 3246"},
		Thresholds: []Threshold{{"packets", 50, "", "of the stream"}},
		Lists:      []List{{"dscp", []string{"46"}, "markings of speech"}},
		Check:      marking,
	}, {
		Code: "MED-34", Name: "bandwidth-above-agreed", Title: "The sender uses more bandwidth than agreed",
		Severity: correlate.Info, Confidence: correlate.Proven,
		Needs: NeedMedia | NeedSDP, When: TraitMedia,
		Means:      "For ten seconds a stream is more than 1.2 times what b=AS or b=TIAS of its receiver allows.",
		Advice:     "Look at the settings of the encoder, and at whether a policy on the way cuts what is above.",
		References: []string{"RFC 8866 §5.8", "RFC 3890"},
		Thresholds: []Threshold{{"factor", 1.2, "", "of what was agreed"}},
		Check:      aboveAgreed,
	}, {
		Code: "MED-39", Name: "fragmented-media", Title: "Media packets are too big and come in pieces",
		Severity: correlate.Warning, Confidence: correlate.Proven,
		Needs: NeedMedia, When: TraitMedia,
		Means:      "More than 1 % of the packets of a stream come in several IP fragments: if one is lost, all is.",
		Advice:     "Lower the packet size of the encoder (video: the slice or MTU setting), or check the MTU of tunnels on the way.",
		References: []string{"RFC 8900", "RFC 6184 §1.3"},
		Thresholds: []Threshold{{"share", 1, "%", "of the packets"}, {"packets", 10, "", "in pieces"}},
		Check:      fragmentedMedia,
	}}
}

func marking(c *Case) {
	marked := c.options.markings(c.rule)
	k := c.Talk()
	var plain []string
	var first *correlate.Stream
	for _, caller := range both() {
		for _, s := range k.audio[side(caller)] {
			if s.Packets < uint64(c.Number("packets")) || len(s.TTL) == 0 { // an agent does not tell
				continue
			}
			switch {
			case len(s.CopyDSCP) > 0:
				d := c.Find("The audio of %s is marked %s at one point and %s at another: something in between changes the priority.", c.sideName(caller), dscpWords(s.DSCP), dscpWords(s.CopyDSCP))
				d.Severity, d.Title = correlate.Warning, "The marking of speech is changed on the way"
				d.Stream(s, "DSCP %s and %s: %s", dscpWords(s.DSCP), dscpWords(s.CopyDSCP), ends(s))
				return
			case s.DSCPChanges > 0 && !c.eventsMarked(s):
				d := c.Find("The marking of the audio of %s changes during the call, %s times: %s.", c.sideName(caller), amount.Grouped(s.DSCPChanges), dscpWords(s.DSCP))
				d.Severity, d.Title = correlate.Warning, "The marking of speech changes during the call"
				d.Stream(s, "DSCP %s: %s", dscpWords(s.DSCP), ends(s))
				return
			case s.Dst.Addr().Unmap().IsLoopback(): // within one machine nothing waits
			case !slices.ContainsFunc(s.DSCP, func(dscp uint8) bool { return marked[dscp&63] }):
				if words := c.sideName(caller) + " " + dscpWords(s.DSCP); !slices.Contains(plain, words) {
					plain = append(plain, words)
				}
				if first == nil {
					first = s
				}
			}
		}
	}
	if first == nil {
		return
	}
	d := c.Find("Speech is not marked EF (DSCP 46): %s. Where a link is full it waits with everything else.", strings.Join(plain, ", "))
	d.Stream(first, "DSCP %s: %s", dscpWords(first.DSCP), ends(first))
}

// eventsMarked reports whether another marking may be that of key presses.
func (c *Case) eventsMarked(s *correlate.Stream) bool {
	return s.Content != nil && len(s.Content.DTMF) > 0 && int(s.DSCPChanges) <= 2*len(s.Content.DTMF)
}

func dscpWords(values []uint8) string {
	words := make([]string, 0, len(values))
	for _, v := range values {
		if v == 0 {
			words = append(words, "0 (best effort)")
			continue
		}
		words = append(words, fmt.Sprint(v))
	}
	return strings.Join(words, " and ")
}

func aboveAgreed(c *Case) {
	for _, s := range c.Streams {
		if s.PeakRate == 0 {
			continue
		}
		limit, words, by := c.limitOf(s)
		if limit == 0 {
			continue
		}
		rate := float64(s.PeakRate) * 8
		if strings.HasPrefix(words, "TIAS") && s.OctetsIP > 0 {
			rate *= float64(s.OctetsRTP) / float64(s.OctetsIP)
		}
		if rate <= c.Number("factor")*limit {
			continue
		}
		d := c.Find("%s sends %.0f kbit/s at its busiest; %s allows %.0f (b=%s).", c.sideFirst(s.FromCaller), rate/1000, c.sideName(!s.FromCaller), limit/1000, words)
		d.Stream(s, "%.0f kbit/s in ten seconds: %s", rate/1000, ends(s)).Message(by.Message, "b=%s", words)
	}
}

// limitOf is what the receiver of a stream allows, in bit/s, by the line that
// awaits it; 0 when it does not say.
func (c *Case) limitOf(s *correlate.Stream) (limit float64, words string, by *correlate.Description) {
	for _, m := range c.described(!s.FromCaller) {
		lines := 0
		for i := range m.SDP.Media {
			if m.SDP.Media[i].Port != 0 {
				lines++
			}
		}
		for i := range m.SDP.Media {
			line := &m.SDP.Media[i]
			if at, ok := placeOf(line); !ok || at != s.Dst {
				continue
			}
			b := line.Bandwidth
			if b.AS == 0 && b.TIAS == 0 && lines == 1 {
				b = m.SDP.Bandwidth
			}
			switch {
			case b.TIAS > 0:
				limit, words, by = float64(b.TIAS), fmt.Sprintf("TIAS:%d", b.TIAS), m
			case b.AS > 0:
				limit, words, by = float64(b.AS)*1000, fmt.Sprintf("AS:%d", b.AS), m
			}
		}
	}
	return limit, words, by
}

func fragmentedMedia(c *Case) {
	for _, s := range c.Streams {
		if s.Fragmented < uint64(c.Number("packets")) || percentOf(s.Fragmented, s.Packets) <= c.Number("share") {
			continue
		}
		what := "audio"
		if s.Media != "" {
			what = s.Media
		}
		d := c.Find("%.0f %% of the %s packets of %s (%s of %s) are larger than the network takes and come in several fragments.", percentOf(s.Fragmented, s.Packets), what, c.sideName(s.FromCaller), amount.Grouped(s.Fragmented), amount.Grouped(s.Packets))
		d.Stream(s, "%s packets in fragments: %s", amount.Grouped(s.Fragmented), ends(s))
	}
}
