package extract

import (
	"net/netip"
	"slices"

	"sipsniff/correlate"
)

// controls are where RTCP may go that belongs to the media at an address.
type controls map[netip.AddrPort][]netip.AddrPort

// controlsOf reads the addresses that a call describes: a=rtcp may name any
// port (RFC 3605).
func controlsOf(c *correlate.Call) controls {
	out := controls{}
	for _, m := range c.Messages() {
		if m.SDP == nil {
			continue
		}
		for i := range m.SDP.Media {
			line := &m.SDP.Media[i]
			if line.RTCP.Port() == 0 || line.Port == 0 || !line.Address.IsValid() {
				continue
			}
			at, control := netip.AddrPortFrom(line.Address, line.Port), line.RTCP
			if !control.Addr().IsValid() {
				control = netip.AddrPortFrom(line.Address, control.Port())
			}
			if !slices.Contains(out[at], control) {
				out[at] = append(out[at], control)
			}
		}
	}
	return out
}

// of are the addresses for those of a stream: the port itself, which RTP and RTCP
// may share (RFC 5761), the one above it, and those that were described.
func (k controls) of(a netip.AddrPort) []netip.AddrPort {
	return append([]netip.AddrPort{a, above(a)}, k[a]...)
}

func above(a netip.AddrPort) netip.AddrPort { return netip.AddrPortFrom(a.Addr(), a.Port()+1) }
