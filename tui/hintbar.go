package tui

import "sipsniff/internal/cells"

// drawHints fills the last row with keys that work now, the most useful
// first, as many as fit.
func (u *UI) drawHints(c canvas) {
	gap := 1
	if c.w >= 100 {
		gap = 3
	}
	x := 1
	for _, a := range u.keys.hints(u.place(), u) {
		key := u.hintKey(a)
		width := cells.Width(key) + 1 + cells.Width(a.Title)
		if x+width > c.w-1 {
			break
		}
		x = c.text(x, 0, key, u.theme[roleKey])
		x = c.text(x+1, 0, a.Title, u.theme[rolePlain]) + gap
	}
}

// hintKey is the key that stands for an action; two keys that belong together
// are both shown.
func (u *UI) hintKey(a *Action) string {
	if a.Pair != "" {
		return a.Keys[0] + " " + a.Pair
	}
	return a.Keys[0]
}
