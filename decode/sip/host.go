package sip

import (
	"net/netip"
	"strings"
)

// A fault is what a value decoder found wrong; the caller knows which header
// it stands in and gives the finding its name.
type fault uint32

const (
	faultSyntax   fault = 1 << iota // an empty parameter, text where none may be, no URI
	faultQuote                      // a quote that nobody closes
	faultAngle                      // a < that nobody closes
	faultDisplay                    // a display name that needs quotes
	faultSpace                      // white space inside a URI
	faultBrackets                   // an addr-spec with ',' or '?' needs < >
	faultScheme                     // no URI scheme
	faultHost                       // no host, or a port that is none
	faultVersion                    // a protocol other than SIP/2.0
	faultExpires                    // an expires parameter out of range

	faultIPv6Bare   // IPv6 without brackets
	faultIPv6Port   // the last group looks like a port: [2001:db8::10:5070]
	faultIPv6Zone   // a zone
	faultIPv6Triple // ":::" of the grammar's own mistake (RFC 5118 §4.10)
)

const faultsIPv6 = faultIPv6Bare | faultIPv6Port | faultIPv6Zone | faultIPv6Triple

// flagIPv6 records the findings about IPv6 addresses.
func (m *Message) flagIPv6(f fault, offset int) {
	if f&faultsIPv6 == 0 {
		return
	}
	if f&faultIPv6Bare != 0 {
		m.flag(ruleIPv6Brackets, offset)
	}
	if f&faultIPv6Port != 0 {
		m.flag(ruleIPv6Port, offset)
	}
	if f&faultIPv6Zone != 0 {
		m.flag(ruleIPv6Zone, offset)
	}
	if f&faultIPv6Triple != 0 {
		m.flag(ruleIPv6Triple, offset)
	}
}

// parseHostPort reads host [":" port]. The host comes without brackets and
// without a zone; the port is 0 when there is none.
func parseHostPort(s string) (host string, port uint16, f fault) {
	if s != "" && s[0] == '[' {
		return parseBracketed(s)
	}
	i := strings.IndexByte(s, ':')
	if i < 0 {
		return s, 0, hostFault(s)
	}
	if strings.IndexByte(s[i+1:], ':') >= 0 && isBareIPv6(s) {
		host, f = splitZone(s)
		return host, 0, f | faultIPv6Bare
	}
	host = trimRight(s[:i])
	port, f = parsePort(trimLeft(s[i+1:]))
	return host, port, f | hostFault(host)
}

// parseBracketed reads "[" IPv6 "]" [":" port].
func parseBracketed(s string) (host string, port uint16, f fault) {
	end := strings.IndexByte(s, ']')
	if end < 0 {
		return s[1:], 0, faultHost
	}
	host, f = splitZone(s[1:end])
	if host == "" {
		f |= faultHost
	}
	rest := trimLeft(s[end+1:])
	switch {
	case rest == "":
		if endsLikePort(host) {
			f |= faultIPv6Port
		}
	case rest[0] == ':':
		var pf fault
		port, pf = parsePort(trimLeft(rest[1:]))
		f |= pf
	default:
		f |= faultHost
	}
	return host, port, f
}

// splitZone drops a zone ("%eth0") and looks for the triple colon.
func splitZone(s string) (host string, f fault) {
	if i := strings.IndexByte(s, '%'); i >= 0 {
		s, f = s[:i], faultIPv6Zone
	}
	if strings.Contains(s, ":::") {
		f |= faultIPv6Triple
	}
	return s, f
}

// isBareIPv6 reports whether s, which holds two colons, could be an IPv6
// address without its brackets.
func isBareIPv6(s string) bool {
	for i := 0; i < len(s); i++ {
		switch b := s[i]; {
		case b == '%':
			return true // a zone may hold anything
		case b != ':' && b != '.' && classes[b]&classHex == 0:
			return false
		}
	}
	return true
}

// endsLikePort reports whether the last group of an IPv6 address reads like a
// SIP port, 5060 to 5099.
func endsLikePort(host string) bool {
	last := host[strings.LastIndexByte(host, ':')+1:]
	return len(last) == 4 && last[:2] == "50" && last[2] >= '6' && last[2] <= '9' && isDigit(last[3])
}

func parsePort(s string) (uint16, fault) {
	n, over, ok := saturated(s, 65535)
	if !ok || over {
		return 0, faultHost
	}
	return uint16(n), 0
}

// hostFault finds what no host name or IPv4 address may hold. It does not
// insist on the letters of RFC 3261 §25.1: underscores are common.
func hostFault(host string) fault {
	if host == "" {
		return faultHost
	}
	for i := 0; i < len(host); i++ {
		if b := host[i]; classes[b]&classToken == 0 {
			if b < 0x80 {
				return faultHost
			}
		}
	}
	return 0
}

// ParseHost reads a host that is an IP address, with or without brackets. The
// triple colon is put right, IPv4-mapped IPv6 becomes IPv4 and a zone is
// dropped, so that equal addresses compare equal.
func ParseHost(host string) (netip.Addr, bool) {
	host = strings.TrimSuffix(strings.TrimPrefix(host, "["), "]")
	if host == "" || (!isDigit(host[0]) && strings.IndexByte(host, ':') < 0) {
		return netip.Addr{}, false
	}
	host = strings.Replace(host, ":::", "::", 1)
	addr, err := netip.ParseAddr(host)
	if err != nil {
		return netip.Addr{}, false
	}
	return addr.WithZone("").Unmap(), true
}
