package tui

import "sipsniff/correlate"

// onFlow makes an action of a function of the ladder.
func onFlow(f func(v *flowView)) func(*UI) {
	return func(u *UI) {
		if v, ok := u.top().(*flowView); ok {
			f(v)
		}
	}
}

// onMessage makes an action of a function of the message screen.
func onMessage(f func(v *messageView)) func(*UI) {
	return func(u *UI) {
		if v, ok := u.top().(*messageView); ok {
			f(v)
		}
	}
}

func onHelp(f func(h *helpDialog, u *UI)) func(*UI) {
	return func(u *UI) {
		if h, ok := u.dialog.(*helpDialog); ok {
			f(h, u)
		}
	}
}

func onSort(f func(p *sortPicker, u *UI)) func(*UI) {
	return func(u *UI) {
		if p, ok := u.dialog.(*sortPicker); ok {
			f(p, u)
		}
	}
}

// actions is the key table: every key there is.
func actions() []Action {
	var all []Action
	for _, part := range [][]Action{callActions(), filterActions(), formActions(), listActions(), flowActions(), flowDisplayActions(), messageActions(), dialogActions(), motionActions(), commonActions()} {
		all = append(all, part...)
	}
	return all
}

func hasCall(u *UI) bool { return u.calls.current() != nil }

func callActions() []Action {
	return []Action{
		{ID: "calls.open", Title: "Flow", Help: "message flow of the call, or of the marked calls", Contexts: InCalls, Keys: []string{"Enter"}, Rank: 1,
			Enabled: hasCall, Run: func(u *UI) { u.calls.open() }},
		{ID: "calls.mark", Title: "Mark", Help: "mark for a merged flow", Contexts: InCalls, Keys: []string{"Space"}, Rank: 2,
			Enabled: hasCall, Run: func(u *UI) { u.calls.mark() }},
		{ID: "calls.raw", Title: "Raw", Help: "all messages as text", Contexts: InCalls, Keys: []string{"F6", "r", "R"}, Rank: 4,
			Enabled: hasCall, Run: func(u *UI) { u.openRaw(u.calls.chosen()) }},
		{ID: "calls.scope", Title: "Scope", Help: "calls only, all dialogs", Contexts: InCalls, Keys: []string{"D"}, Rank: 5,
			Run: func(u *UI) { u.calls.nextScope() }},
		{ID: "calls.sort.left", Title: "Sort", Help: "sort by the column to the left", Contexts: InCalls, Keys: []string{"<"}, Pair: ">", Rank: 6,
			Enabled: hasCall, Run: func(u *UI) { u.calls.pickSort(-1) }},
		{ID: "calls.sort.right", Title: "Sort", Help: "sort by the column to the right", Contexts: InCalls, Keys: []string{">"},
			Enabled: hasCall, Run: func(u *UI) { u.calls.pickSort(1) }},
		{ID: "calls.reverse", Title: "Reverse", Help: "reverse the order", Contexts: InCalls, Keys: []string{"z", "Z"}, Rank: 9,
			Enabled: hasCall, Run: func(u *UI) { u.calls.reverse() }},
		{ID: "calls.resort", Title: "Re-sort", Help: "sort again now", Contexts: InCalls, Keys: []string{"."},
			Enabled: hasCall, Run: func(u *UI) { u.calls.resort() }},
		{ID: "calls.follow", Title: "Follow", Help: "stay on the newest call", Contexts: InCalls, Keys: []string{"A"}, Rank: 8,
			Enabled: hasCall, Run: func(u *UI) { u.calls.toggleFollow() }},
		{ID: "calls.unmark", Title: "Unmark", Help: "unmark all", Contexts: InCalls, Keys: []string{"^W"},
			Run: func(u *UI) { clear(u.calls.marked); u.calls.remark() }},
		{ID: "calls.markall", Title: "Mark all", Help: "mark all that are shown", Contexts: InCalls, Keys: []string{"*"},
			Run: func(u *UI) { u.calls.markAll() }},
		{ID: "calls.copy", Title: "Copy", Help: "copy the row", Contexts: InCalls, Keys: []string{"y"},
			Enabled: hasCall, Run: func(u *UI) { u.calls.copyRow() }},
		{ID: "calls.copyid", Title: "Call-ID", Help: "copy the Call-ID", Contexts: InCalls, Keys: []string{"Y"},
			Enabled: hasCall, Run: func(u *UI) { u.copyText("the Call-ID", u.calls.current().CallID) }},
		{ID: "calls.leave", Title: "Back", Help: "clear marks, then ask to quit", Contexts: InCalls, Keys: []string{"Esc"},
			Run: func(u *UI) { u.calls.leave() }},
		{ID: "calls.quit", Title: "Quit", Help: "quit", Contexts: InCalls, Keys: []string{"q", "Q"}, Rank: 10,
			Run: func(u *UI) { u.wantQuit() }},
	}
}

