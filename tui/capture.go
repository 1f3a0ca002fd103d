package tui

func captureTab() tab {
	return tab{wide: "Capture", medium: "Cap", narrow: "Cap", count: countsNothing}
}
