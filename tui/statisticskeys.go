package tui

// onStatistics makes an action of a function of the statistics.
func onStatistics(f func(v *statisticsView)) func(*UI) {
	return func(u *UI) {
		if v, ok := u.top().(*statisticsView); ok {
			f(v)
		}
	}
}

// statisticsActions are the keys of the statistics that no other screen has.
func statisticsActions() []Action {
	return []Action{
		{ID: "statistics.panel", Title: "Panel", Help: "next panel", Contexts: InStatistics, Keys: []string{"Tab"}, Rank: 1,
			Run: onStatistics(func(v *statisticsView) { v.nextPanel(1) })},
		{ID: "statistics.open", Title: "Filter by", Help: "list the calls of what is under the cursor", Contexts: InStatistics, Keys: []string{"Enter"}, Rank: 2,
			Run: onStatistics((*statisticsView).open)},
		{ID: "statistics.window", Title: "Window 1m/5m/all", Help: "the last minute, five minutes, all", Contexts: InStatistics, Keys: []string{"w"}, Rank: 4,
			Run: onStatistics((*statisticsView).nextWindow)},
		{ID: "statistics.back", Title: "Back", Help: "back", Contexts: InStatistics, Keys: []string{"Esc", "q", "Q", "i"}, Rank: 6,
			Run: onStatistics(func(v *statisticsView) {
				if !v.u.hideBanner() {
					v.u.back()
				}
			})},
	}
}
