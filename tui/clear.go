package tui

import (
	"fmt"

	"sipsniff/correlate"
)

// mostUndo bounds how many times clearing can be undone.
const mostUndo = 20

// A cleared set is the calls and streams that the user cleared away. The
// capture goes on with them: they come back when that is undone.
type cleared struct {
	calls   map[int]bool // by Call.Index
	streams map[int]bool // by Stream.ID
	before  []cleared    // what u goes back to, the latest last
	of      *correlate.Snapshot
	left    *correlate.Snapshot // what is left of it
}

// apply returns the snapshot without what was cleared.
func (k *cleared) apply(snap *correlate.Snapshot) *correlate.Snapshot {
	if len(k.calls) == 0 && len(k.streams) == 0 {
		return snap
	}
	if k.of == snap {
		return k.left
	}
	left := *snap
	left.Calls, left.Streams, left.Orphans = nil, nil, 0
	for _, c := range snap.Calls {
		switch {
		case !k.calls[c.Index]:
			left.Calls = append(left.Calls, c)
		case c.Method == "INVITE":
			left.Totals.Calls--
		case c.Method == "REGISTER":
			left.Totals.Registrations--
		}
	}
	for _, s := range snap.Streams {
		if k.streams[s.ID] {
			continue
		}
		left.Streams = append(left.Streams, s)
		if s.Call == nil {
			left.Orphans++
		}
	}
	k.of, k.left = snap, &left
	return k.left
}

// askClear asks before everything is cleared.
func (u *UI) askClear() {
	n := len(u.snap.Calls)
	if n == 0 && len(u.snap.Streams) == 0 {
		u.say("there is nothing to clear")
		return
	}
	lines := []string{fmt.Sprintf("Clear all: %s and %s?", plural(n, "row"), plural(len(u.snap.Streams), "stream")), "u brings them back"}
	asked, streams := u.byIndex, u.snap
	u.askAbout(InConfirm, "Clear all (F5)", lines, button{"Clear", func(u *UI) {
		u.clearCalls(func(c *correlate.Call) bool { return correlate.CallAt(asked, c.Index) != nil }, func(s *correlate.Stream) bool { return streamAt(streams, s.ID) != nil })
	}}, button{"Keep", nil})
}

// askClearHidden asks before what the list does not show is cleared. What came
// since the list was made it may show yet: that stays.
func (u *UI) askClearHidden() {
	shown, hidden := u.calls.listed(), map[int]bool{}
	for _, c := range u.calls.shown.wish.byIndex {
		if !shown[c.Index] {
			hidden[c.Index] = true
		}
	}
	if len(hidden) == 0 {
		u.say("the list shows everything there is")
		return
	}
	lines := []string{fmt.Sprintf("Clear %s that the list does not show?", plural(len(hidden), "row")), fmt.Sprintf("%s stay; u brings the others back", count(len(shown)))}
	u.askAbout(InConfirm, "Clear hidden (F9)", lines, button{"Clear", func(u *UI) {
		u.clearCalls(func(c *correlate.Call) bool { return hidden[c.Index] }, func(*correlate.Stream) bool { return false })
	}}, button{"Keep", nil})
}

// listed are the calls of the list, by their index.
func (v *callsView) listed() map[int]bool {
	shown := make(map[int]bool, len(v.order.entries))
	for _, e := range v.order.entries {
		shown[e.index] = true
	}
	return shown
}

// clearCalls clears some of the calls away, with their streams, and some of the
// streams that have none. What came since the user was asked stays.
func (u *UI) clearCalls(goes func(c *correlate.Call) bool, loose func(s *correlate.Stream) bool) {
	before := u.cleared
	before.of, before.left = nil, nil // what has left since would stay in memory
	next := cleared{calls: map[int]bool{}, streams: map[int]bool{}, before: append(u.cleared.before, before)}
	if n := len(next.before); n > mostUndo {
		next.before = next.before[n-mostUndo:]
	}
	next.add(u.latest, &before, goes, loose)
	if u.frozen != nil { // what has left meanwhile is on the screen still
		next.add(u.frozen.snap, &before, goes, loose)
	}
	n := 0
	for index := range next.calls {
		if !before.calls[index] {
			n++
		}
	}
	u.cleared = next
	u.take(u.latestShown())
	u.say("cleared %s; u brings them back", plural(n, "row"))
}

// add takes in what of a snapshot was cleared before or goes now.
func (k *cleared) add(snap *correlate.Snapshot, before *cleared, goes func(c *correlate.Call) bool, loose func(s *correlate.Stream) bool) {
	for _, c := range snap.Calls {
		if before.calls[c.Index] || goes(c) {
			k.calls[c.Index] = true
		}
	}
	for _, s := range snap.Streams {
		if before.streams[s.ID] || s.Call == nil && loose(s) || s.Call != nil && k.calls[s.Call.Index] {
			k.streams[s.ID] = true
		}
	}
}

// undoClear brings back what was cleared last.
func (u *UI) undoClear() {
	n := len(u.cleared.before)
	if n == 0 {
		u.say("nothing was cleared")
		return
	}
	u.cleared = u.cleared.before[n-1]
	u.take(u.latestShown())
	u.say("back again: %s", plural(len(u.snap.Calls), "row"))
}

// latestShown is what was published last, or what is held.
func (u *UI) latestShown() *correlate.Snapshot {
	if u.frozen != nil {
		return u.frozen.snap
	}
	return u.latest
}
