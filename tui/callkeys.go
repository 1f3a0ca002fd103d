package tui

func hasCall(u *UI) bool { return u.calls.current() != nil }

func callActions() []Action {
	return []Action{
		{ID: "calls.open", Title: "Flow", Help: "message flow of the call(s)", Contexts: InCalls, Keys: []string{"Enter"}, Rank: 1,
			Enabled: hasCall, Run: func(u *UI) { u.calls.open() }},
		{ID: "calls.mark", Title: "Mark", Help: "mark for a merged flow", Contexts: InCalls, Keys: []string{"Space"}, Rank: 2,
			Enabled: hasCall, Run: func(u *UI) { u.calls.mark() }},
		{ID: "calls.raw", Title: "Raw", Help: "all messages as text", Contexts: InCalls, Keys: []string{"F6", "r", "R"}, Rank: 17,
			Enabled: hasCall, Run: func(u *UI) { u.openRaw(u.calls.chosen()) }},
		{ID: "calls.scope", Title: "Scope", Help: "calls only, all dialogs", Contexts: InCalls, Keys: []string{"D"}, Rank: 15,
			Run: func(u *UI) { u.calls.nextScope() }},
		{ID: "calls.sort.left", Title: "Sort", Help: "sort by the column to the left", Contexts: InCalls, Keys: []string{"<"}, Pair: ">", Rank: 21,
			Enabled: hasCall, Run: func(u *UI) { u.calls.pickSort(-1) }},
		{ID: "calls.sort.right", Title: "Sort", Help: "sort by the column to the right", Contexts: InCalls, Keys: []string{">"},
			Enabled: hasCall, Run: func(u *UI) { u.calls.pickSort(1) }},
		{ID: "calls.reverse", Title: "Reverse", Help: "reverse the order", Contexts: InCalls, Keys: []string{"z", "Z"}, Rank: 22,
			Enabled: hasCall, Run: func(u *UI) { u.calls.reverse() }},
		{ID: "calls.resort", Title: "Re-sort", Help: "sort again now", Contexts: InCalls, Keys: []string{"."},
			Enabled: hasCall, Run: func(u *UI) { u.calls.resort() }},
		{ID: "calls.follow", Title: "Follow", Help: "stay on the newest call", Contexts: InCalls, Keys: []string{"A"}, Rank: 12,
			Enabled: hasCall, Run: func(u *UI) { u.calls.toggleFollow() }},
		{ID: "calls.clock", Title: "Clock", Help: "clock: of day, since start, how long ago", Contexts: InCalls, Keys: []string{"w"},
			Run: func(u *UI) { u.calls.nextClock() }},
		{ID: "calls.colours", Title: "Colours", Help: "colours by state, by source, by call", Contexts: InCalls, Keys: []string{"c"},
			Run: func(u *UI) { u.calls.nextColours() }},
		{ID: "calls.unmark", Title: "Unmark", Help: "unmark all", Contexts: InCalls, Keys: []string{"^W"},
			Run: func(u *UI) { clear(u.calls.marked); u.calls.remark() }},
		{ID: "calls.markall", Title: "Mark all", Help: "mark all that are shown", Contexts: InCalls, Keys: []string{"*"},
			Run: func(u *UI) { u.calls.markAll() }},
		{ID: "calls.legs", Title: "Ext", Help: "extended flow: all legs of the call", Contexts: InCalls, Keys: []string{"F4", "x"}, Rank: 6,
			Enabled: hasCall, Run: func(u *UI) { u.calls.openLegs() }},
		{ID: "calls.media", Title: "Media", Help: "media: loss, jitter, MOS, DTMF", Contexts: InCalls, Keys: []string{"v"}, Rank: 7,
			Enabled: hasCall, Run: func(u *UI) { u.openMedia(u.calls.current()) }},
		{ID: "calls.compare", Title: "Compare", Help: "compare the two marked calls", Contexts: InCalls, Keys: []string{"="},
			Enabled: hasCall, Run: func(u *UI) { u.calls.compare() }},
		{ID: "calls.copy", Title: "Copy", Help: "copy the row", Contexts: InCalls, Keys: []string{"y"},
			Enabled: hasCall, Run: func(u *UI) { u.calls.copyRow() }},
		{ID: "calls.copyid", Title: "Call-ID", Help: "copy the Call-ID", Contexts: InCalls, Keys: []string{"Y"},
			Enabled: hasCall, Run: func(u *UI) { u.copyText("the Call-ID", u.calls.current().CallID) }},
		{ID: "calls.leave", Title: "Back", Help: "clear marks, then ask to quit", Contexts: InCalls, Keys: []string{"Esc"},
			Run: func(u *UI) {
				if !u.calls.reasons.back() {
					u.calls.leave()
				}
			}},
		{ID: "calls.quit", Title: "Quit", Help: "quit", Contexts: InCalls | InEmpty, Keys: []string{"q", "Q"}, Rank: 14,
			Run: func(u *UI) { u.wantQuit() }},
	}
}

// compare shows how the two marked calls differ, or the marked one and the one
// under the cursor.
func (v *callsView) compare() {
	calls := v.chosen()
	if len(v.marked) == 1 && v.current() != nil && calls[0] != v.current() {
		calls = append(calls, v.current())
	}
	if len(v.marked) == 0 || len(calls) != 2 {
		v.u.say("mark two calls with Space, then = compares them")
		return
	}
	v.u.push(newCallDiff(v.u, calls[0], calls[1]))
}

// leave is the Esc key in the list: it closes the banner, clears the filter,
// then the marks, closes the pane of reasons, and never ends the program by itself.
func (v *callsView) leave() {
	switch {
	case v.u.hideBanner():
		return
	case len(v.filter.text) > 0:
		if !v.comeBack() {
			v.filter.clear()
		}
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
	if v.reasons.open {
		v.reasons.open = false
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
