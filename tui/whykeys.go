package tui

import "sipsniff/correlate"

// An explained view has a pane that says why.
type explained interface {
	why() *whyPane
	// jump shows the packet of an evidence; it reports whether there is one to
	// show.
	jump(e *correlate.Evidence, call int) bool
}

func onWhy(f func(w *whyPane, v explained)) func(*UI) {
	return func(u *UI) {
		if v, ok := u.top().(explained); ok {
			f(v.why(), v)
		}
	}
}

// explain opens the pane of the view that was opened for it, and gives it the keys.
func (u *UI) explain() {
	if v, ok := u.top().(explained); ok {
		v.why().open, v.why().focus = true, true
	}
}

// focused gives the pane its keys.
func (w *whyPane) focused() Context {
	if w.open && w.focus {
		return InWhy
	}
	return 0
}

// back leads from a packet to the line that led there; it reports whether
// there is one.
func (w *whyPane) back() bool {
	if w.open && w.left {
		w.left, w.focus = false, true
		return true
	}
	return false
}

// whyActions are the keys of the pane that explains a call that no other
// screen has.
func whyActions() []Action {
	return []Action{
		{ID: "why", Title: "Why", Help: "why: findings with evidence", Contexts: InCalls | InLadder | InMedia, Keys: []string{"W"}, Rank: 8,
			Run: onWhy(func(w *whyPane, _ explained) { w.toggle() })},
		{ID: "why.close", Title: "Close", Help: "close the pane", Contexts: InWhy, Keys: []string{"W"}, Rank: 4,
			Run: onWhy(func(w *whyPane, _ explained) { w.toggle() })},
		{ID: "why.jump", Title: "To the packet", Help: "show the packet of the evidence", Contexts: InWhy, Keys: []string{"Enter"}, Rank: 2,
			Run: onWhy(func(w *whyPane, v explained) { w.jump(v) })},
		{ID: "why.leave", Title: "Back", Help: "back from the pane", Contexts: InWhy, Keys: []string{"Esc"}, Rank: 1,
			Run: onWhy(func(w *whyPane, _ explained) { w.focus = false })},
		{ID: "why.next", Title: "Next evidence", Help: "next evidence", Contexts: InWhy, Keys: []string{"n"}, Pair: "N", Rank: 5,
			Run: onWhy(func(w *whyPane, _ explained) { w.move(down) })},
		{ID: "why.previous", Title: "Evidence before", Help: "evidence before", Contexts: InWhy, Keys: []string{"N"},
			Run: onWhy(func(w *whyPane, _ explained) { w.move(up) })},
		{ID: "why.copy", Title: "Copy", Help: "copy the explanation", Contexts: InWhy, Keys: []string{"y"}, Rank: 6,
			Run: onWhy(func(w *whyPane, _ explained) { w.copyText() })},
	}
}

// jump shows the packet under the cursor.
func (w *whyPane) jump(v explained) {
	e, call := w.evidence()
	switch {
	case e == nil:
		w.u.say("no evidence on this line")
	case v.jump(e, call):
		w.focus, w.left = false, true
	default:
		w.u.say("this packet is not on the screen: frame %d", e.Frame)
	}
}
