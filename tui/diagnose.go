package tui

// diagnose asks the rules about what is shown, off the event loop and one
// snapshot at a time.
func (u *UI) diagnose() {
	if u.config.Diagnose == nil || u.diagnosing {
		return
	}
	u.diagnosing = true
	snap := u.snap
	u.workshop.do(func() func() {
		result := u.config.Diagnose(snap)
		return func() {
			u.diagnosing = false
			u.found = &findings{byCall: result.ByCall}
			for _, v := range u.stack {
				v.refresh()
			}
			if u.snap != snap {
				u.diagnose()
			}
		}
	})
}
