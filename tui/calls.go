package tui

import (
	"fmt"
	"slices"
	"strings"

	"sipsniff/correlate"
	"sipsniff/internal/cells"
	"sipsniff/tui/figure"
	"sipsniff/tui/ladder"
)

// A scope says which rows the list holds.
type scope uint8

const (
	scopeDialogs scope = iota // everything but OPTIONS pings, when there is anything else
	scopeCalls                // what began with INVITE
	scopeAll
)

// callsView is the list of calls and other dialogs.
type callsView struct {
	u      *UI
	list   *vlist
	scope  scope
	marked map[int]bool // by Call.Index
	order  callOrder
	counts callCounts
	filter callFilter
	custom customColumns

	follow    bool // the cursor stays on the newest row
	seen      int  // rows when the cursor was last at the end, for "+14 new"
	sortedAt  int64
	staleness bool // rows changed since a volatile order was made
}

func newCallsView(u *UI) *callsView {
	v := &callsView{u: u, marked: map[int]bool{}, filter: callFilter{expr: u.config.Filter}, custom: customColumns{set: u.config.Columns}}
	v.list = newVList(v)
	v.setSort(sortKeys()[0])
	return v
}

func (v *callsView) context() Context { return InCalls }

// Len, ID, Find and Marked make the view the source of its list.
func (v *callsView) Len() int           { return len(v.order.entries) }
func (v *callsView) ID(row int) int     { return v.order.entries[row].index }
func (v *callsView) Marked(id int) bool { return v.marked[id] }

func (v *callsView) Find(id int) int {
	if v.order.key.column == "number" && !v.order.descending {
		row, found := slices.BinarySearchFunc(v.order.entries, id, func(e sortEntry, id int) int { return e.index - id })
		if !found {
			return -1
		}
		return row
	}
	return slices.IndexFunc(v.order.entries, func(e sortEntry) bool { return e.index == id })
}

// call returns the call of a row, nil when it left the snapshot.
func (v *callsView) call(row int) *correlate.Call { return v.u.callAt(v.ID(row)) }

// current returns the call under the cursor, nil when the list is empty.
func (v *callsView) current() *correlate.Call {
	if v.Len() == 0 {
		return nil
	}
	return v.call(v.list.cursor)
}

// shown tells which calls the scope holds.
func (v *callsView) shown(c *correlate.Call) bool {
	switch v.scope {
	case scopeCalls:
		return c.Method == "INVITE"
	case scopeDialogs:
		return c.Method != "OPTIONS"
	}
	return true
}

// refresh takes in the snapshot that the UI shows now.
func (v *callsView) refresh() {
	atEnd := v.Len() == 0 || v.list.cursor == v.Len()-1
	v.filter.apply(v.u.snap, v.isMarked)
	v.counts = countCalls(v.filter.calls, v.shown)
	if v.scope == scopeDialogs && v.counts.calls+v.counts.registrations+v.counts.others == 0 && v.counts.options > 0 {
		v.setScope(scopeAll) // nothing but pings: hiding them would hide everything
	}
	frozen := v.order.key.volatile && v.u.config.Live && !v.follow
	switch {
	case v.filter.narrows() && frozen:
		v.order.retain(v.u, v.filter.calls, v.shown)
		v.staleness = true
	case v.filter.narrows() || v.order.key.volatile && !frozen:
		v.rebuild()
	default:
		v.order.update(v.u, v.u.snap, v.shown, frozen)
		v.staleness = frozen
	}
	v.list.refresh()
	if v.follow {
		v.list.set(v.Len() - 1)
	}
	if atEnd || v.follow {
		v.seen = v.Len()
	}
}

func (v *callsView) rebuild() {
	v.order.rebuild(v.u, v.filter.calls, v.shown)
	v.sortedAt, v.staleness = v.u.now().UnixNano(), false
}

func (v *callsView) setScope(s scope) {
	v.scope = s
	v.counts = countCalls(v.filter.calls, v.shown)
	v.rebuild()
	v.list.refresh()
	v.seen = v.Len()
}

