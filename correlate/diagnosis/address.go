package diagnosis

import (
	"net/netip"

	"sipsniff/correlate"
	"sipsniff/decode/sip"
)

var sharedSpace = netip.MustParsePrefix("100.64.0.0/10") // RFC 6598

// private reports whether an address works inside one network only (spec
// appendix D): RFC 1918, shared space, link-local, loopback, unique local.
func private(a netip.Addr) bool {
	a = a.Unmap()
	return a.IsPrivate() || a.IsLoopback() || a.IsLinkLocalUnicast() || a.Is4() && sharedSpace.Contains(a)
}

// network names the private network that an address is of, "" for a public
// one.
func network(a netip.Addr) string {
	a = a.Unmap()
	switch {
	case !private(a):
		return ""
	case a.Is6():
		return "v6"
	case sharedSpace.Contains(a):
		return "100.64/10"
	}
	b := a.As4()
	switch b[0] {
	case 10:
		return "10/8"
	case 172:
		return "172.16/12"
	case 192:
		return "192.168/16"
	}
	return "local"
}

// foreign reports whether an address cannot be reached from where a packet
// came from: it is private, and the packet came from a public address or from
// another private network.
func foreign(a, source netip.Addr) bool {
	return a.IsValid() && !a.IsUnspecified() && private(a) && a.Unmap() != source.Unmap() && network(a) != network(source)
}

// contactAddr is the address in the Contact of a message; invalid when there is
// none, or a name.
func (c *Case) contactAddr(m *correlate.Message) netip.Addr {
	for a := range c.SIP(m).Addresses(sip.HeaderContact) {
		addr, _ := sip.ParseURI(a.URI).Addr()
		return addr
	}
	return netip.Addr{}
}
