package sip

// Classes of octets (RFC 3261 §25.1).
const (
	classToken uint8 = 1 << iota
	classLWS         // SP, HTAB and the line breaks of folded headers
	classDigit
	classScheme // what a URI scheme is made of
	classHex
	classLower // lower-case letters
)

var classes = buildClasses()

func buildClasses() (c [256]uint8) {
	for b := 'a'; b <= 'z'; b++ {
		c[b] |= classToken | classScheme | classLower
		c[b-'a'+'A'] |= classToken | classScheme
	}
	for b := '0'; b <= '9'; b++ {
		c[b] |= classToken | classScheme | classDigit | classHex
	}
	for _, b := range "abcdefABCDEF" {
		c[b] |= classHex
	}
	for _, b := range "-.!%*_+`'~" {
		c[b] |= classToken
	}
	for _, b := range "+-." {
		c[b] |= classScheme
	}
	for _, b := range " \t\r\n" {
		c[b] |= classLWS
	}
	return c
}

func isLWS(b byte) bool   { return classes[b]&classLWS != 0 }
func isDigit(b byte) bool { return classes[b]&classDigit != 0 }

// span returns how many octets at the start of s are of the class.
func span(s string, class uint8) int {
	i := 0
	for i < len(s) && classes[s[i]]&class != 0 {
		i++
	}
	return i
}

// only reports whether s is not empty and all of the class.
func only(s string, class uint8) bool { return s != "" && span(s, class) == len(s) }

// trimLeft, trimRight and trim remove linear white space.
func trimLeft(s string) string {
	for s != "" && isLWS(s[0]) {
		s = s[1:]
	}
	return s
}

func trimRight(s string) string {
	for s != "" && isLWS(s[len(s)-1]) {
		s = s[:len(s)-1]
	}
	return s
}

func trim(s string) string { return trimLeft(trimRight(s)) }

// indexLWS returns the offset of the first white space, or -1.
func indexLWS(s string) int {
	for i := 0; i < len(s); i++ {
		if isLWS(s[i]) {
			return i
		}
	}
	return -1
}

// fold maps an ASCII letter to lower case.
func fold(b byte) byte {
	if b-'A' < 26 {
		return b | 0x20
	}
	return b
}

// equalFold compares without regard to the case of ASCII letters, as SIP
// does; other octets must be equal.
func equalFold(a, b string) bool {
	if len(a) != len(b) {
		return false
	}
	if a == b {
		return true
	}
	for i := 0; i < len(a); i++ {
		if a[i] != b[i] && fold(a[i]) != fold(b[i]) {
			return false
		}
	}
	return true
}

// saturated reads decimal digits; what is larger than limit becomes limit and
// over is set. ok is false unless s is digits only.
func saturated(s string, limit uint64) (n uint64, over, ok bool) {
	if s == "" {
		return 0, false, false
	}
	for i := 0; i < len(s); i++ {
		d := s[i] - '0'
		if d > 9 {
			return 0, false, false
		}
		if n = n*10 + uint64(d); n > limit {
			n, over = limit, true
		}
	}
	return n, over, true
}
