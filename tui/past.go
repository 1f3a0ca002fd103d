package tui

import "slices"

// A Past is what was typed in earlier runs, the latest last.
type Past struct{ Filters, Commands []string }

// recall takes in what was typed in earlier runs.
func (u *UI) recall(p Past) {
	for _, text := range p.Filters {
		u.filters.remember(text)
	}
	u.past = slices.Clone(p.Commands[max(0, len(p.Commands)-mostPast):])
	u.filters.keep = func(text string) { u.keepPast(false, text) }
}

// keepPast keeps a line for later runs, beside the event loop. That it cannot is
// said once.
func (u *UI) keepPast(command bool, text string) {
	if u.config.Remember == nil {
		return
	}
	u.workshop.do(func() func() {
		err := u.config.Remember(command, text)
		if err == nil {
			return nil
		}
		return func() {
			if !u.pastFailed {
				u.pastFailed = true
				u.say("what is typed cannot be kept for later: %s", err.Error())
			}
		}
	})
}
