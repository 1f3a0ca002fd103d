package diagnosis

import (
	"cmp"
	"fmt"
	"net/netip"
	"slices"
	"time"

	"sipsniff/correlate"
	"sipsniff/internal/amount"
)

// captureRules are about what a capture is worth.
func captureRules() []*Rule {
	return []*Rule{
		{
			Code: "INF-03", Name: "capture-loss", Title: "The capture itself lost packets",
			Severity: correlate.Warning, Confidence: correlate.Strong,
			Graded:     "proven when the drops were counted",
			Means:      "Packets were dropped before they were captured; or TCP acknowledges octets that were never seen; or streams of several senders stop arriving in the same moment; or a receiver reports that nothing is lost of a stream that has losses here.",
			Advice:     "What is missing in calls and streams may have been lost here and not on the network. Use a larger buffer (-B), a narrower filter, or a faster disk.",
			Thresholds: []Threshold{{"streams", 3, "", "senders whose streams have an outage at the same time"}, {"together", 50, "ms", "how close together these begin"}, {"loss", 1, "%", "of a stream whose receiver reports none"}, {"reports", 3, "", "of such a receiver"}},
			Survey:     captureLoss,
		},
		{
			Code: "INF-04", Name: "clock-jump", Title: "The clock of the capture was set",
			Severity: correlate.Warning, Confidence: correlate.Proven,
			Means:  "The time of frames goes back by more than a second, or on by more than a minute while RTP goes on without a gap.",
			Advice: "Do not trust times and durations across the step.",
			Survey: clockJump,
		},
		{
			Code: "INF-05", Name: "captured-twice", Title: "Packets were captured twice",
			Severity: correlate.Info, Confidence: correlate.Proven,
			Means:      "More of the frames than that hold a packet that was captured before.",
			Advice:     "Capture on one interface, or one port of the switch; calls and streams count such packets once.",
			Thresholds: []Threshold{{"share", 5, "%", "of all frames"}},
			Survey:     capturedTwice,
		},
		{
			Code: "INF-06", Name: "truncated", Title: "SIP messages were cut by the capture",
			Severity: correlate.Warning, Confidence: correlate.Proven,
			Means:      "More of the SIP messages than that are cut by the snapshot length.",
			Advice:     "Capture with a larger snapshot length (-s); SDP and bodies may be missing.",
			Thresholds: []Threshold{{"share", 0.1, "%", "of all SIP messages"}},
			Survey:     truncated,
		},
	}
}

// measured is evidence that is no packet.
func measured(text string, args ...any) correlate.Evidence {
	return correlate.Evidence{Text: fmt.Sprintf(text, args...)}
}

// captureLoss is INF-03, which is said once, by the surest sign.
func captureLoss(s *Survey) {
	in := &s.snap.Input
	switch d := in.Dropped; {
	case d.Kernel+d.Interface+d.Queue > 0:
		f := s.Find("%s packets were dropped because the buffer was full, %s by the network interface, %s because the program did not keep up.", amount.Grouped(d.Kernel), amount.Grouped(d.Interface), amount.Grouped(d.Queue))
		f.Confidence, f.Count = correlate.Proven, int(d.Kernel+d.Interface+d.Queue)
		f.Show(measured("dropped: buffer %s, interface %s, program %s", amount.Grouped(d.Kernel), amount.Grouped(d.Interface), amount.Grouped(d.Queue)))
	case in.Decode.Signalling.Unseen > 0:
		n := in.Decode.Signalling.Unseen
		f := s.Find("In TCP streams %s acknowledged by the receiver and never captured.", were(int(n), "piece"))
		f.Count = int(n)
		f.Show(measured("%s, %s", amount.Of(in.Decode.Signalling.Gaps, "gap"), amount.Of(in.Decode.Signalling.GapOctets, "octet")))
	default:
		if !s.lostTogether() {
			s.lostHereOnly()
		}
	}
}

func were(n int, noun string) string {
	if n == 1 {
		return "1 " + noun + " was"
	}
	return amount.Of(n, noun) + " were"
}

// An outageOf is an outage of a stream.
type outageOf struct {
	at     int64
	stream *correlate.Stream
}