func flowActions() []Action {
	onMessageRow := func(u *UI) bool {
		v, ok := u.top().(*flowView)
		return ok && v.message() != nil
	}
	return []Action{
		{ID: "ladder.open", Title: "Raw", Help: "the message of the arrow", Contexts: InLadder, Keys: []string{"Enter"}, Rank: 2,
			Enabled: onMessageRow, Run: onFlow((*flowView).openMessage)},
		{ID: "ladder.mark", Title: "Mark", Help: "count times from this row", Contexts: InLadder, Keys: []string{"Space"}, Rank: 3,
			Run: onFlow((*flowView).toggleMark)},
		{ID: "ladder.unmark", Title: "Unmark", Help: "count times from row to row", Contexts: InLadder, Keys: []string{"^W"},
			Run: onFlow(func(v *flowView) { v.mark = nil })},
		{ID: "ladder.raw", Title: "All raw", Help: "all messages of the call as text", Contexts: InLadder, Keys: []string{"F6", "r", "R"},
			Run: onFlow(func(v *flowView) { v.u.openRaw(v.shownCalls()) })},
		{ID: "ladder.previous", Title: "Other call", Help: "the previous call of the list", Contexts: InLadder, Keys: []string{"["}, Pair: "]", Rank: 9,
			Run: onFlow(func(v *flowView) { v.step(-1) })},
		{ID: "ladder.next", Title: "Next", Help: "the next call of the list", Contexts: InLadder, Keys: []string{"]"},
			Run: onFlow(func(v *flowView) { v.step(1) })},
		{ID: "ladder.search", Title: "Search", Help: "search the messages", Contexts: InLadder, Keys: []string{"/"}, Rank: 10,
			Run: onFlow(func(v *flowView) { v.u.ask("search: ", v.search, func(s string) { v.searchFor(s, 1) }) })},
		{ID: "ladder.hit.next", Title: "Next hit", Help: "next hit of the search", Contexts: InLadder, Keys: []string{"n"},
			Run: onFlow(func(v *flowView) { v.searchFor(v.search, 1) })},
		{ID: "ladder.hit.previous", Title: "Previous hit", Help: "previous hit", Contexts: InLadder, Keys: []string{"N"},
			Run: onFlow(func(v *flowView) { v.searchFor(v.search, -1) })},
		{ID: "ladder.follow", Title: "Follow", Help: "stay on the last row", Contexts: InLadder, Keys: []string{"A"},
			Run: onFlow((*flowView).toggleFollow)},
		{ID: "ladder.legs", Title: "Legs", Help: "all legs of the call, this one", Contexts: InLadder, Keys: []string{"F4", "x"}, Rank: 7,
			Run: onFlow((*flowView).toggleLegs)},
		{ID: "ladder.copy", Title: "Copy", Help: "copy the message", Contexts: InLadder, Keys: []string{"y"},
			Enabled: onMessageRow, Run: onFlow(func(v *flowView) { v.u.copyText("the message", v.message().Raw) })},
		{ID: "ladder.copyid", Title: "Call-ID", Help: "copy the Call-ID", Contexts: InLadder, Keys: []string{"Y"},
			Run: onFlow(func(v *flowView) {
				if c := v.call(); c != nil {
					v.u.copyText("the Call-ID", c.CallID)
				}
			})},
		{ID: "ladder.focus", Title: "Pane", Help: "move in the preview, in the ladder", Contexts: InLadder, Keys: []string{"Tab"},
			Enabled: func(u *UI) bool {
				v, ok := u.top().(*flowView)
				return ok && v.previewShown()
			},
			Run: onFlow(func(v *flowView) { v.focus = !v.focus })},
		{ID: "ladder.back", Title: "Back", Help: "back to the list", Contexts: InLadder, Keys: []string{"Esc", "q", "Q"}, Rank: 1,
			Run: (*UI).back},
	}
}

