//go:build unix

package tui

import (
	"os"
	"os/signal"
	"syscall"
	"time"
)

// suspend gives the terminal back to the shell until it continues us. The
// kernel goes on capturing into its buffer meanwhile.
func (u *UI) suspend() {
	u.app.Suspend(func() {
		goOn := make(chan os.Signal, 1)
		signal.Notify(goOn, syscall.SIGCONT)
		defer signal.Stop(goOn)
		// The whole job stops, as it does when a terminal sends the signal.
		if syscall.Kill(0, syscall.SIGTSTP) != nil {
			return
		}
		// The stop may come a moment after Kill has returned. Without job
		// control it never comes, and the wait ends by itself.
		select {
		case <-goOn:
		case <-time.After(200 * time.Millisecond):
		}
	})
}