// nextScope steps from all dialogs to calls, and on to everything when pings
// are hidden.
func (v *callsView) nextScope() {
	switch {
	case v.scope == scopeDialogs:
		v.setScope(scopeCalls)
	case v.scope == scopeCalls && v.counts.options > 0:
		v.setScope(scopeAll)
	default:
		v.setScope(scopeDialogs)
	}
	v.u.say("%s", map[scope]string{
		scopeDialogs: "all dialogs but OPTIONS", scopeCalls: "calls only", scopeAll: "everything, OPTIONS too",
	}[v.scope])
}

// setSort orders the list by key, in the direction that suits it.
func (v *callsView) setSort(key sortKey) {
	v.order.key, v.order.descending = key, key.descending
	v.list.sorted, v.list.sortUp = key.column, !key.descending
	v.resort()
}

func (v *callsView) resort() {
	v.rebuild()
	v.list.refresh()
}

func (v *callsView) reverse() {
	v.order.descending = !v.order.descending
	v.list.sortUp = !v.order.descending
	v.resort()
}

func (v *callsView) move(m motion) {
	if m != toLeft && m != toRight {
		v.follow = false
	}
	v.list.move(m)
	if v.Len() > 0 && v.list.cursor == v.Len()-1 {
		v.seen = v.Len()
	}
}

func (v *callsView) toggleFollow() {
	v.follow = !v.follow
	if v.follow {
		v.list.set(v.Len() - 1)
		v.seen = v.Len()
	}
}

func (v *callsView) mark() {
	if v.Len() == 0 {
		return
	}
	id := v.ID(v.list.cursor)
	if v.marked[id] {
		delete(v.marked, id)
	} else {
		v.marked[id] = true
	}
	v.remark()
}

func (v *callsView) markAll() {
	for _, e := range v.order.entries {
		v.marked[e.index] = true
	}
	v.remark()
}

// remark looks at the calls again after marks changed, for the filter may ask
// for them.
func (v *callsView) remark() {
	if v.filter.narrows() {
		v.refresh()
	}
}

func (v *callsView) isMarked(id int) bool { return v.marked[id] }

// chosen returns the marked calls in the order of their numbers, or the one
// under the cursor.
func (v *callsView) chosen() []*correlate.Call {
	var out []*correlate.Call
	for id := range v.marked {
		if c := v.u.callAt(id); c != nil {
			out = append(out, c)
		}
	}
	if c := v.current(); len(out) == 0 && c != nil {
		return []*correlate.Call{c}
	}
	slices.SortFunc(out, func(a, b *correlate.Call) int { return a.Index - b.Index })
	return out
}

// step moves the cursor by n rows for a view on top of the list and returns
// the call there, nil at the end of the list.
func (v *callsView) step(n int) *correlate.Call {
	row := v.list.cursor + n
	if row < 0 || row >= v.Len() {
		return nil
	}
	v.follow = false
	v.list.set(row)
	return v.current()
}

func (v *callsView) draw(c canvas) {
	u := v.u
	rest := u.drawTop(c)
	v.drawCounts(rest.part(0, 0, c.w, 1))
	body := c.part(0, 3, c.w, c.h-4)
	if v.filter.narrows() {
		v.drawFilter(body.part(0, 0, c.w, 1))
		body = body.part(0, 1, c.w, body.h-1)
	}
	if detail := detailHeight(c.h); detail > 0 && v.current() != nil {
		body.h -= detail - 1
		v.list.columns = v.callColumns(body.w)
		v.list.draw(u, body)
		v.drawDetail(c.part(0, body.y+body.h-c.y, c.w, detail))
		return
	}
	if v.Len() == 0 {
		u.drawEmpty(body, v)
		return
	}
	v.list.columns = v.callColumns(body.w)
	v.list.draw(u, body)
	v.drawStatus(c.part(0, c.h-1, c.w, 1))
}

