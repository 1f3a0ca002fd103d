package tui

// line is the filter line of the view on top, nil when it has none.
func (u *UI) line() *filterLine {
	if v, ok := u.top().(filterable); ok {
		return v.filterLine()
	}
	return nil
}

func (v *callsView) filterLine() *filterLine { return v.filter }

// listActions are keys that lists have in common.
func listActions() []Action {
	return []Action{
		{ID: "list.filter", Title: "Filter", Help: "filter the list", Contexts: InCalls | InStreams | InRegistrations, Keys: []string{"F3", "/", "Tab"}, Rank: 5,
			Run: func(u *UI) {
				if l := u.line(); l != nil {
					l.edit()
				}
			}},
		{ID: "list.form", Title: "Form", Help: "the filter as a form", Contexts: InCalls | InStreams | InRegistrations | InProblems, Keys: []string{"F7", "f", "F"}, Rank: 18,
			Run: func(u *UI) {
				if l := u.line(); l != nil {
					l.openForm()
				}
			}},
		{ID: "calls.problem.next", Title: "Problem", Help: "next call with a problem", Contexts: InCalls, Keys: []string{"n"},
			Run: func(u *UI) { u.calls.toProblem(1) }},
		{ID: "calls.problem.previous", Title: "Problem", Help: "previous call with a problem", Contexts: InCalls, Keys: []string{"N"},
			Run: func(u *UI) { u.calls.toProblem(-1) }},
		{ID: "calls.problems", Title: "Problems", Help: "calls with a problem only, all", Contexts: InCalls, Keys: []string{"!"},
			Run: func(u *UI) { u.calls.toggleProblems() }},
	}
}
