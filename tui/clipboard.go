package tui

import (
	"os"
	"strings"

	"sipsniff/tui/figure"
)

// copyText puts text on the clipboard of the terminal (OSC 52), which works
// through SSH, and says how much it was.
func (u *UI) copyText(what, text string) {
	if strings.HasPrefix(os.Getenv("TERM"), "screen") && os.Getenv("TMUX") == "" {
		u.say("TERM=%s passes no clipboard on; nothing was copied", os.Getenv("TERM"))
		return
	}
	u.screen.SetClipboard([]byte(text))
	u.say("copied %s: %s bytes", what, figure.Grouped(uint64(len(text))))
}
