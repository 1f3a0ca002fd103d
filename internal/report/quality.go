package report

import (
	"fmt"
	"slices"

	"sipsniff/correlate"
	"sipsniff/correlate/mos"
	"sipsniff/correlate/quality"
	"sipsniff/correlate/quality/emodel"
)

// qualityJSON is how a stream sounded: what de-jitter buffers made of it, and
// the estimate of the E-model. docs/QUALITY.md defines each value.
type qualityJSON struct {
	Late     *uint64  `json:"late_discarded,omitempty"` // by the de-jitter buffer that the score is of
	Skew     *float64 `json:"skew_ppm,omitempty"`
	Burst    *burst   `json:"burst,omitempty"`
	Buffers  []buffer `json:"buffers,omitempty"`
	R        *float64 `json:"r_factor,omitempty"`
	MOS      *float64 `json:"mos,omitempty"`
	Scale    string   `json:"mos_scale,omitempty"`  // "NB", "WB", "FB"
	Basis    string   `json:"mos_basis,omitempty"`  // codec, impairments, and whether they are assumed
	Reason   string   `json:"mos_reason,omitempty"` // why there is none
	Common   *float64 `json:"mos_common,omitempty"` // on the full-band scale
	Bridged  bool     `json:"mos_common_bridged,omitempty"`
	Least    *float64 `json:"mos_min,omitempty"`
	Mean     *float64 `json:"mos_mean,omitempty"`
	Tenth    *float64 `json:"mos_p10,omitempty"`
	Below36  *int     `json:"seconds_below_3_6,omitempty"`
	Below26  *int     `json:"seconds_below_2_6,omitempty"`
	Talk     *talk    `json:"conversation,omitempty"` // with delay, when that is known
	Interval []scored `json:"mos_intervals,omitempty"`
}

type burst struct {
	Density     float64 `json:"density"`
	Duration    float64 `json:"duration_ms"`
	GapDensity  float64 `json:"gap_density"`
	GapDuration float64 `json:"gap_duration_ms"`
	Ratio       float64 `json:"burst_r"`
	Bursts      uint64  `json:"bursts"`
	Longest     uint64  `json:"longest_loss"` // packets in a row that were not played
}

type buffer struct {
	Name       string   `json:"name"`
	Late       uint64   `json:"late"`
	Overflowed uint64   `json:"overflowed"`
	Unplayed   float64  `json:"unplayed_percent"` // lost on the way included
	Wait       *float64 `json:"wait_ms,omitempty"`
	MOS        *float64 `json:"mos,omitempty"`
}

type talk struct {
	R     float64 `json:"r_factor"`
	MOS   float64 `json:"mos"`
	Delay float64 `json:"delay_ms"`
	From  string  `json:"delay_from"`
}

type scored struct {
	At    string   `json:"at"`
	MOS   *float64 `json:"mos"` // null when nothing was said or too little came
	State string   `json:"state,omitempty"`
}

func newQuality(s *correlate.Stream, scorer *mos.Scorer) qualityJSON {
	q, score := &s.Quality, &s.Score
	out := qualityJSON{Reason: score.Reason}
	if q.HasSkew {
		out.Skew = rounded(q.SkewPPM)
	}
	if !q.HasBuffers || s.Media == "video" || s.Media == "fax" {
		return out
	}
	own := &q.Buffers[scorer.Used()]
	late := own.Late + own.Overflowed
	out.Late = &late
	out.Burst = newBurst(&own.Bursts, q.PTime)
	for i := range q.Buffers {
		out.Buffers = append(out.Buffers, newBuffer(s, scorer, i))
	}
	if score.Known {
		out.rate(s, scorer)
	}
	return out
}

