package tui

import (
	"strconv"

	"sipsniff/internal/cells"
)

// A tab is one of the screens that the keys 1 to 6 lead to. Each is declared
// beside its view.
type tab struct {
	wide, medium, narrow string             // its title, by the width of the screen
	called               func(u *UI) string // the title where it changes

	// count is how many of its things there are, -1 for a tab that counts
	// nothing. It is asked on every drawing: it looks a number up.
	count func(u *UI) int

	// open makes the view when it is wanted for the first time; it is kept
	// from then on. A tab without is left out of the row.
	open func(u *UI) view

	view view
}

// newTabs lists the tabs in the order of their keys.
func newTabs(u *UI) []tab {
	return []tab{callsTab(u), registrationsTab(), streamsTab(), statisticsTab(), problemsTab(), captureTab()}
}

func countsNothing(*UI) int { return -1 }

// The places of the tabs in the row.
const (
	tabCalls = iota
	tabRegistrations
	tabStreams
	tabStatistics
	tabProblems
	tabCapture
)

// hasTab reports whether a tab has a screen.
func (u *UI) hasTab(i int) bool { return u.tabs[i].open != nil }

// tabView returns the view of a tab.
func (u *UI) tabView(i int) view {
	t := &u.tabs[i]
	if t.view == nil {
		t.view = t.open(u)
	}
	return t.view
}

// openTab shows a tab. Back leads from it to the list of calls.
func (u *UI) openTab(i int) {
	if !u.hasTab(i) {
		return
	}
	u.stack = u.stack[:1]
	if i > tabCalls {
		u.push(u.tabView(i))
	}
}

// visitTab shows a tab over what is shown now; back leads here again.
func (u *UI) visitTab(i int) {
	if !u.hasTab(i) {
		return
	}
	v := u.tabView(i)
	for depth, opened := range u.stack {
		if opened == v { // it is there already: no view stands in the stack twice
			u.stack = u.stack[:depth+1]
			return
		}
	}
	u.push(v)
}

// activeTab is the tab of the topmost tab view.
func (u *UI) activeTab() int {
	for depth := len(u.stack) - 1; depth > 0; depth-- {
		for i := range u.tabs {
			if u.tabs[i].view == u.stack[depth] {
				return i
			}
		}
	}
	return tabCalls
}

// The widths from which on tabs are called by their short and their long
// titles.
const (
	narrowTabs = 60
	wideTabs   = 100
)

// title is what stands in the row for a screen of w cells.
func (t *tab) title(u *UI, w, number int) string {
	name, counted := t.medium, t.count(u)
	switch {
	case w >= wideTabs:
		name = t.wide
	case w <= narrowTabs:
		name = t.narrow
	}
	if t.called != nil {
		name = t.called(u)
	}
	title := strconv.Itoa(number) + " " + name
	if counted >= 0 {
		title += " " + count(counted)
	}
	return title
}

// drawTabs draws the row of tabs; the active one stands in brackets.
func (u *UI) drawTabs(c canvas) {
	pad, gap := " ", 1
	switch {
	case c.w >= wideTabs:
		gap = 2
	case c.w <= narrowTabs:
		pad = ""
	}
	x, active := 1, u.activeTab()
	for i := range u.tabs {
		if !u.hasTab(i) {
			continue
		}
		text, style := pad+u.tabs[i].title(u, c.w, i+1)+pad, u.theme[rolePlain]
		if i == active {
			text, style = "["+u.tabs[i].title(u, c.w, i+1)+"]", u.theme[roleTab]
		}
		if x+cells.Width(text) > c.w {
			return
		}
		end := c.text(x, 0, text, style)
		u.zone(c.part(x, 0, end-x, 1), func() { u.openTab(i) })
		x = end + gap
	}
}

// drawTop draws the title bar and the tabs, and returns what is left for the
// view.
func (u *UI) drawTop(c canvas) canvas {
	u.drawTitleBar(c.part(0, 0, c.w, 1))
	u.drawTabs(c.part(0, 1, c.w, 1))
	return c.part(0, 2, c.w, c.h-2)
}
