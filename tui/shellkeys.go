package tui

import "strconv"

func motionActions() []Action {
	by := func(m motion) func(*UI) { return func(u *UI) { u.top().move(m) } }
	const all = everywhere | InWhy
	return []Action{
		{ID: "move.up", Title: "Move", Help: "up", Contexts: all, Keys: []string{"Up", "k"}, Pair: "Down", Rank: 4, Now: (*UI).moveHint, Run: by(up)},
		{ID: "move.down", Title: "Move", Help: "down", Contexts: all, Keys: []string{"Down", "j"}, Run: by(down)},
		{ID: "move.pageup", Title: "Page", Help: "page up", Contexts: all, Keys: []string{"PgUp", "^B"}, Run: by(pageUp)},
		{ID: "move.pagedown", Title: "Page", Help: "page down", Contexts: all, Keys: []string{"PgDn", "^F"}, Run: by(pageDown)},
		{ID: "move.halfup", Title: "Half", Help: "half a page up", Contexts: all, Keys: []string{"^U"}, Run: by(halfUp)},
		{ID: "move.halfdown", Title: "Half", Help: "half a page down", Contexts: all, Keys: []string{"^D"}, Run: by(halfDown)},
		{ID: "move.first", Title: "First", Help: "first", Contexts: all, Keys: []string{"Home", "g", "^A"}, Run: by(toFirst)},
		{ID: "move.last", Title: "Last", Help: "last", Contexts: all, Keys: []string{"End", "G", "^E"}, Run: by(toLast)},
		{ID: "move.left", Title: "Columns", Help: "columns to the left", Contexts: all, Keys: []string{"Left", "h"}, Pair: "Right", Rank: 4, Now: (*UI).sideHint, Run: (*UI).left},
		{ID: "move.right", Title: "Columns", Help: "columns to the right", Contexts: all, Keys: []string{"Right", "l"}, Run: by(toRight)},
	}
}

// tabActions are the keys 1 to 6, and i.
func tabActions() []Action {
	titles := [...]string{"the list of calls", "registrations", "streams", "statistics", "problems", "the capture"}
	var all []Action
	for i, title := range titles {
		number := strconv.Itoa(i + 1)
		all = append(all, Action{ID: "view." + number, Title: "View " + number, Help: title, Contexts: everywhere, Keys: []string{number},
			Enabled: func(u *UI) bool { return u.hasTab(i) }, Run: func(u *UI) { u.openTab(i) }})
	}
	return append(all, Action{ID: "statistics", Title: "Statistics", Help: "statistics", Contexts: InCalls | InRegistrations | InStreams | InProblems | InLadder, Keys: []string{"i"},
		Enabled: func(u *UI) bool { return u.hasTab(tabStatistics) }, Run: func(u *UI) { u.visitTab(tabStatistics) }})
}

