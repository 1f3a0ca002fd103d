package roster

import (
	"net/netip"
	"strconv"
	"strings"

	"sipsniff/decode/sip"
)

// address is what tells parties apart: user and host of a URI, the host in
// lower case, without parameters and without a port that is the default.
func address(uri string) string {
	u := sip.ParseURI(uri)
	switch {
	case u.Opaque != "":
		return uri
	case u.Host == "": // tel
		if n := u.Number(); n != "" {
			return n
		}
		return u.User
	}
	a := strings.ToLower(u.Host)
	if u.Port != 0 && u.Port != 5060 {
		a += ":" + strconv.Itoa(int(u.Port))
	}
	if u.User != "" {
		a = u.User + "@" + a
	}
	return a
}

// seconds is the number in a header, -1 when it is absent or none.
func seconds(m *sip.Message, id sip.HeaderID) int64 {
	value, ok := m.Get(id)
	if !ok {
		return -1
	}
	return number(value)
}

// number reads the digits at the start of s, saturated at a lifetime; -1 when
// there are none.
func number(s string) int64 {
	s = strings.TrimSpace(s)
	n, digits := int64(0), 0
	for digits < len(s) && s[digits] >= '0' && s[digits] <= '9' {
		n = min(n*10+int64(s[digits]-'0'), 1<<31-1)
		digits++
	}
	if digits == 0 {
		return -1
	}
	return n
}

// text is a header's value, "" when it is absent.
func text(m *sip.Message, id sip.HeaderID) string {
	value, _ := m.Get(id)
	return strings.TrimSpace(value)
}

// carrierNAT is 100.64.0.0/10 (RFC 6598).
var carrierNAT = netip.AddrFrom4([4]byte{100, 64, 0, 0})

// private reports whether an address means nothing outside of its own network
// (spec appendix D).
func private(a netip.Addr) bool {
	a = a.Unmap()
	return a.IsPrivate() || a.IsLinkLocalUnicast() || a.IsLoopback() ||
		a.Is4() && netip.PrefixFrom(carrierNAT, 10).Contains(a)
}
