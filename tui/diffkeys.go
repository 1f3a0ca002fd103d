package tui

// onDiff makes an action of a function of the comparison.
func onDiff(f func(v *diffView)) func(*UI) {
	return func(u *UI) {
		if v, ok := u.top().(*diffView); ok {
			f(v)
		}
	}
}

// diffActions are the keys of the comparison of two messages or calls that no
// other screen has.
func diffActions() []Action {
	return []Action{
		{ID: "diff.back", Title: "Back", Help: "back", Contexts: InDiff, Keys: []string{"Esc", "q", "Q"}, Rank: 1, Run: (*UI).back},
		{ID: "diff.all", Title: "Only differences", Help: "what is the same too, only differences", Contexts: InDiff, Keys: []string{"D", "d"}, Rank: 4,
			Run: onDiff(func(v *diffView) { v.all = !v.all })},
		{ID: "diff.wire", Title: "Wire order", Help: "key headers first, as on the wire", Contexts: InDiff, Keys: []string{`\`}, Rank: 5,
			Run: func(u *UI) { u.flow.wire = !u.flow.wire }},
		{ID: "diff.swap", Title: "Swap A/B", Help: "A for B, B for A", Contexts: InDiff, Keys: []string{"x"}, Rank: 6, Run: onDiff((*diffView).swap)},
		{ID: "diff.next", Title: "Next change", Help: "next change", Contexts: InDiff, Keys: []string{"n"}, Rank: 7,
			Run: onDiff(func(v *diffView) { v.next(1) })},
		{ID: "diff.previous", Title: "Change before", Help: "change before", Contexts: InDiff, Keys: []string{"N"},
			Run: onDiff(func(v *diffView) { v.next(-1) })},
		{ID: "diff.copy", Title: "Copy as text", Help: "copy the comparison", Contexts: InDiff, Keys: []string{"y"}, Rank: 8, Run: onDiff((*diffView).copyText)},
	}
}
