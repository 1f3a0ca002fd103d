package tui

import (
	"fmt"

	"sipsniff/correlate"
	"sipsniff/tui/figure"
	"sipsniff/tui/ladder"
)

// packetsOf is "7,188 pk", or what stands for it when only RTCP was seen.
func packetsOf(s *correlate.Stream) string {
	if s.Control != nil && s.Control.Only {
		return "seen by RTCP only"
	}
	return figure.Grouped(s.Packets) + " pk"
}

// streamSummary is "▶ PCMA 7,188 pk lost 4.8 %": the arrow points away from
// the caller or towards it.
func (u *UI) streamSummary(s *correlate.Stream) string {
	arrow := u.set.Left
	if s.FromCaller {
		arrow = u.set.Right
	}
	line := arrow + " " + ladder.StreamName(s, u.set.ASCII) + " " + packetsOf(s)
	if loss := figure.Percent(s.Quality.Lost, s.Quality.Expected); loss != "" {
		line += " lost " + loss + "%"
	}
	if s.Quality.HasJitter {
		line += fmt.Sprintf(" jit %.1f", s.Quality.JitterMean)
	}
	return line
}
