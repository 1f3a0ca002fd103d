package tui

func onHelp(f func(h *helpDialog, u *UI)) func(*UI) {
	return func(u *UI) {
		if h, ok := u.dialog.(*helpDialog); ok {
			f(h, u)
		}
	}
}

func onSort(f func(p *sortPicker, u *UI)) func(*UI) {
	return func(u *UI) {
		if p, ok := u.dialog.(*sortPicker); ok {
			f(p, u)
		}
	}
}

func dialogActions() []Action {
	return []Action{
		{ID: "help.close", Title: "Close", Help: "close the help", Contexts: InHelp, Keys: []string{"Esc", "F1"}, Rank: 1,
			Run: onHelp(func(h *helpDialog, u *UI) { h.close(u) })},
		{ID: "help.screen.next", Title: "Other screens", Help: "help of the next screen", Contexts: InHelp, Keys: []string{"Right", "Tab"}, Rank: 3,
			Run: onHelp(func(h *helpDialog, u *UI) { h.turn(u, 1) })},
		{ID: "help.screen.previous", Title: "Previous", Help: "help of the previous screen", Contexts: InHelp, Keys: []string{"Left"},
			Run: onHelp(func(h *helpDialog, u *UI) { h.turn(u, -1) })},
		{ID: "help.up", Title: "Scroll", Help: "scroll up", Contexts: InHelp, Keys: []string{"Up"}, Pair: "Down", Rank: 2,
			Run: onHelp(func(h *helpDialog, _ *UI) { h.move(up) })},
		{ID: "help.down", Title: "Scroll", Help: "scroll down", Contexts: InHelp, Keys: []string{"Down"},
			Run: onHelp(func(h *helpDialog, _ *UI) { h.move(down) })},
		{ID: "help.pageup", Title: "Page", Help: "page up", Contexts: InHelp, Keys: []string{"PgUp"},
			Run: onHelp(func(h *helpDialog, _ *UI) { h.move(pageUp) })},
		{ID: "help.pagedown", Title: "Page", Help: "page down", Contexts: InHelp, Keys: []string{"PgDn"},
			Run: onHelp(func(h *helpDialog, _ *UI) { h.move(pageDown) })},
		{ID: "help.print", Title: "Print key map", Help: "write the keys of all screens to a file", Contexts: InHelp, Keys: []string{"K"}, Rank: 4, Run: (*UI).askPrintKeys},
		{ID: "sort.accept", Title: "Keep", Help: "keep this order; on the column it was before: reverse it", Contexts: InSort, Keys: []string{"Enter"}, Rank: 1,
			Run: onSort(func(p *sortPicker, u *UI) { p.accept(u) })},
		{ID: "sort.restore", Title: "As before", Help: "back to the order before", Contexts: InSort, Keys: []string{"Esc"}, Rank: 2,
			Run: onSort(func(p *sortPicker, u *UI) { p.restore(u) })},
		{ID: "sort.up", Title: "Choose", Help: "column above", Contexts: InSort, Keys: []string{"Up", "<", "k"}, Pair: "Down", Rank: 3,
			Run: onSort(func(p *sortPicker, u *UI) { p.step(u, -1) })},
		{ID: "sort.down", Title: "Choose", Help: "column below", Contexts: InSort, Keys: []string{"Down", ">", "j"},
			Run: onSort(func(p *sortPicker, u *UI) { p.step(u, 1) })},
		{ID: "sort.reverse", Title: "Reverse", Help: "reverse the order", Contexts: InSort, Keys: []string{"z", "Z"}, Rank: 4,
			Run: func(u *UI) { u.calls.reverse() }},
	}
}
