package libpcap

import (
	"net"
	"net/netip"
)

// An Interface is something that can be captured from.
type Interface struct {
	Name        string
	Description string // "" on most systems
	Addresses   []netip.Addr
	Up          bool
	Loopback    bool
	Any         bool // stands for all interfaces together
}

// addressesOf gives the addresses of i, without their masks.
func addressesOf(i *net.Interface) []netip.Addr {
	networks, err := i.Addrs()
	if err != nil {
		return nil
	}
	var all []netip.Addr
	for _, n := range networks {
		if prefix, err := netip.ParsePrefix(n.String()); err == nil {
			all = append(all, prefix.Addr())
		}
	}
	return all
}

// fromSystem describes an interface as the operating system does.
func fromSystem(i *net.Interface) Interface {
	return Interface{
		Name:      i.Name,
		Addresses: addressesOf(i),
		Up:        i.Flags&net.FlagUp != 0,
		Loopback:  i.Flags&net.FlagLoopback != 0,
	}
}
