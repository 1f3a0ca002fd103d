package tui

import (
	"slices"
	"strings"
)

// widest is the widest screen that is looked at for how wide one has to be.
const widest = 400

// needs is how wide the screen has to be, from what it is now on, for each
// column of a choice; those that no screen shows are not among them.
func (t *columnTable) needs(choice string, width int) map[string]int {
	needs := map[string]int{}
	for w := max(width, narrowWidth); w <= widest; w++ {
		shown, hidden := t.fit(columnsIn(choice, t.all(w)), w)
		for _, p := range shown {
			if _, known := needs[p.id]; !known {
				needs[p.id] = w
			}
		}
		if hidden == 0 {
			break
		}
	}
	return needs
}

// find moves the cursor to the first column whose title begins with a text, or
// has it somewhere, and reports whether there is one.
func (d *columnDialog) find(text string) bool {
	text = strings.ToLower(text)
	for _, fits := range []func(title string) bool{
		func(title string) bool { return strings.HasPrefix(strings.ToLower(title), text) },
		func(title string) bool { return strings.Contains(strings.ToLower(title), text) },
	} {
		if at := slices.IndexFunc(d.rows, func(r columnRow) bool { return fits(r.title) }); at >= 0 {
			d.cursor = at
			return true
		}
	}
	return false
}

// askFind asks which column to go to; the cursor goes there as it is typed.
func (d *columnDialog) askFind(u *UI) {
	u.ask("find column: ", "", func(text string) {
		if !d.find(text) {
			u.say("no column is called %s", text)
		}
	})
	u.prompt.typed = func(text string) { d.find(text) }
}
