package diagnosis

import (
	"fmt"
	"math"

	"sipsniff/correlate"
	"sipsniff/correlate/quality"
	"sipsniff/internal/amount"
)

func lossRules() []*Rule {
	return []*Rule{{
		Code: "MED-11", Name: "packet-loss", Title: "Part of the speech was lost",
		Severity: correlate.Warning, Confidence: correlate.Proven,
		Graded: "error and critical by the worst five seconds; info when the receiver reports that it got what is missing here",
		Needs:  NeedMedia, When: TraitMedia,
		Means:      "Packets of a stream are missing at this measuring point: at least 1 % of those expected in five seconds, and three packets. Times in which nothing at all arrives (MED-04) are left out.",
		Advice:     "Find where it happens: compare with RTCP and with captures nearer to the sender. Look at the marking (MED-23), at Wi-Fi, and at links that are full or limited.",
		References: []string{"RFC 3550 §6.4", "spec §5.5, §5.7"},
		Thresholds: []Threshold{
			{"warning", 1, "%", "lost in five seconds"}, {"error", 3, "%", "lost in five seconds"}, {"critical", 10, "%", "lost in five seconds"},
			{"packets", 3, "", "lost in these"}, {"apart", 3, "s", "in which nothing arrives: that is no scattered loss"}, {"bursty", 1.5, "", "burst ratio from which on losses come in bursts"}, {"rhythm", 60, "%", "of the losses that keep to a distance"},
		},
		Check: packetLoss,
	}, {
		Code: "MED-29", Name: "loss-behind", Title: "Speech is lost after this measuring point",
		Severity: correlate.Warning, Confidence: correlate.Strong,
		Needs: NeedMedia | NeedRTCP, When: TraitMedia,
		Means:      "The receiver reports at least 1 % more loss than the capture shows of the same packets, over three reports or more.",
		Advice:     "Look at the path from this measuring point to the receiver.",
		References: []string{"RFC 3550 §6.4.1", "spec §5.12"},
		Thresholds: []Threshold{{"loss", 1, "%", "more than here"}, {"reports", 3, "", "that are compared"}},
		Check:      lossBehind,
	}, {
		Code: "MED-30", Name: "receiver-gets-nothing", Title: "Packets pass here but never arrive",
		Severity: correlate.Critical, Confidence: correlate.Proven,
		Needs: NeedMedia | NeedRTCP, When: TraitMedia,
		Means:      "The reports of the receiver name the same highest packet for ten seconds or more while 250 packets or more pass the measuring point.",
		Advice:     "Look for a firewall, a NAT or a filter behind this measuring point.",
		Hides:      []string{"MED-29"},
		References: []string{"RFC 3550 §6.4.1"},
		Thresholds: []Threshold{{"time", 10, "s", "in which the reports stand still"}, {"packets", 250, "", "that pass meanwhile"}},
		Check:      receiverGetsNothing,
	}}
}

// A lossCount is what of a stream is missing here, without the times in which
// nothing arrived.
type lossCount struct {
	expected, lost uint64
	worst          float64 // percent, in five seconds
	at             int64   // when these began
	seconds        uint64  // of five each, with loss from the threshold on
}

// lossesOf counts the losses of a stream, without those in its holes.
func (c *Case) lossesOf(s *correlate.Stream) (l lossCount) {
	holes := missing(s, int64(c.Number("apart")*1e9))
	q := &s.Quality
	for i := range q.IntervalCount() {
		v := q.Interval(i)
		begin := s.First + int64(i)*intervalNanos
		expected, lost := uint64(v.Expected), uint64(v.Lost)
		for _, h := range holes { // numbers in a hole are spread over it
			inside := uint64(math.Ceil(float64(h.Lost) * share(h.Start, h.End, begin, begin+intervalNanos)))
			expected, lost = expected-min(expected, inside), lost-min(lost, inside)
		}
		l.expected += expected
		l.lost += lost
		if lost < uint64(c.Number("packets")) {
			continue
		}
		percent := percentOf(lost, expected)
		if percent >= c.Number("warning") {
			l.seconds += 5
		}
		if percent > l.worst {
			l.worst, l.at = percent, begin
		}
	}
	return l
}

func packetLoss(c *Case) {
	for _, s := range c.Streams {
		if s.Repair || s.UDPTL || s.Packets < fewPackets || s.Quality.Lost < uint64(c.Number("packets")) || s.Quality.Residual() < uint64(c.Number("packets")) {
			continue
		}
		if l := c.lossesOf(s); l.worst >= c.Number("warning") {
			c.tellLoss(s, l)
		}
	}
}

