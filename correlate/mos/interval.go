package mos

import (
	"math"
	"slices"

	"sipsniff/correlate/quality"
)

// A State says whether an interval has a score.
type State uint8

// The states of an interval.
const (
	Scored State = iota
	Silent       // comfort noise or nothing, as the sender said
	Outage       // nothing arrived although media was expected
	Short        // too little to score
)

// An Interval is the score of five seconds, counted from the first packet.
type Interval struct {
	State  State
	R, MOS float64 // of Scored, and of Outage: 0 and 1
}

// intervals scores what happened in each five seconds, and over all of them.
func (s *Scorer) intervals(out *Score, q *quality.Report, ptime float64) {
	out.Intervals = make([]Interval, len(q.Intervals))
	var scores []float64
	var sum, weight float64
	for i := range q.Intervals {
		v := s.interval(out, &q.Intervals[i], ptime)
		out.Intervals[i] = v
		if v.State != Scored && v.State != Outage {
			continue
		}
		scores = append(scores, v.MOS)
		n := max(float64(q.Intervals[i].Expected), 1)
		sum, weight = sum+v.MOS*n, weight+n
		if v.MOS < 3.6 {
			out.Below36 += intervalSeconds
		}
		if v.MOS < 2.6 {
			out.Below26 += intervalSeconds
		}
	}
	if len(scores) == 0 {
		out.Min, out.Mean, out.P10 = out.MOS, out.MOS, out.MOS
		return
	}
	slices.Sort(scores)
	out.Min, out.Mean = scores[0], sum/weight
	out.P10 = scores[int(math.Ceil(0.10*float64(len(scores))))-1] // nearest rank (spec §6.8)
}

func (s *Scorer) interval(out *Score, v *quality.Interval, ptime float64) Interval {
	switch {
	case v.Outage:
		return Interval{Outage, 0, 1}
	case !v.Media:
		return Interval{State: Silent}
	case !enough(uint64(v.Expected), ptime):
		return Interval{State: Short}
	}
	b := s.buffer()
	expected, losses := uint64(v.Expected), uint64(v.Losses[b])
	loss := percent(losses, expected)
	r := s.rating(&out.Entry, loss, quality.BurstRatio(expected, losses, uint64(v.Runs[b])))
	if dead := float64(v.Dead[b]); loss >= deadLoss || dead >= deadTime {
		r *= 1 - min(dead/(intervalSeconds*1000), 1)
	}
	return Interval{Scored, r, out.Entry.Scale.MOS(r)}
}