// flowDisplayActions change what the ladder shows.
func flowDisplayActions() []Action {
	set := func(f func(s *flowSettings)) func(*UI) { return onFlow(func(v *flowView) { v.change(f) }) }
	return []Action{
		{ID: "ladder.sdp", Title: "SDP", Help: "SDP: codecs, address, full, classic", Contexts: InLadder, Keys: []string{"d", "F2"}, Rank: 5,
			Run: set(func(s *flowSettings) { s.sdp = s.sdp.Next() })},
		{ID: "ladder.onlysdp", Title: "Only SDP", Help: "only rows with SDP", Contexts: InLadder, Keys: []string{"D"},
			Run: set(func(s *flowSettings) { s.only = toggle(s.only, onlySDP) })},
		{ID: "ladder.streams", Title: "RTP", Help: "RTP rows: all, active, none", Contexts: InLadder, Keys: []string{"m", "F3"}, Rank: 6,
			Run: set(func(s *flowSettings) { s.streams = (s.streams + 1) % streamModes })},
		{ID: "ladder.onlystreams", Title: "Only RTP", Help: "only RTP rows", Contexts: InLadder, Keys: []string{"M"},
			Run: set(func(s *flowSettings) { s.only = toggle(s.only, onlyStreams) })},
		{ID: "ladder.preview", Title: "Preview", Help: "message preview on, off", Contexts: InLadder, Keys: []string{"t", "F10"}, Rank: 7,
			Run: onFlow((*flowView).togglePreview)},
		{ID: "ladder.preview.reset", Title: "Preview size", Help: "preview in its usual size", Contexts: InLadder, Keys: []string{"T"},
			Run: set(func(s *flowSettings) { s.size = 0 })},
		{ID: "ladder.preview.grow", Title: "Larger", Help: "larger preview", Contexts: InLadder, Keys: []string{"9"},
			Run: set(func(s *flowSettings) { s.size = min(s.size+1, 40) })},
		{ID: "ladder.preview.shrink", Title: "Smaller", Help: "smaller preview", Contexts: InLadder, Keys: []string{"0"},
			Run: set(func(s *flowSettings) { s.size = max(s.size-1, -40) })},
		{ID: "ladder.fold", Title: "Fold", Help: "show retransmissions of the row", Contexts: InLadder, Keys: []string{"e"}, Rank: 8,
			Run: onFlow((*flowView).toggleFold)},
		{ID: "ladder.foldall", Title: "Fold all", Help: "show all retransmissions", Contexts: InLadder, Keys: []string{"E"},
			Run: set(func(s *flowSettings) { s.unfold = !s.unfold })},
		{ID: "ladder.time", Title: "Time", Help: "time: delta, clock, both, none", Contexts: InLadder, Keys: []string{"w"}, Rank: 11,
			Run: set(func(s *flowSettings) { s.time = (s.time + 1) % timeModes })},
		{ID: "ladder.split", Title: "Ports", Help: "a column for each port, each host", Contexts: InLadder, Keys: []string{"s"}, Rank: 12,
			Run: set(func(s *flowSettings) { s.split = !s.split })},
	}
}

