package diagnosis

import (
	"fmt"
	"time"

	"sipsniff/correlate"
	"sipsniff/internal/amount"
)

func timingRules() []*Rule {
	return []*Rule{{
		Code: "MED-12", Name: "jitter", Title: "Packets arrive unevenly, the phone must throw some away",
		Severity: correlate.Warning, Confidence: correlate.Proven,
		Graded: "error from 50 ms on",
		Needs:  NeedMedia, When: TraitMedia,
		Means:      "The interarrival jitter is above 30 ms for more than a twentieth of the packets, or a usual de-jitter buffer has to throw away 1 % of them or more.",
		Advice:     "Look at queues on the way (marking, MED-23), at Wi-Fi and VPNs, and at what else uses the link.",
		References: []string{"RFC 3550 §6.4.1", "spec §5.6, §5.8"},
		Thresholds: []Threshold{{"warning", 30, "ms", "of jitter"}, {"error", 50, "ms", "of jitter"}, {"discards", 1, "%", "that come too late"}, {"late", 10, "", "packets of these at least"}, {"packets", 100, "", "of the stream"}},
		Check:      jitter,
	}, {
		Code: "MED-13", Name: "delay", Title: "Long delay: people talk over each other",
		Severity: correlate.Warning, Confidence: correlate.Proven,
		Graded: "error from 600 ms on",
		Needs:  NeedRTCP, When: TraitMedia,
		Means:      "The round trip between both ends, by their RTCP, is longer than 300 ms. G.114 wants less than 150 ms one way, and 400 ms at most.",
		Advice:     "Look at the route: detours, satellites, VPNs; and at the buffers of both ends.",
		References: []string{"ITU-T G.114", "RFC 3550 §6.4.1", "spec §5.12"},
		Thresholds: []Threshold{{"warning", 300, "ms", "of round trip"}, {"error", 600, "ms", "of round trip"}},
		Check:      delay,
	}, {
		Code: "MED-14", Name: "clock-drift", Title: "The sender's clock is off: a click now and then",
		Severity: correlate.Warning, Confidence: correlate.Strong,
		Graded: "error from 300 ppm on",
		Needs:  NeedMedia, When: TraitMedia,
		Means:      "The timestamps of a stream run apart from the clock of the capture by more than 100 ppm, measured over a minute at least.",
		Advice:     "Check the sound card or the virtual machine of the sender. When all streams drift alike, it is the clock of the capture.",
		References: []string{"spec §5.6"},
		Thresholds: []Threshold{{"warning", 100, "ppm", "of drift"}, {"error", 300, "ppm", "of drift"}},
		Check:      clockDrift,
	}, {
		Code: "MED-15", Name: "timestamp-fault", Title: "The sender numbers time wrongly",
		Severity: correlate.Error, Confidence: correlate.Proven,
		Graded: "warning when timestamps only jump",
		Needs:  NeedMedia, When: TraitMedia,
		Means:      "The timestamps of media run slower than 0.9 or faster than 1.1 times the clock for ten seconds or more, or stand still; or they jump by more than a second without a pause or the marker.",
		Advice:     "Compare the clock rate in the description with what the encoder does; look at what puts streams together on the way.",
		References: []string{"RFC 3550 §5.1", "RFC 3551 §4.1"},
		Thresholds: []Threshold{{"time", 10, "s", "in which they are wrong"}, {"jumps", 2, "", "without marker"}},
		Check:      timestampFault,
	}}
}

func jitter(c *Case) {
	k := c.Talk()
	for _, caller := range both() {
		for _, s := range k.audio[side(caller)] {
			q := &s.Quality
			thrown := s.Score.Discarded * float64(q.Expected) / 100
			late := s.Score.Known && s.Score.Discarded >= c.Number("discards") && thrown >= c.Number("late")
			uneven := q.HasJitter && q.JitterP95 > c.Number("warning")
			if s.Packets < uint64(c.Number("packets")) || !late && !uneven {
				continue
			}
			text := fmt.Sprintf("jitter %.0f ms on average, %.0f ms at most", q.JitterMean, q.JitterMax)
			if s.Score.Known {
				text += fmt.Sprintf("; a usual de-jitter buffer (%s) would throw away %.1f %%", s.Score.Buffer, s.Score.Discarded)
			}
			d := c.Find("The audio of %s arrives unevenly (%s): %s.", c.sideName(caller), ends(s), text)
			if q.JitterP95 > c.Number("error") {
				d.Severity = correlate.Error
			}
			d.StreamGap(s, "the longest wait for a packet: %.0f ms", q.DeltaMax)
			if tooSlow(s) {
				d.Likely = fmt.Sprintf("The sender does not keep up: packets with %g ms of sound come every %.1f ms on average.", q.PTime, q.DeltaMean)
			}
		}
	}
}

