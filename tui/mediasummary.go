package tui

import (
	"fmt"
	"time"

	"sipsniff/correlate/quality"
	"sipsniff/tui/figure"
)

// longSilence is how long nothing has to be heard to be worth asking about.
const longSilence = 5 * time.Second

// summary answers what people ask first, of the call and of the stream under the
// cursor, as much of it as fits.
func (v *mediaView) summary(s *mediaStream, width int) string {
	parts := []string{"Flags   one-way: " + yes(v.anyStream(func(s *mediaStream) bool { return oneWay(s, v.streams) })), "NAT: " + v.translated()}
	if outages := outagesOf(&s.Quality); outages != "" {
		parts = append(parts, outages)
	}
	sources, types := 0, 0
	for i := range v.streams {
		if v.streams[i].Ending == "ssrc_change" {
			sources++
		}
		types += max(0, len(v.streams[i].Turns)-1)
	}
	parts = append(parts, fmt.Sprintf("SSRC changes: %d", sources), fmt.Sprintf("PT changes: %d", types),
		fmt.Sprintf("silence > %.0f s: ", longSilence.Seconds())+yes(v.anyStream(func(s *mediaStream) bool { return silence(&s.Quality) > longSilence })))
	if q := &s.Quality; q.HasSkew {
		parts = append(parts, fmt.Sprintf("clock skew: %+.0f ppm", q.SkewPPM))
	}
	return fittingParts(width, "     ", parts)
}

func yes(is bool) string { return map[bool]string{true: "yes", false: "no"}[is] }

func (v *mediaView) anyStream(is func(s *mediaStream) bool) bool {
	for i := range v.streams {
		if is(&v.streams[i]) {
			return true
		}
	}
	return false
}

// translated compares where media was said to come from with where it came from.
func (v *mediaView) translated() string {
	text := "SDP address = source address"
	for i := range v.streams {
		if s := &v.streams[i]; s.DescribedSrc.IsValid() {
			text = s.DescribedSrc.String() + " " + v.u.set.Apart + " " + s.Src.String()
		}
	}
	return text
}

// outagesOf tells the losses of outages from those elsewhere, "" for none.
func outagesOf(q *quality.Report) string {
	if len(q.Outages) == 0 {
		return ""
	}
	var all int64
	for _, o := range q.Outages {
		all += o.End - o.Start
	}
	return fmt.Sprintf("lost %s in %s %.1f s, %s elsewhere", figure.Grouped(q.OutageLost), plural(len(q.Outages), "outage"), float64(all)/1e9, figure.Grouped(scattered(q)))
}

// silence is the longest time without sound, for whatever reason.
func silence(q *quality.Report) time.Duration {
	longest, run := 0, 0
	for i := range q.SecondCount() {
		run++
		if q.Second(i).Marks&quality.MarkMedia != 0 {
			run = 0
		}
		longest = max(longest, run)
	}
	return time.Duration(longest) * q.SecondWidth
}
