package tui

// onMessage makes an action of a function of the message screen.
func onMessage(f func(v *messageView)) func(*UI) {
	return func(u *UI) {
		if v, ok := u.top().(*messageView); ok {
			f(v)
		}
	}
}

func messageActions() []Action {
	return []Action{
		{ID: "message.back", Title: "Back", Help: "back", Contexts: InMessage, Keys: []string{"Esc", "q", "Q"}, Rank: 1,
			Run: (*UI).back},
		{ID: "message.previous", Title: "Prev/next message", Help: "previous message", Contexts: InMessage, Keys: []string{"["}, Pair: "]", Rank: 5,
			Run: onMessage(func(v *messageView) { v.step(-1) })},
		{ID: "message.next", Title: "Next", Help: "next message", Contexts: InMessage, Keys: []string{"]"},
			Run: onMessage(func(v *messageView) { v.step(1) })},
		{ID: "message.mark", Title: "Mark for diff", Help: "mark; on a second message: compare both", Contexts: InMessage, Keys: []string{"Space"}, Rank: 6,
			Run: onMessage(func(v *messageView) { v.mark() })},
		{ID: "message.search", Title: "Search", Help: "search the text", Contexts: InMessage, Keys: []string{"/", "F3"}, Rank: 10,
			Run: onMessage(func(v *messageView) { v.u.ask("search: ", v.search, func(s string) { v.searchFor(s, 1) }) })},
		{ID: "message.hit.next", Title: "Next hit", Help: "next hit of the search", Contexts: InMessage, Keys: []string{"n"},
			Run: onMessage(func(v *messageView) { v.searchFor(v.search, 1) })},
		{ID: "message.hit.previous", Title: "Previous hit", Help: "previous hit", Contexts: InMessage, Keys: []string{"N"},
			Run: onMessage(func(v *messageView) { v.searchFor(v.search, -1) })},
		{ID: "message.hex", Title: "Hex", Help: "octets in hexadecimal", Contexts: InMessage, Keys: []string{"x", "F4"}, Rank: 9,
			Run: onMessage((*messageView).toggleHex)},
		{ID: "message.wrap", Title: "Wrap", Help: "leave long lines whole, fold them", Contexts: InMessage, Keys: []string{"z", "Z"},
			Run: onMessage((*messageView).toggleWrap)},
		{ID: "message.copy", Title: "Copy", Help: "copy the message", Contexts: InMessage, Keys: []string{"y"}, Rank: 9,
			Run: onMessage(func(v *messageView) { v.copyText() })},
		{ID: "message.copyid", Title: "Call-ID", Help: "copy the Call-ID", Contexts: InMessage, Keys: []string{"Y"},
			Run: onMessage(func(v *messageView) { v.u.copyText("the Call-ID", v.callID()) })},
		{ID: "message.media", Title: "Media", Help: "media: loss, jitter, MOS, DTMF", Contexts: InMessage, Keys: []string{"v"}, Run: (*UI).mediaOfMessage},
		{ID: "message.why", Title: "Why", Help: "why: findings with evidence, below the messages", Contexts: InMessage, Keys: []string{"W"}, Rank: 10, Run: (*UI).whyOfMessage},
	}
}

// mediaOfMessage shows the media of the call that a message was opened from.
func (u *UI) mediaOfMessage() {
	for i := len(u.stack) - 1; i >= 0; i-- {
		switch v := u.stack[i].(type) {
		case *flowView:
			u.openMedia(v.call())
			return
		case *callsView:
			u.openMedia(v.current())
			return
		}
	}
}

// whyOfMessage goes back to where a message was opened from and opens the pane
// that says why there.
func (u *UI) whyOfMessage() {
	u.back()
	u.explain()
}

func (v *messageView) copyText() {
	if !v.all {
		v.u.copyText("the message", v.message().Text())
		return
	}
	text := ""
	for _, m := range v.messages[:min(rawLimit, len(v.messages))] {
		text += m.Text() + "\r\n"
	}
	v.u.copyText("all messages", text)
}

// callID finds the Call-ID in the text of the message.
func (v *messageView) callID() string {
	for _, h := range divide(v.message().Text()).headers {
		if hasName(h, keyHeaders[2]) {
			return headerText(h)
		}
	}
	return ""
}
