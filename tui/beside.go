package tui

// beside runs work and then, on the event loop, what it returns, as do does. But
// the screen does not say that something is worked on: nobody waits for it.
func (w *workshop) beside(work func() (then func())) {
	if w.results == nil {
		work()()
		return
	}
	go func() {
		then := guarded(work)
		select {
		case w.results <- then:
		case <-w.ended:
		}
	}()
}
