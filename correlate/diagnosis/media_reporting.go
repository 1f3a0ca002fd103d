package diagnosis

import (
	"strings"

	"sipsniff/correlate"
	"sipsniff/internal/amount"
)

func reportingRules() []*Rule {
	return []*Rule{{
		Code: "MED-27", Name: "rtcp-missing", Title: "No quality reports from the devices",
		Severity: correlate.Info, Confidence: correlate.Strong,
		Needs: NeedBothMedia, When: TraitMedia,
		Means:      "Audio goes both ways for 15 seconds or more, and there is no RTCP; descriptions that forbid it (b=RS:0 and b=RR:0) are left out.",
		Advice:     "Check whether the port above that of RTP is open, whether a=rtcp-mux or a=rtcp says another one, and whether the devices send RTCP at all.",
		References: []string{"RFC 3550 §6.2", "RFC 3556"},
		Thresholds: []Threshold{{"time", 15, "s", "of audio"}},
		Check:      controlMissing,
	}, {
		Code: "MED-28", Name: "rtcp-odd", Title: "The quality reports of a device are odd",
		Severity: correlate.Info, Confidence: correlate.Proven,
		Needs: NeedRTCP, When: TraitMedia,
		Means:      "RTCP takes more than 5 % of the bandwidth of the media, comes more often than twice a second without feedback (AVPF), or says what cannot be.",
		Advice:     "Do not rely on what this device reports; look for an update of its firmware.",
		References: []string{"RFC 3550 §6.2, §6.4", "spec §5.12"},
		Thresholds: []Threshold{{"share", 5, "%", "of the media"}, {"interval", 0.5, "s", "between two packets"}, {"packets", 10, "", "of RTCP"}},
		Check:      controlOdd,
	}}
}

func controlMissing(c *Case) {
	k := c.Talk()
	a, b := k.main(true), k.main(false)
	if a == nil || b == nil || min(a.Last, b.Last)-max(a.First, b.First) < int64(c.Number("time")*1e9) || min(a.Packets, b.Packets) < 100 {
		return
	}
	for _, s := range c.Streams {
		if s.RTCPPackets > 0 || s.Control != nil {
			return
		}
	}
	for i := range c.Descriptions() {
		if line := audioLine(c.Descriptions()[i].SDP); line != nil {
			own := line.Bandwidth
			if own.ControlForbidden() || c.Descriptions()[i].SDP.Bandwidth.ControlForbidden() {
				return
			}
		}
	}
	d := c.Find("Neither end sends RTCP, in %s of audio: loss behind this measuring point and the delay are not known.", span(min(a.Last, b.Last)-max(a.First, b.First)))
	d.Stream(a, "audio of the caller without RTCP: %s", ends(a)).Stream(b, "audio of the callee without RTCP: %s", ends(b))
}

func controlOdd(c *Case) {
	for _, s := range c.Streams {
		r := s.Control
		if r == nil {
			continue
		}
		if odd := r.Received.Implausible; len(odd) > 0 {
			d := c.Find("The reports of %s about what it receives (%s) say what cannot be: %s.", c.sideName(!s.FromCaller), ends(s), oddWords(odd))
			d.Stream(s, "%s with an odd %s", amount.Of(r.Received.Reports, "report"), oddWords(odd))
			return
		}
		w := &r.Wire
		length := s.Last - s.First
		if w.Packets < uint64(c.Number("packets")) || s.Packets < 100 || length < 10*second || c.feedback() {
			continue
		}
		share := percentOf(w.Octets, s.OctetsIP)
		switch interval := w.Interval().Seconds(); {
		case interval > 0 && interval < c.Number("interval"):
			d := c.Find("%s sends RTCP every %.2f s; every five seconds is usual.", c.sideFirst(s.FromCaller), interval)
			d.Stream(s, "%s packets of RTCP in %s: %s", amount.Grouped(w.Packets), span(w.Last-w.First), ends(s))
		case share > c.Number("share") && !s.Quality.EndsSilent:
			d := c.Find("The RTCP of %s takes %.1f %% of the bandwidth of its media; 5 %% is the most that it should.", c.sideName(s.FromCaller), share)
			d.Stream(s, "%s octets of RTCP to %s of RTP: %s", amount.Grouped(w.Octets), amount.Grouped(s.OctetsIP), ends(s))
		}
	}
}

// feedback reports whether RTCP may come at any time (RFC 4585).
func (c *Case) feedback() bool {
	for i := range c.Descriptions() {
		for j := range c.Descriptions()[i].SDP.Media {
			if strings.HasSuffix(strings.ToUpper(c.Descriptions()[i].SDP.Media[j].Protocol), "AVPF") {
				return true
			}
		}
	}
	return false
}

// oddWords puts the names of correlate.ReceiverControl.Implausible into words.
func oddWords(names []string) string {
	words := make([]string, len(names))
	for i, n := range names {
		switch n {
		case "loss":
			words[i] = "loss (share and count do not agree)"
		case "last_sr":
			words[i] = "time of the last report (its octets are the wrong way round)"
		case "delay":
			words[i] = "delay since the last report"
		default:
			words[i] = n
		}
	}
	return strings.Join(words, ", ")
}
