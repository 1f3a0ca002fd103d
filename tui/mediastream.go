package tui

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"sipsniff/correlate"
	"sipsniff/correlate/quality"
	"sipsniff/tui/figure"
	"sipsniff/tui/ladder"
)

// A mediaStream is a stream with its place in the call.
type mediaStream struct {
	*correlate.Stream
	leg  int
	call *correlate.Call
	name string // "A▶"

	flags []string // remarks, the gravest first
}

// mediaStreams are the streams of the legs, leg by leg, those of the caller
// first, in order of time.
func (u *UI) mediaStreams(legs []ladder.Leg) []mediaStream {
	var list []mediaStream
	for i := range legs {
		for _, s := range legs[i].Streams {
			name := u.set.Left
			if s.FromCaller {
				name = u.set.Right
			}
			if len(legs) > 1 {
				name = legLetter(i) + name
			}
			list = append(list, mediaStream{Stream: s, leg: i, call: legs[i].Call, name: name})
		}
	}
	slices.SortStableFunc(list, func(a, b mediaStream) int {
		switch {
		case a.leg != b.leg:
			return a.leg - b.leg
		case a.FromCaller == b.FromCaller:
			return 0
		case a.FromCaller:
			return -1
		}
		return 1
	})
	for i := range list {
		list[i].flags = u.flags(&list[i], list)
	}
	return list
}

// scattered is what was lost outside of outages.
func scattered(q *quality.Report) uint64 { return q.Lost - min(q.OutageLost, q.Lost) }

// Limits from which on a flag is set.
const (
	lateStart = int64(time.Second)
	skewFlag  = 100 // ppm
	leastTalk = 5 * int64(time.Second)
)

// flags are remarks about a stream among all of the call, the gravest first.
func (u *UI) flags(s *mediaStream, all []mediaStream) []string {
	var list []string
	add := func(when bool, text string) {
		if when {
			list = append(list, text)
		}
	}
	q := &s.Quality
	if s.Control != nil && s.Control.Only {
		return []string{"seen by RTCP only"}
	}
	add(oneWay(s, all), "one-way")
	list = append(list, outageFlag(q)...)
	if twin := sameGaps(s, all); twin != "" {
		add(true, "same gaps as "+twin)
	} else {
		add(q.Expected > 0 && float64(scattered(q))/float64(q.Expected) >= u.limits.poorLoss, "gaps")
	}
	late := s.First - s.call.Answered
	add(s.call.Answered > 0 && late > lateStart && firstOf(s, all), "late start "+figure.Span(late))
	add(s.Pauses > 0, plural(s.Pauses, "pause"))
	add(q.Restarts > 0, fmt.Sprintf("restart %s", times(int(q.Restarts))))
	add(s.Ending == "ssrc_change", "SSRC changed")
	add(len(s.Turns) > 1, "codec changed")
	add(s.DescribedSrc.IsValid(), "NAT: SDP "+s.DescribedSrc.Addr().String()+" "+u.set.Apart+" "+s.Src.Addr().String())
	add(unmarked(s, all), "DSCP 0")
	add(s.Secure, "SRTP")
	add(q.ComfortNoise > 0, "CN")
	add(q.HasSkew && max(q.SkewPPM, -q.SkewPPM) >= skewFlag, fmt.Sprintf("clock skew %+.0f ppm", q.SkewPPM))
	add(q.Duplicates > 0, fmt.Sprintf("%s twice", figure.Compact(q.Duplicates)))
	add(s.Repair, "repair")
	return list
}

func outageFlag(q *quality.Report) []string {
	switch len(q.Outages) {
	case 0:
		return nil
	case 1:
		return []string{fmt.Sprintf("outage %.1f s", float64(q.Outages[0].End-q.Outages[0].Start)/1e9)}
	}
	var all int64
	for _, o := range q.Outages {
		all += o.End - o.Start
	}
	return []string{fmt.Sprintf("%d outages %.1f s", len(q.Outages), float64(all)/1e9)}
}

// oneWay reports whether nothing came in the other direction of an answered
// call.
func oneWay(s *mediaStream, all []mediaStream) bool {
	if s.call.Answered == 0 || s.Last-s.First < leastTalk {
		return false
	}
	return !slices.ContainsFunc(all, func(o mediaStream) bool { return o.leg == s.leg && o.FromCaller != s.FromCaller })
}

// firstOf reports whether a stream is the first of its side on its leg.
func firstOf(s *mediaStream, all []mediaStream) bool {
	return !slices.ContainsFunc(all, func(o mediaStream) bool {
		return o.leg == s.leg && o.FromCaller == s.FromCaller && o.First < s.First
	})
}

// unmarked reports whether the packets have no DSCP while others of the call do.
func unmarked(s *mediaStream, all []mediaStream) bool {
	if len(s.DSCP) != 1 || s.DSCP[0] != 0 {
		return false
	}
	return slices.ContainsFunc(all, func(o mediaStream) bool { return len(o.DSCP) > 0 && o.DSCP[len(o.DSCP)-1] != 0 })
}

// sameGaps names an earlier stream with the very losses of this one: what was
// lost before the host between them.
func sameGaps(s *mediaStream, all []mediaStream) string {
	for i := range all {
		o := &all[i]
		if o.ID == s.ID {
			return ""
		}
		if o.FromCaller == s.FromCaller && o.Src != s.Src && alikeLosses(&o.Quality, &s.Quality) {
			return o.name
		}
	}
	return ""
}

