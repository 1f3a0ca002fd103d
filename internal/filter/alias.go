package filter

import "net/netip"

// Names that the user gave to hosts are looked up when a filter is made: it asks
// for their addresses then.

// named are the hosts whose name passes a test.
func (c *compiler) named(test func(name string) bool) map[netip.Addr]bool {
	var hosts map[netip.Addr]bool
	for addr, name := range c.aliases {
		if test(name) {
			if hosts == nil {
				hosts = make(map[netip.Addr]bool)
			}
			hosts[addr] = true
		}
	}
	return hosts
}

// eitherOf reports whether one of the ends of a call is one of some hosts.
func eitherOf(s subject, hosts map[netip.Addr]bool) bool {
	return hosts[s.call.Source.Addr()] || hosts[s.call.Destination.Addr()]
}

// compileAlias compiles the field of the names of both ends.
func (c *compiler) compileAlias(n *comparison) (part, error) {
	test, cost, err := n.textTest()
	if err != nil {
		return part{}, err
	}
	if len(c.aliases) == 0 {
		c.hint("alias: no host has a name; [alias] in the settings gives them")
	}
	hosts := c.named(test)
	if n.op == different {
		all := c.named(func(string) bool { return true })
		return part{func(s subject) bool { return eitherOf(s, all) && !eitherOf(s, hosts) }, cost}, nil
	}
	return part{func(s subject) bool { return eitherOf(s, hosts) }, cost}, nil
}
