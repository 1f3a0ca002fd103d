package tui

import (
	"fmt"

	"sipsniff/internal/cells"
)

// drawTooSmall says that the terminal is too small for any screen.
func (u *UI) drawTooSmall(c canvas) {
	lines := u.tooSmall(c.w, c.h)
	if !fits(lines, c.w, c.h) {
		lines = []string{
			fmt.Sprintf("terminal %dx%d", c.w, c.h),
			fmt.Sprintf("need %dx%d", leastWidth, leastHeight),
			"q Quit",
		}
	}
	for i, line := range lines {
		if i < c.h {
			c.text(min(1, c.w-1), i, cells.Cut(line, c.w-1, u.set.Ellipsis), u.theme[rolePlain])
		}
	}
}

func (u *UI) tooSmall(w, h int) []string {
	badge := u.set.File
	if u.config.Live {
		badge = u.set.Live
	}
	drops := ""
	if u.config.Live || u.status.Dropped > 0 {
		drops = fmt.Sprintf(" drop %d", u.status.Dropped)
	}
	n := u.calls.counts()
	lines := []string{
		"sipsniff " + badge + drops,
		"",
		fmt.Sprintf("terminal is %dx%d.", w, h),
		fmt.Sprintf("I need %dx%d to draw the list.", leastWidth, leastHeight),
		"",
		fmt.Sprintf("%s %s %s up", plural(n.calls, "call"), u.set.Dot, count(n.classes[classUp])),
	}
	if u.config.Live && !u.status.Done {
		lines = append(lines, "capture continues")
	}
	return append(lines, "", "q Quit")
}

// fits reports whether lines of text have room on w by h cells, with one free
// in front of each.
func fits(lines []string, w, h int) bool {
	for _, line := range lines {
		if cells.Width(line)+1 > w {
			return false
		}
	}
	return len(lines) <= h
}