func toggle(now, to onlyMode) onlyMode {
	if now == to {
		return onlyNothing
	}
	return to
}

func messageActions() []Action {
	return []Action{
		{ID: "message.back", Title: "Back", Help: "back", Contexts: InMessage, Keys: []string{"Esc", "q", "Q"}, Rank: 1,
			Run: (*UI).back},
		{ID: "message.previous", Title: "Prev/next message", Help: "previous message", Contexts: InMessage, Keys: []string{"["}, Pair: "]", Rank: 5,
			Run: onMessage(func(v *messageView) { v.step(-1) })},
		{ID: "message.next", Title: "Next", Help: "next message", Contexts: InMessage, Keys: []string{"]"},
			Run: onMessage(func(v *messageView) { v.step(1) })},
		{ID: "message.search", Title: "Search", Help: "search the text", Contexts: InMessage, Keys: []string{"/", "F3"}, Rank: 6,
			Run: onMessage(func(v *messageView) { v.u.ask("search: ", v.search, func(s string) { v.searchFor(s, 1) }) })},
		{ID: "message.hit.next", Title: "Next hit", Help: "next hit of the search", Contexts: InMessage, Keys: []string{"n"},
			Run: onMessage(func(v *messageView) { v.searchFor(v.search, 1) })},
		{ID: "message.hit.previous", Title: "Previous hit", Help: "previous hit", Contexts: InMessage, Keys: []string{"N"},
			Run: onMessage(func(v *messageView) { v.searchFor(v.search, -1) })},
		{ID: "message.hex", Title: "Hex", Help: "octets in hexadecimal", Contexts: InMessage, Keys: []string{"x", "F4"}, Rank: 7,
			Run: onMessage(func(v *messageView) { v.hex = !v.hex })},
		{ID: "message.copy", Title: "Copy", Help: "copy the message", Contexts: InMessage, Keys: []string{"y"}, Rank: 8,
			Run: onMessage(func(v *messageView) { v.copyText() })},
		{ID: "message.copyid", Title: "Call-ID", Help: "copy the Call-ID", Contexts: InMessage, Keys: []string{"Y"},
			Run: onMessage(func(v *messageView) { v.u.copyText("the Call-ID", v.callID()) })},
	}
}

