package tui

import (
	"fmt"
	"strings"
	"time"

	"sipsniff/correlate"
	"sipsniff/internal/cells"
	"sipsniff/tui/figure"
)

// sortingAfter is how long an order may take before the screen says that it is
// being made.
const sortingAfter = 300 * time.Millisecond

// staleAfter is how old a held order has to be before the screen says so.
const staleAfter = time.Second

// note is what the user should know of the list, with the calls that left it.
func (v *callsView) note() (string, role) {
	u := v.u
	note, role := v.noteOfRows()
	if u.snap.EvictedCalls == 0 {
		return note, role
	}
	if note == "" {
		note = count(len(u.snap.Calls)) + " calls kept"
	}
	return fmt.Sprintf("%s %s oldest leave (%s) %s %s left so far", note, u.set.Dot, u.snap.LimitReached, u.set.Dot, figure.Grouped(u.snap.EvictedCalls)), roleWarn
}

// noteOfRows is what the user should know of the list: an order that is not there
// yet or an old one, new rows below.
func (v *callsView) noteOfRows() (string, role) {
	u := v.u
	switch fresh := v.Len() - v.seen; {
	case v.working && !v.asked.IsZero() && u.now().Sub(v.asked) >= sortingAfter:
		return "sorting" + u.set.Ellipsis, roleWarn
	case v.shown.held && u.now().UnixNano()-v.sortedAt >= int64(staleAfter):
		return fmt.Sprintf("order %s old %s . re-sorts", figure.Uptime(time.Duration(u.now().UnixNano()-v.sortedAt)), u.set.Dot), roleWarn
	case v.follow:
		return "following", roleKey
	case fresh > 0 && u.coming():
		if v.appends() {
			return fmt.Sprintf("+%s new %s (G)", count(fresh), u.set.MoreDown), roleKey
		}
		return fmt.Sprintf("+%s new (A)", count(fresh)), roleKey
	case v.only:
		return "problems only " + u.set.Dot + " ! all", roleKey
	case len(v.marked) > 0:
		return fmt.Sprintf("%s marked", count(len(v.marked))), roleKey
	}
	return "", rolePlain
}

// appends reports whether new rows stand below the others.
func (v *callsView) appends() bool { return v.shown.held || v.byAge() && !v.order.descending }

// byAge reports whether the rows stand in the order in which calls came.
func (v *callsView) byAge() bool {
	return v.order.key.column == "number" || v.order.key.column == "time"
}

// seesNew reports whether the cursor is where new rows come.
func (v *callsView) seesNew() bool {
	switch {
	case v.appends():
		return v.list.cursor == v.Len()-1
	case v.byAge():
		return v.list.cursor == 0
	}
	return false
}

// drawNote writes the note at the right of a row and returns the cells that
// are left of it.
func (v *callsView) drawNote(c canvas) (room int) {
	note, role := v.note()
	if note == "" {
		return c.w - 2
	}
	note = cells.Cut(note, c.w-2, v.u.set.Ellipsis)
	c.right(c.w-1, 0, note, v.u.theme[role])
	return c.w - 2 - cells.Width(note) - 2
}

// drawStatus tells more about the call under the cursor, or about an order
// that was just chosen.
func (v *callsView) drawStatus(c canvas) {
	room := v.drawNote(c)
	call := v.current()
	if call == nil || room < 10 {
		return
	}
	line, role := v.statusOf(call)
	if v.told != "" {
		line = v.told
	}
	c.text(1, 0, cells.Cut(line, room, v.u.set.Ellipsis), v.u.theme[role])
}

// statusOf is a line about a call: what is wrong with it, or how it went.
func (v *callsView) statusOf(call *correlate.Call) (string, role) {
	u := v.u
	from, to := u.parties(call)
	line := fmt.Sprintf("#%d %s %s %s  ", call.Index, from, u.set.To, to)
	if found := u.found.of(call.Index); len(found) > 0 {
		return line + u.severityGlyph(found[0].Severity) + " " + u.clean(found[0].Title), rolePlain
	}
	if said := remarks(call); len(said) > 0 {
		line += u.set.Dot + " " + strings.Join(said, ", ") + "  "
	}
	line += call.Word()
	if call.FinalStatus > 0 {
		line += strings.TrimRight(fmt.Sprintf(" %d %s", call.FinalStatus, u.clean(call.FinalReason)), " ")
	}
	line += " " + u.set.Dot + " " + u.messageCounts(call)
	for _, s := range u.streamsOf(call) {
		line += " " + u.set.Dot + " " + u.streamSummary(s)
	}
	return line, rolePlain
}

// messageCounts is "46 messages ↻2 ⧉23": of those again, and captured twice.
func (u *UI) messageCounts(call *correlate.Call) string {
	text := plural(call.MessageCount, "message")
	if call.Retransmissions > 0 {
		text += fmt.Sprintf(" %s%d", u.set.Again, call.Retransmissions)
	}
	if call.Duplicates > 0 {
		text += fmt.Sprintf(" %s%d", u.set.Twin, call.Duplicates)
	}
	return text
}

// severityGlyph is what stands for a severity: ✗ broken, ⚠ suspicious, · a note.
func (u *UI) severityGlyph(s correlate.Severity) string {
	switch s {
	case correlate.Critical, correlate.Error:
		return u.set.Bad
	case correlate.Warning:
		return u.set.Warn
	}
	return u.set.Dot
}

func severityRole(s correlate.Severity) role {
	switch s {
	case correlate.Critical, correlate.Error:
		return roleBad
	case correlate.Warning:
		return roleWarn
	}
	return roleDim
}
