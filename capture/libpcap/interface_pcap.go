//go:build cgo && !nopcap

package libpcap

import (
	"net"
	"net/netip"
	"runtime"

	"github.com/google/gopacket/pcap"
)

// The flags of pcap_findalldevs(3).
const (
	flagLoopback = 1
	flagUp       = 2
)

// anyInterface is Linux's name for all interfaces together.
const anyInterface = "any"

// Interfaces lists what can be captured from. It needs no rights. Devices
// that libpcap knows but that are no network interfaces (Bluetooth, USB, the
// D-Bus) are left out.
func Interfaces() ([]Interface, error) {
	devices, err := pcap.FindAllDevs()
	if err != nil {
		return nil, err
	}
	var all []Interface
	for _, d := range devices {
		if i, ok := describe(d); ok {
			all = append(all, i)
		}
	}
	return all, nil
}

func describe(d pcap.Interface) (Interface, bool) {
	system, err := net.InterfaceByName(d.Name)
	switch {
	case err == nil:
		i := fromSystem(system)
		i.Description = d.Description
		return i, true
	case d.Name == anyInterface:
		return Interface{Name: d.Name, Description: d.Description, Up: true, Any: true}, true
	case runtime.GOOS == "windows": // whose names Go does not know
		return fromDevice(d), true
	}
	return Interface{}, false
}

func fromDevice(d pcap.Interface) Interface {
	i := Interface{Name: d.Name, Description: d.Description, Up: d.Flags&flagUp != 0, Loopback: d.Flags&flagLoopback != 0}
	for _, a := range d.Addresses {
		if address, ok := netip.AddrFromSlice(a.IP); ok {
			i.Addresses = append(i.Addresses, address.Unmap())
		}
	}
	return i
}

// missing gives an error when there is no interface of that name.
func missing(name string) error {
	devices, err := pcap.FindAllDevs()
	if err != nil {
		return nil // activating tells more
	}
	e := &InterfaceError{Interface: name, Err: ErrNoSuchInterface}
	for _, d := range devices {
		if d.Name == name {
			return nil
		}
		if i, ok := describe(d); ok {
			e.Known = append(e.Known, i.Name)
		}
	}
	return e
}