func callsTab(u *UI) tab {
	return tab{
		called: func(u *UI) string {
			if u.calls.scope == scopeCalls {
				return "Calls"
			}
			return "Dialogs"
		},
		count: func(u *UI) int { return u.calls.Len() },
		open:  func(u *UI) view { return u.calls },
		view:  u.calls,
	}
}

// drawCounts shows the tally, and at the right what the user should know of
// the list: new rows below, an old order, a limit.
func (v *callsView) drawCounts(c canvas) {
	u := v.u
	note, noteRole := v.note()
	line := v.counts.line(c.w, v.scope == scopeDialogs)
	if n := u.snap.Orphans; n > 0 { // a report lists them
		line += "  " + plural(n, "stream") + " without a call"
	}
	room := c.w - 2
	if note != "" {
		room -= cells.Width(note) + 2
		c.right(c.w-1, 0, note, u.theme[noteRole])
	}
	c.text(1, 0, cells.Cut(line, room, u.set.Ellipsis), u.theme[rolePlain])
}

func (v *callsView) note() (string, role) {
	u := v.u
	switch fresh := v.Len() - v.seen; {
	case u.snap.EvictedCalls > 0:
		return fmt.Sprintf("oldest leave (%s) %s %s left so far", u.snap.LimitReached, u.set.Dot, figure.Grouped(u.snap.EvictedCalls)), roleWarn
	case v.staleness && u.now().UnixNano()-v.sortedAt >= 1e9:
		return fmt.Sprintf("order %s old %s . re-sorts", figure.Span(u.now().UnixNano()-v.sortedAt), u.set.Dot), roleWarn
	case v.follow:
		return "following", roleKey
	case fresh > 0 && u.config.Live:
		return fmt.Sprintf("+%s new %s (G)", count(fresh), u.set.MoreDown), roleKey
	case len(v.marked) > 0:
		return fmt.Sprintf("%s marked", count(len(v.marked))), roleKey
	}
	return "", rolePlain
}

// drawStatus tells more about the call under the cursor.
func (v *callsView) drawStatus(c canvas) {
	call := v.current()
	if call == nil {
		return
	}
	u := v.u
	from, to := u.parties(call)
	line := fmt.Sprintf("#%d %s %s %s  %s", call.Index, from, u.set.To, to, call.Word())
	if call.FinalStatus > 0 {
		line += strings.TrimRight(fmt.Sprintf(" %d %s", call.FinalStatus, u.clean(call.FinalReason)), " ")
	}
	line += " " + u.set.Dot + " " + plural(call.MessageCount, "message")
	if call.Retransmissions > 0 {
		line += fmt.Sprintf(" %s%d", u.set.Again, call.Retransmissions)
	}
	if call.Duplicates > 0 {
		line += fmt.Sprintf(" %s%d", u.set.Twin, call.Duplicates)
	}
	for _, s := range u.streamsOf(call) {
		line += " " + u.set.Dot + " " + u.streamSummary(s)
	}
	c.text(1, 0, cells.Cut(line, c.w-2, u.set.Ellipsis), u.theme[rolePlain])
}

// packetsOf is "7,188 pk", or what stands for it when only RTCP was seen.
func packetsOf(s *correlate.Stream) string {
	if s.Control != nil && s.Control.Only {
		return "seen by RTCP only"
	}
	return figure.Grouped(s.Packets) + " pk"
}

// streamSummary is "▶ PCMA 7,188 pk lost 4.8 %": the arrow points away from
// the caller or towards it.
func (u *UI) streamSummary(s *correlate.Stream) string {
	arrow := u.set.Left
	if s.FromCaller {
		arrow = u.set.Right
	}
	line := arrow + " " + ladder.StreamName(s, u.set.ASCII) + " " + packetsOf(s)
	if loss := figure.Percent(s.Quality.Lost, s.Quality.Expected); loss != "" {
		line += " lost " + loss + "%"
	}
	if s.Quality.HasJitter {
		line += fmt.Sprintf(" jit %.1f", s.Quality.JitterMean)
	}
	return line
}
