package quality

// Range returns the first and the highest extended number; ok is false before
// the first packet, and when the numbers began anew on the way.
func (s *Sequence) Range() (first, last int64, ok bool) {
	return s.base, s.highest, s.started && s.restarts == 0
}
