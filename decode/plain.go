package decode

import "net/netip"

// A Plain is all there is to know of a datagram that came whole, over UDP and
// IPv4, out of no tunnel: a Packet in a fraction of its octets.
type Plain struct {
	Nanos      int64
	Frame      int
	Payload    []byte // borrowed, as in Packet
	WireLength int32  // of Payload, see Packet
	Interface  int32
	SrcPort    uint16
	DstPort    uint16
	Source     uint16
	IPID       uint16
	Overhead   uint16 // octets of the headers of IP and UDP
	TTL, DSCP  uint8
	Src, Dst   [4]byte
	Link       uint8 // Packet.LinkDirection
	Duplicate  bool
}

// Pack fills in what p says, or reports that it says more than a Plain can.
func (d *Plain) Pack(p *Packet) bool {
	if p.Transport != UDP || p.Tunnel != "" || p.Agent != 0 || p.VLANCount != 0 || p.Cut != "" ||
		p.FirstFrame != p.Frame || p.LastFrame != p.Frame || p.Fragments != nil || p.Correlation != nil ||
		!p.Src.Addr().Is4() || !p.Dst.Addr().Is4() || p.IPID > 0xffff || uint32(p.Source) > 0xffff ||
		p.TunnelSrc.IsValid() || p.WireLength < len(p.Payload) {
		return false
	}
	// Written in place: what goes through a copy waits for all its parts.
	d.Nanos, d.Frame, d.Payload, d.WireLength, d.Interface = p.Nanos, p.Frame, p.Payload, int32(p.WireLength), p.Interface
	d.Source, d.IPID, d.Overhead, d.SrcPort, d.DstPort = uint16(p.Source), uint16(p.IPID), p.OverheadIP, p.Src.Port(), p.Dst.Port()
	d.Src, d.Dst, d.TTL, d.DSCP, d.Link, d.Duplicate = p.Src.Addr().As4(), p.Dst.Addr().As4(), p.TTL, p.DSCP, p.LinkDirection, p.Duplicate
	return true
}

// Unpack refills p, which holds nothing but what was unpacked before, and whose
// transport is UDP.
func (d *Plain) Unpack(p *Packet) {
	p.Frame, p.LastFrame, p.FirstFrame = d.Frame, d.Frame, d.Frame
	p.Nanos, p.LastNanos, p.FirstNanos = d.Nanos, d.Nanos, d.Nanos
	p.Src = netip.AddrPortFrom(netip.AddrFrom4(d.Src), d.SrcPort)
	p.Dst = netip.AddrPortFrom(netip.AddrFrom4(d.Dst), d.DstPort)
	p.Payload, p.WireLength = d.Payload, int(d.WireLength)
	p.TTL, p.DSCP, p.IPID, p.LinkDirection = d.TTL, d.DSCP, uint32(d.IPID), d.Link
	p.Interface, p.Source, p.OverheadIP, p.Duplicate = d.Interface, int32(d.Source), d.Overhead, d.Duplicate
}
