package tui

import (
	"fmt"

	"github.com/gdamore/tcell/v2"
)

// quitDialog asks before the program ends.
type quitDialog struct{}

func (quitDialog) context() Context           { return InQuit }
func (quitDialog) other(*UI, *tcell.EventKey) {}
func (u *UI) quit()                           { u.cancel(errQuit) }

// askQuit asks; Enter quits.
func (u *UI) askQuit() { u.dialog = quitDialog{} }

// wantQuit is the q key: offline nothing is lost and nothing is asked.
func (u *UI) wantQuit() {
	if u.config.Live && !u.status.Done {
		u.askQuit()
		return
	}
	u.quit()
}

func (quitDialog) draw(u *UI, c canvas) {
	lines := []string{"Leave sipsniff?"}
	switch {
	case u.config.Live && u.status.Output != "":
		lines = []string{fmt.Sprintf("Live capture of %s,", plural(u.calls.counts().calls, "call")), "recorded in " + u.clean(u.status.Output)}
	case u.config.Live:
		verb := "are"
		if u.calls.counts().calls == 1 {
			verb = "is"
		}
		lines = []string{fmt.Sprintf("Live capture: %s %s not saved.", plural(u.calls.counts().calls, "call"), verb)}
	}
	u.drawBox(c, "Quit", append(lines, "", "[ Quit ]   [ Stay ]", "Enter quits "+u.set.Dot+" Esc stays"))
}

// drawBox draws lines of clean text in a frame in the middle.
func (u *UI) drawBox(c canvas, title string, lines []string) {
	w := 30
	for _, line := range lines {
		w = max(w, len(line))
	}
	w = min(w+4, c.w)
	h := min(len(lines)+2, c.h)
	box := c.part((c.w-w)/2, (c.h-h)/2, w, h)
	u.drawBorder(box, title)
	for i, line := range lines {
		box.part(2, 1, w-3, h-2).text(0, i, line, u.theme[roleDialog])
	}
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
	c.text(2, 0, " "+title+" ", u.theme[roleTitle])
}
