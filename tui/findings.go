package tui

import (
	"time"

	"sipsniff/correlate"
	"sipsniff/correlate/diagnosis"
	"sipsniff/internal/filter"
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

// tell has filters know what was found out, if anybody looked.
func (f *findings) tell(in *filter.Scope) {
	if f != nil {
		in.Problems(f.result)
	}
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

// A judging is how the rules are asked about one snapshot after the other.
type judging struct {
	running bool
	snap    *correlate.Snapshot // that was judged last, or is being judged
	ended   time.Time           // when that was done, and how long it took
	took    time.Duration
}

// A diagnosis rests some times as long as it took: over 100,000 calls it takes
// a while, and it shall not take a core from the capture for good.
const (
	diagnosisRest   = 9
	unattendedRest  = 199         // while nobody touches the program
	longestUnjudged = time.Minute // but then, too, what is new is judged after a while
)

// due reports whether the rules may be asked again.
func (j *judging) due(now time.Time, unattended bool) bool {
	rest := diagnosisRest * j.took
	if unattended {
		rest = max(rest, min(unattendedRest*j.took, longestUnjudged))
	}
	return rest < lookInterval || now.Sub(j.ended) >= rest
}

// unjudged reports whether the snapshot that is shown waits for the rules.
func (u *UI) unjudged() bool {
	return u.config.Diagnose != nil && u.judging.snap != u.snap && !u.judging.running
}

// diagnose asks the rules about the snapshot that is shown, beside the event
// loop. While they are at it, and while they rest, another snapshot has to
// wait; the latest of those is asked about next.
func (u *UI) diagnose() {
	j := &u.judging
	if !u.unjudged() || u.pace != nil && !u.status.Done && !j.due(time.Now(), u.unattended()) {
		return
	}
	j.running, j.snap = true, u.snap
	snap := u.snap
	u.workshop.do(func() func() {
		began := time.Now()
		f := &findings{u.config.Diagnose(snap)}
		problems, took := f.count(), time.Since(began)
		return func() {
			j.running, j.took, j.ended = false, took, time.Now()
			u.found, u.problems = f, problems
			for _, v := range u.stack {
				if r, ok := v.(interface{ foundOut() }); ok {
					r.foundOut()
				}
			}
			u.diagnose()
		}
	})
}

// foundOut takes in new findings: rows may depend on them.
func (v *callsView) foundOut() {
	if v.only || v.order.key.found || v.filter.asksFindings() {
		v.refresh()
	}
}
