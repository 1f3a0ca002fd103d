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
	pauses := c.pauses()
	for _, s := range streams {
		if !s.Score.Known || c.Answered != 0 && s.Last < c.Answered || c.Ended != 0 && s.First > c.Ended {
			continue // early media, or after the end
		}
		talked := c.talks(s.First, pauses) || c.talks(s.Last, pauses)
		value, ok := scorer.Part(&s.Score, s.ScoreInput(), func(i int) bool {
			keep := c.talks(s.First+int64(i)*intervalLength+intervalLength/2, pauses)
			talked = talked || keep
			return keep
		})
		switch {
		case ok:
		case !talked:
			continue // all of it was on hold, or beside a fax
		default:
			value = s.Score.MOS // too short, or no time of the answer: then all of it counts
		}
		if worst == nil || value < worst.MOS {
			worst = &CallScore{MOS: value, Scale: s.Score.Entry.Scale.String(), Stream: s.ID, FromCaller: s.FromCaller, Assumed: s.Score.Entry.Assumed()}
		}
	}
	return worst
}

// A pause is a time of a call in which nobody talks; to is 0 when it lasted to
// the end.
type pause struct{ from, to int64 }

// pauses are the times on hold and those of a fax.
func (c *Call) pauses() []pause {
	var list []pause
	for i := range c.Holds {
		list = append(list, pause{c.Holds[i].From, c.Holds[i].To})
	}
	var fax pause
	for i := range c.Story {
		switch s := &c.Story[i]; {
		case s.Kind == StepFaxStarted && fax.from == 0:
			fax.from = s.Nanos
		case s.Kind == StepFaxEnded && fax.from != 0:
			list = append(list, pause{fax.from, s.Nanos})
			fax.from = 0
		}
	}
	if fax.from != 0 {
		list = append(list, fax)
	}
	return list
}

// talks reports whether both sides could speak at a moment: the call was up,
// nobody held the other, and no fax went over it.
func (c *Call) talks(nanos int64, pauses []pause) bool {
	for _, p := range pauses {
		if nanos >= p.from && (p.to == 0 || nanos < p.to) {
			return false
		}
	}
	return (c.Answered == 0 || nanos >= c.Answered) && (c.Ended == 0 || nanos <= c.Ended)
}
