package tui

func hasCall(u *UI) bool { return u.calls.current() != nil }

func callActions() []Action {
	return []Action{
		{ID: "calls.open", Title: "Flow", Help: "message flow of the call, or of the marked calls", Contexts: InCalls, Keys: []string{"Enter"}, Rank: 1,
			Enabled: hasCall, Run: func(u *UI) { u.calls.open() }},
		{ID: "calls.mark", Title: "Mark", Help: "mark for a merged flow", Contexts: InCalls, Keys: []string{"Space"}, Rank: 2,
			Enabled: hasCall, Run: func(u *UI) { u.calls.mark() }},
		{ID: "calls.raw", Title: "Raw", Help: "all messages as text", Contexts: InCalls, Keys: []string{"F6", "r", "R"}, Rank: 4,
			Enabled: hasCall, Run: func(u *UI) { u.openRaw(u.calls.chosen()) }},
		{ID: "calls.scope", Title: "Scope", Help: "calls only, all dialogs", Contexts: InCalls, Keys: []string{"D"}, Rank: 5,
			Run: func(u *UI) { u.calls.nextScope() }},
		{ID: "calls.sort.left", Title: "Sort", Help: "sort by the column to the left", Contexts: InCalls, Keys: []string{"<"}, Pair: ">", Rank: 6,
			Enabled: hasCall, Run: func(u *UI) { u.calls.pickSort(-1) }},
		{ID: "calls.sort.right", Title: "Sort", Help: "sort by the column to the right", Contexts: InCalls, Keys: []string{">"},
			Enabled: hasCall, Run: func(u *UI) { u.calls.pickSort(1) }},
		{ID: "calls.reverse", Title: "Reverse", Help: "reverse the order", Contexts: InCalls, Keys: []string{"z", "Z"}, Rank: 9,
			Enabled: hasCall, Run: func(u *UI) { u.calls.reverse() }},
		{ID: "calls.resort", Title: "Re-sort", Help: "sort again now", Contexts: InCalls, Keys: []string{"."},
			Enabled: hasCall, Run: func(u *UI) { u.calls.resort() }},
		{ID: "calls.follow", Title: "Follow", Help: "stay on the newest call", Contexts: InCalls, Keys: []string{"A"}, Rank: 8,
			Enabled: hasCall, Run: func(u *UI) { u.calls.toggleFollow() }},
		{ID: "calls.unmark", Title: "Unmark", Help: "unmark all", Contexts: InCalls, Keys: []string{"^W"},
			Run: func(u *UI) { clear(u.calls.marked); u.calls.remark() }},
		{ID: "calls.markall", Title: "Mark all", Help: "mark all that are shown", Contexts: InCalls, Keys: []string{"*"},
			Run: func(u *UI) { u.calls.markAll() }},
		{ID: "calls.copy", Title: "Copy", Help: "copy the row", Contexts: InCalls, Keys: []string{"y"},
			Enabled: hasCall, Run: func(u *UI) { u.calls.copyRow() }},
		{ID: "calls.copyid", Title: "Call-ID", Help: "copy the Call-ID", Contexts: InCalls, Keys: []string{"Y"},
			Enabled: hasCall, Run: func(u *UI) { u.copyText("the Call-ID", u.calls.current().CallID) }},
		{ID: "calls.leave", Title: "Back", Help: "clear marks, then ask to quit", Contexts: InCalls, Keys: []string{"Esc"},
			Run: func(u *UI) { u.calls.leave() }},
		{ID: "calls.quit", Title: "Quit", Help: "quit", Contexts: InCalls, Keys: []string{"q", "Q"}, Rank: 10,
			Run: func(u *UI) { u.wantQuit() }},
	}
}

// leave is the Esc key in the list: it closes the banner, clears the filter,
// then the marks, and never ends the program by itself.
func (v *callsView) leave() {
	switch {
	case v.u.hideBanner():
		return
	case len(v.filter.text) > 0:
		v.filter.clear()
		return
	case v.only:
		v.toggleProblems()
		return
	}
	if len(v.marked) > 0 {
		clear(v.marked)
		v.remark()
		return
	}
	v.u.askQuit()
}

// copyRow copies what the status row says of the call, with its Call-ID.
func (v *callsView) copyRow() {
	c := v.current()
	from, to := v.u.parties(c)
	v.u.copyText("the row", v.u.at(c.Started).Format("2006-01-02 15:04:05.000")+" "+v.u.clean(c.Method)+" "+from+" "+to+" "+c.Word()+" "+v.u.clean(c.CallID))
}
