package tui

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"sipsniff/correlate"
	"sipsniff/correlate/diagnosis"
	"sipsniff/internal/filter"
	"sipsniff/tui/figure"
)

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

// maxCases is how many examples of a kind are kept.
const maxCases = 50

// A problemWish is what the kinds are tallied from. Nothing in it changes.
type problemWish struct {
	result  *diagnosis.Result
	snap    *correlate.Snapshot
	byIndex []*correlate.Call
	expr    *filter.Expr  // nil: all calls
	window  time.Duration // 0: everything
	since   int64         // Unix ns, where the window begins
}

// A problemTally is what was found.
type problemTally struct {
	kinds   []problemKind
	calls   int // with a problem; of everything somebody else knows that
	matched int // with a finding, that the filter lets through

	lets map[int]bool // those, nil: all
}

// tally finds the kinds of the window with their examples, and how many calls
// have a problem in it. A filter leaves out what is about no call.
func (w *problemWish) tally() problemTally {
	r, t := w.result, problemTally{lets: w.matching()}
	t.matched = len(t.lets)
	for _, k := range r.Kinds {
		kind := problemKind{Kind: k}
		kind.Calls = nil
		whole := w.window == 0 && w.expr == nil // every call counts, however many there are
		for i := range r.Capture {
			whole = whole && r.Capture[i].Code != k.Code
		}
		for i := len(k.Calls) - 1; i >= 0 && (!whole || len(kind.cases) < maxCases); i-- {
			if t.lets == nil || t.lets[k.Calls[i]] {
				w.take(&kind, k.Calls[i])
			}
		}
		if slices.Reverse(kind.Calls); whole {
			kind.Calls = k.Calls
		}
		for i := range r.Capture {
			if f := &r.Capture[i]; f.Code == k.Code && f.Nanos >= w.since && w.expr == nil {
				kind.cases = append(kind.cases, problemCase{finding: f})
			}
		}
		if len(kind.Calls) == 0 && len(kind.cases) == 0 {
			continue
		}
		t.kinds = append(t.kinds, kind)
	}
	slices.SortStableFunc(t.kinds, func(a, b problemKind) int {
		if a.Severity != b.Severity {
			return int(b.Severity) - int(a.Severity)
		}
		return len(b.Calls) - len(a.Calls)
	})
	if w.window > 0 || w.expr != nil {
		t.calls = t.troubled(w.byIndex)
	}
	return t
}

// troubled is how many calls have a problem.
func (t *problemTally) troubled(byIndex []*correlate.Call) int {
	with := newIndexSet(byIndex)
	for i := range t.kinds {
		for _, index := range t.kinds[i].Calls {
			if t.kinds[i].Severity >= correlate.Warning {
				with.add(index)
			}
		}
	}
	return with.len()
}

// take adds what was found out about a call to its kind.
func (w *problemWish) take(kind *problemKind, index int) {
	list := w.result.ByCall[index]
	for i := range list {
		f := &list[i]
		if f.Code != kind.Code || f.Nanos < w.since && f.Nanos != 0 {
			continue
		}
		kind.Calls = append(kind.Calls, index)
		if c := correlate.CallAt(w.byIndex, index); c != nil && len(kind.cases) < maxCases {
			kind.cases = append(kind.cases, problemCase{c, f})
		}
		return
	}
}

// maxListed is how many calls of a window are named one by one.
const maxListed = 200

// only is what lets no other calls of a kind through than those of the window,
// which may have begun before.
func (v *problemsView) only(k *problemKind) string {
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
