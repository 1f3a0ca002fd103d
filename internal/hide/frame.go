package hide

import (
	"encoding/binary"
	"net/netip"

	"sipsniff/capture"
)

// The link types that can be masked, by their LINKTYPE_ numbers.
const (
	linkNull     capture.LinkType = 0
	linkEthernet capture.LinkType = 1
	linkRaw12    capture.LinkType = 12
	linkRaw14    capture.LinkType = 14
	linkRaw      capture.LinkType = 101
	linkLoop     capture.LinkType = 108
	linkSLL      capture.LinkType = 113
	linkIPv4     capture.LinkType = 228
	linkIPv6     capture.LinkType = 229
	linkSLL2     capture.LinkType = 276
)

// The EtherTypes that are followed.
const (
	etherIPv4 = 0x0800
	etherVLAN = 0x8100
	etherIPv6 = 0x86dd
	etherQinQ = 0x88a8
)

// The IP protocols that are followed.
const (
	protocolICMP   = 1
	protocolIPv4   = 4
	protocolTCP    = 6
	protocolUDP    = 17
	protocolIPv6   = 41
	protocolGRE    = 47
	protocolESP    = 50
	protocolICMPv6 = 58
	protocolV6Frag = 44
)

// endpoints are where a packet comes from and goes to.
type endpoints struct{ src, dst netip.AddrPort }

// A layer is the captured octets of a packet from one of its headers on, and how many there were on the wire.
type layer struct {
	b    []byte
	wire int
}

func (l layer) from(n int) layer { return layer{l.b[n:], l.wire - n} }

// whole reports whether nothing was cut off.
func (l layer) whole() bool { return len(l.b) >= l.wire }

// frame masks a frame in place, or says why that is not sure. While learning it only looks.
func (h *Hider) frame(f *capture.Frame, b []byte) reason {
	h.frameNumber = f.Number
	l := layer{b, max(f.Length, len(b))}
	switch f.LinkType {
	case linkEthernet:
		return h.ethernet(l)
	case linkSLL:
		if len(b) < 16 {
			return foreign
		}
		h.cookedAddress(b[4:6], b[6:14])
		return h.tagged(binary.BigEndian.Uint16(b[14:]), l.from(16))
	case linkSLL2:
		if len(b) < 20 {
			return foreign
		}
		h.cookedAddress([]byte{0, b[11]}, b[12:20])
		return h.tagged(binary.BigEndian.Uint16(b), l.from(20))
	case linkNull, linkLoop:
		if len(b) < 4 {
			return foreign
		}
		return h.ip(l.from(4))
	case linkRaw, linkRaw12, linkRaw14, linkIPv4, linkIPv6:
		return h.ip(l)
	}
	return tunnelled
}

func (h *Hider) ethernet(l layer) reason {
	if len(l.b) < 14 {
		return foreign
	}
	h.mac(l.b[:6])
	h.mac(l.b[6:12])
	return h.tagged(binary.BigEndian.Uint16(l.b[12:]), l.from(14))
}

func (h *Hider) mac(b []byte) {
	switch {
	case !h.covers(Addresses):
	case h.learning:
		h.addresses.knownCards[[6]byte(b)] = true
	default:
		h.addresses.hardware(b)
	}
}

// cookedAddress masks the address in a cooked header; the octets behind a shorter one are padding.
func (h *Hider) cookedAddress(length, b []byte) {
	if n := int(binary.BigEndian.Uint16(length)); n == 6 {
		h.mac(b[:6])
	} else if h.covers(Addresses) && !h.learning {
		clear(b)
	}
}

// tagged goes on behind an EtherType, through VLAN tags.
func (h *Hider) tagged(kind uint16, l layer) reason {
	for range 4 {
		if kind != etherVLAN && kind != etherQinQ || len(l.b) < 4 {
			break
		}
		kind, l = binary.BigEndian.Uint16(l.b[2:]), l.from(4)
	}
	if kind != etherIPv4 && kind != etherIPv6 {
		return tunnelled
	}
	return h.ip(l)
}

// ip masks an IP packet.
func (h *Hider) ip(l layer) reason {
	if len(l.b) == 0 {
		return foreign
	}
	switch l.b[0] >> 4 {
	case 4:
		return h.ipv4(l)
	case 6:
		return h.ipv6(l)
	}
	return foreign
}

// A packet is what is around a transport: masked addresses go in its checksum.
type packet struct {
	addresses []byte // source and destination, in the packet
	ends      endpoints
	quoted    bool // in an ICMP error, which may hold only the beginning
}

