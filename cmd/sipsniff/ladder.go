package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"time"

	"sipsniff/correlate"
	"sipsniff/internal/filter"
	"sipsniff/internal/page"
	"sipsniff/internal/report"
	"sipsniff/tui/ladder"
)

// ladder reads the whole input and prints the ladder diagrams of its calls.
func (o *options) ladder(ctx context.Context, args []string) error {
	format, err := o.formatIn("text", "mermaid", "svg", "html")
	if err != nil {
		return err
	}
	wanted, err := o.displayFilter(time.UTC)
	if err != nil {
		return err
	}
	o.sayHints(wanted)
	engine, err := o.newDiagnosis()
	if err != nil {
		return err
	}
	result, readErr := o.complete(ctx, args)
	if result.Snapshot == nil {
		return readErr
	}
	o.warn(result)
	if format == "html" || wanted != nil && wanted.AsksFindings() {
		result.Diagnosis = engine.Run(result.Snapshot)
	}
	chosen, err := o.ladders(&result, wanted)
	if err == nil {
		err = o.print(func(w io.Writer) error { return o.writeLadders(w, format, chosen, result) })
	}
	return errors.Join(readErr, err)
}

// ladders are the calls that were chosen, each with its legs; a call that is a
// leg of one before it is drawn there.
func (o *options) ladders(r *report.Result, wanted *filter.Expr) ([][]ladder.Leg, error) {
	s := r.Snapshot
	calls := o.chosen(s.Calls)
	if len(calls) == 0 && o.call != "" {
		return nil, noCall(o.call)
	}
	if calls = matching(calls, r, wanted); len(calls) == 0 && wanted != nil {
		fmt.Fprintf(o.err, "sipsniff: warning: 0 of %d calls match %s\n", len(s.Calls), wanted)
	}
	streams := make(map[int][]*correlate.Stream)
	for _, st := range s.Streams {
		if st.Call != nil {
			streams[st.Call.Index] = append(streams[st.Call.Index], st)
		}
	}
	byIndex := make(map[int]*correlate.Call, len(s.Calls))
	for _, c := range s.Calls {
		byIndex[c.Index] = c
	}
	find := func(index int) *correlate.Call { return byIndex[index] }
	streamsOf := func(c *correlate.Call) []*correlate.Stream { return streams[c.Index] }
	drawn := make(map[int]bool)
	var groups [][]ladder.Leg
	for _, c := range calls {
		if drawn[c.Index] {
			continue
		}
		legs := ladder.LegsOf(c, find, streamsOf)
		for i := range legs {
			drawn[legs[i].Call.Index] = true
		}
		groups = append(groups, legs)
	}
	return groups, nil
}

func (o *options) writeLadders(w io.Writer, format string, groups [][]ladder.Leg, result report.Result) error {
	choice := page.Options{ShowKeys: o.digits}
	switch format {
	case "html":
		return page.Ladders(w, o.pageInput(result), groups, choice)
	case "svg":
		return writePicture(w, groups, choice)
	}
	for i, legs := range groups {
		if i > 0 {
			fmt.Fprintln(w)
		}
		if err := o.writeLadder(w, format, legs, len(groups) > 1); err != nil {
			return err
		}
	}
	return nil
}

// writeLadder writes one ladder as text or for Mermaid. Several diagrams are
// fenced, as Markdown wants them.
func (o *options) writeLadder(w io.Writer, format string, legs []ladder.Leg, fenced bool) error {
	if format == "text" {
		return ladder.TextOfLegs(w, legs, ladder.Options{ASCII: o.ascii, ShowKeys: o.digits})
	}
	if fenced {
		fmt.Fprintln(w, "```mermaid")
		defer fmt.Fprintln(w, "```")
	}
	return page.Mermaid(w, legs, page.Options{ShowKeys: o.digits})
}

// writePicture writes the only ladder there is as SVG: a file holds one.
func writePicture(w io.Writer, groups [][]ladder.Leg, choice page.Options) error {
	if len(groups) != 1 {
		return &usageError{text: fmt.Sprintf("%d ladders do not fit in one SVG", len(groups)), hint: "choose a call with --call, or use -F html"}
	}
	return page.SVG(w, groups[0], choice)
}

// pageInput is what a page is made of.
func (o *options) pageInput(r report.Result) page.Input {
	in := page.Input{
		Version: r.Version, Frames: r.Status.Frames, Snapshot: r.Snapshot, Diagnosis: r.Diagnosis, Scorer: r.Scorer, ShowBodies: o.bodies,
	}
	if r.Filter != nil {
		in.Filter = r.Filter.Expression
	}
	for i := range r.Status.Sources {
		in.Sources = append(in.Sources, r.Status.Sources[i].Name)
	}
	return in
}

// matching returns the calls that a filter lets through; nil lets all. What was
// found out about them is in the result when the filter asks for it.
func matching(calls []*correlate.Call, r *report.Result, wanted *filter.Expr) []*correlate.Call {
	if wanted == nil {
		return calls
	}
	var found []*correlate.Call
	in := filter.NewScope(r.Snapshot, nil)
	in.Problems(r.Diagnosis)
	for _, c := range calls {
		if wanted.Match(in, c) {
			found = append(found, c)
		}
	}
	return found
}

func noCall(name string) error {
	return &fileError{text: fmt.Sprintf("no call %q here", name), hint: "sipsniff report lists the calls with their Call-IDs"}
}

// chosen returns the calls that --call names, by Call-ID or by number.
func (o *options) chosen(calls []*correlate.Call) []*correlate.Call {
	if o.call == "" {
		return calls
	}
	var found []*correlate.Call
	for _, c := range calls {
		if c.CallID == o.call || strconv.Itoa(c.Index) == o.call {
			found = append(found, c)
		}
	}
	return found
}
