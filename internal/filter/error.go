package filter

import (
	"fmt"
	"unicode/utf8"
)

// An Error says what is wrong with the text of a filter, and where.
type Error struct {
	Column int    // of the first character that is wrong, from 1, in characters
	Text   string // what is wrong

	// Incomplete is set when the text could become right by typing on.
	Incomplete bool
}

func (e *Error) Error() string { return fmt.Sprintf("column %d: %s", e.Column, e.Text) }

// A fault is an Error whose place is still counted in octets.
type fault struct {
	at         int
	text       string
	incomplete bool
}

func (f *fault) Error() string { return f.text }

func faultAt(at int, format string, args ...any) *fault {
	return &fault{at: at, text: fmt.Sprintf(format, args...)}
}

// unfinished is a fault that typing on can mend.
func unfinished(at int, format string, args ...any) *fault {
	f := faultAt(at, format, args...)
	f.incomplete = true
	return f
}

// in gives the place of a fault in characters of text.
func (f *fault) in(text string) *Error {
	return &Error{Column: utf8.RuneCountInString(text[:min(f.at, len(text))]) + 1, Text: f.text, Incomplete: f.incomplete}
}
