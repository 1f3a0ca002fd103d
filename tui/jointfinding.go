package tui

import (
	"slices"
	"strings"

	"sipsniff/correlate"
)

// A jointFinding is what was found out about one call, or in the same words
// about several legs of one.
type jointFinding struct {
	call    *correlate.Call
	finding *correlate.Finding
	others  []otherFinding // the same of other legs
}

type otherFinding struct {
	call    *correlate.Call
	finding *correlate.Finding
}

// joint are the findings about calls, those that say the same of two legs once.
func (f *findings) joint(calls []*correlate.Call) []jointFinding {
	var list []jointFinding
	for _, c := range calls {
		found := f.of(c.Index)
		for i := range found {
			if j := sameFinding(list, c, &found[i]); j != nil {
				j.add(c, &found[i])
				continue
			}
			list = append(list, jointFinding{call: c, finding: &found[i]})
		}
	}
	return list
}

// sameFinding is the one of a list that says of another leg what f says of c;
// nil for none.
func sameFinding(list []jointFinding, c *correlate.Call, f *correlate.Finding) *jointFinding {
	for i := range list {
		j := &list[i]
		known := j.finding
		if j.call == c || known.Code != f.Code || !slices.Contains(c.Joined(), j.call.Index) {
			continue
		}
		taken := slices.ContainsFunc(j.others, func(o otherFinding) bool { return o.call == c })
		if !taken && (strings.HasPrefix(known.Title, f.Title) || strings.HasPrefix(f.Title, known.Title)) {
			return j
		}
	}
	return nil
}

// add takes in what is said of another leg; the gravest is told at length.
func (j *jointFinding) add(c *correlate.Call, f *correlate.Finding) {
	other := otherFinding{c, f}
	if f.Severity > j.finding.Severity {
		other.call, other.finding, j.call, j.finding = j.call, j.finding, c, f
	}
	j.others = append(j.others, other)
}

// gravest is the first of the worst, nil when there is none but remarks.
func gravest(list []jointFinding) (worst *correlate.Finding) {
	for i := range list {
		if f := list[i].finding; f.Severity > correlate.Info && (worst == nil || f.Severity > worst.Severity) {
			worst = f
		}
	}
	return worst
}
