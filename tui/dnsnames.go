package tui

import (
	"net/netip"
	"strings"
)

// dnsNames are what the DNS calls the addresses that were on the screen. It is
// asked beside the event loop, a few at a time, once for each address.
type dnsNames struct {
	known  map[netip.Addr]string // "": it is being asked, or has no name
	wanted []netip.Addr          // not asked yet
	asking bool
}

const (
	// mostNames bounds the addresses that are remembered. A screen shows far
	// fewer; when there are so many all are forgotten.
	mostNames = 4096
	// namesAtOnce is how many are asked together.
	namesAtOnce = 16
)

// asksNames reports whether the DNS may be asked: the user wants it, and what is
// asked does not come into the capture.
func (u *UI) asksNames() bool {
	return u.option("display.names") == namedByDNS && u.config.LookUp != nil && !u.config.Live && !u.config.Stream
}

// hostName is what the user calls a host, else what the DNS does; "" while
// addresses are shown, or nothing is known.
func (u *UI) hostName(a netip.Addr) string {
	a = a.Unmap().WithZone("")
	if u.flow.addresses {
		return ""
	}
	if name := u.clean(u.config.Aliases[a]); name != "" || !u.asksNames() {
		return name
	}
	return u.names.of(u, a)
}

// of returns the name of an address as far as it is known, and has it asked for
// otherwise.
func (n *dnsNames) of(u *UI, a netip.Addr) string {
	name, asked := n.known[a]
	if asked || !a.IsValid() || a.IsUnspecified() || a.IsLoopback() || a.IsMulticast() {
		return name
	}
	if n.known == nil || len(n.known) >= mostNames {
		n.known, n.wanted = map[netip.Addr]string{}, nil
	}
	n.known[a] = ""
	n.wanted = append(n.wanted, a)
	n.ask(u)
	return n.known[a]
}

// ask has the next few looked up, unless some are.
func (n *dnsNames) ask(u *UI) {
	if n.asking || len(n.wanted) == 0 {
		return
	}
	n.asking = true
	batch := n.wanted[:min(len(n.wanted), namesAtOnce)]
	n.wanted = n.wanted[len(batch):]
	lookUp := u.config.LookUp
	u.workshop.beside(func() func() {
		found := make([]string, len(batch))
		inParts(len(batch), len(batch), func(i, _, _ int) { found[i] = hostNameIn(lookUp(batch[i])) })
		return func() {
			n.asking = false
			for i, a := range batch {
				if _, still := n.known[a]; still {
					n.known[a] = found[i]
				}
			}
			n.ask(u)
		}
	})
}

// longestName is how long a name of the DNS may be (RFC 1035 §2.3.4).
const longestName = 253

// hostNameIn is the first name that is one. What the owner of an address writes
// there is anything.
func hostNameIn(names []string) string {
	for _, name := range names {
		name = strings.TrimSuffix(name, ".")
		other := func(r rune) bool {
			return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' || r == '.' || r == '_')
		}
		if name != "" && len(name) <= longestName && strings.IndexFunc(name, other) < 0 {
			return strings.ToLower(name)
		}
	}
	return ""
}
