package diagnosis

import (
	"fmt"

	"sipsniff/correlate"
)

// A Survey is everything together, for rules that one call cannot tell: how
// often, from whom, at the same time. It is used by one goroutine and only
// while the survey runs.
type Survey struct {
	*sharing
	Calls []*correlate.Call
	Now   int64 // capture time of the last packet, Unix ns

	rows    []*entry // of Calls, in their order
	callers *callers
	slots   map[slotKey]*slot // made when asked for
	rule    *Rule
	found   []*Draft
	foundBy *Rule // the rule that found something last, and how often

	foundHere int
	inCalls   []callDraft
}

// A callDraft is a finding of one call that only all of them together tell.
type callDraft struct {
	call  int
	draft *Draft
}

// caseOf makes a case of a call, for its exchanges and headers.
func (s *Survey) caseOf(e *entry) *Case {
	return &Case{Call: e.call, Traits: e.traits, Now: s.Now, sharing: s.sharing, rule: s.rule}
}

// Number is a threshold of the rule.
func (s *Survey) Number(name string) float64 { return s.options.number(s.rule, name) }

// Words is a list of the rule.
func (s *Survey) Words(name string) []string { return s.options.words(s.rule, name) }

// Find begins a finding of the capture as a whole, see Case.Find. Set About and
// Count; Involve names the calls.
func (s *Survey) Find(text string, args ...any) *Draft {
	d := draftOf(s.rule, fmt.Sprintf(text, args...))
	if s.foundBy != s.rule {
		s.foundBy, s.foundHere = s.rule, 0
	}
	if s.foundHere++; s.foundHere <= maxSurveyed {
		s.found = append(s.found, d)
	}
	return d
}

// maxSurveyed is how many findings of one rule a capture may have.
const maxSurveyed = 100

// FindIn begins a finding of one call.
func (s *Survey) FindIn(call int, text string, args ...any) *Draft {
	d := draftOf(s.rule, fmt.Sprintf(text, args...))
	s.inCalls = append(s.inCalls, callDraft{call, d})
	return d
}

// maxExamples is how many calls a finding of the capture names.
const maxExamples = 20

// Involve adds calls as examples, in the order of their indexes.
func (d *Draft) Involve(calls ...int) *Draft {
	for _, index := range calls {
		if len(d.Calls) < maxExamples {
			d.Calls = append(d.Calls, index)
		}
	}
	return d
}
