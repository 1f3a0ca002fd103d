package mos

import "sipsniff/correlate/quality"

// Part scores some of the intervals of a stream that has a score, such as
// those between answer and hang-up. It is not ok when none of them can be
// scored.
func (s *Scorer) Part(of *Score, in Input, keep func(interval int) bool) (mos float64, ok bool) {
	var expected, losses, runs, dead, length uint64
	q, b := in.Quality, s.Used()
	for i := range q.IntervalCount() {
		v := q.Interval(i)
		if !keep(i) || !v.Media && !v.Outage {
			continue
		}
		expected, losses, runs = expected+uint64(v.Expected), losses+uint64(v.Losses[b]), runs+uint64(v.Runs[b])
		dead, length = dead+uint64(v.Dead[b]), length+intervalSeconds*1000
		if v.Outage {
			dead += intervalSeconds * 1000
		}
	}
	if !enough(expected, in.Format.PTime) {
		return 0, false
	}
	loss := percent(losses, expected)
	r := s.rating(&of.Entry, loss, quality.BurstRatio(expected, losses, runs))
	if loss >= deadLoss {
		r *= 1 - min(float64(dead)/float64(length), 1)
	}
	return of.Entry.Scale.MOS(r), true
}
