package tui

import "sipsniff/correlate"

// Where the cursor of the list of calls goes: with the user, with what is new, to
// problems, and for the views on top of the list.

func (v *callsView) move(m motion) {
	if v.reasons.focused() != 0 {
		v.reasons.move(m)
		return
	}
	if m != toLeft && m != toRight {
		v.follow = false
		v.told = ""
	}
	v.list.move(m)
	v.sawEnd()
}

// sawEnd forgets about new rows when the cursor is where they come.
func (v *callsView) sawEnd() {
	if v.Len() > 0 && v.seesNew() {
		v.seen = v.Len()
	}
}

func (v *callsView) toggleFollow() {
	v.follow = !v.follow
	if v.follow {
		if v.shown.held {
			v.anew()
		}
		v.toNewest()
		v.seen = v.Len()
	}
}

// toNewest moves the cursor to the call that came last, wherever the order has
// put it.
func (v *callsView) toNewest() {
	newest := 0
	for row := range v.order.entries {
		if v.order.entries[row].index > v.order.entries[newest].index {
			newest = row
		}
	}
	v.list.set(newest)
}

// toggleProblems shows the calls that have a problem, or all again.
func (v *callsView) toggleProblems() {
	if !v.u.diagnosed() {
		v.u.say("nothing was looked for yet")
		return
	}
	v.only = !v.only
	v.anew()
	if v.only {
		v.u.say("only rows with a problem; ! shows all again")
	}
}

// toProblem moves the cursor to the next row with a problem in a direction.
func (v *callsView) toProblem(step int) {
	for row := v.list.cursor + step; row >= 0 && row < v.Len(); row += step {
		if c := v.call(row); c != nil && v.u.found.has(c) {
			v.follow = false
			v.list.set(row)
			v.sawEnd()
			return
		}
	}
	v.u.say("%s", map[int]string{1: "no problem below", -1: "no problem above"}[step])
}

// step moves the cursor for a view on top of the list to n rows from the call
// that it shows, and returns the call there, nil at the end of the list. A call
// that the list does not show stands where its cursor is.
func (v *callsView) step(from, n int) *correlate.Call {
	row := v.Find(from)
	if row < 0 {
		row = v.list.cursor
	}
	row += n
	if row < 0 || row >= v.Len() {
		return nil
	}
	v.follow = false
	v.list.set(row)
	return v.current()
}
