package sip

import "bytes"

// maxLengths is how many different Content-Length values of one message are
// tried.
const maxLengths = 4

// A lengthList holds the different usable Content-Length values of a header
// block in their order.
type lengthList struct {
	values   [maxLengths]int
	n        int
	tooLarge bool // there was one above maxBody
}

// first is the length that counts: 0 when no header gives one, as if the
// message had no body.
func (l *lengthList) first() int { return l.values[0] }

func (l *lengthList) add(n int) {
	if n > maxBody {
		l.tooLarge = true
		return
	}
	for _, v := range l.values[:l.n] {
		if v == n {
			return
		}
	}
	if l.n < maxLengths {
		l.values[l.n] = n
		l.n++
	}
}

// contentLengths reads every Content-Length of a header block, in the long or
// the compact form (RFC 3261 §20.14). Values that are not numbers are passed over.
func contentLengths(b []byte) lengthList {
	var l lengthList
	for len(b) > 0 {
		line, rest := cutLine(b)
		b = rest
		value, ok := contentLengthValue(line)
		if !ok {
			continue
		}
		// The value may stand on a continuation line (RFC 3261 §7.3.1).
		for len(value) == 0 && len(b) > 0 && isSpace(b[0]) {
			line, b = cutLine(b)
			value = trimSpace(line)
		}
		if n, ok := leadingNumber(value); ok {
			l.add(n)
		}
	}
	return l
}

// cutLine splits b behind its first LF; the line comes without terminator.
func cutLine(b []byte) (line, rest []byte) {
	lf := bytes.IndexByte(b, '\n')
	if lf < 0 {
		return b, nil
	}
	return trimLineEnd(b[:lf]), b[lf+1:]
}

func contentLengthValue(line []byte) (value []byte, ok bool) {
	if len(line) == 0 || line[0]|0x20 != 'l' && line[0]|0x20 != 'c' {
		return nil, false
	}
	colon := bytes.IndexByte(line, ':')
	if colon < 0 {
		return nil, false
	}
	name := trimSpaceRight(line[:colon])
	if len(name) != 1 || name[0]|0x20 != 'l' {
		const full = "CONTENT-LENGTH"
		if len(name) != len(full) || matchFold(name, full) != yes {
			return nil, false
		}
	}
	return trimSpace(line[colon+1:]), true
}

func trimSpace(b []byte) []byte { return trimSpaceRight(b[skipSpace(b, 0):]) }

// leadingNumber reads the digits at the start of b. What is larger than any
// acceptable body stays larger.
func leadingNumber(b []byte) (n int, ok bool) {
	end := skipDigits(b, 0)
	for _, c := range b[:end] {
		n = min(n*10+int(c-'0'), maxBody+1)
	}
	return n, end > 0
}