// rate fills in the estimate.
func (out *qualityJSON) rate(s *correlate.Stream, scorer *mos.Scorer) {
	score := &s.Score
	out.R, out.MOS, out.Scale, out.Basis = rounded(score.R), rounded(score.MOS), score.Entry.Scale.String(), score.Entry.Basis()
	if s.CodecFrom == "guess" {
		out.Basis += ", codec is a guess"
	}
	out.Common, out.Bridged = rounded(score.Common), score.Bridged
	if score.HasDelay {
		out.Talk = &talk{R: round(score.ConversationR), MOS: round(score.ConMOS), Delay: round(score.Delay), From: score.DelayFrom}
	}
	course := scorer.Course(score, s.ScoreInput())
	out.Least, out.Mean, out.Tenth = rounded(course.Min), rounded(course.Mean), rounded(course.P10)
	out.Below36, out.Below26 = &course.Below36, &course.Below26
	for i, v := range course.Intervals {
		at := scored{At: stamp(s.First + int64(i)*intervalNanos)}
		switch v.State {
		case mos.Scored:
			at.MOS = rounded(v.MOS)
		case mos.Outage:
			at.MOS, at.State = rounded(v.MOS), "outage"
		case mos.Silent:
			at.State = "silent"
		case mos.Short:
			at.State = "short"
		}
		out.Interval = append(out.Interval, at)
	}
}

// intervalNanos is the length of the intervals that are scored.
const intervalNanos = 5e9

func newBurst(b *quality.Bursts, ptime float64) *burst {
	return &burst{
		Density: round(b.BurstDensity()), Duration: round(b.BurstLength() * ptime),
		GapDensity: round(b.GapDensity()), GapDuration: round(b.GapLength() * ptime),
		Ratio: round(b.Ratio()), Bursts: b.Bursts, Longest: b.Longest,
	}
}

// newBuffer is a de-jitter buffer with the score that a phone with it has.
func newBuffer(s *correlate.Stream, scorer *mos.Scorer, i int) buffer {
	b := &s.Quality.Buffers[i]
	out := buffer{Name: b.Model.String(), Late: b.Late, Overflowed: b.Overflowed}
	if b.Bursts.Packets > 0 {
		out.Unplayed = round(100 * float64(b.Bursts.Lost) / float64(b.Bursts.Packets))
	}
	if b.Played > 0 {
		out.Wait = rounded(float64(b.Mean()) / 1e6)
	}
	if s.Score.Known {
		with := *scorer
		with.Fixed, with.Buffer = true, i
		out.MOS = rounded(with.Score(s.ScoreInput()).MOS)
	}
	return out
}

func rounded(v float64) *float64 {
	v = round(v)
	return &v
}

// worstMOS is the score of a call as the table has it: "4.21", with "~" when
// it rests on an assumption.
func worstMOS(c *correlate.Call) string {
	if c.Score == nil {
		return none
	}
	return mosText(c.Score.MOS, c.Score.Assumed)
}

// streamMOS is the score of a stream as the table has it.
func streamMOS(s *correlate.Stream) string {
	if !s.Score.Known {
		return none
	}
	return mosText(s.Score.MOS, s.Score.Entry.Assumed() || s.CodecFrom == "guess") + " " + s.Score.Entry.Scale.String()
}

func mosText(v float64, assumed bool) string {
	text := fmt.Sprintf("%.2f", v)
	if assumed {
		return "~" + text
	}
	return text
}

// CodecRows lists the impairments of codecs: heading first. What stands for a
// rate, and for all of which the rate is not known, is listed once.
func CodecRows(t *emodel.Table) [][]string {
	rows := [][]string{{"Codec", "rtpmap", "Scale", "Ie", "from", "Bpl", "from", "Lookahead ms"}}
	for _, e := range t.Entries() {
		name := e.Encoding
		if e.Clock != 0 {
			name = fmt.Sprintf("%s/%d", name, e.Clock)
		}
		row := []string{e.Name, name, e.Scale.String(), fmt.Sprint(e.Ie), string(e.IeFrom), fmt.Sprint(e.Bpl), string(e.BplFrom), fmt.Sprint(e.Lookahead)}
		if !slices.ContainsFunc(rows, func(r []string) bool { return slices.Equal(r, row) }) {
			rows = append(rows, row)
		}
	}
	return rows
}
