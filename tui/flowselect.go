package tui

// selectFrame moves the cursor to the row of a frame, or of a stream when that
// is not 0; it reports whether there is one. A retransmission or another copy
// that is folded is in the row of the first.
func (v *flowView) selectFrame(frame, stream int) bool {
	best := -1
	for i := range v.l.Rows {
		r := &v.l.Rows[i]
		switch {
		case stream != 0 && r.Stream != nil && r.Stream.ID == stream:
			v.cursor = i
			v.clamp()
			return true
		case frame != 0 && r.Message != nil && (r.Message.Frame == frame || r.Message.LastFrame == frame):
			v.cursor = i
			v.clamp()
			return true
		case frame != 0 && r.Message != nil && r.Message.Frame < frame:
			best = i // the fold that may hold it
		}
	}
	if best < 0 || stream != 0 {
		return false
	}
	v.cursor = best
	v.clamp()
	return true
}
