package tui

// captureActions are the keys of the capture that no other screen has.
func captureActions() []Action {
	onCapture := func(f func(v *captureView)) func(*UI) {
		return func(u *UI) {
			if v, ok := u.top().(*captureView); ok {
				f(v)
			}
		}
	}
	return []Action{
		{ID: "capture.switch", Title: "On/off", Help: "capture on this interface as well, or no more", Contexts: InCapture, Keys: []string{"Enter"}, Rank: 1,
			Enabled: (*UI).canListen, Run: onCapture((*captureView).toggle)},
		{ID: "capture.back", Title: "Back", Help: "back", Contexts: InCapture, Keys: []string{"Esc", "q", "Q"}, Rank: 2,
			Run: onCapture(func(v *captureView) {
				if !v.u.hideBanner() {
					v.u.back()
				}
			})},
	}
}
