package tui

import (
	"unicode"

	"github.com/gdamore/tcell/v2"

	"sipsniff/internal/cells"
)

// maxPrompt bounds what can be typed.
const maxPrompt = 200

// A prompt asks for a line of text in the row above the hints.
type prompt struct {
	label string
	text  []rune
	done  func(text string) // called on Enter
	typed func(text string) // called when the text has changed; nil: nobody wants to know
}

func (u *UI) ask(label, initial string, done func(string)) {
	u.prompt = &prompt{label: label, text: []rune(initial), done: done}
}

func (p *prompt) key(u *UI, ev *tcell.EventKey) {
	switch name := keyName(ev); name {
	case "Esc", "^C":
		u.prompt = nil
	case "Enter":
		u.prompt = nil
		p.done(string(p.text))
	case "Backspace":
		p.text = p.text[:max(0, len(p.text)-1)]
	case "^U":
		p.text = p.text[:0]
	default:
		if ev.Key() == tcell.KeyRune && unicode.IsPrint(ev.Rune()) && len(p.text) < maxPrompt {
			p.text = append(p.text, ev.Rune())
		}
	}
	if p.typed != nil && u.prompt == p {
		p.typed(string(p.text))
	}
}

func (p *prompt) draw(u *UI, c canvas) {
	c.clear(u.theme[rolePlain])
	x := c.text(1, 0, p.label, u.theme[roleKey])
	text := u.clean(string(p.text))
	for cells.Width(text) > c.w-x-2 { // the end of a long text is what is being typed
		_, text, _ = cells.Next(text)
	}
	x = c.text(x, 0, text, u.theme[rolePlain])
	c.text(x, 0, " ", u.theme[rolePlain].Reverse(true))
}

// drawHints says which keys do something besides typing.
func (p *prompt) drawHints(u *UI, c canvas) {
	x := 1
	for _, hint := range [...][2]string{{"Enter", "Done"}, {"Esc", "Cancel"}, {"^U", "Empty"}} {
		x = c.text(x, 0, hint[0], u.theme[roleKey])
		x = c.text(x+1, 0, hint[1], u.theme[rolePlain]) + 1
	}
}
