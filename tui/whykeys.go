package tui

// whyActions are the keys of the pane that explains a call that no other screen has.
func whyActions() []Action { return nil }
