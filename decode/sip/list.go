package sip

import (
	"iter"
	"strings"
)

// elements splits a list header at its top-level commas: not inside quotes,
// < > or comments (spec §2.3).
type elements struct {
	rest string
	more bool
	// flat is set once a parenthesis was found open to the end of the value:
	// then it was none.
	flat bool
}

func newElements(value string) elements { return elements{rest: value, more: true} }

// next returns the next element, trimmed; it may be empty.
func (e *elements) next() (string, bool) {
	if !e.more {
		return "", false
	}
	element := e.rest
	if i := e.comma(); i >= 0 {
		element, e.rest = e.rest[:i], e.rest[i+1:]
	} else {
		e.more = false
	}
	return trim(element), true
}

// comma finds the first comma at top level, or -1.
func (e *elements) comma() int {
	s := e.rest
	if strings.IndexByte(s, ',') < 0 {
		return -1
	}
	for i := 0; i < len(s); i++ {
		skip := 0
		switch s[i] {
		case ',':
			return i
		case '"':
			skip = quotedEnd(s[i:])
		case '<':
			skip = strings.IndexByte(s[i:], '>')
		case '(':
			skip = e.comment(s[i:])
		}
		if skip < 0 {
			return -1
		}
		i += skip
	}
	return -1
}

// comment returns the offset of the parenthesis that closes the one at the
// start of s, or 0 when there is none.
func (e *elements) comment(s string) int {
	if e.flat {
		return 0
	}
	depth := 0
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				return i
			}
		case '\\':
			i++
		}
	}
	e.flat = true
	return 0
}

// Values walks the values of all headers with this ID in order, unfolded. A
// header that may be a list (spec §2.3) is split into its elements; empty
// elements are left out.
func (m *Message) Values(id HeaderID) iter.Seq[string] {
	return func(yield func(string) bool) {
		for i := range m.Headers {
			if m.Headers[i].ID == id && !m.Headers[i].each(yield) {
				return
			}
		}
	}
}

// each yields the elements of one header and reports whether to go on.
func (h *Header) each(yield func(string) bool) bool {
	if h.ID >= headerCount || !headerTable[h.ID].list {
		return yield(Unfold(h.Value))
	}
	for e := newElements(h.Value); ; {
		element, ok := e.next()
		if !ok {
			return true
		}
		if element != "" && !yield(Unfold(element)) {
			return false
		}
	}
}

// Addresses is Values read as addresses: Contact, Route, Record-Route, Path,
// P-Asserted-Identity and their like.
func (m *Message) Addresses(id HeaderID) iter.Seq[Address] {
	return func(yield func(Address) bool) {
		for value := range m.Values(id) {
			if !yield(ParseAddress(value)) {
				return
			}
		}
	}
}