// alikeLosses compares the losses second by second. A few may lie on the other
// side of a border between two.
func alikeLosses(a, b *quality.Report) bool {
	const few = 10
	if a.Lost < few || a.SecondWidth != b.SecondWidth || max(a.Lost, b.Lost)-min(a.Lost, b.Lost) > a.Lost/few {
		return false
	}
	var apart, sum int
	for i := range max(a.SecondCount(), b.SecondCount()) {
		if i < a.SecondCount() {
			sum += int(a.Second(i).Lost)
		}
		if i < b.SecondCount() {
			sum -= int(b.Second(i).Lost)
		}
		apart = max(apart, sum, -sum)
	}
	return apart <= max(3, int(a.Lost)/few)
}

// A mediaColumn is a column of the table of streams.
type mediaColumn struct {
	title string
	width int
	right bool
	cell  func(s *mediaStream) string
}

// wideMedia is the width from which on there is room for all columns and the
// flags.
const wideMedia = 112

// columns are those that there is room for; the flags take the rest.
func (v *mediaView) columns(width int) []mediaColumn {
	u := v.u
	q := func(f func(q *quality.Report) string) func(*mediaStream) string {
		return func(s *mediaStream) string { return f(&s.Quality) }
	}
	percent := q(func(q *quality.Report) string { return figure.Percent(q.Lost, q.Expected) })
	burst := q(func(q *quality.Report) string {
		if !q.HasBuffers || q.Lost == 0 {
			return u.set.None
		}
		return fmt.Sprint(v.networkBurst(q))
	})
	jitter := 11
	if width < wideMedia { // the flags need the cell
		jitter = 10
	}
	jitters := q(func(q *quality.Report) string {
		if !q.HasJitter {
			return ""
		}
		return fitting(jitter, fmt.Sprintf("%.1f/%.1f", q.JitterMean, q.JitterMax), fmt.Sprintf("%.0f/%.0f", q.JitterMean, q.JitterMax))
	})
	columns := []mediaColumn{
		{"Dir", 3, false, func(s *mediaStream) string { return s.name }},
		{"Source", 19, false, func(s *mediaStream) string { return s.Src.String() }},
		{"Destination", 21, false, func(s *mediaStream) string { return s.Dst.String() }},
		{"Codec", 5, false, func(s *mediaStream) string {
			return strings.TrimPrefix(ladder.StreamName(s.Stream, u.set.ASCII), "SRTP ")
		}},
		{"Pkts", 6, true, func(s *mediaStream) string { return figure.Fitted(s.Packets, 6) }},
		{"Lost", 5, true, q(func(q *quality.Report) string { return figure.Fitted(q.Lost, 5) })},
		{"Lost%", 5, true, percent},
		{"Burst", 5, true, burst},
		{"Jit av/max", jitter, true, jitters},
		{"MOS", 4, true, func(s *mediaStream) string { return v.mosOf(s) }},
		{"min", 4, true, func(s *mediaStream) string { return v.leastMOS(s) }},
	}
	switch {
	case width < 48:
		return append(columns[:2:2], columns[6], columns[9])
	case width < 72:
		return append(columns[:2:2], columns[3], columns[4], columns[6], columns[9])
	case width < wideMedia:
		return append(columns[:2:2], columns[3], columns[4], columns[6], columns[7], columns[8], columns[9])
	}
	columns[1].width = 21
	return columns
}

// networkBurst is the longest run of losses in the buffer that loses least of
// its own: what the network lost in a row.
func (v *mediaView) networkBurst(q *quality.Report) uint64 {
	return min(q.Buffers[quality.BufferFixed60].Bursts.Longest, q.Buffers[quality.BufferFixed200].Bursts.Longest, q.Buffers[quality.BufferAdaptive].Bursts.Longest)
}

func (v *mediaView) mosOf(s *mediaStream) string {
	if !s.Score.Known {
		return v.u.set.None
	}
	return figure.MOS(s.Score.MOS, s.Score.Entry.Assumed())
}

func (v *mediaView) leastMOS(s *mediaStream) string {
	if !s.Score.Known {
		return v.u.set.None
	}
	scorer := v.u.scorer()
	return fmt.Sprintf("%.1f", scorer.Course(&s.Score, s.ScoreInput()).Min)
}

// drawTable shows as many streams as there are rows, the one under the cursor
// among them.
func (v *mediaView) drawTable(c canvas) {
	u := v.u
	columns := v.columns(c.w)
	x := 2
	for _, col := range columns {
		c.text(x, 0, align(col.title, col.width, col.right, u.set.Ellipsis), u.theme[rolePlain])
		x += col.width + 1
	}
	c.text(x, 0, "Flags", u.theme[rolePlain])
	rows := c.h - 1
	v.topRow = max(min(v.topRow, v.cursor), v.cursor-rows+1, 0)
	v.tableTop, v.tableRows = c.y+1, rows
	for i := range min(rows, len(v.streams)-v.topRow) {
		v.drawStream(c, 1+i, v.topRow+i, columns)
	}
	c.scrollbar(c.w-1, 1, rows, v.topRow, len(v.streams), u.set.Thumb, u.set.Track, u.theme[roleDim])
}

func (v *mediaView) drawStream(c canvas, y, row int, columns []mediaColumn) {
	u, s := v.u, &v.streams[row]
	style := u.theme[rolePlain]
	if row == v.cursor {
		style = style.Reverse(true)
		c.fill(0, y, style)
		c.text(0, y, u.set.Cursor, style)
	}
	x := 2
	for _, col := range columns {
		cell := style
		if col.title == "MOS" && s.Score.Known {
			cell = u.theme[u.mosRole(s.Score.MOS)].Reverse(row == v.cursor)
		}
		c.text(x, y, align(col.cell(s), col.width, col.right, u.set.Ellipsis), cell)
		x += col.width + 1
	}
	room := c.w - x
	if len(v.streams) > v.tableRows { // the scroll bar
		room--
	}
	c.text(x, y, flagsIn(room, s.flags, u.set.Ellipsis), style)
}
