package tui

import (
	"fmt"
	"slices"
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
	add(u.said(s, "MED-08"), "PT"+u.set.Apart+"SDP")
	if u.said(s, "MED-10") {
		list = append(list, u.packetTimes(s))
	}
	add(s.Pauses > 0, "paused"+u.repeated(s.Pauses))
	add(q.Restarts > 0, "seq reset"+u.repeated(int(q.Restarts)))
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

// repeated is how often something happened, "" for once.
func (u *UI) repeated(n int) string {
	if n < 2 {
		return ""
	}
	return fmt.Sprintf(" %d%s", n, u.set.Times)
}

// said reports whether a rule found something out about a stream.
func (u *UI) said(s *mediaStream, code string) bool {
	return slices.ContainsFunc(u.found.of(s.call.Index), func(f correlate.Finding) bool {
		return f.Code == code && slices.ContainsFunc(f.Evidence, func(e correlate.Evidence) bool { return e.Stream == s.ID })
	})
}

// packetTimes is the time of the packets beside the one that the latest
// description of their receiver asks for.
func (u *UI) packetTimes(s *mediaStream) string {
	messages := s.call.Messages()
	for i := len(messages) - 1; i >= 0; i-- {
		if messages[i].SDP == nil {
			continue
		}
		for _, m := range messages[i].SDP.Media {
			if m.PTime > 0 && m.PTime != s.Quality.PTime && m.Port == s.Dst.Port() && m.Address == s.Dst.Addr() {
				return fmt.Sprintf("ptime %g%s%g", s.Quality.PTime, u.set.Apart, m.PTime)
			}
		}
	}
	return "ptime" + u.set.Apart + "SDP"
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
