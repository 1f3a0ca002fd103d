package tui

import "sipsniff/correlate"

// onRegistrations makes an action of a function of the list of registrations.
func onRegistrations(f func(v *registrationsView)) func(*UI) {
	return func(u *UI) {
		if v, ok := u.top().(*registrationsView); ok {
			f(v)
		}
	}
}

// registrationActions are the keys of the registrations that no other screen has.
func registrationActions() []Action {
	has := func(u *UI) bool {
		v, ok := u.top().(*registrationsView)
		return ok && v.current() != nil
	}
	return []Action{
		{ID: "registrations.open", Title: "Flow", Help: "ladder of the latest attempts", Contexts: InRegistrations, Keys: []string{"Enter"}, Rank: 1,
			Enabled: has, Run: onRegistrations((*registrationsView).openAttempts)},
		{ID: "registrations.sort.left", Title: "Sort", Help: "order by the column before", Contexts: InRegistrations, Keys: []string{"<"}, Pair: ">", Rank: 4,
			Run: onRegistrations(func(v *registrationsView) { v.sortBy(v.key - 1) })},
		{ID: "registrations.sort.right", Title: "Sort", Help: "order by the next column", Contexts: InRegistrations, Keys: []string{">"},
			Run: onRegistrations(func(v *registrationsView) { v.sortBy(v.key + 1) })},
		{ID: "registrations.reverse", Title: "Reverse", Help: "reverse the order", Contexts: InRegistrations, Keys: []string{"z", "Z"},
			Run: onRegistrations(func(v *registrationsView) { v.back = !v.back; v.sortBy(v.key) })},
		{ID: "registrations.problem.next", Title: "Problem", Help: "next one with a problem", Contexts: InRegistrations, Keys: []string{"n"}, Pair: "N",
			Run: onRegistrations(func(v *registrationsView) { v.toProblem(1) })},
		{ID: "registrations.problem.previous", Title: "Problem", Help: "previous one with a problem", Contexts: InRegistrations, Keys: []string{"N"},
			Run: onRegistrations(func(v *registrationsView) { v.toProblem(-1) })},
		{ID: "registrations.problems", Title: "Problems only", Help: "only those with a problem, all", Contexts: InRegistrations, Keys: []string{"!"}, Rank: 5,
			Run: onRegistrations(func(v *registrationsView) { v.only = !v.only; v.refresh() })},
		{ID: "registrations.raw", Title: "Raw", Help: "all messages as text", Contexts: InRegistrations, Keys: []string{"F6", "r", "R"},
			Enabled: has, Run: onRegistrations(func(v *registrationsView) {
				if r := v.current(); len(r.Calls) > 0 {
					v.u.openRaw([]*correlate.Call{r.Calls[len(r.Calls)-1]})
				}
			})},
		{ID: "registrations.why", Title: "Why", Help: "why: findings with evidence, below the latest attempts", Contexts: InRegistrations, Keys: []string{"W"}, Rank: 6,
			Enabled: has, Run: onRegistrations((*registrationsView).explain)},
		{ID: "registrations.copy", Title: "Copy", Help: "copy the row", Contexts: InRegistrations, Keys: []string{"y"},
			Enabled: has, Run: onRegistrations(func(v *registrationsView) {
				r := v.current()
				v.u.copyText("the row", v.aor(r, 200).text+" "+v.state(r, 20).text+" "+v.u.clean(v.u.registrationNote(r)))
			})},
		{ID: "registrations.back", Title: "Back", Help: "clear the filter, then back", Contexts: InRegistrations, Keys: []string{"Esc", "q", "Q"}, Rank: 9,
			Run: onRegistrations(func(v *registrationsView) { v.u.leaveFiltered(v.filter) })},
	}
}

// explain opens the ladder of the attempts with the pane that says why.
func (v *registrationsView) explain() {
	v.openAttempts()
	if flow, ok := v.u.top().(explained); ok {
		flow.why().open, flow.why().focus = true, true
	}
}
