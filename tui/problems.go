package tui

import (
	"fmt"
	"slices"
	"time"

	"sipsniff/correlate"
	"sipsniff/correlate/diagnosis"
	"sipsniff/internal/cells"
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
	inWindow int  // calls with a problem in a window
	reveal   bool // the cursor moved: its line has to be on the screen
	pane     scroller

	kindsWidth int // cells of the list at the last drawing
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
	return v
}

func (v *problemsView) context() Context { return InProblems }
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

// refresh tallies the findings anew: of a window beside the event loop, since
// that looks at every finding.
func (v *problemsView) refresh() {
	if v.busy {
		v.again = true
		return
	}
	if v.u.found == nil {
		v.show(nil)
		return
	}
	w := problemWish{result: v.u.found.result, byIndex: v.u.byIndex, window: v.window}
	if v.window > 0 {
		w.since = v.u.snap.Last - int64(v.window)
	}
	v.busy, v.again = true, false
	work := func() func() {
		kinds, calls := w.tally()
		return func() {
			v.busy, v.inWindow = false, calls
			v.show(kinds)
			if v.again {
				v.refresh()
			}
		}
	}
	if v.window == 0 {
		work()()
		return
	}
	v.u.workshop.do(work)
}

// calls is how many calls have a problem in the window.
func (v *problemsView) calls() int {
	if v.window == 0 {
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
	v.u.say("muted: %s; M shows all kinds again", v.u.clean(k.Title))
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
		v.u.filterCalls("problem:" + k.Name + v.only(k))
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
		v.u.say("f%d is in no row of the ladder", e.Frame)
	}
}

// filterCalls shows the calls that a filter lets through; Esc leads back.
func (u *UI) filterCalls(text string) {
	from := u.activeTab()
	u.openTab(tabCalls)
	u.calls.filter.set(text)
	u.calls.returns = comeback{tab: from, text: text}
}

// A comeback is where Esc leads while the filter is the one that a tab set.
type comeback struct {
	tab  int
	text string
}

// comeBack goes back to the tab that filtered the list; it reports whether
// there is one.
func (v *callsView) comeBack() bool {
	to := v.returns
	v.returns = comeback{}
	if to.tab == tabCalls || string(v.filter.text) != to.text {
		return false
	}
	v.filter.clear()
	v.u.openTab(to.tab)
	return true
}

func (v *problemsView) draw(c canvas) {
	u := v.u
	rest := u.drawTop(c)
	v.drawSummary(rest.part(0, 0, rest.w, 1))
	rest = u.drawBanner(rest.part(0, 1, rest.w, rest.h-1))
	if v.Len() == 0 {
		rest.text(2, 1, cells.Cut(v.nothing(), rest.w-3, u.set.Ellipsis), u.theme[rolePlain])
		return
	}
	switch example := v.shownCase(); {
	case v.full && example != nil:
		v.drawFull(rest.part(1, 0, rest.w-1, rest.h-1), example)
		return
	case rest.w >= wideTabs:
		v.drawWide(rest)
		return
	}
	below := min(8, rest.h-5)
	if below < 3 {
		v.drawKinds(rest)
		return
	}
	v.drawKinds(rest.part(0, 0, rest.w, rest.h-below))
	v.drawExplanation(rest.part(0, rest.h-below, rest.w, below))
}

func (v *problemsView) drawKinds(c canvas) {
	v.kindsWidth = c.w
	v.list.columns = v.columns(c.w)
	v.list.draw(v.u, c)
}

func (v *problemsView) nothing() string {
	switch {
	case !v.u.diagnosed() && v.u.config.Diagnose != nil:
		return "looking for problems" + v.u.set.Ellipsis
	case !v.u.diagnosed():
		return "Nobody looks for problems here."
	case v.hidden > 0:
		return fmt.Sprintf("%s muted, none else. M shows them.", plural(v.hidden, "kind"))
	}
	return fmt.Sprintf("No problem among %s in %s.", plural(len(v.u.snap.Calls), "dialog"), v.u.windowName(v.window))
}

func (v *problemsView) drawSummary(c canvas) {
	u := v.u
	dot := " " + u.set.Dot + " "
	line := plural(v.calls(), "call") + " with problems" + dot + plural(len(v.kinds), "kind")
	if v.hidden > 0 {
		line += dot + count(v.hidden) + " muted (M)"
	}
	window := "window " + u.windowName(v.window) + " (w cycles)"
	if c.w >= wideTabs {
		line += dot + "sorted by severity, then count"
		window = "window: " + u.windowName(v.window) + " (w cycles 1m/5m/all)"
		c.right(c.w-1, 0, window, u.theme[rolePlain])
		window = ""
	}
	if window != "" {
		line += dot + window
	}
	c.text(1, 0, cells.Cut(line, c.w-2, u.set.Ellipsis), u.theme[rolePlain])
}

// columns are those of the kinds.
func (v *problemsView) columns(width int) []column {
	of := func(c column, text func(k *problemKind, width int) cell) column {
		c.cell = func(row, width int) cell { return text(&v.kinds[row], width) }
		return c
	}
	u := v.u
	title := max(20, width-26)
	return []column{
		of(column{id: "finding", title: "Finding", min: title, ideal: title, max: title}, func(k *problemKind, w int) cell {
			return cell{text: cells.Cut(u.severityGlyph(k.Severity)+" "+u.clean(k.Title), w, u.set.Ellipsis), role: severityRole(k.Severity)}
		}),
		of(column{id: "calls", title: "Calls", min: 5, ideal: 5, max: 7, right: true}, func(k *problemKind, _ int) cell {
			if len(k.Calls) == 0 {
				return cell{text: u.set.None}
			}
			return cell{text: count(len(k.Calls))}
		}),
		of(column{id: "last", title: "Last", min: 9, ideal: 9, max: 9, right: true}, func(k *problemKind, _ int) cell {
			if k.Last == 0 {
				return cell{}
			}
			return cell{text: u.at(k.Last).Format("15:04:05")}
		}),
	}
}
