package main

import (
	"bytes"
	"regexp"
	"strings"
	"testing"

	"github.com/spf13/pflag"
)

// The manual page has each flag of the help as an option with its text, and
// nothing of it is a request of roff that it is not meant to be.
func TestManual(t *testing.T) {
	var page bytes.Buffer
	if err := writeManual(&page, usage); err != nil {
		t.Fatal(err)
	}
	text := page.String()
	for _, want := range []string{"\n.SH NAME\nsipsniff \\- shows every SIP call", "\n.SH SYNOPSIS\n", "\n.SS Reading\n", "\n.SH EXAMPLE\n"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in the page", want)
		}
	}
	options := map[string]string{} // and the first line of what they do
	for _, m := range regexp.MustCompile(`\n\.TP\n\\fB(.*)\\fR\n(.*)`).FindAllStringSubmatch(text, -1) {
		for _, name := range regexp.MustCompile(`\\-(\\-[a-z-\\]+|[A-Za-z])`).FindAllString(m[1], -1) {
			options[strings.ReplaceAll(name, `\`, "")] = m[2]
		}
	}
	checked := 0
	root := newRoot(terminal{out: &page, err: &page}, func() {})
	root.PersistentFlags().VisitAll(func(f *pflag.Flag) {
		long := regexp.MustCompile(`(?m)^ +(-\w, )?--` + f.Name + `(?:[ ,]|$)`).MatchString(usage)
		short := f.Shorthand != "" && regexp.MustCompile(`(?m)^  (-\w( [A-Z]+)?, )?-`+f.Shorthand+`\b`).MatchString(usage)
		if text := options["--"+f.Name]; long && (text == "" || strings.HasPrefix(text, ".")) {
			t.Errorf("--%s is in the help, in the page it says %q", f.Name, text)
		}
		if text := options["-"+f.Shorthand]; short && (text == "" || strings.HasPrefix(text, ".")) {
			t.Errorf("-%s is in the help, in the page it says %q", f.Shorthand, text)
		}
		if long || short {
			checked++
		}
	})
	if checked < 40 {
		t.Errorf("only %d flags of the help were looked for in the page", checked)
	}
	if len(options) < 50 {
		t.Errorf("only %d options: %v", len(options), options)
	}
	for _, line := range strings.Split(text, "\n") {
		if strings.HasPrefix(line, ".") && !regexp.MustCompile(`^\.(TH|SH|SS|TP|nf|fi)\b`).MatchString(line) || strings.HasPrefix(line, "'") {
			t.Errorf("%q is a request", line)
		}
	}
	if got := roff(`.a \ 'b'-~`); got != `\&.a \e \(aqb\(aq\-\(ti` {
		t.Errorf("escaped it is %s", got)
	}
}

// A title in capitals is as well escaped as one that is not.
func TestManualTitle(t *testing.T) {
	var page bytes.Buffer
	if err := writeManual(&page, "sipsniff shows.\n\n  sipsniff FILE\n\nA reader's ~example: sipsniff x"); err != nil {
		t.Fatal(err)
	}
	if want := "\n.SH A READER\\(aqS \\(tiEXAMPLE\n"; !strings.Contains(page.String(), want) {
		t.Errorf("%q is not in %q", want, page.String())
	}
}
