package tui

import "strings"

// find text in the messages, from the row after the cursor on.
func (v *flowView) searchFor(text string, step int) {
	v.search = text
	if text == "" {
		v.stepEvidence(step)
		return
	}
	if len(v.l.Rows) == 0 {
		return
	}
	want := strings.ToLower(text)
	n := len(v.l.Rows)
	for i := 1; i <= n; i++ {
		row := ((v.cursor+i*step)%n + n) % n
		m := v.l.Rows[row].Message
		if m != nil && strings.Contains(strings.ToLower(m.Text()), want) {
			v.cursor = row
			v.clamp()
			return
		}
	}
	v.u.say("%s is in no message", text)
}

// lookFor begins a search; an empty one ends it.
func (v *flowView) lookFor(text string) {
	if v.search = text; text != "" {
		v.searchFor(text, 1)
	}
}
