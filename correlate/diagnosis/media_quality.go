package diagnosis

import (
	"cmp"
	"fmt"
	"slices"

	"sipsniff/correlate"
	"sipsniff/correlate/quality/emodel"
	"sipsniff/internal/amount"
)

func qualityRules() []*Rule {
	return []*Rule{{
		Code: "MED-31", Name: "low-mos", Title: "The estimated quality of the call is low",
		Severity: correlate.Warning, Confidence: correlate.Proven,
		Graded: "error below 3.1; strong when the impairments of the codec are an assumption",
		Needs:  NeedMedia, When: TraitMedia,
		Means:      "The estimate (E-model) of the worst stream while people talked is below 3.6.",
		Advice:     "Begin with what weighs most, which the finding names: loss (MED-11), uneven arrival (MED-12), delay (MED-13), or the codec.",
		References: []string{"ITU-T G.107", "spec §6.8"},
		Thresholds: []Threshold{{"warning", 3.6, "", "MOS"}, {"error", 3.1, "", "MOS"}, {"packets", 100, "", "that an estimate of a call needs"}},
		Check:      lowScore,
	}, {
		Code: "MED-33", Name: "video-freeze", Title: "The picture froze",
		Severity: correlate.Warning, Confidence: correlate.Proven,
		Needs: NeedMedia, When: TraitMedia,
		Means:      "The time from one frame of video to the next is longer than three times the usual, and 150 ms more than it, for a second or more in all.",
		Advice:     "Look at the loss of the video, at whether its bandwidth is limited, and at how soon key frames come when they are asked for (PLI).",
		References: []string{"RFC 4585 §6.3.1", "spec §5.11"},
		Thresholds: []Threshold{{"time", 1, "s", "frozen in all"}, {"freezes", 1, "", "times"}},
		Check:      videoFreeze,
	}}
}

// fewPackets are too few to say how anything sounded, whatever is missing beside
// them: they may be no audio at all.
const fewPackets = 20

func lowScore(c *Case) {
	score := c.Call.Score
	if score == nil || score.MOS >= c.Number("warning") {
		return
	}
	s := c.StreamOf(score.Stream)
	if s == nil || s.Quality.Expected < uint64(c.Number("packets")) || s.Packets < fewPackets {
		return
	}
	worst := heaviest(s)
	d := c.Find("What %s heard is estimated at MOS %.2f (%s): mainly because of %s.", c.sideName(!score.FromCaller), score.MOS, scaleWords(score.Scale), worst.words)
	d.Advice = worst.advice
	if score.MOS < c.Number("error") {
		d.Severity = correlate.Error
	}
	if score.Assumed {
		d.Confidence = correlate.Strong
	}
	d.Nanos = s.Last // it sums up what came before
	d.Stream(s, "%s, %.1f %% lost, %.1f %% too late for a de-jitter buffer: %s", s.Score.Entry.Name, s.Score.NetworkLoss, s.Score.Discarded, ends(s))
}

func scaleWords(scale string) string {
	switch scale {
	case "WB":
		return "wide band"
	case "FB":
		return "full band"
	}
	return "narrow band"
}

// A burden is what lowers an estimate.
type burden struct {
	cost   float64 // in points of R
	words  string
	advice string
}

// heaviest is what costs most: the codec, losses, late packets or delay.
func heaviest(s *correlate.Stream) burden {
	v := &s.Score
	loss := v.NetworkLoss + v.Discarded
	damage := v.Entry.Impairment(loss, v.BurstRatio) - v.Entry.Ie
	parts := []burden{
		{v.Entry.Ie, "the codec (" + v.Entry.Name + ")", "Have both sides prefer " + better(v.Entry.Scale) + " where the line has room for it: this one sounds no better when nothing is lost."},
		{part(damage, v.NetworkLoss, loss), fmt.Sprintf("packet loss (%.1f %%)", v.NetworkLoss),
			"Find where packets are lost (MED-11 says where to look): capture nearer to the sender."},
		{part(damage, v.Discarded, loss), fmt.Sprintf("packets that come too late (%.1f %%)", v.Discarded),
			"Find where packets wait (MED-12 says where to look). A larger de-jitter buffer loses fewer of them and adds delay: b and B in the media view of the screen try it."},
	}
	if v.HasDelay {
		parts = append(parts, burden{v.R - v.ConversationR, fmt.Sprintf("delay (%.0f ms)", v.Delay), "Find where the delay comes from (MED-13 says where to look)."})
	}
	return slices.MaxFunc(parts, func(a, b burden) int { return cmp.Compare(a.cost, b.cost) })
}

// better is what sounds better than a codec of a scale that costs much.
func better(scale emodel.Scale) string {
	if scale == emodel.NarrowBand {
		return "a codec that sounds better (G.711, G.722, Opus)"
	}
	return "a higher rate of the codec, or one that sounds better,"
}

func part(of, share, whole float64) float64 {
	if whole == 0 {
		return 0
	}
	return of * share / whole
}

func videoFreeze(c *Case) {
	k := c.Talk()
	if len(k.pauses) > 0 {
		return
	}
	for _, s := range c.Streams {
		if s.Content == nil || s.Content.Video == nil {
			continue
		}
		v := s.Content.Video
		if v.Freezes < int(c.Number("freezes")) || v.Frozen < int64(c.Number("time")*1e9) {
			continue
		}
		d := c.Find("The picture of %s froze %s, %s in all and %s at the longest (%s).", c.sideName(s.FromCaller), times(v.Freezes), span(v.Frozen), span(v.LongestFreeze), ends(s))
		d.StreamGap(s, "%s frames, %.0f a second; %s incomplete; %s packets lost", amount.Grouped(v.Frames), v.FPS, amount.Grouped(v.Incomplete), amount.Grouped(s.Quality.Lost))
	}
}
