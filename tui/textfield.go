package tui

import (
	"unicode"
	"unicode/utf8"

	"github.com/gdamore/tcell/v2"

	"sipsniff/internal/cells"
)

// A textItem is a line of text that can be edited.
type textItem struct {
	label string
	text  []rune
	at    int // of the cursor
	after func()
	list  func(*UI) // opens what can be chosen; nil: nothing
	f     **form
}

func newText(label, text string) *textItem {
	runes := []rune(text)
	return &textItem{label: label, text: runes, at: len(runes)}
}

func (t *textItem) String() string { return string(t.text) }

func (t *textItem) focusable() bool { return true }

func (t *textItem) height(int) int { return 1 }

func (t *textItem) set(text string) { t.text = []rune(text); t.at = len(t.text) }

func (t *textItem) draw(u *UI, c canvas, focused bool) {
	x := drawLabel(u, c, t.label, focused)
	style := u.theme[roleDialog]
	if t.list != nil {
		arrow := c.part(c.w-1, 0, 1, 1)
		arrow.text(0, 0, u.set.Choices, style)
		u.zone(arrow, func() { t.list(u) })
		c = c.part(0, 0, c.w-2, 1)
	}
	c.text(x, 0, "[", style)
	c.text(c.w-1, 0, "]", style)
	drawEdited(u, c.part(x+1, 0, c.w-x-2, 1), t.text, t.at, focused, style)
	u.zone(c, func() { (*t.f).focusOn(t) })
}

// drawEdited draws text with its cursor, scrolled so that the cursor is seen.
func drawEdited(u *UI, c canvas, text []rune, at int, focused bool, style tcell.Style) {
	from := 0
	for from < at && cells.Width(u.clean(string(text[from:at]))) >= c.w {
		from++
	}
	x := c.text(0, 0, u.clean(string(text[from:at])), style)
	under := " "
	if at < len(text) {
		under = u.clean(string(text[at]))
	}
	if focused {
		x = c.text(x, 0, under, style.Reverse(true))
	} else {
		x = c.text(x, 0, under, style)
	}
	if at < len(text) {
		c.text(x, 0, u.clean(string(text[at+1:])), style)
	}
}

func (t *textItem) press(_ *UI, ev *tcell.EventKey) bool {
	if !editLine(&t.text, &t.at, ev) {
		return false
	}
	if t.after != nil {
		t.after()
	}
	return true
}

// editLine changes a line of text as its key says.
func editLine(text *[]rune, at *int, ev *tcell.EventKey) bool {
	switch name := keyName(ev); name {
	case "Left":
		*at = max(0, *at-1)
	case "Right":
		*at = min(len(*text), *at+1)
	case "Home", "^A":
		*at = 0
	case "End", "^E":
		*at = len(*text)
	case "Backspace":
		if *at > 0 {
			*text = append((*text)[:*at-1], (*text)[*at:]...)
			*at--
		}
	case "Delete", "^D":
		if *at < len(*text) {
			*text = append((*text)[:*at], (*text)[*at+1:]...)
		}
	case "^U":
		*text, *at = (*text)[*at:], 0
	case "^K":
		*text = (*text)[:*at]
	default:
		r := ev.Rune()
		if ev.Key() != tcell.KeyRune || ev.Modifiers()&(tcell.ModCtrl|tcell.ModAlt|tcell.ModMeta) != 0 || !unicode.IsPrint(r) || !utf8.ValidRune(r) {
			return false
		}
		if len(*text) < maxPrompt {
			*text = append((*text)[:*at], append([]rune{r}, (*text)[*at:]...)...)
			*at++
		}
	}
	return true
}
