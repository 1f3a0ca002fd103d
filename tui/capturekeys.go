package tui

// captureActions are the keys of the capture that no other screen has, and P.
func captureActions() []Action {
	onCapture := func(f func(v *captureView)) func(*UI) {
		return func(u *UI) {
			if v, ok := u.top().(*captureView); ok {
				f(v)
			}
		}
	}
	return append(stopActions(), []Action{
		{ID: "capture.stop", Title: "Stop capture", Help: "stop capturing for good", Contexts: everywhere, Keys: []string{"P"}, Rank: 14,
			Enabled: func(u *UI) bool { return u.config.Stop != nil && !u.status.Done }, Run: (*UI).stopCapture},
		{ID: "capture.back", Title: "Back", Help: "back", Contexts: InCapture, Keys: []string{"Esc", "q", "Q"}, Rank: 2,
			Run: onCapture(func(v *captureView) {
				if !v.u.hideBanner() {
					v.u.back()
				}
			})},
	}...)
}
