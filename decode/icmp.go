package decode

import (
	"encoding/binary"
	"net/netip"
)

// The types of ICMP errors, of IPv4 (RFC 792) and of IPv6 (RFC 4443 §3).
const (
	ICMPUnreachable  = 3
	ICMPTimeExceeded = 11
	ICMPParameter    = 12

	ICMPv6Unreachable  = 1
	ICMPv6TooBig       = 2
	ICMPv6TimeExceeded = 3
	ICMPv6Parameter    = 4
)

// The codes of an unreachable destination that are asked for by name.
const (
	ICMPPort                = 3 // IPv4: nobody listens there
	ICMPFragmentationNeeded = 4 // IPv4: the packet is too big and may not be cut up (RFC 1191)
	ICMPv6Port              = 4
)

// An ICMPError is what a host or a router says became of a packet: the
// beginning of that packet is quoted in it.
type ICMPError struct {
	V6         bool
	Type, Code uint8
	From, To   netip.Addr // who says so, and to whom: the sender of the packet

	// Transport, Src and Dst belong to the packet that is quoted, TTL and
	// IPID too; Length is that of its IP packet.
	Transport Transport
	Src, Dst  netip.AddrPort
	TTL       uint8
	IPID      uint32
	Length    int

	// MTU is the size that fits, 0 when it is not said.
	MTU uint32

	// Quoted is what there is of the payload behind the header of UDP; nil of
	// other transports. Borrowed until the handler returns.
	Quoted []byte
}

// Unreachable reports whether the error says that nobody is there, so that
// sending again is of no use (spec §7.1, SIG-01).
func (e *ICMPError) Unreachable() bool {
	if e.V6 {
		return e.Type == ICMPv6Unreachable
	}
	if e.Type != ICMPUnreachable {
		return false
	}
	switch e.Code {
	case 0, 1, 2, 3, 9, 10, 13:
		return true
	}
	return false
}

// TooBig reports whether the packet was too large for the path.
func (e *ICMPError) TooBig() bool {
	return e.V6 && e.Type == ICMPv6TooBig || !e.V6 && e.Type == ICMPUnreachable && e.Code == ICMPFragmentationNeeded
}

// An ErrorHandler is a Handler that also wants the ICMP errors about packets
// of UDP, TCP and SCTP.
type ErrorHandler interface {
	// ICMP receives an error. The ports of p are 0; p and e are borrowed
	// until it returns.
	ICMP(p *Packet, e *ICMPError)
}

// ICMP implements ErrorHandler.
func (t *viewTable) ICMP(p *Packet, e *ICMPError) {
	if h, ok := t.next.(ErrorHandler); ok {
		h.ICMP(p, e)
	}
}

// icmpHeader is the length of the header in front of what is quoted: type 1,
// code 1, checksum 2, and four octets that depend on the type.
const icmpHeader = 8

// icmpError hands on an ICMP error, and reports whether it quotes a packet of
// a transport that is followed.
func (d *Decoder) icmpError(v6 bool, b []byte) bool {
	h, wanted := d.handler.(ErrorHandler)
	if !wanted || len(b) < icmpHeader || d.walk.cut == cutFragmentLost {
		return false
	}
	e := &d.quotation
	*e = ICMPError{V6: v6, Type: b[0], Code: b[1]}
	e.From, e.To = d.walk.ends()
	switch {
	case v6 && e.TooBig():
		e.MTU = binary.BigEndian.Uint32(b[4:])
	case e.TooBig():
		e.MTU = uint32(binary.BigEndian.Uint16(b[6:])) // RFC 1191 §4
	}
	if !e.quote(b[icmpHeader:]) {
		return false
	}
	p := &d.packet
	d.setEnds(0, 0)
	p.Payload, p.WireLength = nil, 0
	d.stats.ICMPErrors++
	h.ICMP(p, e)
	return true
}

// quote reads the beginning of the packet that is quoted, which may be cut
// anywhere behind the ports.
func (e *ICMPError) quote(b []byte) bool {
	if len(b) == 0 {
		return false
	}
	var next uint8
	var src, dst netip.Addr
	switch b[0] >> 4 {
	case 4:
		header := int(b[0]&0x0f) * 4
		if header < 20 || len(b) < header || binary.BigEndian.Uint16(b[6:])&0x1fff != 0 {
			return false // of a later fragment, the ports stand in the first
		}
		src, dst = netip.AddrFrom4([4]byte(b[12:16])), netip.AddrFrom4([4]byte(b[16:20]))
		e.Length, e.IPID, e.TTL = int(binary.BigEndian.Uint16(b[2:])), uint32(binary.BigEndian.Uint16(b[4:])), b[8]
		next, b = b[9], b[header:]
	case 6:
		if len(b) < 40 {
			return false
		}
		src, dst = netip.AddrFrom16([16]byte(b[8:24])).Unmap(), netip.AddrFrom16([16]byte(b[24:40])).Unmap()
		e.Length, e.TTL = 40+int(binary.BigEndian.Uint16(b[4:])), b[7]
		var ok bool
		if next, b, ok = quotedExtensions(b[6], b[40:]); !ok {
			return false
		}
	default:
		return false
	}
	return e.quoteTransport(next, b, src, dst)
}

// quotedExtensions walks the extension headers of a quoted IPv6 packet.
func quotedExtensions(next uint8, b []byte) (uint8, []byte, bool) {
	for {
		n := 8
		switch next {
		case protocolHopByHop, protocolRouting, protocolDestination:
			if len(b) < 8 {
				return 0, nil, false
			}
			n = int(b[1])*8 + 8
		case protocolFragment:
			if len(b) < 8 || binary.BigEndian.Uint16(b[2:])&^7 != 0 {
				return 0, nil, false
			}
		default:
			return next, b, true
		}
		if n > len(b) {
			return 0, nil, false
		}
		next, b = b[0], b[n:]
	}
}

// quoteTransport reads the ports.
func (e *ICMPError) quoteTransport(protocol uint8, b []byte, src, dst netip.Addr) bool {
	if len(b) < 4 {
		return false
	}
	switch protocol {
	case protocolUDP, protocolUDPLite:
		e.Transport = UDP
		if len(b) > 8 {
			e.Quoted = b[8:]
		}
	case protocolTCP:
		e.Transport = TCP
	case protocolSCTP:
		e.Transport = SCTP
	default:
		return false
	}
	e.Src = netip.AddrPortFrom(src, binary.BigEndian.Uint16(b))
	e.Dst = netip.AddrPortFrom(dst, binary.BigEndian.Uint16(b[2:]))
	return true
}
