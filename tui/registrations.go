package tui

import (
	"cmp"
	"fmt"
	"hash/fnv"
	"slices"
	"strings"
	"time"

	"sipsniff/correlate"
	"sipsniff/correlate/roster"
	"sipsniff/internal/cells"
	"sipsniff/internal/filter"
	"sipsniff/tui/figure"
)

func registrationsTab() tab {
	return tab{wide: "Registrations", medium: "Reg", narrow: "Reg",
		count: countRegistrations,
		open:  func(u *UI) view { return newRegistrationsView(u) }}
}

// countRegistrations is how many rows the list has, if it was made of what is
// shown; else how many dialogs there are that register. Of one phone there may be
// several, and one may be of several phones.
func countRegistrations(u *UI) int {
	dialogs := u.snap.Totals.Registrations
	if v, made := u.tabs[tabRegistrations].view.(*registrationsView); made && v.shown.snap != nil && v.shown.snap.Totals.Registrations == dialogs {
		return v.shown.all
	}
	return int(dialogs)
}

// registrationsView lists who is registered where.
type registrationsView struct {
	u      *UI
	list   *vlist
	filter *filterLine
	shown  registrationListing
	key    int // in registrationKeys
	back   bool
	only   bool // those with a problem
	busy   bool
	again  bool
}

// A registrationListing is the rows and what they are counted from.
type registrationListing struct {
	snap *correlate.Snapshot
	rows []*roster.Registration
	at   map[int]int // row by ID
	ids  []int

	all                                                       int
	registered, expiring, refused, challenged, silent, lapsed int
	delays                                                    []int64
	attempts                                                  int
}

func newRegistrationsView(u *UI) *registrationsView {
	v := &registrationsView{u: u}
	v.list = newVList(v)
	v.list.gutter = plainGutter
	v.filter = newFilterLine(u, v)
	return v
}

func (v *registrationsView) context() Context         { return InRegistrations }
func (v *registrationsView) filterLine() *filterLine  { return v.filter }
func (v *registrationsView) rowsName() string         { return "registrations" }
func (v *registrationsView) rows() *vlist             { return v.list }
func (v *registrationsView) Len() int                 { return len(v.shown.rows) }
func (v *registrationsView) ID(row int) int           { return v.shown.ids[row] }
func (v *registrationsView) Marked(int) bool          { return false }
func (v *registrationsView) move(m motion)            { v.list.move(m) }
func (v *registrationsView) tally() (shown, of int)   { return v.Len(), v.shown.all }
func (v *registrationsView) applyFilter(*filter.Expr) { v.refresh() }

func (v *registrationsView) Find(id int) int {
	if row, there := v.shown.at[id]; there {
		return row
	}
	return -1
}

func (v *registrationsView) current() *roster.Registration {
	if v.Len() == 0 {
		return nil
	}
	return v.shown.rows[v.list.cursor]
}

// call is the latest of the row's attempts: it is what is saved.
func (v *registrationsView) call() *correlate.Call {
	if r := v.current(); r != nil && len(r.Calls) > 0 {
		return v.u.callAt(r.Calls[len(r.Calls)-1].Index)
	}
	return nil
}

// universe is the dialogs that registrations are made of.
func (v *registrationsView) universe() (*filter.Scope, []*correlate.Call) {
	var calls []*correlate.Call
	for _, c := range v.u.snap.Calls {
		if c.Method == "REGISTER" {
			calls = append(calls, c)
		}
	}
	in := filter.NewScope(v.u.snap, nil)
	v.u.found.tell(in)
	return in, calls
}

// refresh makes the rows beside the event loop: a roster is made of every
// message of every REGISTER.
func (v *registrationsView) refresh() {
	if v.busy {
		v.again = true
		return
	}
	snap, found, expr, only, key, back := v.u.snap, v.u.found, v.filter.expr(), v.only, registrationKeys[v.key], v.back
	v.busy, v.again = true, false
	v.u.workshop.do(func() func() {
		l := listRegistrations(snap, found, expr, only, key, back)
		return func() {
			v.busy, v.shown = false, l
			v.list.refresh()
			if v.again {
				v.refresh()
			}
		}
	})
}

