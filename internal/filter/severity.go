package filter

import (
	"math"
	"slices"

	"sipsniff/correlate"
)

// severityNames are in the order of correlate.Severity.
var severityNames = []string{"info", "warning", "error", "critical"}

// worstFinding is the severity of the worst finding of a call; NaN when it has none.
func worstFinding(s subject) float64 {
	at := math.NaN()
	if s.in.findings == nil {
		return at
	}
	for _, f := range s.in.findings(s.call.Index) {
		if v := float64(f.Severity); math.IsNaN(at) || v > at {
			at = v
		}
	}
	return at
}

// compileSeverity compares the worst finding of a call. severity:error is that
// or worse, severity=error that and nothing worse.
func (n *comparison) compileSeverity() (part, error) {
	least := correlate.Critical
	var wanted []interval
	for _, v := range n.values {
		i := slices.Index(severityNames, lowerCase.fold(v.text))
		if i < 0 {
			return part{}, unfinished(v.at, "severity is info, warning, error or critical, not %q", v.text)
		}
		least = min(least, correlate.Severity(i))
		wanted = append(wanted, interval{float64(i), float64(i)})
	}
	limit, test := float64(least), inAny(wanted)
	return part{[...]predicate{
		has:          func(s subject) bool { return worstFinding(s) >= limit },
		equal:        func(s subject) bool { return test(worstFinding(s)) },
		different:    func(s subject) bool { v := worstFinding(s); return !math.IsNaN(v) && !test(v) },
		less:         func(s subject) bool { return worstFinding(s) < limit },
		lessEqual:    func(s subject) bool { return worstFinding(s) <= limit },
		greater:      func(s subject) bool { return worstFinding(s) > limit },
		greaterEqual: func(s subject) bool { return worstFinding(s) >= limit },
	}[n.op], costText}, nil
}

// findings are the codes and names of what the rules found out about a call.
func findings(s subject, test func(string) bool) bool {
	if s.in.findings == nil {
		return false
	}
	for _, f := range s.in.findings(s.call.Index) {
		if test(f.Code) || test(f.Name) {
			return true
		}
	}
	return false
}