func dialogActions() []Action {
	return []Action{
		{ID: "help.close", Title: "Close", Help: "close the help", Contexts: InHelp, Keys: []string{"Esc", "F1"}, Rank: 1,
			Run: onHelp(func(h *helpDialog, u *UI) { h.close(u) })},
		{ID: "help.screen.next", Title: "Other screens", Help: "help of the next screen", Contexts: InHelp, Keys: []string{"Right", "Tab"}, Rank: 3,
			Run: onHelp(func(h *helpDialog, _ *UI) { h.turn(1) })},
		{ID: "help.screen.previous", Title: "Previous", Help: "help of the previous screen", Contexts: InHelp, Keys: []string{"Left"},
			Run: onHelp(func(h *helpDialog, _ *UI) { h.turn(-1) })},
		{ID: "help.up", Title: "Scroll", Help: "scroll up", Contexts: InHelp, Keys: []string{"Up"}, Pair: "Down", Rank: 2,
			Run: onHelp(func(h *helpDialog, _ *UI) { h.move(up) })},
		{ID: "help.down", Title: "Scroll", Help: "scroll down", Contexts: InHelp, Keys: []string{"Down"},
			Run: onHelp(func(h *helpDialog, _ *UI) { h.move(down) })},
		{ID: "help.pageup", Title: "Page", Help: "page up", Contexts: InHelp, Keys: []string{"PgUp"},
			Run: onHelp(func(h *helpDialog, _ *UI) { h.move(pageUp) })},
		{ID: "help.pagedown", Title: "Page", Help: "page down", Contexts: InHelp, Keys: []string{"PgDn"},
			Run: onHelp(func(h *helpDialog, _ *UI) { h.move(pageDown) })},
		{ID: "quit.yes", Title: "Quit", Help: "quit", Contexts: InQuit, Keys: []string{"Enter", "y", "Y"}, Rank: 1,
			Run: (*UI).quit},
		{ID: "quit.no", Title: "Stay", Help: "stay", Contexts: InQuit, Keys: []string{"Esc", "n", "N", "q"}, Rank: 2,
			Run: func(u *UI) { u.dialog = nil }},
		{ID: "sort.accept", Title: "Keep", Help: "keep this order", Contexts: InSort, Keys: []string{"Enter"}, Rank: 1,
			Run: onSort(func(p *sortPicker, u *UI) { p.accept(u) })},
		{ID: "sort.restore", Title: "As before", Help: "back to the order before", Contexts: InSort, Keys: []string{"Esc"}, Rank: 2,
			Run: onSort(func(p *sortPicker, u *UI) { p.restore(u) })},
		{ID: "sort.up", Title: "Choose", Help: "column above", Contexts: InSort, Keys: []string{"Up", "<", "k"}, Pair: "Down", Rank: 3,
			Run: onSort(func(p *sortPicker, u *UI) { p.step(u, -1) })},
		{ID: "sort.down", Title: "Choose", Help: "column below", Contexts: InSort, Keys: []string{"Down", ">", "j"},
			Run: onSort(func(p *sortPicker, u *UI) { p.step(u, 1) })},
		{ID: "sort.reverse", Title: "Reverse", Help: "reverse the order", Contexts: InSort, Keys: []string{"z", "Z"}, Rank: 4,
			Run: func(u *UI) { u.calls.reverse() }},
	}
}

func motionActions() []Action {
	by := func(m motion) func(*UI) { return func(u *UI) { u.top().move(m) } }
	const all = everywhere
	return []Action{
		{ID: "move.up", Title: "Move", Help: "up", Contexts: all, Keys: []string{"Up", "k"}, Run: by(up)},
		{ID: "move.down", Title: "Move", Help: "down", Contexts: all, Keys: []string{"Down", "j"}, Run: by(down)},
		{ID: "move.pageup", Title: "Page", Help: "page up", Contexts: all, Keys: []string{"PgUp", "^B"}, Run: by(pageUp)},
		{ID: "move.pagedown", Title: "Page", Help: "page down", Contexts: all, Keys: []string{"PgDn", "^F"}, Run: by(pageDown)},
		{ID: "move.halfup", Title: "Half", Help: "half a page up", Contexts: all, Keys: []string{"^U"}, Run: by(halfUp)},
		{ID: "move.halfdown", Title: "Half", Help: "half a page down", Contexts: all, Keys: []string{"^D"}, Run: by(halfDown)},
		{ID: "move.first", Title: "First", Help: "first", Contexts: all, Keys: []string{"Home", "g", "^A"}, Run: by(toFirst)},
		{ID: "move.last", Title: "Last", Help: "last", Contexts: all, Keys: []string{"End", "G", "^E"}, Run: by(toLast)},
		{ID: "move.left", Title: "Columns", Help: "columns to the left", Contexts: InCalls | InLadder, Keys: []string{"Left", "h"}, Run: by(toLeft)},
		{ID: "move.right", Title: "Columns", Help: "columns to the right", Contexts: InCalls | InLadder, Keys: []string{"Right", "l"}, Run: by(toRight)},
	}
}

