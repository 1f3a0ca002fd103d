package quality

// Locate is the extended number of a sequence number near the highest that
// came; ok is false before anything came.
func (s *Sequence) Locate(number uint16) (extended int64, ok bool) {
	return s.highest + int64(int16(number-uint16(s.highest))), s.started
}

// Missing counts the numbers after from, up to and with to, that did not come.
// ok is false when they are not all remembered: before the first of the
// running segment, after the highest, or too long ago.
func (s *Sequence) Missing(from, to int64) (n uint64, ok bool) {
	if !s.started || from < s.base-1 || to < from || to > s.highest || s.highest-from > windowSize {
		return 0, false
	}
	for i := from + 1; i <= to; i++ {
		if !s.marked(i) {
			n++
		}
	}
	return n, true
}

// Begin is the extended number before the first of the running segment.
func (s *Sequence) Begin() int64 { return s.base - 1 }

// Highest is the highest extended number of the running segment.
func (s *Sequence) Highest() int64 { return s.highest }
