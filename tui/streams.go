package tui

func streamsTab() tab {
	return tab{wide: "Streams", medium: "Streams", narrow: "Str", count: countsNothing}
}
