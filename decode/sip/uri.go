package sip

import (
	"net/netip"
	"strings"
)

// A URI is a SIP, SIPS or tel URI in its parts (RFC 3261 §19.1, RFC 3966), or
// any other URI as scheme and opaque rest. The parts keep their escapes; all
// are substrings of the URI.
type URI struct {
	Scheme   string // as on the wire; "" when there is none
	User     string // of a tel URI: the number
	Password string
	Host     string // without brackets and zone
	Port     uint16 // 0 when absent
	Params   string // without the leading ';'
	Headers  string // without the '?'
	Opaque   string // what follows the scheme of any other URI
}

// ParseURI reads as much of a URI as can be understood.
func ParseURI(s string) URI {
	u, _ := parseURI(trim(s))
	return u
}

func parseURI(s string) (u URI, f fault) {
	rest := s
	if n := schemeLength(s); n > 0 {
		u.Scheme, rest = s[:n], s[n+1:]
	} else {
		f |= faultScheme
	}
	switch {
	case u.Scheme == "" || equalFold(u.Scheme, "sip") || equalFold(u.Scheme, "sips"):
		return u, f | u.parseSIP(rest)
	case equalFold(u.Scheme, "tel"):
		u.User, u.Params, _ = strings.Cut(rest, ";")
	default:
		u.Opaque = rest
	}
	return u, f
}

// schemeLength returns the length of the scheme in front of the first colon,
// or 0.
func schemeLength(s string) int {
	n := span(s, classScheme)
	if n == 0 || n == len(s) || s[n] != ':' || isDigit(s[0]) {
		return 0
	}
	return n
}

// parseSIP reads what follows "sip:".
func (u *URI) parseSIP(s string) fault {
	if at := userEnd(s); at >= 0 {
		u.User, u.Password, _ = strings.Cut(s[:at], ":")
		s = s[at+1:]
	}
	end := strings.IndexByte(s, ';')
	if end < 0 {
		end = len(s)
	}
	if q := strings.IndexByte(s, '?'); q >= 0 {
		u.Headers = s[q+1:]
		s, end = s[:q], min(end, q)
	}
	if end < len(s) {
		u.Params = s[end+1:]
	}
	var f fault
	u.Host, u.Port, f = parseHostPort(trim(s[:end]))
	return f
}

// userEnd finds the '@' that ends the user part, or -1. It is the last one,
// for a careless user part may hold another; but not one of a headers part
// behind the host that forgot to escape it.
func userEnd(s string) int {
	first := strings.IndexByte(s, '@')
	if first < 0 {
		return -1
	}
	if indexFrom(s, first+1, '@') < 0 {
		return first
	}
	last := strings.LastIndexByte(s, '@')
	if q := indexFrom(s, first, '?'); q >= 0 && q < last {
		return strings.LastIndexByte(s[:q], '@')
	}
	return last
}

// Param returns the value of a URI parameter, its escapes kept.
func (u URI) Param(name string) (value string, ok bool) {
	return ParamOf(u.Params, name)
}

// Header returns the value of a header in the headers part, its escapes undone.
func (u URI) Header(name string) (value string, ok bool) {
	for rest := u.Headers; rest != ""; {
		var field string
		field, rest, _ = strings.Cut(rest, "&")
		if n, v, _ := strings.Cut(field, "="); equalFold(n, name) {
			return percentDecode(v), true
		}
	}
	return "", false
}

// Addr returns the host when it is an IP address, normalised as ParseHost does.
func (u URI) Addr() (netip.Addr, bool) { return ParseHost(u.Host) }

// DisplayUser returns the user part for people: escapes undone, control
// characters and NUL shown as "\x00". Two different users can look the same,
// so it is for nothing but display (RFC 4475 §3.1.1.4).
func (u URI) DisplayUser() string { return Printable(percentDecode(u.User)) }

// Number returns the digits of a tel URI or of a telephone number in the user
// part, with the leading '+' if it has one and without visual separators
// (RFC 3966 §5.1.1); "" when it is no number.
func (u URI) Number() string {
	number, _, _ := strings.Cut(u.User, ";")
	var b strings.Builder
	for i := 0; i < len(number); i++ {
		switch c := number[i]; {
		case isDigit(c) || c == '*' || c == '#' || (c == '+' && i == 0):
			b.WriteByte(c)
		case strings.IndexByte("-.() ", c) < 0:
			return ""
		}
	}
	return b.String()
}

// percentDecode undoes %HH; a '%' without two hexadecimal digits stays.
func percentDecode(s string) string {
	i := strings.IndexByte(s, '%')
	if i < 0 {
		return s
	}
	b := make([]byte, 0, len(s))
	b = append(b, s[:i]...)
	for ; i < len(s); i++ {
		if s[i] == '%' && i+2 < len(s) && only(s[i+1:i+3], classHex) {
			b = append(b, unhex(s[i+1])<<4|unhex(s[i+2]))
			i += 2
			continue
		}
		b = append(b, s[i])
	}
	return string(b)
}

// unhex returns the value of a hexadecimal digit.
func unhex(b byte) byte {
	if isDigit(b) {
		return b - '0'
	}
	return fold(b) - 'a' + 10
}

// Printable shows control characters as "\x07", so that text off the wire
// cannot play with a terminal.
func Printable(s string) string {
	const hex = "0123456789abcdef"
	control := func(b byte) bool { return b < 0x20 || b == 0x7f }
	i := 0
	for i < len(s) && !control(s[i]) {
		i++
	}
	if i == len(s) {
		return s
	}
	b := append(make([]byte, 0, len(s)+12), s[:i]...)
	for ; i < len(s); i++ {
		if control(s[i]) {
			b = append(b, '\\', 'x', hex[s[i]>>4], hex[s[i]&15])
		} else {
			b = append(b, s[i])
		}
	}
	return string(b)
}
