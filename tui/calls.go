package tui

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"sipsniff/correlate"
	"sipsniff/internal/filter"
)

// inlineCalls is how many calls are listed on the event loop, because nobody
// would notice.
const inlineCalls = 2000

// callsView is the list of calls and other dialogs.
type callsView struct {
	u       *UI
	list    *vlist
	scope   scope
	picked  bool         // the user wants this scope
	marked  map[int]bool // by Call.Index
	order   callOrder
	shown   *listing // what is on the screen; its rows are those of order
	filter  *filterLine
	only    bool // calls with a problem, nothing else
	custom  customColumns
	pai     customColumns // of one, which is known without being asked for
	clock   clockMode
	colours listColour
	parties partyForm
	sparks  sparkCache

	reasons whyPane // of the call under the cursor

	turn    turn
	working bool      // a listing is being made
	again   bool      // and another one is wanted after it
	asked   time.Time // when the user asked for an order that is not there yet; zero when it is

	returns  comeback
	told     string // in the place of the status until the cursor moves
	follow   bool   // the cursor stays on the newest row
	tall     bool   // there is a detail pane, and no row for notes below
	seen     int    // rows when the cursor was last at the end, for "+14 new"
	sortedAt int64
}

func newCallsView(u *UI) *callsView {
	v := &callsView{u: u, marked: map[int]bool{}, custom: customColumns{set: u.config.Columns}, pai: customColumns{set: assertedHeader()}, shown: &listing{}, reasons: whyPane{u: u, inList: true}}
	v.list = newVList(v)
	v.filter = newFilterLine(u, v)
	v.filter.begin(u.config.Filter)
	key, _ := keyOfColumn("number")
	v.order.key = key
	v.list.sorted, v.list.sortUp = key.column, true
	return v
}

func (v *callsView) context() Context { return InCalls }

// Len, ID, Find and Marked make the view the source of its list.
func (v *callsView) Len() int           { return len(v.order.entries) }
func (v *callsView) ID(row int) int     { return v.order.entries[row].index }
func (v *callsView) Marked(id int) bool { return v.marked[id] }

