package tui

import (
	"fmt"

	"sipsniff/correlate"
	"sipsniff/internal/cells"
	"sipsniff/tui/figure"
	"sipsniff/tui/ladder"
)

// streamStatus tells all that the arrow of a stream could say, between which
// ports it runs and what was found out about it; on a small screen the figures
// go first, which the arrow has.
func (v *flowView) streamStatus(r *ladder.Row, width int) string {
	u, s := v.u, r.Stream
	ends := s.Src.String() + u.set.To + s.Dst.String()
	ssrc, kind := fmt.Sprintf(" ssrc %08x", s.SSRC), "RTP "
	if s.UDPTL {
		ssrc, kind = "", "UDPTL "
	}
	marks := burstsOf(s, u.set.AtMost) + v.foundOn(s)
	said := " " + r.Said
	return fitting(width, kind+ends+ssrc+said+worstOf(s)+marks, kind+ends+ssrc+said+marks, kind+ends+said+marks,
		kind+ends+ssrc+" "+ladder.StreamName(s, u.set.ASCII)+marks, kind+ends+marks, kind+u.endsIn(s, width-cells.Width(kind+marks))+marks)
}

// endsIn are the ends of a stream in so many cells, without their middles.
func (u *UI) endsIn(s *correlate.Stream, width int) string {
	each := (width - 1) / 2
	return cells.CutMiddle(s.Src.String(), each, u.set.Ellipsis) + u.set.To + cells.CutMiddle(s.Dst.String(), each, u.set.Ellipsis)
}

// worstOf are the extremes of a stream, which no arrow tells.
func worstOf(s *correlate.Stream) string {
	q, text := &s.Quality, ""
	if q.HasJitter {
		text += fmt.Sprintf("  jit max %.1f ms", q.JitterMax)
	}
	if q.HasDelta {
		text += fmt.Sprintf("  delta max %.1f ms", q.DeltaMax)
	}
	if q.Duplicates > 0 || q.Reordered > 0 {
		text += fmt.Sprintf("  duplicated %d reordered %d", q.Duplicates, q.Reordered)
	}
	return text
}

// burstsOf is how many packets in a row were lost at most.
func burstsOf(s *correlate.Stream, atMost string) string {
	if q := &s.Quality; q.HasBuffers && q.Lost > 0 && networkBurst(q) > 0 {
		return "  bursts " + atMost + figure.Grouped(networkBurst(q))
	}
	return ""
}

// foundOn says how many findings rest upon a stream, with the sign of the
// gravest.
func (v *flowView) foundOn(s *correlate.Stream) string {
	n := 0
	for _, j := range v.u.found.joint(v.shownCalls()) {
		for _, e := range j.finding.Evidence {
			if e.Stream == s.ID {
				n++
				break
			}
		}
	}
	if n == 0 {
		return ""
	}
	return fmt.Sprintf("  %s %d", v.u.severityGlyph(v.proof.streams[s.ID]), n)
}
