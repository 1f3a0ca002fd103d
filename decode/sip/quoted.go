package sip

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
	i := 0
	for i < len(s) && s[i] != '\\' && s[i] != '\r' && s[i] != '\n' {
		i++
	}
	if i == len(s) {
		return s
	}
	s = Unfold(s)
	b := make([]byte, 0, len(s))
	for i = 0; i < len(s); i++ {
		if s[i] == '\\' && i+1 < len(s) {
			i++
		}
		b = append(b, s[i])
	}
	return string(b)
}
