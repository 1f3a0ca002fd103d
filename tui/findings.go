package tui

import (
	"time"

	"sipsniff/correlate"
	"sipsniff/correlate/diagnosis"
)

// findings are what was found out about the calls of a snapshot. A nil one
// knows nothing.
type findings struct{ result *diagnosis.Result }

// of returns what was found out about a call, the verdict first.
func (f *findings) of(index int) []correlate.Finding {
	if f == nil {
		return nil
	}
	return f.result.Of(index)
}

// worst is the severity of the worst finding of a call.
func (f *findings) worst(index int) (worst correlate.Severity, found bool) {
	list := f.of(index)
	for i := range list {
		if !found || list[i].Severity > worst {
			worst, found = list[i].Severity, true
		}
	}
	return worst, found
}

// has reports whether a call has a problem: a finding that is more than a
// note.
func (f *findings) has(c *correlate.Call) bool {
	worst, found := f.worst(c.Index)
	return found && worst >= correlate.Warning
}

// count is how many calls have a problem, and how many have any finding.
func (f *findings) count() (problems int) {
	if f == nil {
		return 0
	}
	for index := range f.result.ByCall {
		if worst, _ := f.worst(index); worst >= correlate.Warning {
			problems++
		}
	}
	return problems
}

// ofStream is the worst finding of a call that is about one of its streams and
// more than a note, nil when there is none.
func (f *findings) ofStream(index, stream int) *correlate.Finding {
	list := f.of(index)
	var worst *correlate.Finding
	for i := range list {
		for _, e := range list[i].Evidence {
			if e.Stream == stream && list[i].Severity >= correlate.Warning && (worst == nil || list[i].Severity > worst.Severity) {
				worst = &list[i]
			}
		}
	}
	return worst
}

// diagnosed reports whether anybody looks for problems.
func (u *UI) diagnosed() bool { return u.found != nil }

// diagnose asks the rules about the snapshot that is shown, beside the event
// loop. While they are at it another snapshot has to wait; the latest of those
// is asked about next.
func (u *UI) diagnose() {
	if u.config.Diagnose == nil {
		return
	}
	if u.diagnosing {
		u.diagnoseAgain = true
		return
	}
	u.diagnosing, u.diagnoseAgain = true, false
	snap := u.snap
	u.workshop.do(func() func() {
		began := time.Now()
		f := &findings{u.config.Diagnose(snap)}
		problems, took := f.count(), time.Since(began)
		return func() {
			u.found, u.problems = f, problems
			for _, v := range u.stack {
				if r, ok := v.(interface{ foundOut() }); ok {
					r.foundOut()
				}
			}
			u.rest(diagnosisRest * took)
		}
	})
}

// diagnosisRest is how many times as long as it took the diagnosis then rests:
// over 100,000 calls it takes a while, and it shall not take a core from the
// capture for good.
const diagnosisRest = 9

// rest waits beside the event loop until the rules may be asked again, and asks
// them when there was news meanwhile.
func (u *UI) rest(length time.Duration) {
	again := func() {
		if u.diagnosing = false; u.diagnoseAgain {
			u.diagnose()
		}
	}
	if length < lookInterval {
		again()
		return
	}
	u.workshop.wait(length, again)
}

// foundOut takes in new findings: rows may depend on them.
func (v *callsView) foundOut() {
	if v.only || v.order.key.column == "problem" || v.filter.expr() != nil && !v.filter.expr().Steady() {
		v.refresh()
	}
}
