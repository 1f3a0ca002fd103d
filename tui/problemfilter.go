package tui

import (
	"sipsniff/correlate"
	"sipsniff/internal/cells"
	"sipsniff/internal/filter"
)

// The filter of the problems chooses the calls that they are tallied from.

func (v *problemsView) filterLine() *filterLine { return v.filter }
func (v *problemsView) rowsName() string        { return "calls with findings" }

func (v *problemsView) applyFilter(*filter.Expr) {
	v.evidence = -1
	v.refresh()
}

// tally is how many of the calls with findings the filter lets through.
func (v *problemsView) tally() (shown, of int) {
	if v.u.found == nil {
		return 0, 0
	}
	of = len(v.u.found.result.ByCall)
	if v.filter.expr() == nil {
		return of, of
	}
	return v.matched, of
}

// universe is the calls with findings.
func (v *problemsView) universe() (*filter.Scope, []*correlate.Call) {
	in := filter.NewScope(v.u.snap, nil)
	v.u.found.tell(in)
	var calls []*correlate.Call
	for _, c := range v.u.snap.Calls {
		if len(v.u.found.of(c.Index)) > 0 {
			calls = append(calls, c)
		}
	}
	return in, calls
}

// drawAbove draws the summary, and the filter while there is one: with none its
// row is of more use to the explanation.
func (v *problemsView) drawAbove(c canvas) canvas {
	if len(v.filter.text) > 0 || v.filter.editing() {
		return v.filter.drawAbove(c, v.drawSummary)
	}
	v.drawSummary(c.part(0, 0, c.w, 1))
	return c.part(0, 1, c.w, c.h-1)
}

// leave takes back what was done last: the whole explanation, the way into the
// evidence, the filter; then it leads back.
func (v *problemsView) leave() {
	switch {
	case v.full:
		v.explain()
	case v.evidence >= 0:
		v.evidence = -1
	default:
		v.u.leaveFiltered(v.filter)
	}
}

// matching are the calls with findings that the filter lets through, nil without
// one.
func (w *problemWish) matching() map[int]bool {
	if w.expr == nil {
		return nil
	}
	in := filter.NewScope(w.snap, nil)
	in.Problems(w.result)
	matching := map[int]bool{}
	for index := range w.result.ByCall {
		if c := correlate.CallAt(w.byIndex, index); c != nil && w.expr.Match(in, c) {
			matching[index] = true
		}
	}
	return matching
}

// filtered is a filter of the list of calls that lets through no others than the
// one of the problems does, too.
func (v *problemsView) filtered(text string) string {
	if e := v.filter.expr(); e != nil {
		return "(" + e.String() + ") " + text
	}
	return text
}

// nothingFiltered says that the filter lets nothing through.
func (v *problemsView) nothingFiltered(c canvas) bool {
	if v.filter.expr() == nil || v.matched > 0 || len(v.u.found.result.ByCall) == 0 {
		return false
	}
	c.text(2, 1, cells.Cut(v.filter.nothing(), c.w-3, v.u.set.Ellipsis), v.u.theme[rolePlain])
	return true
}
