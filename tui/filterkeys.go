package tui

// onFilter makes an action of a function of the filter line that is edited.
func onFilter(f func(l *filterLine)) func(*UI) {
	return func(u *UI) {
		if l, ok := u.dialog.(*filterLine); ok {
			f(l)
		}
	}
}

// filterActions are the keys of the filter line; whatever else is typed goes
// into it.
func filterActions() []Action {
	return append(formActions(), []Action{
		{ID: "filter.accept", Title: "List", Help: "back to the list, filtered", Contexts: InFilter, Keys: []string{"Enter"}, Rank: 1,
			Run: onFilter((*filterLine).accept)},
		{ID: "filter.complete", Title: "Complete", Help: "complete what is typed; the first, or the chosen one", Contexts: InFilter, Keys: []string{"Tab"}, Rank: 2,
			Run: onFilter((*filterLine).complete)},
		{ID: "filter.up", Title: "Choose/history", Help: "offer above; the filter before", Contexts: InFilter, Keys: []string{"Up"}, Pair: "Down", Rank: 3,
			Run: onFilter((*filterLine).up)},
		{ID: "filter.down", Title: "Choose", Help: "offer below; back to the list", Contexts: InFilter, Keys: []string{"Down"},
			Run: onFilter((*filterLine).down)},
		{ID: "filter.later", Title: "Later", Help: "the filter after it in the history", Contexts: InFilter, Keys: []string{"^N"},
			Run: onFilter(func(l *filterLine) { l.recall(1) })},
		{ID: "filter.earlier", Title: "Earlier", Help: "the filter before it in the history", Contexts: InFilter, Keys: []string{"^P"},
			Run: onFilter(func(l *filterLine) { l.recall(-1) })},
		{ID: "filter.save", Title: "Save", Help: "save under a name, for @NAME", Contexts: InFilter, Keys: []string{"^S"}, Rank: 4,
			Run: onFilter((*filterLine).save)},
		{ID: "filter.form", Title: "Form", Help: "the filter as a form", Contexts: InFilter, Keys: []string{"F7"}, Rank: 5,
			Run: onFilter(func(l *filterLine) { l.openForm() })},
		{ID: "filter.clear", Title: "Clear", Help: "clear the filter", Contexts: InFilter, Keys: []string{"Esc"}, Rank: 6,
			Run: onFilter((*filterLine).abandon)},
	}...)
}
