package tui

// statisticsActions are the keys of the statistics that no other screen has.
func statisticsActions() []Action { return nil }