// tooSlow reports whether the packets of a stream come more seldom than what is
// in them lasts, although none is missing and nobody pauses.
func tooSlow(s *correlate.Stream) bool {
	q := &s.Quality
	pauses := q.ComfortNoise > 0 || q.Breaks != nil && q.Breaks.Spurts > 0
	return q.HasDelta && q.PTime > 0 && q.DeltaMean > 1.1*q.PTime && !pauses && percentOf(q.Lost, q.Expected) < 1
}

func delay(c *Case) {
	var worst *correlate.Stream
	for _, s := range c.Streams {
		if s.Control != nil && s.Control.Trip.Total >= 0 && (worst == nil || s.Control.Trip.Total > worst.Control.Trip.Total) {
			worst = s
		}
	}
	if worst == nil {
		return
	}
	trip := worst.Control.Trip.Total
	if float64(trip)/1e6 <= c.Number("warning") {
		return
	}
	d := c.Find("It takes %s to the other end and back (%s at worst), about %s one way without the devices' own delay.",
		span(int64(trip)), span(int64(worst.Control.Trip.Worst)), span(int64(trip/2)))
	if float64(trip)/1e6 > c.Number("error") {
		d.Severity = correlate.Error
	}
	near, far := worst.Control.Trip.Near, worst.Control.Trip.Far
	d.Stream(worst, "by RTCP: %s between this measuring point and %s, %s between it and %s", trips(near), worst.Src.Addr(), trips(far), worst.Dst.Addr())
}

func trips(t time.Duration) string {
	if t < 0 {
		return "an unknown time"
	}
	return span(int64(t))
}

func clockDrift(c *Case) {
	k := c.Talk()
	for _, caller := range both() {
		s := k.main(caller)
		if s == nil || !s.Quality.HasSkew {
			continue
		}
		ppm := max(s.Quality.SkewPPM, -s.Quality.SkewPPM)
		if ppm <= c.Number("warning") {
			continue
		}
		faster := "fast"
		if s.Quality.SkewPPM < 0 {
			faster = "slow"
		}
		packet := s.Quality.PTime
		if packet == 0 {
			packet = 20
		}
		d := c.Find("The clock of %s runs %.0f ppm too %s (±%.0f): its receiver has to drop or repeat %g ms of sound every %.0f s.",
			c.sideName(caller), ppm, faster, s.Quality.SkewDoubt, packet, packet*1000/ppm)
		if ppm > c.Number("error") {
			d.Severity = correlate.Error
		}
		d.Stream(s, "measured over %s: %s", span(s.Last-s.First), ends(s))
	}
}

func timestampFault(c *Case) {
	for _, s := range c.Streams {
		if s.Repair || s.Packets == 0 {
			continue
		}
		if p := s.Pace; p != nil && p.Length >= int64(c.Number("time")*1e9) {
			how := fmt.Sprintf("run at %.2f times their rate (%d Hz, as described for %s)", p.Ratio, s.ClockRate, s.Codec)
			if p.Ratio < 0.01 {
				how = "stand still"
			}
			d := c.Find("The timestamps of %s %s for %s: the receiver plays too fast, too slowly or in pieces.", c.sideName(s.FromCaller), how, span(p.Length))
			d.StreamAt(s, p.Frame, p.Since, "timestamps at %.2f times the clock: %s", p.Ratio, ends(s))
			continue
		}
		if b := s.Quality.Breaks; b != nil && b.UnmarkedJumps >= uint64(c.Number("jumps")) && s.Quality.Restarts == 0 {
			d := c.Find("The timestamps of %s jump by more than a second, %s times, without a pause or the marker that announces it.", c.sideName(s.FromCaller), amount.Grouped(b.UnmarkedJumps))
			d.Severity = correlate.Warning
			d.Stream(s, "%s jumps: %s", amount.Grouped(b.UnmarkedJumps), ends(s))
		}
	}
}