// lostTogether looks for outages of unrelated streams at one moment.
func (s *Survey) lostTogether() bool {
	var list []outageOf
	for _, st := range s.snap.Streams {
		for _, o := range st.Quality.Outages {
			if s.snap.Input.Saw(o.Start, o.End) { // else it is of our own doing
				list = append(list, outageOf{o.Start, st})
			}
		}
	}
	slices.SortStableFunc(list, func(a, b outageOf) int { return cmp.Compare(a.at, b.at) })
	together := int64(s.Number("together") * float64(time.Millisecond))
	b := densest(len(list), together, func(i int) int64 { return list[i].at }, func(i int) string { return list[i].stream.Src.Addr().String() })
	if float64(b.distinct) < s.Number("streams") {
		return false
	}
	d := s.Find("Streams of %s senders stopped arriving within %.0f ms of each other: that is more likely here than on %s ways.", amount.Grouped(b.distinct), s.Number("together"), amount.Grouped(b.distinct))
	d.Count = b.distinct
	seen := make(map[netip.Addr]bool)
	for _, o := range list[b.from:b.to] {
		if a := o.stream.Src.Addr(); !seen[a] {
			seen[a] = true
			d.Show(correlate.Evidence{Nanos: o.at, Stream: o.stream.ID, Text: fmt.Sprintf("stream from %s stops", o.stream.Src)})
		}
	}
	return true
}

// lostHereOnly looks for a receiver who misses nothing of what is missing here.
func (s *Survey) lostHereOnly() {
	for _, st := range s.snap.Streams {
		c, q := st.Control, &st.Quality
		if c == nil || q.Expected == 0 || float64(c.Received.Reports) < s.Number("reports") || c.Received.CumulativeLost > 0 {
			continue
		}
		if percent := 100 * float64(q.Lost) / float64(q.Expected); percent >= s.Number("loss") {
			d := s.Find("Of the stream from %s to %s %s packets (%.1f %%) are missing here, but its receiver reports no loss.", st.Src, st.Dst, amount.Grouped(q.Lost), percent)
			d.About, d.Count = st.Dst.String(), int(q.Lost)
			d.Show(correlate.Evidence{Nanos: c.Received.Last, Stream: st.ID, Text: fmt.Sprintf("%s receiver reports, %s lost by their count", amount.Grouped(c.Received.Reports), amount.Grouped(c.Received.CumulativeLost))})
			return
		}
	}
}

// clockJump is INF-04.
func clockJump(s *Survey) {
	c := &s.snap.Input.Clock
	if c.Steps == 0 {
		return
	}
	d := s.Find("The clock was set %s, the most by %s, the first time at frame %d.", amount.Of(c.Steps, "time"), amount.Shift(c.Largest), c.FirstFrame)
	d.Count = int(c.Steps)
	d.Show(correlate.Evidence{Frame: c.FirstFrame, Text: "the first frame behind a step"})
}

// capturedTwice is INF-05.
func capturedTwice(s *Survey) {
	in := &s.snap.Input
	if percent := 100 * float64(in.Decode.Duplicates) / float64(max(in.Frames, 1)); percent > s.Number("share") {
		d := s.Find("%s of %s frames (%.1f %%) hold a packet that was captured before.", amount.Grouped(in.Decode.Duplicates), amount.Grouped(in.Frames), percent)
		d.Count = int(in.Decode.Duplicates)
		d.Show(measured("%s captured again", amount.Of(in.Decode.Duplicates, "frame")))
	}
}

// truncated is INF-06.
func truncated(s *Survey) {
	cut, all := s.snap.Input.CutMessages["snaplen"], s.snap.Totals.SIPMessages
	percent := 100 * float64(cut) / float64(max(all, 1))
	if percent <= s.Number("share") {
		return
	}
	d := s.Find("%s of %s SIP messages (%.1f %%) are cut by the snapshot length.", amount.Grouped(cut), amount.Grouped(all), percent)
	d.Count = int(cut)
	for _, c := range s.Calls {
		for _, m := range c.Messages() {
			if m.Cut == "snaplen" && len(d.Evidence) < 3 {
				d.Message(m, "cut after %s octets", amount.Grouped(m.Size())).Involve(c.Index)
			}
		}
		if len(d.Evidence) >= 3 {
			break
		}
	}
	if len(d.Evidence) == 0 {
		d.Show(measured("%s", amount.Of(cut, "message")))
	}
}
