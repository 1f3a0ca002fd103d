package tui

func registrationsTab() tab {
	return tab{wide: "Registrations", medium: "Reg", narrow: "Reg", count: countsNothing}
}
