package tui

import (
	"slices"
	"time"

	"sipsniff/correlate"
	"sipsniff/correlate/diagnosis"
	"sipsniff/internal/filter"
)

func problemsTab() tab {
	return tab{wide: "Problems", medium: "Prob", narrow: "Prob",
		count: func(u *UI) int { return u.problems },
		open:  func(u *UI) view { return newProblemsView(u) }}
}

// problemsView lists the kinds of findings over all calls.
type problemsView struct {
	u       *UI
	list    *vlist
	filter  *filterLine
	kinds   []problemKind
	ids     map[string]int // what stays the same of a kind, by its code
	muted   map[string]bool
	hidden  int // kinds that are muted
	window  time.Duration
	example int // which of the examples of the kind is explained

	full     bool // the explanation has the whole screen
	evidence int  // line of evidence under the cursor, -1: the list has it
	busy     bool // kinds are being tallied
	again    bool // and have to be once more
	late     bool // or will be with a later drawing
	asked    problemChoice
	made     time.Time // when the kinds were tallied
	inWindow int       // calls with a problem in a window, or of those that the filter lets through
	matched  int       // calls with findings that it lets through
	reveal   bool      // the cursor moved: its line has to be on the screen
	pane     scroller

	kindsWidth int // cells of the list at the last drawing
}

// A problemChoice is what the findings are tallied of.
type problemChoice struct {
	expr   *filter.Expr
	window time.Duration
}

// A problemKind is a kind of finding in the window.
type problemKind struct {
	diagnosis.Kind
	cases []problemCase // the latest first
}

// A problemCase is a finding of one call, or of the capture.
type problemCase struct {
	call    *correlate.Call // nil: of the capture
	finding *correlate.Finding
}

func newProblemsView(u *UI) *problemsView {
	v := &problemsView{u: u, ids: map[string]int{}, muted: map[string]bool{}, evidence: -1}
	v.list = newVList(v)
	v.list.gutter = plainGutter
	v.filter = newFilterLine(u, v)
	return v
}

func (v *problemsView) context() Context { return InProblems }
func (v *problemsView) rows() *vlist     { return v.list }
func (v *problemsView) Len() int         { return len(v.kinds) }
func (v *problemsView) ID(row int) int   { return v.ids[v.kinds[row].Code] }
func (v *problemsView) Marked(int) bool  { return false }
func (v *problemsView) foundOut()        { v.refresh() }

func (v *problemsView) Find(id int) int {
	return slices.IndexFunc(v.kinds, func(k problemKind) bool { return v.ids[k.Code] == id })
}

// current is the kind under the cursor, nil when there is none.
func (v *problemsView) current() *problemKind {
	if v.Len() == 0 {
		return nil
	}
	return &v.kinds[v.list.cursor]
}

// shownCase is the example that is explained, nil when there is none.
func (v *problemsView) shownCase() *problemCase {
	k := v.current()
	if k == nil || len(k.cases) == 0 {
		return nil
	}
	return &k.cases[min(v.example, len(k.cases)-1)]
}

// call is that of the example, nil when it is about the capture.
func (v *problemsView) call() *correlate.Call {
	if c := v.shownCase(); c != nil {
		return c.call
	}
	return nil
}

// rests reports whether a tally may wait that looks at every call: what was chosen is
// the same, and it was made lately. The next drawing asks again.
func (v *problemsView) rests(w *problemWish) bool {
	now := v.u.now()
	if v.u.status.Done || w.window == 0 && w.expr == nil || (problemChoice{w.expr, w.window}) != v.asked || now.Sub(v.made) >= statisticsEvery {
		v.asked, v.made = problemChoice{w.expr, w.window}, now
		return false
	}
	return true
}

// refresh tallies the findings anew: of a window, or with a filter, beside the
// event loop, since that looks at every finding.
func (v *problemsView) refresh() {
	if v.busy {
		v.again = true
		return
	}
	if v.u.found == nil {
		v.show(nil)
		return
	}
	w := problemWish{result: v.u.found.result, snap: v.u.snap, byIndex: v.u.byIndex, window: v.window, expr: v.filter.expr()}
	if v.window > 0 {
		w.since = v.u.snap.Last - int64(v.window)
	}
	if v.late = v.rests(&w); v.late {
		return
	}
	v.busy, v.again = true, false
	work := func() func() {
		t := w.tally()
		return func() {
			v.busy, v.inWindow, v.matched = false, t.calls, t.matched
			v.show(t.kinds)
			if v.again {
				v.refresh()
			}
		}
	}
	if v.window == 0 && w.expr == nil {
		work()()
		return
	}
	v.u.workshop.do(work)
}

