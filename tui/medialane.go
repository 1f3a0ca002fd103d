package tui

import (
	"fmt"
	"math"

	"sipsniff/correlate/quality"
	"sipsniff/internal/cells"
	"sipsniff/tui/chart"
)

// A lane is one quantity over time.
type lane struct {
	name     string
	low, top string // the limits, as text
	axis     chart.Axis
	columns  bool    // blocks instead of a curve
	share    float64 // of the rows
	least    int     // rows
	value    func(sec *quality.Second) float64
	worst    func(a, b float64) float64
}

// lanesOf are the quantities of the mode, with limits that fit.
func (v *mediaView) lanesOf(s *mediaStream, q *quality.Report) []lane {
	lossy := func(sec *quality.Second) float64 {
		if share, ok := sec.LostShare(); ok {
			return 100 * share
		}
		return chart.None
	}
	scaled := func(l lane, least float64) lane {
		top := niceLimit(highest(q, l.value), least)
		l.axis, l.low, l.top = chart.Axis{High: top}, "0", fmt.Sprintf("%g", top)
		return l
	}
	switch v.lanes {
	case 1:
		return []lane{
			scaled(lane{name: "delta", share: 0.5, least: 2, value: heard((*quality.Second).Delta), worst: math.Max}, 40),
			v.skewLane(q),
		}
	case 2:
		lanes := []lane{scaled(lane{name: "kb/s", share: 0.5, least: 2, value: func(sec *quality.Second) float64 { return float64(sec.Rate) }, worst: math.Max}, 8)}
		if levels := v.packets.read[s.ID].Levels; levels != nil {
			lanes = append(lanes, v.levelLane(q, levels))
		}
		return lanes
	}
	lanes := []lane{
		scaled(lane{name: "jit", share: 0.31, least: 2, value: heard((*quality.Second).Jitter), worst: math.Max}, 5),
		scaled(lane{name: "loss%", share: 0.19, least: 2, columns: true, value: lossy, worst: math.Max}, 5),
	}
	if !s.Score.Known {
		return lanes
	}
	mos := lane{name: "MOS", low: "1", top: "4.5", axis: chart.Axis{Low: 1, High: 4.5}, share: 0.5, least: 2, worst: math.Min}
	mos.value, _ = v.scoreOver(s, q)
	return append([]lane{mos}, lanes...)
}

// scoreOver is the score of each second. Where none holds enough packets for one
// of its own it is that of the whole stream, while something came.
func (v *mediaView) scoreOver(s *mediaStream, q *quality.Report) (value func(sec *quality.Second) float64, whole bool) {
	score, in, place := v.scoring(s)
	scorer := v.u.scorer()
	value = func(sec *quality.Second) float64 {
		if m, ok := scorer.Second(score, in, sec, place); ok {
			return m
		}
		return chart.None
	}
	for i := range q.SecondCount() {
		if !math.IsNaN(value(q.Second(i))) {
			return value, false
		}
	}
	if !score.Known {
		return value, false
	}
	return heard(func(*quality.Second) float64 { return score.MOS }), true
}

// heard is a value of the seconds in which something was.
func heard(value func(sec *quality.Second) float64) func(sec *quality.Second) float64 {
	return func(sec *quality.Second) float64 {
		if sec.Marks&quality.MarkMedia == 0 {
			return chart.None
		}
		return value(sec)
	}
}

// levelLane is how loud it was, which only the packets can tell.
func (v *mediaView) levelLane(q *quality.Report, levels []float64) lane {
	at := map[*quality.Second]float64{}
	for i := range min(q.SecondCount(), len(levels)) {
		at[q.Second(i)] = levels[i]
	}
	return lane{name: "dBov", low: "-70", top: "0", axis: chart.Axis{Low: -70, High: 0}, share: 0.5, least: 2, worst: math.Max,
		value: func(sec *quality.Second) float64 {
			if level, ok := at[sec]; ok {
				return level
			}
			return chart.None
		}}
}

func (v *mediaView) skewLane(q *quality.Report) lane {
	value := func(sec *quality.Second) float64 {
		if ms, ok := sec.Skew(); ok {
			return ms
		}
		return chart.None
	}
	limit := niceLimit(max(highest(q, value), highest(q, func(sec *quality.Second) float64 { return -value(sec) })), 5)
	return lane{name: "skew", low: fmt.Sprintf("%g", -limit), top: fmt.Sprintf("%g", limit), axis: chart.Axis{Low: -limit, High: limit}, share: 0.5, least: 2,
		value: value, worst: math.Min}
}

func highest(q *quality.Report, value func(sec *quality.Second) float64) float64 {
	top := 0.0
	for i := range q.SecondCount() {
		if x := value(q.Second(i)); x > top {
			top = x
		}
	}
	return top
}

// niceLimit is the first round number that is not below a value.
func niceLimit(value, least float64) float64 {
	for scale := 1.0; scale < 1e9; scale *= 10 {
		for _, step := range []float64{1, 1.5, 2, 3, 4.5, 6, 8} {
			if limit := step * scale; limit >= value && limit >= least {
				return math.Round(limit)
			}
		}
	}
	return value
}

// share divides rows among lanes; the last ones go without when there are too
// few.
func share(lanes []lane, rows int) []int {
	heights := make([]int, len(lanes))
	left := rows
	for i, l := range lanes {
		if left >= l.least {
			heights[i] = l.least
			left -= l.least
		}
	}
	for i, l := range lanes {
		if heights[i] > 0 {
			more := min(left, max(0, int(math.Round(l.share*float64(rows)))-l.least))
			heights[i] += more
			left -= more
		}
	}
	heights[0] += left
	return heights
}

// label is the name and the upper limit in front of the first row. The figure is
// whole; the name gives way.
func (l *lane) label(ellipsis string) string {
	return cells.PadRight(l.name, gutter-1-len(l.top), ellipsis) + l.top
}
