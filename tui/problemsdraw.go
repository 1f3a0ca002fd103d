package tui

import (
	"fmt"

	"sipsniff/internal/cells"
)

func (v *problemsView) draw(c canvas) {
	u := v.u
	if v.late {
		v.refresh()
	}
	rest := u.drawBanner(v.drawAbove(u.drawTop(c)))
	if v.Len() == 0 {
		if v.u.found != nil && v.nothingFiltered(rest) {
			return
		}
		rest.text(2, 1, cells.Cut(v.nothing(), rest.w-3, u.set.Ellipsis), u.theme[rolePlain])
		return
	}
	switch example := v.shownCase(); {
	case v.full && example != nil:
		v.drawFull(rest.part(1, 0, rest.w-1, rest.h-1), example)
		return
	case rest.w >= wideTabs:
		v.drawWide(rest)
		return
	}
	below := min(8, rest.h-5)
	if below < 3 {
		v.drawKinds(rest)
		return
	}
	v.drawKinds(rest.part(0, 0, rest.w, rest.h-below))
	v.drawExplanation(rest.part(0, rest.h-below, rest.w, below))
}

func (v *problemsView) drawKinds(c canvas) {
	v.kindsWidth = c.w
	v.list.columns = v.columns(c.w)
	v.list.draw(v.u, c)
}

func (v *problemsView) nothing() string {
	switch {
	case !v.u.diagnosed() && v.u.config.Diagnose != nil:
		return "looking for problems" + v.u.set.Ellipsis
	case !v.u.diagnosed():
		return "Nobody looks for problems here."
	case v.hidden > 0:
		return fmt.Sprintf("%s muted, none else. M shows them.", plural(v.hidden, "kind"))
	}
	return fmt.Sprintf("No problem among %s in %s.", plural(len(v.u.snap.Calls), "dialog"), v.u.windowName(v.window))
}

func (v *problemsView) drawSummary(c canvas) {
	u := v.u
	dot := " " + u.set.Dot + " "
	line := plural(v.calls(), "call") + " with problems" + dot + plural(len(v.kinds), "kind")
	if v.hidden > 0 {
		line += dot + count(v.hidden) + " muted (M)"
	}
	window := "window " + u.windowName(v.window) + " (w cycles)"
	if c.w >= wideTabs {
		line += dot + "sorted by severity, then count"
		window = "window: " + u.windowName(v.window) + " (w cycles 1m/5m/all)"
		c.right(c.w-1, 0, window, u.theme[rolePlain])
		window = ""
	}
	if window != "" {
		line += dot + window
	}
	c.text(1, 0, cells.Cut(line, c.w-2, u.set.Ellipsis), u.theme[rolePlain])
}
