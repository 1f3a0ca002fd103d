package tui

import "sipsniff/correlate"

// onProblems makes an action of a function of the list of problems.
func onProblems(f func(v *problemsView)) func(*UI) {
	return func(u *UI) {
		if v, ok := u.top().(*problemsView); ok {
			f(v)
		}
	}
}

// problemActions are the keys of the problems that no other screen has.
func problemActions() []Action {
	has := func(u *UI) bool {
		v, ok := u.top().(*problemsView)
		return ok && v.current() != nil
	}
	return []Action{
		{ID: "problems.open", Title: "Calls", Help: "list its calls; on evidence: that packet", Contexts: InProblems, Keys: []string{"Enter"}, Rank: 1,
			Now: func(u *UI) string {
				if v, ok := u.top().(*problemsView); ok && v.evidence >= 0 {
					return "Packet"
				}
				return "Calls"
			},
			Enabled: has, Run: onProblems((*problemsView).open)},
		{ID: "problems.explain", Title: "Explain", Help: "the whole explanation, the list", Contexts: InProblems, Keys: []string{"W"}, Rank: 2,
			Enabled: has, Run: onProblems((*problemsView).explain)},
		{ID: "problems.flow", Title: "Flow", Help: "ladder of the example", Contexts: InProblems, Keys: []string{"x", "F4"}, Rank: 11,
			Enabled: has, Run: onProblems(func(v *problemsView) {
				if c := v.shownCase(); c != nil && c.call != nil {
					v.u.push(newFlowView(v.u, []*correlate.Call{c.call}))
				}
			})},
		{ID: "problems.focus", Title: "Evidence", Help: "to the evidence and back", Contexts: InProblems, Keys: []string{"Tab"}, Rank: 3,
			Enabled: has, Run: onProblems(func(v *problemsView) {
				if v.evidence >= 0 {
					v.evidence = -1
				} else {
					v.focus()
				}
			})},
		{ID: "problems.example.next", Title: "Example", Help: "next example", Contexts: InProblems, Keys: []string{"n", "]"}, Rank: 10,
			Enabled: has, Run: onProblems(func(v *problemsView) { v.step(1) })},
		{ID: "problems.example.previous", Title: "Example", Help: "previous example", Contexts: InProblems, Keys: []string{"N", "["},
			Enabled: has, Run: onProblems(func(v *problemsView) { v.step(-1) })},
		{ID: "problems.filter", Title: "Filter", Help: "only of calls that a filter lets through", Contexts: InProblems, Keys: []string{"F3", "/"}, Rank: 5,
			Run: onProblems(func(v *problemsView) { v.filter.edit() })},
		{ID: "problems.window", Title: "Window", Help: "the last minute, five minutes, all", Contexts: InProblems, Keys: []string{"w"}, Rank: 6,
			Run: onProblems((*problemsView).nextWindow)},
		{ID: "problems.copy", Title: "Copy", Help: "copy the explanation", Contexts: InProblems, Keys: []string{"y"}, Rank: 7,
			Enabled: has, Run: onProblems((*problemsView).copy)},
		{ID: "problems.mute", Title: "Mute kind", Help: "hide this kind", Contexts: InProblems, Keys: []string{"m"}, Rank: 9,
			Enabled: has, Run: onProblems((*problemsView).mute)},
		{ID: "problems.unmute", Title: "Unmute", Help: "show all kinds again", Contexts: InProblems, Keys: []string{"M"},
			Run: onProblems((*problemsView).unmute)},
		{ID: "problems.back", Title: "Back", Help: "back to the list, clear the filter, then back", Contexts: InProblems, Keys: []string{"Esc", "q", "Q"}, Rank: 12,
			Run: onProblems((*problemsView).leave)},
	}
}
