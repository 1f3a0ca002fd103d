package tui

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"sipsniff/correlate/quality"
	"sipsniff/internal/cells"
	"sipsniff/tui/figure"
	"sipsniff/tui/ladder"
)

// leastFlags is how many cells the flags get before addresses get more than they
// need.
const leastFlags = 11

// wideMedia is the width from which on there is room for all columns and the
// flags.
const wideMedia = 112

// wideJitter is the width from which on the head of the jitter is written out
// without the flags being short of room.
const wideJitter = 124

// mediaSets are the columns that the table of streams shows by itself, up to a
// width of the screen.
//
//nolint:gochecknoglobals // constants
var mediaSets = []struct {
	below   int
	columns string
}{
	{48, "dir source lost% mos flags"},
	{72, "dir source codec packets lost% mos flags"},
	{wideMedia, "dir source codec packets lost% burst jitter mos flags"},
	{1 << 30, "dir source destination codec packets lost lost% burst jitter mos min flags"},
}

// mediaPrio says what stays longest where room is scarce.
//
//nolint:gochecknoglobals // constants
var mediaPrio = map[string]int{"dir": 0, "source": 1, "mos": 1, "lost%": 2, "codec": 3, "packets": 3, "jitter": 4, "burst": 5, "lost": 5, "destination": 6, "min": 6}

// columns are those that the user wants.
func (v *mediaView) columns(width int) []column {
	return columnsIn(v.u.option("media.columns"), v.allColumns(width))
}

// fit lays columns out on a screen so wide, behind the cursor.
func (v *mediaView) fit(columns []column, width int) (shown []placed, hidden int) {
	return layout(columns, width-plainGutter, 0)
}

// allColumns are those of the table of streams.
func (v *mediaView) allColumns(width int) []column {
	var set []string
	for i := len(mediaSets) - 1; i >= 0; i-- {
		if width < mediaSets[i].below {
			set = strings.Fields(mediaSets[i].columns)
		}
	}
	all := v.mediaColumns(width)
	for i := range all {
		c := &all[i]
		c.optional, c.prio = !slices.Contains(set, c.id), lowPrio-1
		if prio, known := mediaPrio[c.id]; known {
			c.prio = prio
		}
	}
	return all
}

