package tui

// remember writes a choice that a key made into the user's file, so that the
// next start finds it; without a file nothing is kept.
func (u *UI) remember(key, value string) {
	u.chosen[key] = value
	if u.config.Settings.Path == "" {
		return
	}
	file := u.config.Settings
	u.workshop.do(func() func() {
		if err := file.Save(map[string]string{key: value}); err != nil {
			return func() { u.say("not remembered: %s", err.Error()) }
		}
		return nil
	})
}