func (c *Case) tellLoss(s *correlate.Stream, l lossCount) {
	what := "speech"
	if s.Media == "video" {
		what = "video"
	}
	d := c.Find("%.1f %% of the %s of %s was lost on its way here (%s of %s packets, %s); in the worst five seconds, from %s on, %.1f %%. %s.",
		percentOf(l.lost, l.expected), what, c.sideName(s.FromCaller), amount.Grouped(l.lost), amount.Grouped(l.expected), ends(s), clock(l.at), l.worst, c.howLost(s, l))
	d.Title = fmt.Sprintf("%s lost %.1f %% of the %s of %s", c.sideFirst(!s.FromCaller), percentOf(l.lost, l.expected), what, c.sideName(s.FromCaller))
	switch {
	case l.worst >= c.Number("critical"):
		d.Severity = correlate.Critical
	case l.worst >= c.Number("error"):
		d.Severity = correlate.Error
	}
	d.Nanos = l.at
	missing := fmt.Sprintf("%s of %s packets missing", amount.Grouped(l.lost), amount.Grouped(l.expected))
	if s.Quality.DeltaMaxFrame != 0 {
		missing += fmt.Sprintf("; the longest gap, %.0f ms, is in front of this one", s.Quality.DeltaMax)
	}
	d.StreamGap(s, "%s", missing)
	c.localise(d, s)
}

// howLost says how the losses lie.
func (c *Case) howLost(s *correlate.Stream, l lossCount) string {
	if r, ok := c.withTheRate(s); ok {
		return fmt.Sprintf("They grow with the traffic between these hosts (correlation %.2f), as when a rate is limited", r)
	}
	if b := s.Quality.Breaks; b != nil && 100*b.Rhythm.Share >= c.Number("rhythm") {
		return fmt.Sprintf("They come regularly, every %s packets", amount.Grouped(b.Rhythm.Packets))
	}
	bursts := &s.Quality.Buffers[quality.BufferFixed200].Bursts
	if ratio := bursts.Ratio(); ratio >= c.Number("bursty") {
		return fmt.Sprintf("They come in bursts (burst ratio %.1f, up to %s in a row)", ratio, amount.Grouped(bursts.Longest))
	}
	return "They are scattered at random"
}

// withTheRate reports whether the losses of a stream follow the number of
// packets that go between its hosts, and how closely.
func (c *Case) withTheRate(s *correlate.Stream) (correlation float64, ok bool) {
	const leastBins, close, varies = 6, 0.7, 0.2
	type bin struct{ expected, lost float64 }
	bins := make([]bin, min(int((s.Last-s.First)/intervalNanos)+1, 720))
	others := 0
	for _, o := range c.between(s.Src.Addr(), s.Dst.Addr()) {
		if o.Last < s.First || o.First > s.Last {
			continue
		}
		others++
		for i := range o.Quality.IntervalCount() {
			at := (o.First + int64(i)*intervalNanos - s.First + intervalNanos/2) / intervalNanos
			if v := o.Quality.Interval(i); at >= 0 && at < int64(len(bins)) {
				bins[at].expected += float64(v.Expected)
				bins[at].lost += float64(v.Lost)
			}
		}
	}
	if others < 2 {
		return 0, false
	}
	var n, sx, sy, sxx, syy, sxy, low, high float64
	low = math.Inf(1)
	for _, b := range bins {
		if b.expected == 0 {
			continue
		}
		x, y := b.expected, b.lost/b.expected
		n, sx, sy, sxx, syy, sxy = n+1, sx+x, sy+y, sxx+x*x, syy+y*y, sxy+x*y
		low, high = min(low, x), max(high, x)
	}
	spread := math.Sqrt((n*sxx - sx*sx) * (n*syy - sy*sy))
	if n < leastBins || spread == 0 || high-low < varies*high {
		return 0, false
	}
	correlation = (n*sxy - sx*sy) / spread
	return correlation, correlation >= close
}

