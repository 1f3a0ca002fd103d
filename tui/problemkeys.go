package tui

// problemActions are the keys of the problems that no other screen has.
func problemActions() []Action { return nil }
