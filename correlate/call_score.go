package correlate

import "sipsniff/correlate/mos"

// A CallScore is the estimate of quality that stands for a whole call: that of
// its worst stream while the call was up (spec §6.8).
type CallScore struct {
	MOS   float64
	Scale string // "NB", "WB" or "FB": values of different scales are not comparable
	// Stream is the ID of that stream, FromCaller whose speech it carries.
	Stream     int
	FromCaller bool
	Assumed    bool // the impairments of its codec are an assumption
}

// intervalLength is the length of the intervals of quality.Report, ns.
const intervalLength = 5 * second

// scoreCall finds the worst of the streams of a call; nil when none has a score.
func scoreCall(scorer *mos.Scorer, c *Call, streams []*Stream) *CallScore {
	var worst *CallScore
	for _, s := range streams {
		if !s.Score.Known || c.Answered != 0 && s.Last < c.Answered || c.Ended != 0 && s.First > c.Ended {
			continue // early media, or after the end
		}
		value, ok := scorer.Part(&s.Score, s.ScoreInput(), func(i int) bool {
			return c.talks(s.First + int64(i)*intervalLength + intervalLength/2)
		})
		if !ok {
			value = s.Score.MOS // too short, or no time of the answer: then all of it counts
		}
		if worst == nil || value < worst.MOS {
			worst = &CallScore{MOS: value, Scale: s.Score.Entry.Scale.String(), Stream: s.ID, FromCaller: s.FromCaller, Assumed: s.Score.Entry.Assumed()}
		}
	}
	return worst
}

// talks reports whether both sides could speak at a moment: the call was up,
// and nobody held the other.
func (c *Call) talks(nanos int64) bool {
	for i := range c.Holds {
		if h := &c.Holds[i]; nanos >= h.From && (h.To == 0 || nanos < h.To) {
			return false
		}
	}
	return (c.Answered == 0 || nanos >= c.Answered) && (c.Ended == 0 || nanos <= c.Ended)
}
