package sip

import "strings"

// lines walks the lines of the header block. A line ends with CRLF; a bare LF,
// a bare CR and several CR in front of an LF are taken as line ends too.
type lines struct {
	s   string
	pos int // start of the next line
	lf  int // offset of the first LF at or after pos, len(s) when there is none

	odd  bool // the line just read did not end with exactly CRLF
	open bool // the line just read had no end at all
}

func newLines(s string, pos int) lines {
	l := lines{s: s, pos: pos}
	l.findLF()
	return l
}

func (l *lines) findLF() {
	if i := strings.IndexByte(l.s[l.pos:], '\n'); i >= 0 {
		l.lf = l.pos + i
	} else {
		l.lf = len(l.s)
	}
}

// next returns the bounds of the next line without its end.
func (l *lines) next() (start, end int, ok bool) {
	if l.pos >= len(l.s) {
		return 0, 0, false
	}
	if l.lf < l.pos {
		l.findLF()
	}
	start, end = l.pos, l.lf
	l.open = end == len(l.s)
	l.pos = min(end+1, len(l.s))
	if end > start && !l.open && l.s[end-1] == '\r' {
		end--
		if strings.IndexByte(l.s[start:end], '\r') < 0 {
			l.odd = false
			return start, end, true
		}
		end++
	}
	l.odd = true
	return start, l.bareCR(start, end), true
}

// bareCR looks for the CR that ends the line s[start:end] early and returns
// where that is. CRs that reach to the LF are one line end.
func (l *lines) bareCR(start, end int) int {
	i := strings.IndexByte(l.s[start:end], '\r')
	if i < 0 {
		return end
	}
	cr := start + i
	after := cr + 1
	for after < end && l.s[after] == '\r' {
		after++
	}
	if after < end || l.open {
		l.pos, l.open = cr+1, false
	}
	return cr
}

// folded reports whether the next line continues the one just read.
func (l *lines) folded() bool {
	return l.pos < len(l.s) && (l.s[l.pos] == ' ' || l.s[l.pos] == '\t')
}

// Unfold returns a header value with each line break and the white space
// around it replaced by one space (RFC 3261 §7.3.1). A value on one line
// is returned as it is.
func Unfold(value string) string {
	if !strings.ContainsAny(value, "\r\n") {
		return value
	}
	var b strings.Builder
	b.Grow(len(value))
	for value != "" {
		i := strings.IndexAny(value, "\r\n")
		if i < 0 {
			i = len(value)
		}
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(trimRight(value[:i]))
		value = trimLeft(value[i:])
	}
	return b.String()
}
