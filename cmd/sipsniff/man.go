package main

import (
	"fmt"
	"io"
	"regexp"
	"strings"

	"github.com/spf13/cobra"
)

// manCommand prints the manual page, which says what the help says.
func (o *options) manCommand() *cobra.Command {
	return &cobra.Command{Use: "man", Short: "print the manual page", Args: noArguments, RunE: func(*cobra.Command, []string) error {
		return writeManual(o.out, usage)
	}}
}

// writeManual writes the help as a page of man(7): its first paragraphs are name
// and synopsis, the lines of its sections an option and what it does.
func writeManual(w io.Writer, help string) error {
	paragraphs := strings.Split(strings.TrimSpace(help), "\n\n")
	var b strings.Builder
	fmt.Fprintf(&b, ".TH SIPSNIFF 1 \"\" %s \"User Commands\"\n", roffQuoted("sipsniff "+programVersion()))
	name, what, _ := strings.Cut(paragraphs[0], " ")
	fmt.Fprintf(&b, ".SH NAME\n%s \\- %s\n.SH SYNOPSIS\n", roff(name), roff(strings.TrimSuffix(what, ".")))
	for line := range strings.Lines(paragraphs[1]) {
		writeOption(&b, line)
	}
	b.WriteString(".SH OPTIONS\n")
	for _, p := range paragraphs[2:] {
		title, options, listed := strings.Cut(p, "\n")
		if !listed {
			title, example, _ := strings.Cut(p, ": ")
			fmt.Fprintf(&b, ".SH %s\n.nf\n%s\n.fi\n", roff(strings.ToUpper(title)), roff(example))
			continue
		}
		fmt.Fprintf(&b, ".SS %s\n", roff(strings.TrimSuffix(title, ":")))
		for line := range strings.Lines(options) {
			writeOption(&b, line)
		}
	}
	b.WriteString(manualStatus)
	_, err := io.WriteString(w, b.String())
	return err
}

const manualStatus = `.SH EXIT STATUS
.TP
\fB0\fR
done
.TP
\fB1\fR
could not run; standard error says why
.TP
\fB2\fR
bad usage
.TP
\fB3\fR
a call matches what \-\-fail\-on says
`

// columnGap is what stands between an option and what it does.
var columnGap = regexp.MustCompile(` {2,}`)

// writeOption writes a line of a section: options with what they do, or more of
// what the option before does.
func writeOption(b *strings.Builder, line string) {
	parts := columnGap.Split(strings.TrimSpace(line), -1)
	if len(parts) == 1 && !strings.HasPrefix(parts[0], "-") && !strings.HasPrefix(parts[0], "sipsniff ") {
		b.WriteString(roff(parts[0]) + "\n")
		return
	}
	for i := 0; i < len(parts); i += 2 {
		fmt.Fprintf(b, ".TP\n\\fB%s\\fR\n", roff(parts[i]))
		if i+1 < len(parts) {
			b.WriteString(roff(parts[i+1]) + "\n")
		}
	}
}

// roff is text as it is read by roff: a hyphen is the one that is typed, and no line
// is a request.
func roff(text string) string {
	text = strings.NewReplacer(`\`, `\e`, "-", `\-`, "'", `\(aq`, "`", "\\(ga", "^", `\(ha`, "~", `\(ti`).Replace(text)
	if strings.HasPrefix(text, ".") {
		text = `\&` + text
	}
	return text
}

// roffQuoted is text as an argument of a request.
func roffQuoted(text string) string { return `"` + strings.ReplaceAll(roff(text), `"`, `\(dq`) + `"` }
