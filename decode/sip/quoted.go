package sip

import "strings"

// quotedEnd returns the offset of the quote that closes the quoted-string at
// the start of s (RFC 3261 §25.1), or -1. A backslash escapes any octet.
func quotedEnd(s string) int {
	for i := 1; i < len(s); i++ {
		switch s[i] {
		case '"':
			return i
		case '\\':
			i++
		}
	}
	return -1
}

// Unquote removes the quotes around a quoted-string, its escapes and its line
// folds. Anything else is returned as it is.
func Unquote(s string) string {
	if len(s) < 2 || s[0] != '"' || s[len(s)-1] != '"' {
		return s
	}
	return unescape(s[1 : len(s)-1])
}

// unescape undoes the escapes and folds of the inside of a quoted-string.
func unescape(s string) string {
	s = Unfold(s)
	i := strings.IndexByte(s, '\\')
	if i < 0 {
		return s
	}
	b := make([]byte, 0, len(s))
	for i >= 0 && i+1 < len(s) {
		b = append(b, s[:i]...)
		b = append(b, s[i+1])
		s = s[i+2:]
		i = strings.IndexByte(s, '\\')
	}
	return string(append(b, s...))
}
