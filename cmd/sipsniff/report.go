package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"sipsniff/internal/filter"
	"sipsniff/internal/page"
	"sipsniff/internal/report"
)

// report reads the whole input and prints what was found.
func (o *options) report(ctx context.Context, args []string) error {
	format, err := o.formatIn("text", "json", "jsonl", "csv", "html")
	if err != nil {
		return err
	}
	wanted, err := o.displayFilter(time.UTC)
	if err != nil {
		return err
	}
	if o.prefixDigits < 0 {
		return &usageError{text: fmt.Sprintf("--prefix-digits %d is no number of digits", o.prefixDigits), hint: "3, for example, tells +49… from +44…"}
	}
	o.sayHints(wanted)
	if err := o.hidesFiles("report", args); err != nil {
		return err
	}
	engine, err := o.newDiagnosis()
	if err != nil {
		return err
	}
	var fail *filter.Expr
	if o.failOn != "" {
		if fail, err = o.filterOf("--fail-on", o.failOn, time.UTC); err != nil {
			return err
		}
		o.sayHints(fail)
	}
	result, readErr := o.complete(ctx, args)
	if result.Snapshot == nil {
		return readErr
	}
	defer leanReport(smallHeap)()
	result.Verbose = o.verbose
	result.Diagnosis = engine.Run(result.Snapshot)
	if o.call != "" {
		only, found := result.Only(o.call)
		if !found {
			return errors.Join(readErr, noCall(o.call))
		}
		result = only
	}
	narrow(&result, wanted)
	whole := result
	if o.hide != 0 {
		if result, err = o.hideReport(ctx, args, whole, engine); err != nil {
			return errors.Join(readErr, err)
		}
	}
	result.PrefixDigits = o.prefixDigits
	result.ShowBodies, result.ShowDTMF = o.bodies, o.digits
	write := map[string]func(io.Writer, report.Result) error{"text": report.Text, "json": report.JSON, "jsonl": report.JSONL, "csv": report.CSV, "html": o.writePage}[format]
	err = o.print(func(w io.Writer) error { return write(w, result) })
	if format != "text" { // the text says it itself
		o.warn(result)
	}
	if err := errors.Join(readErr, err); err != nil {
		return err
	}
	return failing(&whole, fail)
}

// writePage writes the report as a page that can be handed to others.
func (o *options) writePage(w io.Writer, r report.Result) error {
	return page.Report(w, o.pageInput(r), page.Options{ShowKeys: o.digits})
}
