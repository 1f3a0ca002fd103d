package column

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"sipsniff/decode/sip"
)

// A Column is a name and where its value comes from. The zero value has none.
type Column struct {
	Name   string
	header string       // name of the header; "" is the request URI
	id     sip.HeaderID // of the header, Other when it is not a known one
}

// maxName is how long a name may be, in characters: it heads a column.
const maxName = 40

// Hint says how columns are written.
const Hint = "--column NAME=header:X-Account or NAME=request-uri"

// Parse reads "NAME=header:X-Account" or "NAME=request-uri".
func Parse(text string) (Column, error) {
	name, source, found := strings.Cut(text, "=")
	name = strings.TrimSpace(name)
	switch {
	case !found || name == "":
		return Column{}, fmt.Errorf("%q has no name in front of =", text)
	case utf8.RuneCountInString(name) > maxName:
		return Column{}, fmt.Errorf("name %q is longer than %d characters", name, maxName)
	case strings.ContainsFunc(name, func(r rune) bool { return r < ' ' || r == 0x7f || r == utf8.RuneError }):
		return Column{}, fmt.Errorf("name %q has control characters", name)
	}
	kind, argument, _ := strings.Cut(source, ":")
	argument = strings.TrimSpace(argument)
	switch {
	case source == "request-uri":
		return Column{Name: name}, nil
	case kind != "header":
		return Column{}, fmt.Errorf("source %q of %q is none", source, name)
	case !isToken(argument):
		return Column{}, fmt.Errorf("%q is no header name", argument)
	}
	return Column{Name: name, header: argument, id: sip.LookupHeader(argument)}, nil
}

// isToken reports whether s can be the name of a header (RFC 3261 §25.1).
func isToken(s string) bool {
	for i := range len(s) {
		c := s[i]
		if (c < '0' || c > '9') && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && strings.IndexByte("-.!%*_+`'~", c) < 0 {
			return false
		}
	}
	return s != ""
}

// Set implements pflag.Value for a list of columns: --column may be repeated.
func (s *Set) Set(text string) error {
	c, err := Parse(text)
	if err != nil {
		return err
	}
	for _, other := range *s {
		if other.Name == c.Name {
			return fmt.Errorf("two columns are named %q", c.Name)
		}
	}
	*s = append(*s, c)
	return nil
}

// Type implements pflag.Value.
func (s *Set) Type() string { return "column" }

// String implements pflag.Value.
func (s *Set) String() string {
	var parts []string
	for _, c := range *s {
		parts = append(parts, c.Name)
	}
	return strings.Join(parts, ",")
}
