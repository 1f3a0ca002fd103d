package tui

import (
	"fmt"

	"sipsniff/internal/cells"
	"sipsniff/tui/figure"
)

// drawTooSmall says that the terminal is too small for any screen.
func (u *UI) drawTooSmall(c canvas) {
	lines := u.tooSmall(c.w, c.h)
	if !fits(lines, c.w, c.h) {
		lines = []string{
			fmt.Sprintf("terminal %d%s%d", c.w, u.set.Times, c.h),
			fmt.Sprintf("need %d%s%d", leastWidth, u.set.Times, leastHeight),
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
	rate := ""
	if u.config.Live && u.rate.valid && !u.status.Done {
		rate = " " + figure.Grouped(uint64(u.rate.packets)) + "pps"
	}
	n, dot := u.calls.counts(), " "+u.set.Dot+" "
	tally := plural(n.calls, "call") + dot + count(n.classes[classUp]) + " up"
	if found := u.found.count(); found > 0 {
		tally = fitting(w-2, tally+dot+count(found)+" with problems", tally)
	}
	lines := []string{
		"sipsniff " + badge + rate + drops,
		"",
		fmt.Sprintf("terminal is %d%s%d.", w, u.set.Times, h),
		fmt.Sprintf("I need %d%s%d to draw the list.", leastWidth, u.set.Times, leastHeight),
		"",
		tally,
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
