package metrics

// A Ratio is how many of how many.
type Ratio struct {
	Part, Whole int
}

// Percent is 100·Part/Whole; not ok, and never 0 or 100, when there is
// nothing to take a part of (spec §4.2).
func (r Ratio) Percent() (percent float64, ok bool) {
	if r.Whole <= 0 {
		return 0, false
	}
	return 100 * float64(r.Part) / float64(r.Whole), true
}
