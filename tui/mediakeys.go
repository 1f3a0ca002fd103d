package tui

// mediaActions are the keys of the media screen that no other screen has.
func mediaActions() []Action { return nil }
