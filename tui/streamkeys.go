package tui

// streamActions are the keys of the streams that no other screen has.
func streamActions() []Action { return nil }
