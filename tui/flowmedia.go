package tui

// openMedia shows the media of the call, with the stream of the row under the
// cursor chosen.
func (v *flowView) openMedia() {
	c := v.call()
	if c == nil {
		return
	}
	v.u.openMedia(c)
	m, ok := v.u.top().(*mediaView)
	if r := v.row(); ok && r != nil && r.Stream != nil {
		m.current = r.Stream.ID
		m.arrange()
	}
}