// mediaColumns are what can be said of a stream.
func (v *mediaView) mediaColumns(width int) []column {
	u := v.u
	of := func(id, title string, width int, right bool, text func(s *mediaStream) string) column {
		return column{id: id, title: title, min: width, ideal: width, max: width, right: right, cell: func(row, _ int) cell {
			return cell{text: text(&v.streams[row])}
		}}
	}
	address := func(id, title string, width int, of func(s *mediaStream) netip.AddrPort) column {
		wanted := width
		for i := range v.streams {
			wanted = max(wanted, len(of(&v.streams[i]).String()))
		}
		return column{id: id, title: title, min: width, ideal: wanted, max: wanted, elastic: wanted > width, cell: func(row, width int) cell {
			return cell{text: cells.CutMiddle(of(&v.streams[row]).String(), width, u.set.Ellipsis)}
		}}
	}
	known := func(id, title string, width int, text func(q *quality.Report) (string, bool)) column {
		return of(id, title, width, true, func(s *mediaStream) string {
			if text, ok := text(&s.Quality); ok {
				return text
			}
			return u.set.None
		})
	}
	source, jitter, jitterTitle := 19, 10, "Jit av/max"
	switch {
	case width >= wideJitter:
		source, jitter, jitterTitle = 21, 13, "Jitter av/max"
	case width >= wideMedia:
		source, jitter = 21, 11
	}
	return []column{
		of("dir", "Dir", 3, false, func(s *mediaStream) string { return s.name }),
		address("source", "Source", source, func(s *mediaStream) netip.AddrPort { return s.Src }),
		address("destination", "Destination", 21, func(s *mediaStream) netip.AddrPort { return s.Dst }),
		of("codec", "Codec", 5, false, func(s *mediaStream) string {
			return strings.TrimPrefix(ladder.StreamName(s.Stream, u.set.ASCII), "SRTP ")
		}),
		of("packets", "Pkts", 6, true, func(s *mediaStream) string { return figure.Fitted(s.Packets, 6) }),
		of("lost", "Lost", 5, true, func(s *mediaStream) string { return figure.Fitted(s.Quality.Lost, 5) }),
		of("lost%", "Lost%", 5, true, func(s *mediaStream) string { return figure.Percent(s.Quality.Lost, s.Quality.Expected) }),
		known("burst", "Burst", 5, func(q *quality.Report) (string, bool) {
			return figure.Fitted(networkBurst(q), 5), q.HasBuffers && q.Lost > 0
		}),
		of("jitter", jitterTitle, jitter, true, func(s *mediaStream) string { return jitters(&s.Quality, jitter) }),
		{id: "mos", title: "MOS", min: 4, ideal: 4, max: 4, right: true, cell: func(row, _ int) cell { return v.mosCell(&v.streams[row]) }},
		of("min", "min", 4, true, v.leastMOS),
		of("ssrc", "SSRC", 8, false, func(s *mediaStream) string { return fmt.Sprintf("%08x", s.SSRC) }),
		of("type", "PT", 3, true, func(s *mediaStream) string { return fmt.Sprint(s.PayloadType) }),
		known("ptime", "ptime", 5, func(q *quality.Report) (string, bool) { return fmt.Sprintf("%g", q.PTime), q.PTime > 0 }),
		of("dscp", "DSCP", 4, false, func(s *mediaStream) string {
			if len(s.DSCP) == 0 {
				return u.set.None
			}
			return dscpName(s.DSCP[len(s.DSCP)-1])
		}),
		of("duplicates", "Twice", 5, true, func(s *mediaStream) string { return figure.Fitted(s.Quality.Duplicates, 5) }),
		of("reordered", "Order", 5, true, func(s *mediaStream) string { return figure.Fitted(s.Quality.Reordered, 5) }),
		known("late", "Late%", 5, func(q *quality.Report) (string, bool) {
			b := &q.Buffers[u.scorer().Used()]
			return figure.Percent(b.Late+b.Overflowed, max(q.Unique, 1)), q.HasBuffers
		}),
		known("delta", "Delta", 6, func(q *quality.Report) (string, bool) { return fmt.Sprintf("%.0f", q.DeltaMax), q.HasDelta }),
		known("skew", "Skew", 5, func(q *quality.Report) (string, bool) { return fmt.Sprintf("%+.0f", q.SkewPPM), q.HasSkew }),
		{id: "flags", title: "Flags", min: 4, ideal: leastFlags, max: anyWidth, elastic: true, cell: func(row, width int) cell {
			return cell{text: flagsIn(width, v.streams[row].flags, u.set.Ellipsis)}
		}},
	}
}

// jitters are the mean and the highest, in so many cells.
func jitters(q *quality.Report, width int) string {
	if !q.HasJitter {
		return ""
	}
	return fitting(width, fmt.Sprintf("%.1f/%.1f", q.JitterMean, q.JitterMax), fmt.Sprintf("%.0f/%.0f", q.JitterMean, q.JitterMax))
}

// networkBurst is the longest run of losses in the buffer that loses least of
// its own: what the network lost in a row.
func networkBurst(q *quality.Report) uint64 {
	return min(q.Buffers[quality.BufferFixed60].Bursts.Longest, q.Buffers[quality.BufferFixed200].Bursts.Longest, q.Buffers[quality.BufferAdaptive].Bursts.Longest)
}

func (v *mediaView) mosCell(s *mediaStream) cell {
	if !s.Score.Known {
		return cell{text: v.u.set.None}
	}
	return cell{text: figure.MOS(s.Score.MOS, s.Score.Entry.Assumed()), role: v.u.mosRole(s.Score.MOS)}
}

func (v *mediaView) leastMOS(s *mediaStream) string {
	if !s.Score.Known {
		return v.u.set.None
	}
	scorer := v.u.scorer()
	return fmt.Sprintf("%.1f", scorer.Course(&s.Score, s.ScoreInput()).Min)
}
