package tui

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"sipsniff/correlate"
	"sipsniff/correlate/diagnosis"
	"sipsniff/internal/cells"
	"sipsniff/tui/figure"
)

func problemsTab() tab {
	return tab{wide: "Problems", medium: "Prob", narrow: "Prob",
		count: func(u *UI) int { return u.problems },
		open:  func(u *UI) view { return newProblemsView(u) }}
}

// windows are the spans before the last packet that the statistics and the
// problems can be of; 0 is the whole capture.
var windows = []time.Duration{0, time.Minute, 5 * time.Minute}

// windowName is "all 14m18s", "the last 5m00s".
func (u *UI) windowName(window time.Duration) string {
	if window == 0 {
		return "all " + figure.Uptime(time.Duration(u.snap.Last-u.snap.First))
	}
	return fmt.Sprintf("last %dm", int(window/time.Minute))
}

// nextWindow steps from one window to the next.
func nextWindow(window time.Duration) time.Duration {
	return windows[(slices.Index(windows, window)+1)%len(windows)]
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

// refresh tallies the findings anew.
func (v *problemsView) refresh() {
	var kinds []problemKind
	v.hidden = 0
	if v.u.found != nil {
		kinds = v.tally(v.u.found.result)
	}
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

// maxCases is how many examples of a kind are kept.
const maxCases = 50

// tally finds the kinds of the window with their examples.
func (v *problemsView) tally(r *diagnosis.Result) []problemKind {
	since := int64(0)
	if v.window > 0 {
		since = v.u.snap.Last - int64(v.window)
	}
	var kinds []problemKind
	for _, k := range r.Kinds {
		kind := problemKind{Kind: k}
		kind.Calls = nil
		whole := since == 0 // every call counts, however many there are
		for i := range r.Capture {
			whole = whole && r.Capture[i].Code != k.Code
		}
		for i := len(k.Calls) - 1; i >= 0 && (!whole || len(kind.cases) < maxCases); i-- {
			v.take(&kind, r, k.Calls[i], since)
		}
		if slices.Reverse(kind.Calls); whole {
			kind.Calls = k.Calls
		}
		for i := range r.Capture {
			if f := &r.Capture[i]; f.Code == k.Code && f.Nanos >= since {
				kind.cases = append(kind.cases, problemCase{finding: f})
			}
		}
		if len(kind.Calls) == 0 && len(kind.cases) == 0 {
			continue
		}
		kinds = append(kinds, kind)
	}
	slices.SortStableFunc(kinds, func(a, b problemKind) int {
		if a.Severity != b.Severity {
			return int(b.Severity) - int(a.Severity)
		}
		return len(b.Calls) - len(a.Calls)
	})
	return kinds
}

// take adds what was found out about a call to its kind.
func (v *problemsView) take(kind *problemKind, r *diagnosis.Result, index int, since int64) {
	list := r.ByCall[index]
	for i := range list {
		f := &list[i]
		if f.Code != kind.Code || f.Nanos < since && f.Nanos != 0 {
			continue
		}
		kind.Calls = append(kind.Calls, index)
		if c := v.u.callAt(index); c != nil && len(kind.cases) < maxCases {
			kind.cases = append(kind.cases, problemCase{c, f})
		}
		return
	}
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
	row, ok := v.list.rowAt(y)
	if !ok || v.full || x >= v.kindsWidth {
		return false
	}
	v.evidence = -1
	v.list.set(row)
	v.example = 0
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
		v.u.filterCalls("problem:" + k.Name + v.inWindow(k))
	}
}

// maxListed is how many calls of a window are named one by one.
const maxListed = 200

// inWindow is what lets only the calls of a kind through that it has in the
// window: they may have begun before.
func (v *problemsView) inWindow(k *problemKind) string {
	switch {
	case v.window == 0:
		return ""
	case len(k.Calls) > maxListed:
		return fmt.Sprintf(" since:%dm", int(v.window/time.Minute))
	}
	numbers := make([]string, len(k.Calls))
	for i, index := range k.Calls {
		numbers[i] = strconv.Itoa(index)
	}
	return " idx:" + strings.Join(numbers, ",")
}

// calls is how many calls have a problem in the window.
func (v *problemsView) calls() int {
	if v.window == 0 {
		return v.u.problems
	}
	with := map[int]bool{}
	for i := range v.kinds {
		for _, index := range v.kinds[i].Calls {
			if v.kinds[i].Severity >= correlate.Warning {
				with[index] = true
			}
		}
	}
	return len(with)
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
