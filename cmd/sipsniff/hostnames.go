package main

import (
	"context"
	"maps"
	"net"
	"net/netip"
	"slices"
	"time"

	"sipsniff/tui"
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

// ownAddresses are those of this host when it listens itself.
func ownAddresses(in input) map[netip.Addr]bool {
	if len(in.ifaces) == 0 && !in.vague {
		return nil
	}
	list, err := net.InterfaceAddrs()
	if err != nil { // then it has no name
		return nil
	}
	own := make(map[netip.Addr]bool)
	for _, a := range list {
		prefix, err := netip.ParsePrefix(a.String())
		if addr := prefix.Addr().Unmap(); err == nil && !addr.IsLoopback() {
			own[addr] = true
		}
	}
	return own
}

// hostNames are the names of hosts that the user gave, and of this one.
func hostNames(given map[netip.Addr]string, own map[netip.Addr]bool) map[netip.Addr]string {
	names := maps.Clone(given)
	if names == nil && len(own) > 0 {
		names = make(map[netip.Addr]string)
	}
	for addr := range own {
		if names[addr] == "" {
			names[addr] = tui.ThisHost
		}
	}
	return names
}