// foundOut takes in new findings: rows may depend on them.
func (v *registrationsView) foundOut() {
	if v.filter.asksFindings() {
		v.refresh()
	}
}

func listRegistrations(snap *correlate.Snapshot, found *findings, expr *filter.Expr, only bool, key registrationKey, back bool) registrationListing {
	l := registrationListing{snap: snap, at: map[int]int{}}
	in := filter.NewScope(snap, nil)
	found.tell(in)
	for _, r := range roster.Of(snap).Registrations {
		l.count(r, snap.Last)
		if only && !troubled(r) {
			continue
		}
		if expr != nil && !slices.ContainsFunc(r.Calls, func(c *correlate.Call) bool { return expr.Match(in, c) }) {
			continue
		}
		l.rows = append(l.rows, r)
	}
	slices.SortStableFunc(l.rows, func(a, b *roster.Registration) int {
		if back {
			return key.compare(b, a)
		}
		return key.compare(a, b)
	})
	for row, r := range l.rows {
		id := registrationID(r)
		for _, taken := l.at[id]; taken; _, taken = l.at[id] {
			id++
		}
		l.ids = append(l.ids, id)
		l.at[id] = row
	}
	slices.Sort(l.delays)
	return l
}

// registrationID is what stays of a registration when the roster is made anew:
// who it is and where it comes from.
func registrationID(r *roster.Registration) int {
	h := fnv.New64a()
	_, _ = h.Write([]byte(r.AOR + " " + r.Source.String() + " " + r.UserAgent))
	return int(h.Sum64() >> 1)
}

// expiringWithin is how soon a registration ends to be called expiring, s.
const expiringWithin = 60

func (l *registrationListing) count(r *roster.Registration, now int64) {
	l.all++
	l.attempts += r.Attempts
	if delay := roundTripOf(r); delay >= 0 {
		l.delays = append(l.delays, delay)
	}
	switch r.State {
	case roster.Registered:
		l.registered++
		if left := (r.ExpiresAt - now) / int64(time.Second); r.ExpiresAt > 0 && left < expiringWithin {
			l.expiring++
		}
	case roster.Rejected:
		l.refused++
	case roster.Challenged:
		l.challenged++
	case roster.NoReply:
		l.silent++
	case roster.Expired:
		l.lapsed++
	}
}

// troubled reports whether something is wrong with a registration.
func troubled(r *roster.Registration) bool {
	return r.State != roster.Registered && r.State != roster.Unregistered && r.State != roster.Pending && r.State != roster.Unknown ||
		r.StaleNonces > 0 || r.OldNonces > 0 || r.Refused > 0
}

// A registrationKey is what the rows can be ordered by.
type registrationKey struct {
	column  string
	compare func(a, b *roster.Registration) int
}

var registrationKeys = []registrationKey{
	{"", func(_, _ *roster.Registration) int { return 0 }}, // as they came
	{"aor", func(a, b *roster.Registration) int { return strings.Compare(naturalKey(a.AOR), naturalKey(b.AOR)) }},
	{"contact", func(a, b *roster.Registration) int { return a.Source.Compare(b.Source) }},
	{"state", func(a, b *roster.Registration) int { return registrationRank(a) - registrationRank(b) }},
	{"expires", func(a, b *roster.Registration) int { return int(a.ExpiresAt/1e9 - b.ExpiresAt/1e9) }},
	{"rtt", func(a, b *roster.Registration) int { return cmp.Compare(roundTripOf(b), roundTripOf(a)) }},
}

// registrationRank puts what failed first.
func registrationRank(r *roster.Registration) int {
	return slices.Index([]roster.State{roster.Rejected, roster.NoReply, roster.Challenged, roster.Expired, roster.Pending, roster.Unknown, roster.Unregistered, roster.Registered}, r.State)
}

