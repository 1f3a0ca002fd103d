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
		{ID: "capture.filter", Title: "Filter", Help: "another capture filter", Contexts: InCapture, Keys: []string{"b"}, Rank: 1, Enabled: (*UI).canReopen, Run: (*UI).askFilter},
		{ID: "capture.ring", Title: "Ring size", Help: "another buffer in the kernel", Contexts: InCapture, Keys: []string{"B"}, Rank: 1, Enabled: (*UI).canListen, Run: (*UI).askRing},
		{ID: "capture.media", Title: "RTP on/off", Help: "look at RTP, let it pass", Contexts: InCapture, Keys: []string{"R"}, Rank: 2,
			Enabled: (*UI).canSwitchMedia, Run: (*UI).switchMedia},
		{ID: "capture.stop", Title: "Stop capture", Help: "stop the capture", Contexts: InCapture, Keys: []string{"P"}, Rank: 2, Enabled: (*UI).canStop, Run: (*UI).askStop},
		{ID: "capture.record", Title: "Write to file", Help: "write every packet to a file, no more", Contexts: InCapture, Keys: []string{"S"}, Rank: 2,
			Enabled: (*UI).canRecord, Run: (*UI).askRecord},
		{ID: "capture.interface", Title: "Interface", Help: "capture on other interfaces", Contexts: InCapture, Keys: []string{"i"}, Rank: 6, Enabled: (*UI).canListen, Run: (*UI).askInterfaces},
		{ID: "capture.back", Title: "Back", Help: "back", Contexts: InCapture, Keys: []string{"Esc", "q", "Q"}, Rank: 5,
			Run: onCapture(func(v *captureView) {
				if !v.u.hideBanner() {
					v.u.back()
				}
			})},
	}
}
