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

// directionOf points away from the caller, or towards it.
func (u *UI) directionOf(s *correlate.Stream) string {
	if s.FromCaller {
		return u.set.Right
	}
	return u.set.Left
}

// streamSummary is "▶ PCMA 7,188 pk lost 4.8 %": the arrow points away from
// the caller or towards it.
func (u *UI) streamSummary(s *correlate.Stream) string {
	line := u.directionOf(s) + " " + ladder.StreamName(s, u.set.ASCII) + " " + packetsOf(s)
	if loss := figure.Percent(s.Quality.Lost, s.Quality.Expected); loss != "" {
		line += " lost " + loss + "%"
	}
	if s.Quality.HasJitter {
		line += fmt.Sprintf(" jit %.1f", s.Quality.JitterMean)
	}
	return line
}

// streamBrief is "▶ PCMA 3.12", with the MOS, or "▶ PCMA" where that is unknown.
func (u *UI) streamBrief(s *correlate.Stream) string {
	line := u.directionOf(s) + " " + ladder.StreamName(s, u.set.ASCII)
	if s.Score.Known {
		line += " " + figure.MOS(s.Score.MOS, s.Score.Entry.Assumed())
	}
	return line
}