func (h *Hider) ipv4(l layer) reason {
	if len(l.b) < 20 {
		return foreign
	}
	header, total := int(l.b[0]&15)*4, int(binary.BigEndian.Uint16(l.b[2:]))
	if total == 0 { // the network card was to fill it in
		total = l.wire
	}
	switch {
	case header != 20 || total < header || len(l.b) < header:
		return foreign // options may hold addresses
	}
	l = h.trimmed(l, total)
	p := h.packet(l.b[12:20])
	var r reason
	if place := binary.BigEndian.Uint16(l.b[6:]); place&0x3fff != 0 { // more fragments, or an offset
		r = h.fragment(p, l.from(header), fragment{id: uint32(binary.BigEndian.Uint16(l.b[4:])), protocol: l.b[9], at: int(place&0x1fff) * 8, more: place&0x2000 != 0})
	} else {
		r = h.transport(l.b[9], p, l.from(header))
	}
	if !h.learning {
		put(l.b[10:], checksum(sum(l.b[:10], 0), l.b[12:header]))
	}
	return r
}

func (h *Hider) ipv6(l layer) reason {
	if len(l.b) < 40 {
		return foreign
	}
	total := 40 + int(binary.BigEndian.Uint16(l.b[4:]))
	if total == 40 {
		total = l.wire
	}
	l = h.trimmed(l, total)
	return h.transport(l.b[6], h.packet(l.b[8:40]), l.from(40))
}

// trimmed is a packet without what the link layer has behind it, which is overwritten.
func (h *Hider) trimmed(l layer, total int) layer {
	if len(l.b) > total {
		if !h.learning {
			clear(l.b[total:])
		}
		l.b = l.b[:total]
	}
	l.wire = total
	return l
}

// packet masks the addresses of an IP header and returns what they were.
func (h *Hider) packet(b []byte) packet {
	half := len(b) / 2
	src, _ := netip.AddrFromSlice(b[:half])
	dst, _ := netip.AddrFromSlice(b[half:])
	if h.covers(Addresses) {
		h.headerAddress(src, b[:half])
		h.headerAddress(dst, b[half:])
	}
	return packet{addresses: b, ends: endpoints{netip.AddrPortFrom(src, 0), netip.AddrPortFrom(dst, 0)}}
}

func (h *Hider) headerAddress(a netip.Addr, b []byte) {
	if h.learning {
		h.addresses.learn(a)
		return
	}
	m := h.addresses.mask(a)
	copy(b, m.AsSlice())
}

// transport masks what an IP header announced.
func (h *Hider) transport(protocol uint8, p packet, l layer) reason {
	switch protocol {
	case protocolUDP:
		return h.udp(p, l)
	case protocolTCP:
		return h.tcp(p, l)
	case protocolICMP, protocolICMPv6:
		return h.icmp(protocol, p, l)
	case protocolV6Frag:
		return h.fragment6(p, l)
	case protocolIPv4, protocolIPv6, protocolGRE:
		return tunnelled
	case protocolESP:
		return encrypted
	}
	return foreign
}

// ports adds the ports to the ends of a packet.
func (p *packet) ports(b []byte) {
	p.ends.src = netip.AddrPortFrom(p.ends.src.Addr(), binary.BigEndian.Uint16(b))
	p.ends.dst = netip.AddrPortFrom(p.ends.dst.Addr(), binary.BigEndian.Uint16(b[2:]))
}

// seal writes the checksum of a transport at an offset. One over octets that were not captured cannot be known: it
// is 0 then.
func (h *Hider) seal(protocol uint8, p packet, l layer, at int) {
	if h.learning {
		return
	}
	put(l.b[at:], 0)
	if !l.whole() {
		return
	}
	pseudo := sum(p.addresses, uint32(protocol)+uint32(l.wire))
	c := checksum(pseudo, l.b)
	if c == 0 && protocol == protocolUDP {
		c = 0xffff
	}
	put(l.b[at:], c)
}

func put(b []byte, v uint16) { binary.BigEndian.PutUint16(b, v) }

// sum adds octets to a sum for the checksum of RFC 1071.
func sum(b []byte, s uint32) uint32 {
	for ; len(b) >= 2; b = b[2:] {
		s += uint32(binary.BigEndian.Uint16(b))
	}
	if len(b) == 1 {
		s += uint32(b[0]) << 8
	}
	for s > 0xffff {
		s = s>>16 + s&0xffff
	}
	return s
}

func checksum(s uint32, b []byte) uint16 { return ^uint16(sum(b, s)) }
