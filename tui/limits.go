package tui

import (
	"sipsniff/correlate"
	"sipsniff/internal/settings"
)

// limits are from where on values are bad, or poor, as the user sees it.
type limits struct {
	badMOS, poorMOS   float64
	badLoss, poorLoss float64 // parts of all packets
}

// goodMOS is from where on a score is shown as good.
const goodMOS = 4

// setLimits takes the limits from the options.
func (u *UI) setLimits() {
	u.limits.badMOS, u.limits.poorMOS, _ = settings.Limits(u.option("quality.mos")) // it was checked
	bad, poor, _ := settings.Limits(u.option("quality.loss"))
	u.limits.badLoss, u.limits.poorLoss = bad/100, poor/100
}

func (u *UI) mosRole(mos float64) role {
	switch {
	case mos < u.limits.badMOS:
		return roleBad
	case mos < u.limits.poorMOS:
		return roleWarn
	case mos >= goodMOS:
		return roleGood
	}
	return rolePlain
}

func (u *UI) lossRole(loss float64) role {
	switch {
	case loss > u.limits.badLoss:
		return roleBad
	case loss >= u.limits.poorLoss:
		return roleWarn
	}
	return rolePlain
}

// lossy reports whether the loss of a stream is a problem by itself.
func (u *UI) lossy(s *correlate.Stream) bool {
	return s.Quality.Expected > 0 && lossOf(s) > u.limits.badLoss
}