func commonActions() []Action {
	return []Action{
		{ID: "help", Title: "Help", Help: "this help", Contexts: everywhere, Keys: []string{"F1", "?", "H"}, Rank: 3, Run: (*UI).openHelp},
		{ID: "freeze", Title: "Pause", Help: "hold the view, go on", Contexts: everywhere, Keys: []string{"p"}, Rank: 13,
			Enabled: func(u *UI) bool { return u.config.Live }, Run: (*UI).toggleFreeze},
		{ID: "wire", Title: "Wire order", Help: "key headers first, as on the wire", Contexts: InLadder | InMessage, Keys: []string{`\`},
			Run: func(u *UI) { u.flow.wire = !u.flow.wire }},
		{ID: "syntax", Title: "Syntax", Help: "colours of the text on, off", Contexts: InLadder | InMessage, Keys: []string{"C", "F8"},
			Run: func(u *UI) { u.flow.noSyntax = !u.flow.noSyntax }},
		{ID: "home", Title: "Calls", Help: "the list of calls", Contexts: everywhere, Keys: []string{"1"}, Run: (*UI).home},
		{ID: "redraw", Title: "Redraw", Help: "redraw the screen", Contexts: everywhere, Keys: []string{"^L"}, Run: func(u *UI) { u.screen.Sync() }},
		{ID: "mouse", Title: "Mouse", Help: "mouse on, off", Contexts: everywhere, Keys: []string{"F12"}, Run: (*UI).toggleMouse},
		{ID: "suspend", Title: "Suspend", Help: "suspend, fg resumes", Contexts: everywhere | InHelp | InSort | InQuit, Keys: []string{"^Z"}, Run: (*UI).suspend},
		{ID: "exit", Title: "Quit", Help: "quit at once", Contexts: everywhere | InHelp | InSort | InQuit, Keys: []string{"^C"}, Run: (*UI).quit},
	}
}

// leave is the Esc key in the list: it clears marks first and never ends the
// program by itself.
func (v *callsView) leave() {
	switch {
	case v.u.hideBanner():
		return
	case len(v.filter.text) > 0:
		v.filter.clear()
		return
	case v.only:
		v.toggleProblems()
		return
	}
	if len(v.marked) > 0 {
		clear(v.marked)
		return
	}
	v.u.askQuit()
}

// copyRow copies what the status row says of the call, with its Call-ID.
func (v *callsView) copyRow() {
	c := v.current()
	from, to := v.u.parties(c)
	v.u.copyText("the row", v.u.at(c.Started).Format("2006-01-02 15:04:05.000")+" "+v.u.clean(c.Method)+" "+from+" "+to+" "+c.Word()+" "+v.u.clean(c.CallID))
}

func (v *flowView) toggleFollow() {
	v.follow = !v.follow
	if v.follow {
		v.cursor = len(v.l.Rows) - 1
		v.clamp()
	}
}

// togglePreview shows or hides the preview, whatever the width made of it.
func (v *flowView) togglePreview() {
	if v.previewShown() {
		v.u.flow.preview = previewOff
		return
	}
	v.u.flow.preview = previewOn
}

// shownCalls are the calls of the ladder, as it shows them.
func (v *flowView) shownCalls() []*correlate.Call {
	var calls []*correlate.Call
	for i := range v.legs {
		calls = append(calls, v.legs[i].Call)
	}
	return calls
}

func (v *messageView) copyText() {
	if !v.all {
		v.u.copyText("the message", v.message().Raw)
		return
	}
	text := ""
	for _, m := range v.messages[:min(rawLimit, len(v.messages))] {
		text += m.Raw + "\r\n"
	}
	v.u.copyText("all messages", text)
}

// callID finds the Call-ID in the text of the message.
func (v *messageView) callID() string {
	for _, h := range divide(v.message().Raw).headers {
		if hasName(h, keyHeaders[2]) {
			return headerText(h)
		}
	}
	return ""
}

func (u *UI) toggleMouse() {
	u.mouse = !u.mouse
	u.app.EnableMouse(u.mouse)
	if u.mouse {
		u.say("mouse on")
		return
	}
	u.say("mouse off: the terminal selects text itself")
}
