package filter

import (
	"bytes"
	"net/netip"
	"strings"
)

// compileAddress compiles a field with addresses. It differs from an address
// when it has some, and none of them is it.
func (c *compiler) compileAddress(n *comparison) (part, error) {
	test, cost, err := c.addressTest(n)
	if err != nil {
		return part{}, err
	}
	each := n.field.addresses
	if n.op == different {
		return part{func(s subject) bool { return each(s, func(netip.AddrPort) bool { return true }) && !each(s, test) }, cost}, nil
	}
	return part{func(s subject) bool { return each(s, test) }, cost}, nil
}

func (c *compiler) addressTest(n *comparison) (test func(netip.AddrPort) bool, cost int, err error) {
	if n.op == matches {
		re, err := n.values[0].regexp()
		if err != nil {
			return nil, 0, err
		}
		return func(a netip.AddrPort) bool {
			var buffer [64]byte
			return re.Match(a.AppendTo(buffer[:0]))
		}, costPattern, nil
	}
	tests := make([]func(netip.AddrPort) bool, len(n.values))
	for i, v := range n.values {
		var hosts map[netip.Addr]bool
		if v.text != "" { // which a part of every name is
			hosts = c.named(n.nameTest(v.text))
		}
		if tests[i] = orAlias(n.addresses(v.text), hosts); tests[i] == nil {
			return nil, 0, unfinished(v.at, "%q is no address, range or network such as 192.0.2.1, 192.0.2.1:5060 or 192.0.2.0/24", v.text)
		}
	}
	if len(tests) == 1 {
		return tests[0], costText, nil
	}
	return func(a netip.AddrPort) bool {
		for _, test := range tests {
			if test(a) {
				return true
			}
		}
		return false
	}, costText, nil
}

// nameTest finds hosts by their names: by a part of them where parts will do.
func (n *comparison) nameTest(text string) func(name string) bool {
	wanted := newNeedle(text, &lowerCase)
	if n.op == has {
		return wanted.in
	}
	return wanted.is
}

// orAlias also lets the addresses of some hosts pass; it is nil when nothing would.
func orAlias(test func(netip.AddrPort) bool, hosts map[netip.Addr]bool) func(netip.AddrPort) bool {
	switch {
	case len(hosts) == 0:
		return test
	case test == nil:
		return func(a netip.AddrPort) bool { return hosts[a.Addr()] }
	}
	return func(a netip.AddrPort) bool { return test(a) || hosts[a.Addr()] }
}

// addresses is the test that text stands for, nil when it makes no sense.
func (n *comparison) addresses(text string) func(netip.AddrPort) bool {
	if p, err := netip.ParsePrefix(text); err == nil {
		p = netip.PrefixFrom(p.Addr().Unmap(), p.Bits()).Masked()
		return func(a netip.AddrPort) bool { return p.Contains(a.Addr()) }
	}
	if low, high, found := strings.Cut(text, ".."); found {
		from, to := parseAddr(low), parseAddr(high)
		if !from.IsValid() || !to.IsValid() {
			return nil
		}
		return func(a netip.AddrPort) bool {
			return a.Addr().BitLen() == from.BitLen() && from.Compare(a.Addr()) <= 0 && a.Addr().Compare(to) <= 0
		}
	}
	if want := parseAddr(text); want.IsValid() {
		return func(a netip.AddrPort) bool { return a.Addr() == want }
	}
	if want, err := netip.ParseAddrPort(text); err == nil && want.Addr().Zone() == "" {
		want = netip.AddrPortFrom(want.Addr().Unmap(), want.Port())
		return func(a netip.AddrPort) bool { return a == want }
	}
	if n.op == has && looksLikeAddress(text) {
		return writtenWith(text)
	}
	return nil
}

// parseAddr reads an address, also in the brackets of a URI.
func parseAddr(text string) netip.Addr {
	if strings.HasPrefix(text, "[") && strings.HasSuffix(text, "]") {
		text = text[1 : len(text)-1]
	}
	a, err := netip.ParseAddr(text)
	if err != nil || a.Zone() != "" {
		return netip.Addr{}
	}
	return a.Unmap()
}

func looksLikeAddress(text string) bool {
	return text != "" && strings.Trim(text, "0123456789abcdefABCDEF.:[]") == ""
}

// writtenWith finds addresses by a part of how they are written.
func writtenWith(text string) func(netip.AddrPort) bool {
	wanted := []byte(lowerCase.fold(text))
	return func(a netip.AddrPort) bool {
		var buffer [64]byte
		return a.IsValid() && bytes.Contains(a.AppendTo(buffer[:0]), wanted)
	}
}
