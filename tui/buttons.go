package tui

import (
	"unicode"
	"unicode/utf8"

	"github.com/gdamore/tcell/v2"

	"sipsniff/internal/cells"
)

// A button does something.
type button struct {
	title string
	run   func(u *UI)
}

// A buttonRow is the buttons at the bottom of a dialog.
type buttonRow struct {
	buttons []button
	at      int
	left    bool // at the left, not in the middle
}

func (b *buttonRow) run(u *UI, i int) { b.buttons[i].run(u) }

func (b *buttonRow) draw(u *UI, c canvas, focused bool) {
	width := -3
	for _, button := range b.buttons {
		width += cells.Width(button.title) + 4 + 3
	}
	x := max(0, (c.w-width)/2)
	if b.left {
		x = 0
	}
	for i, button := range b.buttons {
		style := u.theme[roleDialog]
		if focused && i == b.at {
			style = style.Reverse(true)
		}
		from := x
		x = c.text(x, 0, "[ "+button.title+" ]", style)
		u.zone(c.part(from, 0, x-from, 1), func() { b.run(u, i) })
		x += 3
	}
}

func (b *buttonRow) press(u *UI, ev *tcell.EventKey) bool {
	switch keyName(ev) {
	case "Left":
		b.at = (b.at - 1 + len(b.buttons)) % len(b.buttons)
	case "Right":
		b.at = (b.at + 1) % len(b.buttons)
	case "Space":
		b.run(u, b.at)
	default:
		return false
	}
	return true
}

// letter runs the button that begins with it.
func (b *buttonRow) letter(u *UI, r rune) {
	for i := range b.buttons {
		if letter(b.buttons[i].title) == unicode.ToLower(r) {
			b.run(u, i)
			return
		}
	}
}

// letter is the first of a title, in lower case.
func letter(title string) rune {
	first, _ := utf8.DecodeRuneInString(title)
	return unicode.ToLower(first)
}

// lowerFirst writes a title as a word inside of a line.
func lowerFirst(title string) string {
	return string(letter(title)) + title[len(string([]rune(title)[:1])):]
}