// localise says where packets got lost: before this measuring point or behind
// it, by RTCP and by the other views of the same stream.
func (c *Case) localise(d *Draft, s *correlate.Stream) {
	if r := s.Control; r != nil && r.Compared.Packets > 0 {
		split := &r.Compared
		behind := percentOf(uint64(max(split.Behind(), 0)), uint64(split.Packets))
		switch {
		case split.Here >= 3 && split.Reported*4 <= split.Here && s.Quality.Lost >= 3:
			d.Severity = correlate.Info
			d.Explanation += fmt.Sprintf(" But the receiver reports only %s of the %s packets that are missing here as lost: it got the others, and the capture did not.", amount.Grouped(max(split.Reported, 0)), amount.Grouped(split.Here))
			return
		case behind >= 1:
			d.Explanation += fmt.Sprintf(" The receiver reports that %.1f %% more got lost behind this measuring point.", behind)
		default:
			d.Explanation += " The receiver reports about the same: it was lost in front of this measuring point."
		}
	}
	before, after := c.otherViews(s)
	if before != nil {
		own, theirs := percentOf(s.Quality.Lost, s.Quality.Expected), percentOf(before.Quality.Lost, before.Quality.Expected)
		if theirs*2 >= own {
			d.Explanation += fmt.Sprintf(" On the hop before (%s) %.1f %% is missing as well: it was lost earlier.", ends(before), theirs)
		} else {
			d.Explanation += fmt.Sprintf(" On the hop before (%s) only %.1f %% is missing: it was lost between %s and here.", ends(before), theirs, s.Src.Addr())
		}
		d.Stream(before, "the same audio on the hop before: %.1f %% missing", theirs)
	}
	if after != nil {
		theirs := percentOf(after.Quality.Lost, after.Quality.Expected)
		d.Stream(after, "the same audio on the hop after: %.1f %% missing", theirs)
	}
}

// otherViews are the same packets, or the same sound, on the hop before and
// after: of a relay that keeps the SSRC, or of another leg.
func (c *Case) otherViews(s *correlate.Stream) (before, after *correlate.Stream) {
	list := c.namesakes(s.SSRC)
	for _, index := range c.Call.Joined() { // of a B2BUA that sends what it gets as its own
		if leg := c.CallOf(index); leg != nil && index != c.Call.Index {
			for _, id := range leg.StreamIDs {
				if o := c.StreamOf(id); o != nil && o.FromCaller == s.FromCaller && o.SSRC != s.SSRC {
					list = append(list[:len(list):len(list)], o)
				}
			}
		}
	}
	for _, o := range list {
		if o == s || o.Last < s.First || o.First > s.Last || o.Media != s.Media || o.UDPTL || o.Packets == 0 {
			continue
		}
		switch {
		case o.Dst.Addr() == s.Src.Addr() && o.Src != s.Src:
			before = o
		case o.Src.Addr() == s.Dst.Addr() && o.Dst != s.Dst:
			after = o
		}
	}
	return before, after
}

func lossBehind(c *Case) {
	for _, s := range c.Streams {
		if s.Control == nil {
			continue
		}
		split := &s.Control.Compared
		percent := percentOf(uint64(max(split.Behind(), 0)), uint64(max(split.Packets, 0)))
		if split.Intervals < uint64(c.Number("reports")) || percent < c.Number("loss") || split.Behind() < 3 {
			continue
		}
		d := c.Find("%s reports %s of %s packets of %s as lost; here %s of them are missing. %.1f %% was lost between this measuring point and %s.",
			c.sideFirst(!s.FromCaller), amount.Grouped(max(split.Reported, 0)), amount.Grouped(split.Packets), c.sideName(s.FromCaller), amount.Grouped(split.Here), percent, s.Dst.Addr())
		d.Stream(s, "%s; %s reports compared", ends(s), amount.Grouped(split.Intervals))
	}
}

func receiverGetsNothing(c *Case) {
	for _, s := range c.Streams {
		if s.Control == nil || s.Packets == 0 || s.Control.Received.Highest == 0 {
			continue
		}
		f := &s.Control.Received.Frozen
		if f.To-f.From < int64(c.Number("time")*1e9) || f.Packets < uint64(c.Number("packets")) || f.Reports < 2 {
			continue
		}
		d := c.Find("%s heard nothing for %s: its reports from %s to %s name the same last packet, while %s packets of %s passed here towards %s.",
			c.sideFirst(!s.FromCaller), span(f.To-f.From), clock(f.From), clock(f.To), amount.Grouped(f.Packets), c.sideName(s.FromCaller), s.Dst)
		d.StreamAt(s, f.Frame, f.From, "%s reports of %s in a row that name packet %d", amount.Grouped(f.Reports+1), c.sideName(!s.FromCaller), s.Control.Received.Highest&0xFFFF)
	}
}
