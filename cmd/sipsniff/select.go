package main

import (
	"fmt"
	"time"

	"sipsniff/internal/filter"
	"sipsniff/internal/report"
	"sipsniff/internal/settings"
)

// displayFilter reads the filter of -f, with times of day in zone; nil when
// there is none.
func (o *options) displayFilter(zone *time.Location) (*filter.Expr, error) {
	if o.filter == "" {
		return nil, nil
	}
	return o.filterOf("filter", o.filter, zone)
}

// filterOf reads a filter, with the saved filters and the aliases of the user's
// file; what says where it stands.
func (o *options) filterOf(what, text string, zone *time.Location) (*filter.Expr, error) {
	liked, err := o.settings() // keys are no matter here
	if err != nil {
		return nil, err
	}
	saved := func(name string) (text string, ok bool) {
		text, ok = liked.Table(settings.Filters)[name]
		return text, ok
	}
	e, err := filter.Parse(text, filter.Options{Location: zone, Saved: saved, Aliases: liked.Aliases})
	if err != nil {
		return nil, &usageError{text: what + ", " + err.Error(), hint: "-f takes words, field:value and field<number with and, or, ! and ( ); docs/FILTER.md lists the fields"}
	}
	return e, nil
}

// sayHints tells what in a filter is perhaps not what was meant.
func (o *options) sayHints(e *filter.Expr) {
	if e == nil {
		return
	}
	for _, hint := range e.Hints() {
		fmt.Fprintf(o.err, "hint: %s\n", hint)
	}
}

// narrow leaves the calls that match in a result.
func narrow(r *report.Result, e *filter.Expr) {
	if e == nil {
		return
	}
	s := e.Select(r.Snapshot, r.Diagnosis)
	if r.Diagnosis != nil {
		r.Diagnosis = r.Diagnosis.Narrow(s.Snapshot)
	}
	r.Snapshot, r.Filter = s.Snapshot, &report.Filter{Expression: e.String(), Matched: s.Matched, Of: s.Of}
}
