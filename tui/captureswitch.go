package tui

import (
	"fmt"
	"slices"
	"strings"

	"sipsniff/internal/cells"
	"sipsniff/tui/figure"
)

// isInterface reports whether an input is an interface, and not what receives
// HEP.
func isInterface(name string) bool { return !strings.HasPrefix(name, "HEP") }

// interfaces are those that are captured on, and others that have traffic: what
// can be switched off and on, in the order of the screen.
func (v *captureView) interfaces() (on, off []string) {
	for i := range v.u.status.Inputs {
		if name := v.u.status.Inputs[i].Name; isInterface(name) {
			on = append(on, name)
		}
	}
	for _, t := range v.u.status.Elsewhere {
		off = append(off, t.Name)
	}
	return on, off
}

// at is the place of the cursor among the sources. It stays on one of them when
// others come and go.
func (v *captureView) at() int {
	on, off := v.interfaces()
	return max(0, slices.Index(append(on, off...), v.cursor))
}

// front stands in front of a source that can be switched, with the cursor where
// it is.
func (v *captureView) front(line int) string {
	at := len(v.places)
	v.places = append(v.places, line)
	if at == v.at() && v.u.canListen() {
		return v.u.set.Cursor + "  "
	}
	return "   "
}

// otherLines are the interfaces that have traffic and are not read, the first of
// them below so many lines.
func (v *captureView) otherLines(width, name, above int) []textLine {
	u := v.u
	var lines []textLine
	for _, t := range u.status.Elsewhere {
		line := v.front(above+len(lines)) + cells.PadRight(u.clean(t.Name), name, u.set.Ellipsis) +
			fmt.Sprintf(" %-6s%7s", "off", figure.Compact(uint64(t.Packets+0.5)))
		lines = append(lines, textLine{{cells.Cut(line, width-1, u.set.Ellipsis), roleDim}})
	}
	return lines
}

// moveCursor moves among the sources; it reports whether there was one that way.
func (v *captureView) moveCursor(m motion) bool {
	at := v.at()
	to := at
	switch m {
	case up:
		to--
	case down:
		to++
	}
	on, off := v.interfaces()
	if !v.u.canListen() || to == at || to < 0 || to >= len(on)+len(off) || m == up && v.top > 0 && v.hides(at) {
		return false
	}
	v.cursor = append(on, off...)[to]
	if v.hides(to) {
		v.top = v.places[to]
	}
	return true
}

// hides reports whether a source is scrolled out of sight.
func (v *captureView) hides(source int) bool {
	return source < len(v.places) && (v.places[source] < v.top || v.places[source] >= v.top+v.height)
}

// toggle captures on the interface under the cursor as well, or no more.
func (v *captureView) toggle() {
	on, off := v.interfaces()
	switch at := v.at(); {
	case at < len(on) && len(on) == 1:
		v.u.say("this is the only interface: i chooses another")
	case at < len(on):
		left := append(append([]string{}, on[:at]...), on[at+1:]...)
		v.u.reopen(&Reopening{Interfaces: left})
	case at < len(on)+len(off):
		v.u.reopen(&Reopening{Interfaces: append(append([]string{}, on...), off[at-len(on)])})
	}
}