// calls is how many calls have a problem in the window.
func (v *problemsView) calls() int {
	if v.window == 0 && v.filter.expr() == nil {
		return v.u.problems
	}
	return v.inWindow
}

// show takes in the kinds, without those that are muted.
func (v *problemsView) show(kinds []problemKind) {
	v.hidden = 0
	v.kinds = v.kinds[:0:0]
	for _, k := range kinds {
		if _, known := v.ids[k.Code]; !known {
			v.ids[k.Code] = len(v.ids) + 1
		}
		if v.muted[k.Code] {
			v.hidden++
			continue
		}
		v.kinds = append(v.kinds, k)
	}
	v.list.refresh()
	v.example = min(v.example, max(0, v.caseCount()-1))
}

func (v *problemsView) caseCount() int {
	if k := v.current(); k != nil {
		return len(k.cases)
	}
	return 0
}

func (v *problemsView) move(m motion) {
	switch {
	case m == toRight:
		v.focus()
	case m == toLeft:
		v.evidence = -1
	case v.evidence >= 0:
		v.moveEvidence(m)
	case v.full:
		v.pane.move(m)
	default:
		v.list.move(m)
		v.example = 0
	}
}

// click moves the cursor to a kind, and lists its calls on a double click.
func (v *problemsView) click(x, y int, double bool) bool {
	if v.full || x >= v.kindsWidth || !v.list.click(y) {
		return false
	}
	v.evidence, v.example = -1, 0
	if double {
		v.open()
	}
	return true
}

// moveEvidence moves the cursor in the evidence. Where it can go no further, an
// explanation that has the whole screen is scrolled.
func (v *problemsView) moveEvidence(m motion) {
	c := v.shownCase()
	if c == nil {
		return
	}
	to := max(0, min(m.from(v.evidence, 5, len(c.finding.Evidence)), len(c.finding.Evidence)-1))
	if to == v.evidence && v.full {
		v.pane.move(m)
		return
	}
	v.evidence, v.reveal = to, true
}

// explain gives the explanation the whole screen, with the cursor in the
// evidence, or takes it back.
func (v *problemsView) explain() {
	v.full = !v.full && v.shownCase() != nil
	v.pane.top, v.evidence = 0, -1
	if v.full {
		v.focus()
		v.reveal = false // it begins at the top
	}
}

// focus moves the cursor to the evidence of the example.
func (v *problemsView) focus() {
	if c := v.shownCase(); c != nil && len(c.finding.Evidence) > 0 {
		v.evidence, v.reveal = max(0, v.evidence), true
	}
}

// nextWindow looks at another span of time.
func (v *problemsView) nextWindow() {
	v.window = nextWindow(v.window)
	v.evidence = -1
	v.refresh()
}

// mute hides the kind under the cursor; with none left to hide it shows all
// again.
func (v *problemsView) mute() {
	k := v.current()
	if k == nil {
		return
	}
	v.muted[k.Code] = true
	v.u.say("muted: %s; M shows all kinds again", k.Title)
	v.refresh()
}

func (v *problemsView) unmute() {
	clear(v.muted)
	v.refresh()
}

// step shows another example of the kind.
func (v *problemsView) step(n int) {
	if total := v.caseCount(); total > 0 {
		v.example = (v.example + n + total) % total
		v.evidence = min(v.evidence, 0)
	}
}

// open lists the calls of the kind, or opens the evidence under the cursor.
func (v *problemsView) open() {
	if v.evidence >= 0 {
		v.openEvidence()
		return
	}
	k := v.current()
	switch {
	case k == nil:
	case len(k.Calls) == 0:
		v.u.say("this is about the capture: there are no calls to list")
	default:
		v.u.filterCalls(v.filtered("problem:" + k.Name + v.only(k)))
	}
}

// openEvidence shows the packet of the line under the cursor.
func (v *problemsView) openEvidence() {
	c := v.shownCase()
	if c == nil || v.evidence >= len(c.finding.Evidence) {
		return
	}
	if c.call == nil {
		v.u.say("this is about the capture: no ladder has it")
		return
	}
	f := newFlowView(v.u, []*correlate.Call{c.call})
	v.u.push(f)
	if e := &c.finding.Evidence[v.evidence]; !f.selectFrame(e.Frame, e.Stream) {
		v.u.say("f%s is in no row of the ladder", count(e.Frame))
	}
}
