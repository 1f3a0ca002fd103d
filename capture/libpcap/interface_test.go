package libpcap

import (
	"net"
	"net/netip"
	"slices"
	"testing"
)

// Every interface Go knows is listed, with its addresses.
func TestInterfaces(t *testing.T) {
	all, err := Interfaces()
	if err != nil {
		t.Fatal(err)
	}
	system, err := net.Interfaces()
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range system {
		i := slices.IndexFunc(all, func(i Interface) bool { return i.Name == want.Name })
		if i < 0 {
			t.Errorf("%s is not listed", want.Name)
			continue
		}
		if got := all[i]; got.Up != (want.Flags&net.FlagUp != 0) || got.Loopback != (want.Flags&net.FlagLoopback != 0) {
			t.Errorf("%+v, want %+v", got, want)
		}
		if all[i].Loopback && all[i].Up && !slices.Contains(all[i].Addresses, netip.MustParseAddr("127.0.0.1")) {
			t.Errorf("addresses of %s: %v", want.Name, all[i].Addresses)
		}
	}
}
