package tui

import (
	"fmt"

	"sipsniff/internal/cells"
	"sipsniff/tui/figure"
)

// title says which call it is in so many cells: the duration stays, what the
// table and the chart show as well goes first.
func (v *mediaView) title(width int) string {
	u, dot := v.u, " "+v.u.set.Dot+" "
	if len(v.legs) == 0 {
		return "Media: the call has left the memory"
	}
	call := v.legs[0].Call
	name := fmt.Sprintf("#%d", call.Index)
	if call.Index < 0 { // a stream alone
		name = "without a call"
	}
	head, streams, answered, media, duration := "Media "+name+" ", dot+plural(len(v.streams), "stream"), "", "", ""
	if call.Answered > 0 {
		answered = dot + "answered " + u.at(call.Answered).Format("15:04:05")
		if first := v.firstMedia(); first > 0 {
			media = fmt.Sprintf(", media from %+.3f s", float64(first-call.Answered)/1e9)
		}
	}
	if d, ok := u.duration(call); ok {
		duration = ", " + figure.Clock(d)
	}
	for _, tail := range []string{streams + answered + media + duration, streams + answered + duration, answered + duration, duration} {
		if text := head + u.partiesIn(call, width) + tail; cells.Width(text) <= width {
			return text
		}
	}
	return head + u.partiesIn(call, width-cells.Width(head+duration)) + duration
}

func (v *mediaView) firstMedia() int64 {
	var first int64
	for i := range v.streams {
		if first == 0 || v.streams[i].First < first {
			first = v.streams[i].First
		}
	}
	return first
}

// heading says what the stream under the cursor is, in so many cells.
func (v *mediaView) heading(s *mediaStream, width int) string {
	u := v.u
	parts := []string{fmt.Sprintf("%s %s %s %s", s.name, s.Src, u.set.To, s.Dst)}
	if !s.UDPTL {
		parts = append(parts, fmt.Sprintf("ssrc %08x", s.SSRC), fmt.Sprintf("PT %d", s.PayloadType))
	}
	if s.Quality.PTime > 0 {
		parts = append(parts, fmt.Sprintf("%g ms", s.Quality.PTime))
	}
	if len(s.DSCP) > 0 {
		text := "DSCP"
		for _, d := range s.DSCP {
			text += " " + dscpName(d)
		}
		parts = append(parts, text)
	}
	return fittingParts(width, " "+u.set.Dot+" ", parts)
}

// dscpName names the code points of RFC 2474, 2597, 3246 that voice uses.
func dscpName(d uint8) string {
	switch {
	case d == 46:
		return "EF"
	case d&7 == 0 && d > 0:
		return fmt.Sprintf("CS%d", d>>3)
	case d >= 10 && d <= 38 && d&1 == 0:
		return fmt.Sprintf("AF%d%d", d>>3, d>>1&3)
	}
	return fmt.Sprint(d)
}
