package main

import (
	"context"
	"maps"
	"net"
	"net/netip"
	"slices"
	"time"
)

// lookUpTime is how long an answer of the DNS is waited for.
const lookUpTime = 3 * time.Second

// lookUp asks the resolver of the system for the names of an address. An error is
// that it has none.
func lookUp(ctx context.Context, a netip.Addr) []string {
	ctx, cancel := context.WithTimeout(ctx, lookUpTime)
	defer cancel()
	names, _ := net.DefaultResolver.LookupAddr(ctx, a.String())
	slices.Sort(names)
	return names
}

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
