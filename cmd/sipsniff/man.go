package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"
)

// The manual page is made of the help, so that they cannot differ. cobra/doc
// would print the short words of the flags, and rests on a Markdown library
// that has had no release for years.
func (o *options) manCommand() *cobra.Command {
	return &cobra.Command{Use: "man", Short: "print the manual page", Args: noArguments, RunE: func(*cobra.Command, []string) error {
		_, err := fmt.Fprint(o.out, manual(usage, programVersion()))
		return err
	}}
}

// manual turns the help into a page for man.
func manual(help, version string) string {
	first, rest, _ := strings.Cut(help, "\n")
	summary := strings.TrimSuffix(strings.TrimPrefix(first, "sipsniff "), ".")
	page := &strings.Builder{}
	fmt.Fprintf(page, ".TH SIPSNIFF 1 \"\" \"%s\" \"User Commands\"\n.SH NAME\nsipsniff \\- %s\n.SH SYNOPSIS\n", "sipsniff "+roff(version), roff(summary))
	for line := range strings.Lines(rest) {
		page.WriteString(manualLine(strings.TrimRight(line, "\n")))
	}
	page.WriteString(manualStatus)
	return page.String()
}

const manualStatus = `.SH EXIT STATUS
.TP
.B 0
done
.TP
.B 1
could not run; standard error says why
.TP
.B 2
bad usage
.TP
.B 3
a call matches what \-\-fail\-on says
`

// descriptions begin further right than any option.
const descriptions = 20

// manualLine is one line of the help: a heading, an entry with what it means,
// or more of what the last entry means.
func manualLine(line string) string {
	entry := strings.TrimLeft(line, " ")
	switch indent := len(line) - len(entry); {
	case entry == "":
		return ""
	case indent >= descriptions:
		return roffLine(entry)
	case indent == 0:
		name, text, _ := strings.Cut(entry, ":")
		heading := ".SH " + roff(strings.ToUpper(name)) + "\n"
		if text = strings.TrimSpace(text); text != "" {
			heading += ".EX\n" + roffLine(text) + ".EE\n"
		}
		return heading
	default:
		name, text, _ := strings.Cut(entry, "  ")
		tagged := ".TP\n\\fB" + roff(name) + "\\fR\n"
		if text = strings.TrimSpace(text); text != "" {
			tagged += roffLine(text)
		}
		return tagged
	}
}

// roff keeps what means something to the formatter as text.
func roff(text string) string {
	return strings.NewReplacer(`\`, `\e`, "-", `\-`).Replace(text)
}

// roffLine is a line of text: one that begins with a point would be a command.
func roffLine(text string) string {
	if strings.HasPrefix(text, ".") || strings.HasPrefix(text, "'") {
		return `\&` + roff(text) + "\n"
	}
	return roff(text) + "\n"
}