func (v *callsView) Find(id int) int {
	if v.order.key.column == "number" && !v.order.descending && !v.working {
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

// lastSeen is the call of a row; one that left the snapshot as it was when the
// list was made, until that is done again.
func (v *callsView) lastSeen(row int) (c *correlate.Call, left bool) {
	if c := v.call(row); c != nil {
		return c, false
	}
	return correlate.CallAt(v.shown.wish.byIndex, v.ID(row)), true
}

// current returns the call under the cursor, nil when the list is empty or the
// call has left.
func (v *callsView) current() *correlate.Call {
	if v.Len() == 0 {
		return nil
	}
	return v.call(v.list.cursor)
}

// counts is the tally of what the list shows.
func (v *callsView) counts() *callCounts { return &v.shown.counts }

// refresh takes in the snapshot that the UI shows now.
func (v *callsView) refresh() {
	w := v.wish(v.holds())
	if v.working || w.rests(v.shown) {
		v.again = true
		return
	}
	v.fulfil(w)
}

// holds reports whether the order has to stay as it is while calls change, so
// that no row jumps.
func (v *callsView) holds() bool { return v.order.key.volatile && v.u.coming() && !v.follow }

// wish is what is to be listed now, but for the marks.
func (v *callsView) wish(hold bool) *listWish {
	return &listWish{
		snap: v.u.snap, byIndex: v.u.byIndex, expr: v.filter.expr(), scope: v.scope, hide: v.u.hiddenMethods(), found: v.u.found, only: v.only, parties: v.parties,
		key: v.order.key, descending: v.order.descending, hold: hold, unattended: v.u.unattended(), now: v.u.now(),
	}
}

// relist makes the listing anew. hold leaves the order of what stays.
func (v *callsView) relist(hold bool) { v.fulfil(v.wish(hold)) }

// fulfil makes the listing of a wish, with the marks as they are.
func (v *callsView) fulfil(w *listWish) {
	stale := v.turn.begin()
	v.again = false
	if len(w.snap.Calls) <= inlineCalls {
		w.marked = v.marked
		v.take(w.make(v.shown, func() bool { return false }))
		return
	}
	w.marked = maps.Clone(v.marked)
	v.working = true
	before := v.shown
	v.u.workshop.do(func() func() {
		l := w.make(before, stale)
		return func() {
			if l == nil || stale() {
				return
			}
			v.take(l)
			if v.again {
				v.refresh()
			}
		}
	})
}

// recount brings a list and a tally up to date that were left as they were for
// a while.
func (v *callsView) recount() {
	if v.again && !v.working {
		v.refresh()
	}
	if v.shown.stale && !v.working && (v.u.status.Done || v.shown.due(v.u.now(), v.u.unattended())) {
		v.shown.counted = time.Time{}
		v.refresh()
	}
}

// behind reports whether the list or its tally is not of the latest snapshot.
func (v *callsView) behind() bool { return v.working || v.again || v.shown.stale }

// take shows a listing.
func (v *callsView) take(l *listing) {
	known := v.Len() == 0 || v.seesNew() || !v.asked.IsZero()
	v.working, v.asked = false, time.Time{}
	if !l.held {
		v.sortedAt = v.u.now().UnixNano()
	}
	v.shown, v.order.entries, v.order.last = l, l.entries, l.last
	n := &l.counts
	if v.scope == scopeDialogs && !v.picked && v.filter.expr() == nil && !v.only && n.hidden > 0 && n.hidden == len(l.calls) {
		v.setScope(scopeAll) // nothing but pings: hiding them would hide everything
		return
	}
	v.list.refresh()
	if v.follow {
		v.toNewest()
	}
	if known || v.follow || v.seen > v.Len() {
		v.seen = v.Len()
	}
}

// anew makes the listing for something that the user changed.
func (v *callsView) anew() {
	v.asked = v.u.now()
	v.relist(false)
}

// applyFilter shows what another filter lets through.
func (v *callsView) applyFilter(*filter.Expr) { v.anew() }

// tally is how many calls of how many the filter lets through, both of when the
// list was made.
func (v *callsView) tally() (shown, of int) { return len(v.shown.calls), len(v.shown.wish.byIndex) }

func (v *callsView) rowsName() string { return "dialogs" }
func (v *callsView) rows() *vlist     { return v.list }

// universe is what the filter chooses from.
func (v *callsView) universe() (*filter.Scope, []*correlate.Call) {
	marked := maps.Clone(v.marked)
	in := filter.NewScope(v.u.snap, func(index int) bool { return marked[index] })
	v.u.found.tell(in)
	return in, v.u.snap.Calls
}

// filterWith puts a filter in the line and runs it.
func (v *callsView) filterWith(text string) { v.filter.set(text) }

// setSort orders the list by key, in the direction that suits it.
func (v *callsView) setSort(key sortKey) { v.orderBy(key, key.descending) }

func (v *callsView) orderBy(key sortKey, descending bool) {
	v.order.key, v.order.descending = key, descending
	v.list.sorted, v.list.sortUp = key.column, !descending
	v.anew()
	v.saySort()
}

// saySort says what the rows are ordered by.
func (v *callsView) saySort() {
	key := &v.order.key
	how := ""
	if key.tip != "" && v.order.descending == key.descending {
		how = ", " + key.tip
	}
	v.told = fmt.Sprintf("sorted by %s%s (z reverses)%s", columnTitle(key.column), how, key.lacking(v.u.set.Dot))
}

func (v *callsView) resort() { v.anew() }

func (v *callsView) reverse() { v.orderBy(v.order.key, !v.order.descending) }

func (v *callsView) draw(c canvas) {
	u := v.u
	v.tall = detailHeight(c.h) > 0
	rest := v.filter.drawAbove(u.drawTop(c), v.drawCounts)
	rest = u.drawBanner(rest)
	if v.Len() == 0 {
		v.reasons.shown = 0
		u.drawEmpty(rest, v)
		v.drawNote(c.part(0, c.h-1, c.w, 1))
		return
	}
	below := 1
	if why := v.reasons.rows(v.explainedCalls(), c.w, c.h); why > 0 {
		below = why
		v.reasons.draw(c.part(0, c.h-why, c.w, why), v.explainedCalls())
	} else if v.tall {
		below = detailHeight(c.h)
		v.drawDetail(c.part(0, c.h-below, c.w, below))
	} else {
		v.drawStatus(c.part(0, c.h-1, c.w, 1))
	}
	body := rest.part(0, 0, rest.w, rest.h-below)
	v.list.columns = v.callColumns(body.w)
	v.list.draw(u, body)
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
