package main

import (
	"maps"
	"net"
	"net/netip"
)

// hostNames are the names of hosts that the user gave, and of this one where it
// listens itself.
func hostNames(given map[netip.Addr]string, in input) map[netip.Addr]string {
	names := maps.Clone(given)
	if len(in.ifaces) == 0 && !in.vague {
		return names
	}
	own, err := net.InterfaceAddrs()
	if err != nil { // then it has no name
		return names
	}
	if names == nil {
		names = make(map[netip.Addr]string)
	}
	for _, a := range own {
		prefix, err := netip.ParsePrefix(a.String())
		if addr := prefix.Addr().Unmap(); err == nil && !addr.IsLoopback() && names[addr] == "" {
			names[addr] = "this host"
		}
	}
	return names
}
