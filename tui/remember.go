package tui

// remember keeps a choice of the user beyond the run, when somebody does.
func (u *UI) remember(key, value string) {
	if u.config.Remember != nil {
		u.config.Remember(key, value)
	}
}
