package sdp

import (
	"net/netip"
	"strconv"
	"strings"
)

// connectionAddress reads the value of a c= line. A host name gives an
// invalid address and is right; only what is neither is not.
func connectionAddress(value string) (addr netip.Addr, ok bool) {
	network, rest := field(value)
	family, rest := field(rest)
	host, _ := field(rest)
	if host == "" || !strings.EqualFold(network, "IN") || !strings.HasPrefix(strings.ToUpper(family), "IP") {
		return netip.Addr{}, false
	}
	host, _, _ = strings.Cut(host, "/")
	return address(host), true
}

// address reads a literal address; a name gives an invalid one. Packets have
// neither zones nor IPv4 addresses in IPv6 dress, so both are taken off.
func address(host string) netip.Addr {
	host = strings.TrimSuffix(strings.TrimPrefix(host, "["), "]")
	addr, err := netip.ParseAddr(host)
	if err != nil {
		return netip.Addr{}
	}
	return addr.WithZone("").Unmap()
}

// port reads a port number.
func port(s string) (uint16, bool) {
	n, err := strconv.ParseUint(s, 10, 16)
	return uint16(n), err == nil
}

// controlAddress reads the value of a=rtcp: "port [IN IP4 address]" (RFC 3605 §2.1).
func controlAddress(value string) (netip.AddrPort, bool) {
	number, rest := field(value)
	n, ok := port(number)
	if !ok || rest == "" {
		return netip.AddrPortFrom(netip.Addr{}, n), ok
	}
	addr, ok := connectionAddress(rest)
	return netip.AddrPortFrom(addr, n), ok
}

// candidate reads the value of a=candidate (RFC 8839 §5.1). A candidate
// whose address is a name has an invalid address.
func candidate(value string) (c Candidate, ok bool) {
	_, rest := field(value)
	component, rest := field(rest)
	c.Transport, rest = field(rest)
	_, rest = field(rest)
	host, rest := field(rest)
	number, rest := field(rest)
	label, rest := field(rest)
	c.Type, _ = field(rest)
	n, err := strconv.ParseUint(component, 10, 16)
	portNumber, portOK := port(number)
	if err != nil || !portOK || label != "typ" || c.Type == "" {
		return Candidate{}, false
	}
	c.Component = uint16(n)
	c.Addr = netip.AddrPortFrom(address(host), portNumber)
	return c, true
}
