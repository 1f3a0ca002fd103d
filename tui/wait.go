package tui

import "time"

// wait runs something on the event loop after a while. Until then nothing is
// worked on: the screen has nothing new to show. In tests, where work is done at
// once, nothing waits.
func (w *workshop) wait(length time.Duration, then func()) {
	if w.results == nil {
		then()
		return
	}
	go func() {
		timer := time.NewTimer(length)
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-w.ended:
			return
		}
		select {
		case w.results <- then:
		case <-w.ended:
		}
	}()
}
