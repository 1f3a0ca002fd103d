package tui

func statisticsTab() tab {
	return tab{wide: "Statistics", medium: "Stats", narrow: "Stat", count: countsNothing}
}
