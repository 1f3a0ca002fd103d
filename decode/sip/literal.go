package sip

import (
	"net/netip"
	"strings"
)

// ContactLiteral is the address in a line of a Contact where that is written as
// one, at the place of the host. It is quick and not exact: invalid means that
// there is a name, or that one has to look closer.
func ContactLiteral(value string) netip.Addr {
	if _, host, found := strings.Cut(value, "@"); found {
		return literal(host)
	}
	_, host, _ := strings.Cut(value, "sip:")
	return literal(host)
}

// ViaLiteral is the same for a Via.
func ViaLiteral(value string) netip.Addr {
	if rest, found := strings.CutPrefix(value, "SIP/2.0/"); found {
		_, value, _ = strings.Cut(rest, " ")
	}
	return literal(strings.TrimLeft(value, " "))
}

// literal is the address at the beginning of a text.
func literal(text string) netip.Addr {
	if strings.HasPrefix(text, "[") {
		host, _, _ := strings.Cut(text[1:], "]")
		a, _ := netip.ParseAddr(host)
		return a
	}
	end := 0
	for end < len(text) && (text[end] == '.' || text[end] >= '0' && text[end] <= '9') {
		end++
	}
	if end < len("1.1.1.1") {
		return netip.Addr{}
	}
	a, _ := netip.ParseAddr(text[:end])
	return a
}
