package tui

import (
	"fmt"
	"slices"
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
	call := v.current()
	if call == nil {
		c.text(1, 0, cells.Cut(v.leftNote(), c.w-2, v.u.set.Ellipsis), v.u.theme[roleWarn])
		return
	}
	room := v.drawNote(c)
	if room < 10 {
		return
	}
	line, role := v.statusOf(call, room)
	if v.told != "" {
		line = v.told
	}
	c.text(1, 0, cells.Cut(line, room, v.u.set.Ellipsis), v.u.theme[role])
}

// leftNote says where the call under the cursor is.
func (v *callsView) leftNote() string {
	line := fmt.Sprintf("#%d has left", v.list.id)
	if v.u.snap.LimitReached != "" {
		line += fmt.Sprintf(": the oldest make room at the limit (%s)", v.u.snap.LimitReached)
	}
	return line
}

// statusOf is a line about a call: what is wrong with it, or how it went.
func (v *callsView) statusOf(call *correlate.Call, room int) (string, role) {
	u := v.u
	if found := u.found.of(call.Index); len(found) > 0 {
		return v.foundOf(call, found, room), rolePlain
	}
	said, reason := "  ", ""
	if list := remarks(call); len(list) > 0 {
		said += u.set.Dot + " " + strings.Join(list, ", ") + "  "
	}
	said += call.Word()
	if call.FinalStatus > 0 {
		said += fmt.Sprintf(" %d", call.FinalStatus)
		reason = strings.TrimRight(" "+u.clean(call.FinalReason), " ")
	}
	parts := []string{u.aboutCall(fmt.Sprintf("#%d ", call.Index), call, room, said+reason, said), u.messageCounts(call)}
	dot, brief := " "+u.set.Dot+" ", slices.Clone(parts)
	for _, s := range u.streamsOf(call) {
		parts, brief = append(parts, u.streamSummary(s)), append(brief, u.streamBrief(s))
	}
	return fitting(room, strings.Join(parts, dot), fittingParts(room, dot, brief)), rolePlain
}

// whoCalls begins a line about a call; the parties have so many cells each at
// most.
func (v *callsView) whoCalls(call *correlate.Call, width int) string {
	from, to := v.u.parties(call)
	ellipsis := v.u.set.Ellipsis
	return fmt.Sprintf("#%d %s %s %s  ", call.Index, cells.CutMiddle(from, width, ellipsis), v.u.set.To, cells.CutMiddle(to, width, ellipsis))
}

// A status row with what was found has so many cells for each party where there
// is not enough room for all of it, so many for the second finding, and that
// one only when the first has as much as it needs to be understood.
const (
	statusParty  = 13
	statusSecond = 14
	statusFirst  = 24
)

// foundOf says what was found out about a call: the verdict, and what comes
// next, cut where there is no room.
func (v *callsView) foundOf(call *correlate.Call, found []correlate.Finding, room int) string {
	u := v.u
	said := func(f *correlate.Finding) string { return u.severityGlyph(f.Severity) + " " + u.clean(f.Title) }
	who, first, second := v.whoCalls(call, room), said(&found[0]), ""
	if len(found) > 1 {
		second = "  " + said(&found[1])
	}
	if cells.Width(who+first+second) <= room {
		return who + first + second
	}
	who = v.whoCalls(call, statusParty)
	room -= cells.Width(who)
	if second == "" || room < statusFirst+statusSecond {
		return who + first
	}
	first = cells.Cut(first, max(room-cells.Width(second), room-statusSecond-2), u.set.Ellipsis)
	return who + first + cells.Cut(second, room-cells.Width(first), u.set.Ellipsis)
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
