package tui

import "sipsniff/correlate"

// findings are what was found out about the calls of a snapshot. A nil one
// knows nothing.
type findings struct {
	byCall map[int][]correlate.Finding // by Call.Index, the verdict first
}

// of returns what was found out about a call.
func (f *findings) of(index int) []correlate.Finding {
	if f == nil {
		return nil
	}
	return f.byCall[index]
}

// worst is the severity of the worst finding of a call.
func (f *findings) worst(index int) (worst correlate.Severity, found bool) {
	for _, one := range f.of(index) {
		if !found || one.Severity > worst {
			worst, found = one.Severity, true
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

// among counts the calls that have a problem.
func (f *findings) among(calls []*correlate.Call) int {
	n := 0
	for _, c := range calls {
		if f.has(c) {
			n++
		}
	}
	return n
}

// diagnosed reports whether anybody looks for problems.
func (u *UI) diagnosed() bool { return u.found != nil }
