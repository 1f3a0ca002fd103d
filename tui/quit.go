package tui

import (
	"fmt"
	"time"

	"sipsniff/internal/cells"
)

// impatience is how fast ^C has to be pressed twice to leave without a question.
const impatience = time.Second

// quit ends the program.
func (u *UI) quit() { u.cancel(errQuit) }

// When q asks before it quits.
const (
	askAlways = "always"
	askLive   = "live"
	askNever  = "never"
)

// passing reports whether the input cannot be read again.
func (u *UI) passing() bool { return u.config.Live || u.config.Stream }

// unsaved reports whether calls would be lost that are nowhere on disk.
func (u *UI) unsaved() bool { return u.passing() && u.status.Output == "" && u.savedAll != u.latest }

// wantQuit is the q key: of a file nothing is lost and nothing is asked, unless one
// is being written.
func (u *UI) wantQuit() {
	asks := u.config.Live && (!u.status.Done || u.unsaved()) || u.config.Stream && u.unsaved() && len(u.snap.Calls) > 0
	if u.saving != nil || u.option("display.exit_prompt") == askAlways || asks && u.option("display.exit_prompt") != askNever {
		u.askQuit()
		return
	}
	u.quit()
}

// interrupt is ^C: it asks as q does, and quits when pressed twice.
func (u *UI) interrupt() {
	if now := u.now(); !u.interrupted.IsZero() && now.Sub(u.interrupted) <= impatience {
		u.quit()
		return
	}
	u.interrupted = u.now()
	u.wantQuit()
}

// askQuit asks; Enter quits.
func (u *UI) askQuit() {
	if q, ok := u.dialog.(*question); ok && q.where == InQuit {
		return // it is asked already
	}
	buttons := []button{{"Quit", (*UI).quit}}
	if u.canSave() && u.saving == nil {
		buttons = append(buttons, button{"Save first", (*UI).openSave})
	}
	q := u.askAbout(InQuit, "Quit", u.quitLines(), append(buttons, button{"Stay", nil})...)
	q.foot = "Enter quits " + u.set.Dot + " Esc stays"
}

// quitLines tell what is lost.
func (u *UI) quitLines() []string {
	calls := u.calls.counts().calls
	verb := "are"
	if calls == 1 {
		verb = "is"
	}
	what := "Live capture"
	if !u.config.Live {
		what = "A stream"
	}
	switch {
	case u.saving != nil:
		return []string{"A file is being written, and would be given up:", u.clean(u.saving.request.File)}
	case u.passing() && u.status.Output != "":
		return []string{fmt.Sprintf("%s of %s,", what, plural(calls, "call")), "recorded in " + u.clean(u.status.Output)}
	case u.passing() && u.config.Spooled:
		return []string{fmt.Sprintf("%s: %s %s not saved.", what, plural(calls, "call"), verb), "The spool holds their packets."}
	case u.passing():
		return []string{fmt.Sprintf("%s: %s %s not saved.", what, plural(calls, "call"), verb)}
	}
	return []string{"Leave sipsniff?"}
}

// drawBorder empties the canvas and draws a border around it.
func (u *UI) drawBorder(c canvas, title string) {
	style := u.theme[roleDialog]
	c.clear(style)
	for x := range c.w {
		c.text(x, 0, u.set.Rule, style)
		c.text(x, c.h-1, u.set.Rule, style)
	}
	for y := range c.h {
		c.text(0, y, u.set.Bar, style)
		c.text(c.w-1, y, u.set.Bar, style)
	}
	c.text(0, 0, u.set.TopLeft, style)
	c.text(c.w-1, 0, u.set.TopRight, style)
	c.text(0, c.h-1, u.set.BottomLeft, style)
	c.text(c.w-1, c.h-1, u.set.BottomRight, style)
	if title = cells.Cut(title, c.w-6, u.set.Ellipsis); title != "" {
		c.text(2, 0, " "+title+" ", u.theme[roleTitle])
	}
}
