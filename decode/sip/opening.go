package sip

import "bytes"

// maxOpening is how many octets a start line may have, terminator included,
// before it is no longer taken for one.
const maxOpening = 8192

// A verdict is the answer of a scan over octets that may still be arriving.
type verdict uint8

const (
	no   verdict = iota
	yes          // recognised
	more         // undecided: it depends on octets that have not come yet
)

// An opening is a start line (RFC 3261 §7.1, §7.2) recognised in octets of
// unknown kind, before anything is parsed.
type opening struct {
	end   int // octets including the terminator
	score int // what it says for being SIP (spec §1.6)
}

// scanOpening looks for a start line at the first octet of b. Once it has
// said yes or no, further octets do not change the answer. With whole set
// nothing follows b, and its end also ends the line.
func scanOpening(b []byte, whole bool) (opening, verdict) {
	if len(b) == 0 {
		return opening{}, more
	}
	if !isToken(b[0]) {
		return opening{}, no
	}
	switch matchFold(b, "SIP/") {
	case more:
		return opening{}, more
	case yes:
		return scanResponse(b, whole)
	}
	return scanRequest(b, whole)
}

// scanResponse reads "SIP/" digits "." digits, white space and three or more
// digits of a status; the reason phrase is optional.
func scanResponse(b []byte, whole bool) (opening, verdict) {
	end, v := openingEnd(b, whole)
	if v != yes {
		return opening{}, v
	}
	line := b[:end]
	version, exact := versionAt(line)
	digits := skipSpace(line, version)
	after := skipDigits(line, digits)
	if version == 0 || digits == version || after-digits < 3 || after < end && !endsToken(line[after]) {
		return opening{}, no
	}
	known := after-digits == 3 && line[digits] >= '1' && line[digits] <= '6'
	return opening{end: end, score: openingScore(known, exact)}, yes
}

// scanRequest reads a method token, white space, anything that is not a line
// end, white space and a SIP version with nothing but white space behind it.
// Several spaces, and spaces inside the Request-URI, are let pass
// (RFC 4475 §3.1.2.8, §3.1.2.9).
func scanRequest(b []byte, whole bool) (opening, verdict) {
	n := tokenLength(b, maxMethod+1)
	if n > maxMethod || n < len(b) && !isSpace(b[n]) {
		return opening{}, no
	}
	end, v := openingEnd(b, whole)
	if v != yes {
		return opening{}, v
	}
	line := trimSpaceRight(trimLineEnd(b[:end]))
	at := bytes.LastIndexAny(line, " \t") + 1
	version, exact := versionAt(line[at:])
	noTarget := len(trimSpaceRight(line[:at])) <= skipSpace(line, n)
	if version == 0 || version != len(line)-at || noTarget || bytes.IndexByte(line, '\r') >= 0 {
		return opening{}, no
	}
	known := n < 16 && knownMethodFold(string(b[:n])) // in lower case it is wrong, but SIP
	return opening{end: end, score: openingScore(known, exact)}, yes
}

// openingScore adds up what a start line says for being SIP.
func openingScore(known, exactVersion bool) int {
	score := 0
	if known {
		score += scoreKnown
	}
	if exactVersion {
		score += scoreVersion
	}
	return score
}

// versionAt returns the length of the "SIP/" digits "." digits at the start
// of b, in either case, and whether the number is 2.0. Without a version the
// length is 0.
func versionAt(b []byte) (n int, exact bool) {
	if matchFold(b, "SIP/") != yes {
		return 0, false
	}
	dot := skipDigits(b, 4)
	if dot == 4 || dot == len(b) || b[dot] != '.' {
		return 0, false
	}
	end := skipDigits(b, dot+1)
	if end == dot+1 {
		return 0, false
	}
	return end, string(b[4:end]) == "2.0"
}

// openingEnd returns the length of the first line of b with its terminator:
// LF, CRLF, or in a whole datagram also a bare CR or the end.
func openingEnd(b []byte, whole bool) (int, verdict) {
	window := b[:min(len(b), maxOpening)]
	lf := bytes.IndexByte(window, '\n')
	if whole {
		if cr := bytes.IndexByte(window, '\r'); cr >= 0 && (lf < 0 || cr < lf-1) {
			return cr + 1, yes
		}
	}
	switch {
	case lf >= 0:
		return lf + 1, yes
	case len(window) == maxOpening:
		return 0, no
	case whole:
		return len(b), yes
	}
	return 0, more
}

// tokenLength counts the token octets at the start of b, at most limit.
func tokenLength(b []byte, limit int) int {
	n := 0
	for n < len(b) && n < limit && isToken(b[n]) {
		n++
	}
	return n
}

func isSpace(c byte) bool   { return c == ' ' || c == '\t' }
func isToken(c byte) bool   { return classes[c]&classToken != 0 }
func endsToken(c byte) bool { return isSpace(c) || c == '\r' || c == '\n' }

func skipSpace(b []byte, i int) int {
	for i < len(b) && isSpace(b[i]) {
		i++
	}
	return i
}

func skipDigits(b []byte, i int) int {
	for i < len(b) && isDigit(b[i]) {
		i++
	}
	return i
}

func trimSpaceRight(b []byte) []byte {
	for len(b) > 0 && isSpace(b[len(b)-1]) {
		b = b[:len(b)-1]
	}
	return b
}

func trimLineEnd(b []byte) []byte {
	for len(b) > 0 && (b[len(b)-1] == '\n' || b[len(b)-1] == '\r') {
		b = b[:len(b)-1]
	}
	return b
}

// matchFold compares the start of b with upper, whose letters are upper
// case; more when b is too short to tell.
func matchFold(b []byte, upper string) verdict {
	for i := 0; i < len(upper); i++ {
		if i == len(b) {
			return more
		}
		if c := b[i]; c != upper[i] && !(c >= 'a' && c <= 'z' && c-('a'-'A') == upper[i]) {
			return no
		}
	}
	return yes
}
