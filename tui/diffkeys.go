package tui

// diffActions are the keys of the comparison of two messages that no other screen has.
func diffActions() []Action { return nil }
