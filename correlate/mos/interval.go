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

// A Course is how the quality of a stream went on.
type Course struct {
	Intervals        []Interval
	Min, Mean, P10   float64 // MOS, over the intervals that were scored
	Below36, Below26 int     // s
}

// Course scores what happened in each five seconds of a stream that has a
// score.
func (s *Scorer) Course(of *Score, in Input) Course {
	q := in.Quality
	c := Course{Intervals: make([]Interval, q.IntervalCount()), Min: of.MOS, Mean: of.MOS, P10: of.MOS}
	var scores []float64
	var sum, weight float64
	for i := range c.Intervals {
		v := s.interval(of, q.Interval(i), in.Format.PTime)
		c.Intervals[i] = v
		if v.State != Scored && v.State != Outage {
			continue
		}
		scores = append(scores, v.MOS)
		n := max(float64(q.Interval(i).Expected), 1)
		sum, weight = sum+v.MOS*n, weight+n
		c.below(v.MOS)
	}
	if len(scores) > 0 {
		slices.Sort(scores)
		c.Min, c.Mean = scores[0], sum/weight
		c.P10 = scores[int(math.Ceil(0.10*float64(len(scores))))-1] // nearest rank (spec §6.8)
	}
	return c
}

func (c *Course) below(mos float64) {
	if mos < 3.6 {
		c.Below36 += intervalSeconds
	}
	if mos < 2.6 {
		c.Below26 += intervalSeconds
	}
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
	b := s.Used()
	expected, losses := uint64(v.Expected), uint64(v.Losses[b])
	loss := percent(losses, expected)
	r := s.rating(&out.Entry, loss, quality.BurstRatio(expected, losses, uint64(v.Runs[b])))
	if dead := float64(v.Dead[b]); loss >= deadLoss || dead >= deadTime {
		r *= 1 - min(dead/(intervalSeconds*1000), 1)
	}
	return Interval{Scored, r, out.Entry.Scale.MOS(r)}
}
