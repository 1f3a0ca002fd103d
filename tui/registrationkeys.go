package tui

// registrationActions are the keys of the registrations that no other screen has.
func registrationActions() []Action { return nil }
