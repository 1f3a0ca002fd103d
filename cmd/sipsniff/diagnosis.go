package main

import (
	"fmt"
	"strconv"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"sipsniff/correlate/diagnosis"
	"sipsniff/internal/filter"
	"sipsniff/internal/report"
	"sipsniff/internal/settings"
)

// diagnosisOptions are the settings of the rules: what quality.mos makes of them,
// those of the user's file, then those of --diag.
func (o *options) diagnosisOptions(liked *settings.File, mos string) (diagnosis.Options, error) {
	var d diagnosis.Options
	if bad, poor, ok := settings.Limits(mos); ok {
		for key, limit := range map[string]float64{"MED-31.error": bad, "MED-31.warning": poor} {
			if err := d.Set(key, strconv.FormatFloat(limit, 'g', -1, 64)); err != nil {
				return d, err
			}
		}
	}
	for _, r := range liked.Rules {
		if err := d.Set(r.Key, r.Value); err != nil {
			return d, &usageError{text: fmt.Sprintf("%s:%d: %v", liked.Path, r.Line, err), hint: "sipsniff findings lists the rules and their settings"}
		}
	}
	for _, text := range o.rules {
		key, value, _ := strings.Cut(text, "=")
		if err := d.Set(key, value); err != nil {
			return d, &usageError{text: "--diag " + err.Error(), hint: "sipsniff findings lists the rules and their settings"}
		}
	}
	return d, nil
}

// likedMOS are the limits of MOS of the user's file.
func likedMOS(liked *settings.File) string {
	text, _ := liked.Get("quality.mos")
	return text
}

// newDiagnosis makes the engine for a command that has no screen.
func (o *options) newDiagnosis() (*diagnosis.Engine, error) {
	liked, err := o.settings() // keys are no matter here
	if err != nil {
		return nil, err
	}
	d, err := o.diagnosisOptions(liked, likedMOS(liked))
	if err != nil {
		return nil, err
	}
	return diagnosis.New(d), nil
}

// A failOnError says that calls match --fail-on. The report was printed.
type failOnError struct {
	expression string
	matched    int
}

func (e *failOnError) Error() string {
	if e.matched == 1 {
		return "1 call matches --fail-on " + e.expression
	}
	return fmt.Sprintf("%d calls match --fail-on %s", e.matched, e.expression)
}

// failing reports the calls that match --fail-on; nil when none does.
func failing(r *report.Result, e *filter.Expr) error {
	if e == nil {
		return nil
	}
	if s := e.Select(r.Snapshot, r.Diagnosis); s.Matched > 0 {
		return &failOnError{e.String(), s.Matched}
	}
	return nil
}

// findingsCommand prints the catalogue of rules.
func (o *options) findingsCommand() *cobra.Command {
	return &cobra.Command{Use: "findings [CODE...]", Short: "list what can be found out, and how", Args: cobra.ArbitraryArgs, RunE: func(_ *cobra.Command, args []string) error {
		if len(args) == 0 {
			return o.listRules()
		}
		for _, name := range args {
			r := diagnosis.RuleOf(name)
			if r == nil {
				return &usageError{text: fmt.Sprintf("there is no rule %s", name), hint: "sipsniff findings lists them"}
			}
			fmt.Fprintln(o.out, r.Describe())
		}
		return nil
	}}
}

func (o *options) listRules() error {
	w := tabwriter.NewWriter(o.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "Code\tSeverity\tName\tWhat it means")
	for _, r := range diagnosis.Catalogue() {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", r.Code, r.Severity, r.Name, r.Title)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprintln(o.out, "\nsipsniff findings CODE says when a rule applies, what to do then, and which of its numbers can be set.")
	return err
}