func (v *registrationsView) sortBy(i int) {
	v.key = (i + len(registrationKeys)) % len(registrationKeys)
	v.list.sorted, v.list.sortUp = registrationKeys[v.key].column, !v.back
	v.refresh()
}

func (v *registrationsView) draw(c canvas) {
	u := v.u
	rest := v.filter.drawAbove(u.drawTop(c), v.drawSummary)
	rest = u.drawBanner(rest)
	if v.Len() == 0 {
		rest.text(2, 1, cells.Cut(v.nothing(), rest.w-3, u.set.Ellipsis), u.theme[rolePlain])
		return
	}
	const pane = 6
	body := rest
	if rest.h >= pane+6 {
		body = rest.part(0, 0, rest.w, rest.h-pane)
		v.drawPane(rest.part(0, rest.h-pane, rest.w, pane))
	}
	v.list.columns = v.columns(body.w)
	v.list.draw(u, body)
}

func (v *registrationsView) nothing() string {
	switch {
	case v.filter.expr() != nil && v.shown.all > 0:
		return v.filter.nothing()
	case v.only && v.shown.all > 0:
		return fmt.Sprintf("none of %s has a problem. ! shows all.", plural(v.shown.all, "registration"))
	case v.busy:
		return "looking through the registrations" + v.u.set.Ellipsis
	}
	return "No REGISTER among " + figure.Counted(v.u.snap.Totals.SIPMessages, "SIP message") + "."
}

func (v *registrationsView) drawSummary(c canvas) {
	u, l := v.u, &v.shown
	dot := " " + u.set.Dot + " "
	parts := []string{"registered " + count(l.registered), fmt.Sprintf("expiring < %d s ", expiringWithin) + count(l.expiring), "refused " + count(l.refused),
		"challenged-only " + count(l.challenged), "no reply " + count(l.silent), "expired " + count(l.lapsed)}
	line := strings.Join(parts, dot)
	note := ""
	if span := l.span(); span > 0 {
		note = fmt.Sprintf("rate %.1f/s", float64(l.attempts)*1e9/float64(span))
	}
	if n := len(l.delays); n > 0 {
		note += fmt.Sprintf("   p95 RTT %s ms", wholeMillis(l.delays[min(n-1, n*95/100)]))
	}
	role := rolePlain
	if v.only {
		note, role = "problems only (!: all)", roleKey
	}
	room := c.w - 2
	if v.only || cells.Width(line)+cells.Width(note)+4 <= c.w {
		c.right(c.w-1, 0, note, u.theme[role])
		room -= cells.Width(note) + 2
	}
	c.text(1, 0, fittingParts(room, dot, parts), u.theme[rolePlain])
}

// toProblem goes to the next registration with a problem, or the one before.
func (v *registrationsView) toProblem(step int) {
	for row := v.list.cursor + step; row >= 0 && row < v.Len(); row += step {
		if troubled(v.shown.rows[row]) {
			v.list.set(row)
			return
		}
	}
	v.u.say("%s", map[int]string{1: "no problem below", -1: "no problem above"}[step])
}

func (l *registrationListing) span() int64 {
	if l.snap == nil {
		return 0
	}
	return l.snap.Last - l.snap.First
}

// click moves the cursor to the row, opens its attempts on a double click, or
// orders by the head that was hit.
func (v *registrationsView) click(x, y int, double bool) bool {
	if y == v.list.headRow {
		id, _ := v.list.headAt(x)
		at := slices.IndexFunc(registrationKeys, func(k registrationKey) bool { return k.column == id })
		if at < 0 || id == "" {
			return false
		}
		if at == v.key {
			v.back = !v.back
		}
		v.sortBy(at)
		return true
	}
	if !v.list.click(y) {
		return false
	}
	if double {
		v.openAttempts()
	}
	return true
}
