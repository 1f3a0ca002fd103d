package diagnosis

import (
	"fmt"
	"strconv"
	"strings"
)

// Describe is everything that there is to say of a rule, in lines of text.
func (r *Rule) Describe() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s\n%s.\n", r.Code, r.Name, r.Title)
	line := func(name, text string) {
		if text != "" {
			fmt.Fprintf(&b, "  %-11s %s\n", name, text)
		}
	}
	line("severity", r.severityWords())
	line("confidence", r.Confidence.String())
	line("applies", r.Means)
	line("next", r.Advice)
	line("needs", strings.Join(r.Needs.Words(), ", "))
	line("hides", strings.Join(r.Hides, ", "))
	line("see", strings.Join(r.References, ", "))
	line("settings", "diag."+r.Code+".off")
	for _, t := range r.Thresholds {
		fmt.Fprintf(&b, "  %-11s diag.%s.%s = %s: %s\n", "", r.Code, t.Name, t.amount(), t.Meaning)
	}
	for _, l := range r.Lists {
		fmt.Fprintf(&b, "  %-11s diag.%s.%s = %s: %s\n", "", r.Code, l.Name, strings.Join(l.Default, ","), l.Meaning)
	}
	return b.String()
}

func (r *Rule) severityWords() string {
	if r.Graded == "" {
		return r.Severity.String()
	}
	return r.Severity.String() + "; " + r.Graded
}

func (t *Threshold) amount() string {
	return strings.TrimSpace(strconv.FormatFloat(t.Default, 'f', -1, 64) + " " + t.Unit)
}

const documentHead = `# Findings

What sipsniff finds out about calls and captures, and by which rule. This file is made of the rules themselves (` + "`UPDATE_GOLDEN=1 go test ./correlate/diagnosis`" + `); ` + "`sipsniff findings`" + `
lists them, ` + "`sipsniff findings CODE`" + ` describes one.

**Confidence.** *proven* follows from packets that are in the capture, whatever was missed. *strong* holds unless the capture missed one direction.
*suspect* is a pattern that has innocent explanations, too. A rule that relies on something not having been seen is one step less sure when the
capture shows nothing at all of that way within a minute, and says nothing when the capture certainly lacks it.

**One cause, one finding.** What follows from another finding of the same call is not shown beside it; ` + "`because`" + ` in the JSON names it. The first finding of a
call is its verdict: what is proven before what is not, the worse before the milder, the earlier before the later, signalling before media.

**Settings.** A rule is switched off by ` + "`diag.CODE.off`" + `; its numbers are set by ` + "`diag.CODE.NAME`" + `: on the command line (` + "`--diag SIG-05.warn=6`" + `) or in the
configuration (` + "`[diag.SIG-05]`" + `, ` + "`warn = 6`" + `). Lists are words with commas between; with a + in front they are added to those that are there.

**In filters.** ` + "`severity:error`" + `, ` + "`finding:no-answer`" + ` and ` + "`finding:SIG-01`" + ` select calls; ` + "`sipsniff report --fail-on 'severity:error'`" + ` exits with 3 when there is one.
`

// families are the headlines of the document.
var families = []struct{ prefix, title string }{
	{"SIG", "Signalling"}, {"MED", "Media"}, {"SEC", "Security and fraud"}, {"INF", "Infrastructure and capture"},
}

// Document is docs/FINDINGS.md.
func Document() string {
	var b strings.Builder
	b.WriteString(documentHead)
	for _, f := range families {
		fmt.Fprintf(&b, "\n## %s\n", f.title)
		for _, r := range Catalogue() {
			if strings.HasPrefix(r.Code, f.prefix) {
				r.document(&b)
			}
		}
	}
	return b.String()
}

// document writes the section of a rule.
func (r *Rule) document(b *strings.Builder) {
	graded := ""
	if r.Graded != "" {
		graded = "; " + r.Graded
	}
	fmt.Fprintf(b, "\n### %s %s\n\n**%s.** %s, %s%s. %s\n\n", r.Code, r.Name, r.Title, capital(r.Severity.String()), r.Confidence, graded, r.Means)
	fmt.Fprintf(b, "- Next: %s\n", r.Advice)
	item := func(name string, words []string) {
		if len(words) > 0 {
			fmt.Fprintf(b, "- %s: %s\n", name, strings.Join(words, ", "))
		}
	}
	item("Needs", r.Needs.Words())
	item("Hides", r.Hides)
	item("See", r.References)
	for i := range r.Thresholds {
		t := &r.Thresholds[i]
		fmt.Fprintf(b, "- `diag.%s.%s` = %s: %s\n", r.Code, t.Name, t.amount(), t.Meaning)
	}
	for _, l := range r.Lists {
		fmt.Fprintf(b, "- `diag.%s.%s` = %s: %s\n", r.Code, l.Name, strings.Join(l.Default, ","), l.Meaning)
	}
}

func capital(s string) string { return strings.ToUpper(s[:1]) + s[1:] }
