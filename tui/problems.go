package tui

func problemsTab() tab {
	return tab{wide: "Problems", medium: "Prob", narrow: "Prob", count: countsNothing}
}
