package sip

import (
	"math/bits"
	"strings"
)

// lines walks the lines of the header block. A line ends with CRLF; a bare LF,
// a bare CR and several CR in front of an LF are taken as line ends too.
type lines struct {
	s      string
	pos    int // start of the next line
	binary int // offset of the first NUL or octet above 0x7f that was passed, -1 when there was none

	odd  bool // the line just read did not end with exactly CRLF
	open bool // the line just read had no end at all
}

func newLines(s string, pos int) lines { return lines{s: s, pos: pos, binary: -1} }

// next returns the bounds of the next line without its end.
func (l *lines) next() (start, end int, ok bool) {
	start = l.pos
	if start >= len(l.s) {
		return 0, 0, false
	}
	end = l.lineEnd()
	if end+1 < len(l.s) && l.s[end] == '\r' && l.s[end+1] == '\n' {
		l.pos = end + 2
		l.odd, l.open = false, false
		return start, end, true
	}
	l.oddEnd(end)
	return start, end, true
}

// oddEnd steps over a line end at that offset which is not CRLF, or over none.
func (l *lines) oddEnd(end int) {
	l.odd, l.open = true, end == len(l.s)
	l.pos = min(end+1, len(l.s))
	if l.open || l.s[end] == '\n' {
		return
	}
	lf := end
	for lf < len(l.s) && l.s[lf] == '\r' {
		lf++
	}
	if lf < len(l.s) && l.s[lf] == '\n' {
		l.pos = lf + 1
	}
}

// lineEnd returns the offset of the next CR or LF, or the length of the text.
func (l *lines) lineEnd() int {
	i := l.pos
	for {
		i = indexSpecial(l.s, i)
		if i == len(l.s) {
			return i
		}
		switch b := l.s[i]; {
		case b == '\r' || b == '\n':
			return i
		case l.binary < 0 && (b == 0 || b >= 0x80):
			l.binary = i
		}
		i++
	}
}

// indexSpecial returns the offset of the first octet at or after i that is a
// control character or above 0x7f, or len(s). It looks at eight at a time.
func indexSpecial(s string, i int) int {
	const ones, tops = 0x0101010101010101, 0x8080808080808080
	for rest := s[i:]; len(rest) >= 8; rest = rest[8:] {
		w := uint64(rest[0]) | uint64(rest[1])<<8 | uint64(rest[2])<<16 | uint64(rest[3])<<24 |
			uint64(rest[4])<<32 | uint64(rest[5])<<40 | uint64(rest[6])<<48 | uint64(rest[7])<<56
		// The top bit of an octet is set when it was set in w or when taking
		// 0x20 away borrowed. A borrow can spoil the octets behind the first
		// hit only.
		if hit := (w | (w - 0x20*ones)) & tops; hit != 0 {
			return i + bits.TrailingZeros64(hit)/8
		}
		i += 8
	}
	for i < len(s) && s[i] >= 0x20 && s[i] < 0x80 {
		i++
	}
	return i
}

// folded reports whether the next line continues the one just read.
func (l *lines) folded() bool {
	return l.pos < len(l.s) && (l.s[l.pos] == ' ' || l.s[l.pos] == '\t')
}

// Unfold returns a header value with each line break and the white space
// around it replaced by one space (RFC 3261 §7.3.1). A value on one line
// is returned as it is.
func Unfold(value string) string {
	if strings.IndexByte(value, '\n') < 0 && strings.IndexByte(value, '\r') < 0 {
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
