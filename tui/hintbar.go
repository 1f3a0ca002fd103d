package tui

import (
	"slices"

	"sipsniff/internal/cells"
)

// drawHints fills the last row with keys that work now, the most useful
// first, as many as fit.
func (u *UI) drawHints(c canvas) {
	gap := 1
	if c.w >= 100 {
		gap = 3
	}
	x := 1
	for _, a := range u.hints() {
		key := u.hintKey(a)
		title := a.Title
		if a.Now != nil {
			title = a.Now(u)
		}
		width := cells.Width(key) + 1 + cells.Width(title)
		if key == "" || title == "" {
			continue
		}
		if x+width > c.w-1 {
			break
		}
		from := x
		x = c.text(x, 0, key, u.theme[roleKey])
		x = c.text(x+1, 0, title, u.theme[rolePlain])
		u.zone(c.part(from, 0, x-from, 1), func() { u.do(a) })
		x += gap
	}
}

// hintKey is the key that stands for an action; two keys that belong together
// are both shown.
func (u *UI) hintKey(a *Action) string {
	place := u.places()[0]
	key := hintKeys(u.keys.keysOf(a, place), u.letters)
	if pair := u.keys.pairOf(a, place); pair != "" && key != "" {
		return u.arrows(key + " " + pair)
	}
	return key
}

// moveHint is what up and down do, where that is worth a hint.
func (u *UI) moveHint() string {
	switch place := u.places()[0]; {
	case place == InMedia && isMedia(u):
		if v, ok := u.top().(*mediaView); ok && v.onChart {
			return "10 s"
		}
		return "Stream"
	case place == InMedia || place == InMessage:
		return "Scroll"
	}
	return ""
}

// sideHint is what left and right do, where that is worth a hint.
func (u *UI) sideHint() string {
	if u.places()[0] == InMedia && isMedia(u) {
		return "Cursor"
	}
	return ""
}

// arrows draws a pair of arrow keys as arrows where the terminal has them.
func (u *UI) arrows(keys string) string {
	drawn, known := map[string]string{"Up Down": "↑↓", "Left Right": "←→"}[keys]
	if !known || u.set.ASCII {
		return keys
	}
	return drawn
}

// pairOf is the key of the opposite action as it is now, "" when it has none.
func (t *keyTable) pairOf(a *Action, c Context) string {
	for i := range t.actions {
		other := &t.actions[i]
		if a.Pair == "" || other.Contexts&c == 0 || !slices.Contains(other.Keys, a.Pair) {
			continue
		}
		if keys := t.keysOf(other, c); !slices.Contains(keys, a.Pair) {
			return hintKeys(keys, false)
		}
		return a.Pair
	}
	return ""
}

// toggleHints shows letters instead of function keys, and back.
func (u *UI) toggleHints() { u.letters = !u.letters }

// hints are those of the pane that has the focus, or of the view.
func (u *UI) hints() []*Action { return u.keys.hints(u.places()[0], u) }

// do runs an action as its key would.
func (u *UI) do(a *Action) {
	u.toast = ""
	if a.Enabled == nil || a.Enabled(u) {
		a.Run(u)
	}
}