func commonActions() []Action {
	return []Action{
		{ID: "help", Title: "Help", Help: "this help", Contexts: everywhere | InEmpty, Keys: []string{"F1", "?", "H"}, Rank: 3, Run: (*UI).openHelp},
		{ID: "freeze", Title: "Pause", Help: "hold the view, go on", Contexts: everywhere, Keys: []string{"p"}, Rank: 11,
			Now: func(u *UI) string { return map[bool]string{true: "Pause"}[u.coming()] }, Run: (*UI).hold},
		{ID: "wire", Title: "Wire order", Help: "key headers first, as on the wire", Contexts: InLadder | InMessage, Keys: []string{`\`},
			Run: func(u *UI) { u.flow.wire = !u.flow.wire }},
		{ID: "syntax", Title: "Syntax", Help: "colours of the text on, off", Contexts: InLadder | InMessage, Keys: []string{"C", "F8"},
			Run: (*UI).toggleSyntax},
		{ID: "message.colours", Title: "Colours", Help: "colours of the text on, off", Contexts: InMessage, Keys: []string{"c"},
			Run: (*UI).toggleSyntax},
		{ID: "hints", Title: "Hints", Help: "hints: function keys, letters", Contexts: everywhere, Keys: []string{"K"}, Run: (*UI).toggleHints},
		{ID: "aliases", Title: "Names", Help: "names of addresses, the addresses", Contexts: InCalls | InMessage | InMedia, Keys: []string{"a"}, Run: (*UI).toggleAliases},
		{ID: "redraw", Title: "Redraw", Help: "redraw the screen", Contexts: everywhere, Keys: []string{"^L"}, Run: (*UI).redraw},
		{ID: "mouse", Title: "Mouse", Help: "mouse on, off", Contexts: everywhere, Keys: []string{"F12"}, Run: (*UI).toggleMouse},
		{ID: "suspend", Title: "Suspend", Help: "suspend, fg resumes", Contexts: everywhere | InWhy | inDialogs, Keys: []string{"^Z"}, Run: (*UI).suspend},
		{ID: "exit", Title: "Quit", Help: "quit; twice: at once", Contexts: everywhere | InWhy | inDialogs, Keys: []string{"^C"}, Run: (*UI).interrupt},
		{ID: "stop", Title: "Stop", Help: "stop the capture", Contexts: everywhere &^ InCapture, Keys: []string{"P"},
			Now: func(u *UI) string { return map[bool]string{true: "Stop"}[u.canStop()] }, Run: (*UI).askStop},
		{ID: "copyid", Title: "Call-ID", Help: "copy the Call-ID", Contexts: InRegistrations | InStreams | InProblems, Keys: []string{"Y"}, Run: (*UI).copyCallID},
		{ID: "help.dialog", Title: "Help", Help: "help of this dialog", Contexts: inDialogs &^ InHelp, Keys: []string{"F1"}, Rank: 9, Run: (*UI).openHelp},
	}
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

// hintsGiven is how often a hint about a key that changed its meaning is given.
const hintsGiven = 3

// tell says something to newcomers the first times.
func (u *UI) tell(what string, times int) {
	if u.told == nil {
		u.told = map[string]int{}
	}
	if u.told[what]++; u.told[what] <= times {
		u.say("%s", what)
	}
}

// redraw sends the whole screen again. In sngrep the key clears the list.
func (u *UI) redraw() {
	u.screen.Sync()
	u.tell("redrawn; clearing is F5", 1)
}

// canStop reports whether there is a capture that can be stopped.
func (u *UI) canStop() bool { return u.config.Live && u.config.Stop != nil && !u.status.Done }

// hold holds the view while more comes, or goes on.
func (u *UI) hold() {
	if !u.coming() {
		u.say("nothing to hold: a file stays as it is")
		return
	}
	u.toggleFreeze()
}

// copyCallID copies the Call-ID of the call that the row under the cursor is about.
func (u *UI) copyCallID() {
	v, ok := u.top().(subjected)
	if !ok || v.call() == nil || v.call().CallID == "" {
		u.say("there is no Call-ID here")
		return
	}
	u.copyText("the Call-ID", v.call().CallID)
}

// askStop asks before the capture is stopped.
func (u *UI) askStop() {
	if !u.canStop() {
		u.say("nothing to stop: nothing is being captured")
		return
	}
	u.askAbout(InConfirm, "Stop the capture (P)", []string{"Stop capturing on " + u.clean(u.status.Source) + "?", "What was seen stays; p only holds the view"},
		button{"Stop", func(u *UI) { u.config.Stop() }}, button{"Go on", nil})
}

// left scrolls to the left. In sngrep h is help: newcomers are told where it is
// now.
func (u *UI) left() {
	if u.top() == view(u.calls) && u.calls.list.skip == 0 {
		u.tell("help is F1 or ?", hintsGiven)
		return
	}
	u.top().move(toLeft)
}

// clearActions clear the list, which asks, and undo it.
func clearActions() []Action {
	return []Action{
		{ID: "calls.clear", Title: "Clear", Help: "clear all; asks, u undoes", Contexts: InCalls, Keys: []string{"F5"}, Rank: 7, Run: (*UI).askClear},
		{ID: "clear", Title: "Clear", Help: "clear all; asks, u in the list undoes", Contexts: inScreens &^ InCalls, Keys: []string{"F5"}, Run: (*UI).askClear},
		{ID: "clear.hidden", Title: "Clear hidden", Help: "clear what the list does not show; asks", Contexts: inScreens, Keys: []string{"F9"}, Run: (*UI).askClearHidden},
		{ID: "calls.undo", Title: "Undo", Help: "bring back what was cleared", Contexts: InCalls, Keys: []string{"u"},
			Enabled: func(u *UI) bool { return len(u.cleared.before) > 0 }, Run: (*UI).undoClear},
	}
}

// toggleSyntax has the text of messages in colours, or not.
func (u *UI) toggleSyntax() { u.flow.noSyntax = !u.flow.noSyntax }
