package sip

import "strings"

const version2 = "SIP/2.0"

// maxMethod bounds the length of a method (spec §1.6).
const maxMethod = 64

// startLine reads a request line or a status line (RFC 3261 §7.1, §7.2) and
// reports whether the line is one of them.
func (m *Message) startLine(line string, offset int) bool {
	if n := versionLength(line); n > 0 {
		return m.statusLine(line, n, offset)
	}
	return m.requestLine(line, offset)
}

// versionLength returns how long the SIP-Version at the start of s is: "SIP",
// a slash, digits, a dot, digits; 0 when there is none.
func versionLength(s string) int {
	if strings.HasPrefix(s, version2) && (len(s) == len(version2) || !isDigit(s[len(version2)])) {
		return len(version2)
	}
	if len(s) < 5 || !equalFold(s[:4], "SIP/") {
		return 0
	}
	major := span(s[4:], classDigit)
	dot := 4 + major
	if major == 0 || dot >= len(s) || s[dot] != '.' {
		return 0
	}
	minor := span(s[dot+1:], classDigit)
	if minor == 0 {
		return 0
	}
	return dot + 1 + minor
}

// setVersion keeps the SIP-Version and remarks on all but "SIP/2.0".
func (m *Message) setVersion(v string, offset int) {
	m.Version = v
	switch {
	case v == version2:
	case equalFold(v, version2):
		m.flag(ruleCase, offset)
	default:
		m.flag(ruleVersion, offset)
	}
}

// requestLine reads "Method SP Request-URI SP SIP-Version".
func (m *Message) requestLine(line string, offset int) bool {
	n := span(line, classToken)
	if n == 0 || n > maxMethod || n == len(line) || !isLWS(line[n]) {
		return false
	}
	text := trimRight(line)
	at := lastVersion(text, n)
	if at < 0 {
		return false
	}
	m.Method = line[:n]
	m.setVersion(text[at:], offset+at)
	m.checkMethod(offset)
	m.requestURI(line[n:max(at-1, n)], offset+n)
	if len(text) < len(line) || text[at-1] != ' ' {
		m.flag(ruleStartLineSpace, offset+at-1)
	}
	return true
}

// lastVersion finds the SIP-Version that ends the line, with white space in
// front of it, at or after the octet from. It returns -1 when there is none.
func lastVersion(line string, from int) int {
	i := len(line)
	for i > from && !isLWS(line[i-1]) {
		i--
	}
	if i == from || versionLength(line[i:]) != len(line)-i {
		return -1
	}
	return i
}

func (m *Message) checkMethod(offset int) {
	if KnownMethod(m.Method) {
		return
	}
	if knownMethodFold(m.Method) {
		m.flag(ruleCase, offset)
		return
	}
	m.flag(ruleUnknownMethod, offset)
}

// requestURI takes what stands between the method and the last space: a space
// and the URI.
func (m *Message) requestURI(s string, offset int) {
	uri := trim(s)
	if uri == "" {
		m.flag(ruleRequestURI, offset)
		return
	}
	if len(s) != len(uri)+1 || s[0] != ' ' {
		m.flag(ruleStartLineSpace, offset)
	}
	if uri[0] == '<' {
		m.flag(ruleRequestURI, offset)
		uri = trim(strings.TrimSuffix(uri[1:], ">"))
	}
	m.RequestURI = uri
	m.checkRequestURI(uri, offset+1)
}

func (m *Message) checkRequestURI(uri string, offset int) {
	u, f := parseURI(uri)
	if f&(faultHost|faultScheme) != 0 || indexLWS(uri) >= 0 {
		m.flag(ruleRequestURI, offset)
	}
	if u.Headers != "" {
		m.flag(ruleRequestURIHeader, offset)
	}
	m.flagIPv6(f, offset)
}

// statusLine reads "SIP-Version SP Status-Code SP Reason-Phrase"; the version
// is the first n octets.
func (m *Message) statusLine(line string, n, offset int) bool {
	rest := trimLeft(line[n:])
	at := len(line) - len(rest)
	digits := span(rest, classDigit)
	after := rest[digits:]
	if at == n || digits == 0 || (after != "" && !isLWS(after[0])) {
		return false
	}
	m.setVersion(line[:n], offset)
	if at != n+1 || line[n] != ' ' {
		m.flag(ruleStartLineSpace, offset+n)
	}
	if after == "" {
		m.flag(ruleReasonSpace, offset+at+digits)
	}
	m.StatusText = rest[:digits]
	m.Reason = trim(after)
	m.setStatus(offset + at)
	return true
}

// setStatus turns three digits into a number. Longer ones stay text, lest
// 4294967301 becomes 5 (RFC 4475 §3.1.2.19).
func (m *Message) setStatus(offset int) {
	n, _, _ := saturated(m.StatusText, 1<<31)
	if len(m.StatusText) == 3 && n >= 100 && n <= 699 {
		m.StatusCode = int(n)
		return
	}
	m.flag(ruleStatusCode, offset)
}
