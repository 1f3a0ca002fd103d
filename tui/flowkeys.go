package tui

import (
	"sipsniff/correlate"
	"sipsniff/tui/ladder"
)

// onFlow makes an action of a function of the ladder.
func onFlow(f func(v *flowView)) func(*UI) {
	return func(u *UI) {
		if v, ok := u.top().(*flowView); ok {
			f(v)
		}
	}
}

func flowActions() []Action {
	onMessageRow := func(u *UI) bool {
		v, ok := u.top().(*flowView)
		return ok && v.message() != nil
	}
	opens := func(u *UI) bool {
		v, ok := u.top().(*flowView)
		return ok && v.row() != nil && v.row().Kind != ladder.GapRow
	}
	return []Action{
		{ID: "ladder.open", Title: "Raw", Help: "the message, the media of the arrow", Contexts: InLadder, Keys: []string{"Enter"}, Rank: 2,
			Enabled: opens, Run: onFlow((*flowView).openMessage)},
		{ID: "ladder.mark", Title: "Diff", Help: "count times from here; on a second message: compare both", Contexts: InLadder, Keys: []string{"Space"}, Rank: 3,
			Run: onFlow((*flowView).toggleMark)},
		{ID: "ladder.media", Title: "Media", Help: "media: loss, jitter, MOS, DTMF", Contexts: InLadder, Keys: []string{"v"}, Rank: 13,
			Run: onFlow(func(v *flowView) { v.openMedia() })},
		{ID: "ladder.compare", Title: "Other leg", Help: "compare with the message on the other leg", Contexts: InLadder, Keys: []string{"="},
			Enabled: onMessageRow, Run: onFlow((*flowView).compareLegs)},
		{ID: "ladder.unmark", Title: "Unmark", Help: "count times from row to row", Contexts: InLadder, Keys: []string{"^W"},
			Run: onFlow(func(v *flowView) { v.mark = nil })},
		{ID: "ladder.raw", Title: "All raw", Help: "all messages of the call as text", Contexts: InLadder, Keys: []string{"F6", "r", "R"},
			Run: onFlow(func(v *flowView) { v.u.openRaw(v.shownCalls()) })},
		{ID: "ladder.previous", Title: "Other call", Help: "the previous call of the list", Contexts: InLadder, Keys: []string{"["}, Pair: "]", Rank: 9,
			Run: onFlow(func(v *flowView) { v.step(-1) })},
		{ID: "ladder.next", Title: "Next", Help: "the next call of the list", Contexts: InLadder, Keys: []string{"]"},
			Run: onFlow(func(v *flowView) { v.step(1) })},
		{ID: "ladder.search", Title: "Search", Help: "search the messages", Contexts: InLadder, Keys: []string{"/"}, Rank: 10,
			Run: onFlow(func(v *flowView) { v.u.ask("search: ", v.search, func(s string) { v.lookFor(s) }) })},
		{ID: "ladder.hit.next", Title: "Next hit", Help: "next hit of the search, else next row with a finding", Contexts: InLadder, Keys: []string{"n"},
			Run: onFlow(func(v *flowView) { v.searchFor(v.search, 1) })},
		{ID: "ladder.hit.previous", Title: "Previous hit", Help: "previous hit, else row with a finding", Contexts: InLadder, Keys: []string{"N"},
			Run: onFlow(func(v *flowView) { v.searchFor(v.search, -1) })},
		{ID: "ladder.follow", Title: "Follow", Help: "stay on the last row", Contexts: InLadder, Keys: []string{"A"},
			Run: onFlow((*flowView).toggleFollow)},
		{ID: "ladder.legs", Title: "Legs", Help: "all legs of the call, this one", Contexts: InLadder, Keys: []string{"F4", "x"}, Rank: 7,
			Run: onFlow((*flowView).toggleLegs)},
		{ID: "ladder.copy", Title: "Copy", Help: "copy the message", Contexts: InLadder, Keys: []string{"y"},
			Enabled: onMessageRow, Run: onFlow(func(v *flowView) { v.u.copyText("the message", v.message().Text()) })},
		{ID: "ladder.copyid", Title: "Call-ID", Help: "copy the Call-ID", Contexts: InLadder, Keys: []string{"Y"},
			Run: onFlow(func(v *flowView) {
				if c := v.call(); c != nil {
					v.u.copyText("the Call-ID", c.CallID)
				}
			})},
		{ID: "ladder.focus", Title: "Pane", Help: "move in the preview, in the ladder", Contexts: InLadder, Keys: []string{"Tab"},
			Enabled: func(u *UI) bool {
				v, ok := u.top().(*flowView)
				return ok && (v.previewShown() || v.reasons.open)
			},
			Run: onFlow((*flowView).nextPane)},
		{ID: "ladder.back", Title: "Back", Help: "back to the list", Contexts: InLadder, Keys: []string{"Esc"}, Rank: 1,
			Run: onFlow(func(v *flowView) {
				if !v.reasons.back() {
					v.u.back()
				}
			})},
		{ID: "ladder.quit", Title: "Back", Help: "back to the list", Contexts: InLadder, Keys: []string{"q", "Q"},
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
		{ID: "ladder.streams", Title: "RTP", Help: "RTP rows: none, all, active", Contexts: InLadder, Keys: []string{"m", "F3"}, Rank: 6,
			Run: set(func(s *flowSettings) {
				s.step = (s.step + 1) % len(streamSteps)
				s.streams = streamSteps[s.step]
			})},
		{ID: "ladder.onlystreams", Title: "Only RTP", Help: "only RTP rows", Contexts: InLadder, Keys: []string{"M"},
			Run: set(func(s *flowSettings) { s.only = toggle(s.only, onlyStreams) })},
		{ID: "ladder.found", Title: "Findings", Help: "only rows with findings, all rows", Contexts: InLadder, Keys: []string{"!"},
			Run: onFlow(func(v *flowView) { v.onlyFound = !v.onlyFound; v.build() })},
		{ID: "ladder.filter", Title: "Filter", Help: "only rows with the text searched for, all rows", Contexts: InLadder, Keys: []string{"f", "F", "F7"},
			Run: onFlow((*flowView).toggleHits)},
		{ID: "ladder.colours", Title: "Colours", Help: "colours by request and reply, by leg, by CSeq", Contexts: InLadder, Keys: []string{"c"},
			Run: onFlow((*flowView).nextColours)},
		{ID: "ladder.aliases", Title: "Names", Help: "names of hosts, their addresses", Contexts: InLadder, Keys: []string{"a"},
			Run: onFlow((*flowView).toggleAliases)},
		{ID: "ladder.column.left", Title: "Column", Help: "move the sender's column to the left", Contexts: InLadder, Keys: []string{"Alt-Left"},
			Run: onFlow(func(v *flowView) { v.moveColumn(-1) })},
		{ID: "ladder.column.right", Title: "Column", Help: "move the sender's column to the right", Contexts: InLadder, Keys: []string{"Alt-Right"},
			Run: onFlow(func(v *flowView) { v.moveColumn(1) })},
		{ID: "ladder.preview", Title: "Preview", Help: "message preview on, off", Contexts: InLadder, Keys: []string{"t", "F10"}, Rank: 7,
			Run: onFlow((*flowView).togglePreview)},
		{ID: "ladder.preview.reset", Title: "Pane sizes", Help: "preview and reasons in their usual size", Contexts: InLadder, Keys: []string{"T"},
			Run: func(u *UI) { u.flow.size, u.whyRows = 0, 0 }},
		{ID: "ladder.preview.grow", Title: "Larger", Help: "larger preview", Contexts: InLadder, Keys: []string{"9"},
			Run: set(func(s *flowSettings) { s.size = min(s.size+1, 40) })},
		{ID: "ladder.preview.shrink", Title: "Smaller", Help: "smaller preview", Contexts: InLadder, Keys: []string{"0"},
			Run: set(func(s *flowSettings) { s.size = max(s.size-1, -40) })},
		{ID: "ladder.fold", Title: "Fold", Help: "show retransmissions of the row", Contexts: InLadder, Keys: []string{"e"}, Rank: 9,
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
