package tui

import (
	"unicode"

	"github.com/gdamore/tcell/v2"
)

// paste types text that the terminal says was pasted, on one line. Where
// nothing takes text it does nothing: the letters of whatever stood on the
// clipboard are not keys that somebody pressed.
func (u *UI) paste(text string) {
	u.toast = ""
	if !u.takesText() {
		u.say("nothing was pasted: no text is being typed here")
		return
	}
	for _, r := range text {
		switch {
		case r == '\n' || r == '\r' || r == '\t':
			r = ' '
		case !unicode.IsPrint(r):
			continue
		}
		if !u.takesText() {
			return
		}
		u.key(tcell.NewEventKey(tcell.KeyRune, r, 0))
	}
}

// takesText reports whether letters are text and not keys.
func (u *UI) takesText() bool {
	if u.prompt != nil {
		return true
	}
	d, ok := u.dialog.(interface{ takesText() bool })
	return ok && d.takesText()
}

func (*filterLine) takesText() bool       { return true }
func (*palette) takesText() bool          { return true }
func (*helpDialog) takesText() bool       { return true }
func (g *filterForm) takesText() bool     { return g.text() != nil }
func (d *settingsDialog) takesText() bool { return d.editing != nil }
func (d *saveDialog) takesText() bool     { return d.form.takesText() }

// takesText reports whether the focus is on a line of text.
func (f *form) takesText() bool {
	if f.focus >= len(f.items) {
		return false
	}
	_, ok := f.items[f.focus].(*textItem)
	return ok
}
