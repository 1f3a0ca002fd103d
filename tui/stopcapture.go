package tui

import "github.com/gdamore/tcell/v2"

// stopDialog asks before the capture ends: what comes after is not seen.
type stopDialog struct{}

func (stopDialog) context() Context           { return InStop }
func (stopDialog) other(*UI, *tcell.EventKey) {}

// stopCapture asks whether to stop capturing.
func (u *UI) stopCapture() {
	switch {
	case u.config.Stop == nil || u.status.Done:
		u.say("nothing is being captured")
	case u.config.Live:
		u.dialog = stopDialog{}
	default:
		u.config.Stop()
	}
}

func (stopDialog) draw(u *UI, c canvas) {
	u.drawBox(c, "Stop capture", []string{
		"Stop capturing from " + u.clean(u.status.Source) + "?", "What comes after is not seen; p only holds the view.", "",
		"[ Stop ]   [ Go on ]", "Enter stops " + u.set.Dot + " Esc goes on",
	})
}

func stopActions() []Action {
	return []Action{
		{ID: "stop.yes", Title: "Stop", Help: "stop capturing", Contexts: InStop, Keys: []string{"Enter", "y", "Y"}, Rank: 1,
			Run: func(u *UI) { u.dialog = nil; u.config.Stop(); u.say("the capture is stopped") }},
		{ID: "stop.no", Title: "Go on", Help: "go on capturing", Contexts: InStop, Keys: []string{"Esc", "n", "N", "q"}, Rank: 2,
			Run: func(u *UI) { u.dialog = nil }},
	}
}
