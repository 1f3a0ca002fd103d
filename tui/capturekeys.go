package tui

// captureActions are the keys of the capture screen that no other screen has.
func captureActions() []Action { return nil }
