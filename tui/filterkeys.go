package tui

// filterActions are the keys of the filter line and its form that no other screen has.
func filterActions() []Action { return nil }
