package filter

import "strings"

// A scanner reads the text of a filter by octets. What has a meaning in the
// language is ASCII; everything else is text.
type scanner struct {
	text string
	pos  int
}

func (s *scanner) rest() string { return s.text[s.pos:] }
func (s *scanner) atEnd() bool  { return s.pos >= len(s.text) }

// next is the octet to be read, 0 at the end.
func (s *scanner) next() byte {
	if s.atEnd() {
		return 0
	}
	return s.text[s.pos]
}

func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

func isLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func (s *scanner) skipSpace() {
	for !s.atEnd() && isSpace(s.next()) {
		s.pos++
	}
}

// ended reports whether what was read stands alone: the text ends here, or
// something begins that cannot be part of it.
func (s *scanner) ended() bool {
	return s.atEnd() || isSpace(s.next()) || s.next() == ')' || s.next() == '|'
}

// keyword reads "and", "or" or "not" when it stands alone.
func (s *scanner) keyword(name string) bool {
	end := s.pos + len(name)
	if end > len(s.text) || !strings.EqualFold(s.text[s.pos:end], name) {
		return false
	}
	after := scanner{s.text, end}
	if !after.ended() && after.next() != '(' {
		return false
	}
	s.pos = end
	return true
}

// identifier reads a letter and the letters, digits, "-", "_" and "." behind
// it: a field is spelled so, a header with its name.
func (s *scanner) identifier() string {
	start := s.pos
	if !isLetter(s.next()) {
		return ""
	}
	for !s.atEnd() {
		c := s.next()
		if !isLetter(c) && !isDigit(c) && c != '-' && c != '_' && c != '.' {
			break
		}
		s.pos++
	}
	return s.text[start:s.pos]
}

// bare reads text without quotes. Parentheses that belong together are part
// of it; it ends at white space, at one of the octets in stop, and at a
// parenthesis that closes one in front of it.
func (s *scanner) bare(stop string) string {
	start, depth := s.pos, 0
	for !s.atEnd() {
		c := s.next()
		if isSpace(c) || c == ')' && depth == 0 || depth == 0 && strings.IndexByte(stop, c) >= 0 {
			break
		}
		switch c {
		case '(':
			depth++
		case ')':
			depth--
		}
		s.pos++
	}
	return s.text[start:s.pos]
}

// quoted reads text in quotes, where \ takes the meaning from " and \.
func (s *scanner) quoted() (string, error) {
	start := s.pos
	s.pos++
	var b strings.Builder
	for !s.atEnd() {
		c := s.next()
		s.pos++
		switch {
		case c == '"':
			return b.String(), nil
		case c == '\\' && (s.next() == '"' || s.next() == '\\'):
			c = s.next()
			s.pos++
		}
		b.WriteByte(c)
	}
	return "", unfinished(start, `missing the closing " of %s`, s.text[start:])
}

// pattern reads a regular expression, between slashes or bare. \/ is a slash.
func (s *scanner) pattern() (string, error) {
	if s.next() != '/' {
		return unslash(s.bare("")), nil
	}
	start := s.pos
	for s.pos++; !s.atEnd(); s.pos++ {
		switch s.next() {
		case '\\':
			s.pos++
		case '/':
			s.pos++
			return unslash(s.text[start+1 : s.pos-1]), nil
		}
	}
	s.pos = len(s.text)
	return "", unfinished(start, `missing the closing / of %s`, s.text[start:])
}

// unslash takes the backslash from escaped slashes.
func unslash(pattern string) string {
	if !strings.Contains(pattern, `\/`) {
		return pattern
	}
	var b strings.Builder
	for i := 0; i < len(pattern); i++ {
		if pattern[i] == '\\' && i+1 < len(pattern) {
			i++
			if pattern[i] != '/' {
				b.WriteByte('\\')
			}
		}
		b.WriteByte(pattern[i])
	}
	return b.String()
}
