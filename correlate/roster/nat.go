package roster

import (
	"net/netip"
	"slices"
	"strconv"

	"sipsniff/decode/sip"
)

// The kinds of NAT.Evidence.
const (
	natAddress = "address_differs" // the device's Via names another address than the packets come from
	natPort    = "port_differs"    // the same of the port
	natContact = "contact_private" // its contact is private while its packets come from a public address
)

// see looks at one exchange. Either the packets themselves or the received and
// rport of the registrar (RFC 3581) say where the device is seen from.
func (n *NAT) see(x *exchange, a *asked, t *told) {
	via, from := a.via, netip.AddrPort{}
	switch {
	case x.request != nil && a.direct:
		from = x.request.Src
	case x.request != nil:
		from = seenFrom(&a.via) // by the proxy in between
	default:
		via = t.via
	}
	if x.final != nil {
		if r := seenFrom(&t.via); r.Addr().IsValid() && (t.via.Received != "" || !from.IsValid() || from.Addr() == r.Addr()) {
			from = r
		}
	}
	if via.Host == "" || !from.Addr().IsValid() {
		return
	}
	n.compare(&via, from)
	n.contact(a, from)
}

// seenFrom is what received and rport say; the address is invalid when they
// say nothing.
func seenFrom(v *sip.Via) netip.AddrPort {
	addr, ok := sip.ParseHost(v.Received)
	if !ok {
		if addr, ok = v.Addr(); !ok || v.RPort == "" {
			return netip.AddrPort{}
		}
	}
	port, _ := strconv.ParseUint(v.RPort, 10, 16)
	return netip.AddrPortFrom(addr, uint16(port))
}

func (n *NAT) compare(v *sip.Via, from netip.AddrPort) {
	sent, ok := v.Addr()
	if !ok {
		return
	}
	port := v.Port
	if port == 0 {
		port = 5060
	}
	switch {
	case sent != from.Addr().Unmap():
		n.note(natAddress, v, from)
	case from.Port() != 0 && from.Port() != port && v.Transport == "UDP":
		n.note(natPort, v, from) // a connection may come from any port
	}
}

func (n *NAT) contact(a *asked, from netip.AddrPort) {
	if private(from.Addr()) {
		return
	}
	for i := range a.contacts {
		if host, ok := sip.ParseURI(a.contacts[i].URI).Addr(); ok && private(host) && host != from.Addr().Unmap() {
			n.note(natContact, &a.via, from)
			return
		}
	}
}

func (n *NAT) note(kind string, v *sip.Via, from netip.AddrPort) {
	if !slices.Contains(n.Evidence, kind) {
		n.Evidence = append(n.Evidence, kind)
	}
	n.SentBy = v.Host
	if from.Port() != 0 || n.SeenFrom.Addr() != from.Addr() {
		n.SeenFrom = from
	}
}
