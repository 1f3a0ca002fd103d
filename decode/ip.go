package decode

import "encoding/binary"

// The IP protocol numbers that are followed.
const (
	protocolHopByHop    = 0
	protocolICMP        = 1
	protocolIPv4        = 4
	protocolTCP         = 6
	protocolUDP         = 17
	protocolIPv6        = 41
	protocolRouting     = 43
	protocolFragment    = 44
	protocolGRE         = 47
	protocolESP         = 50
	protocolAH          = 51
	protocolICMPv6      = 58
	protocolDestination = 60
	protocolSCTP        = 132
	protocolMobility    = 135
	protocolUDPLite     = 136
	protocolHIP         = 139
	protocolShim6       = 140
)

// looksLikeIP reports whether an IP header could begin here, for the places
// where nothing announces it.
func looksLikeIP(b []byte, wire int) bool {
	if len(b) == 0 {
		return false
	}
	switch b[0] >> 4 {
	case 4:
		if len(b) < 4 {
			return true
		}
		header, total := int(b[0]&0x0f)*4, int(binary.BigEndian.Uint16(b[2:]))
		return header >= 20 && (total == 0 || header <= total && total <= wire)
	case 6:
		return len(b) < 6 || 40+int(binary.BigEndian.Uint16(b[4:])) <= wire
	}
	return false
}

// ipv4 reads an IPv4 header (RFC 791 §3.1).
func (d *Decoder) ipv4(b []byte, wire int) {
	if len(b) < 20 {
		d.drop(truncatedIP)
		return
	}
	header, total := int(b[0]&0x0f)*4, int(binary.BigEndian.Uint16(b[2:]))
	if total == 0 {
		// The sender leaves it to its network card to cut the packet up
		// (TSO), so the length on the wire is the only one there is.
		total = wire
	}
	switch {
	case b[0]>>4 != 4, header < 20, total < header:
		d.drop(malformedIP)
		return
	case len(b) < header:
		d.drop(truncatedIP)
		return
	case len(b) > total:
		b = b[:total] // Ethernet padding
	}
	p, w := &d.packet, &d.walk
	w.addresses = b[12:20]
	id := binary.BigEndian.Uint16(b[4:])
	p.IPID, p.TTL, p.DSCP, p.OverheadIP = uint32(id), b[8], b[1]>>2, uint16(header)
	w.noID, w.known = id == 0, false
	if id != 0 {
		w.carrier = id
	}
	if w.cut == cutSnaplen {
		w.cut = "" // of the packet around this one, which knows its own length
	}
	w.key = ipv4Key(b)
	if place := binary.BigEndian.Uint16(b[6:]); place&0x3fff != 0 { // more fragments, or an offset
		d.fragment(fragment{
			key:    fragmentKeyOf(w.addresses, uint32(id), b[9]),
			offset: int(place&0x1fff) * 8, more: place&0x2000 != 0,
			next: b[9], payload: b[header:], wire: total - header,
		})
		return
	}
	if b[9] == protocolUDP {
		d.udp(protocolUDP, b[header:], total-header)
		return
	}
	d.transport(b[9], b[header:], total-header)
}

// ipv6 reads an IPv6 header (RFC 8200 §3). A payload length of zero stands for
// a jumbogram or for a packet the network card is to cut up.
func (d *Decoder) ipv6(b []byte, wire int) {
	if len(b) < 40 {
		d.drop(truncatedIP)
		return
	}
	if b[0]>>4 != 6 {
		d.drop(malformedIP)
		return
	}
	total := 40 + int(binary.BigEndian.Uint16(b[4:]))
	if total == 40 {
		total = wire
	}
	if len(b) > total {
		b = b[:total]
	}
	p, w := &d.packet, &d.walk
	w.addresses = b[8:40]
	p.IPID, p.TTL, p.DSCP, p.OverheadIP = 0, b[7], uint8(binary.BigEndian.Uint16(b)>>6)&0x3f, 40
	w.noID, w.known = true, false
	if w.cut == cutSnaplen {
		w.cut = ""
	}
	w.key = hashOctets(uint64(b[6]), b[8:40])
	d.extensions(b[6], b[40:], total-40)
}

// extensions walks the extension headers of IPv6 (RFC 8200 §4) to the first
// header that is none.
func (d *Decoder) extensions(next uint8, b []byte, wire int) {
	for {
		n := 0
		switch next {
		case protocolHopByHop, protocolRouting, protocolDestination, protocolMobility, protocolHIP, protocolShim6:
			if len(b) >= 8 {
				n = int(b[1])*8 + 8
			}
		case protocolAH:
			if len(b) >= 8 {
				n = int(b[1])*4 + 8
			}
		case protocolFragment:
			d.fragmentHeader(b, wire)
			return
		default:
			d.transport(next, b, wire)
			return
		}
		if n == 0 || n > len(b) {
			d.drop(truncatedIP)
			return
		}
		next, b, wire = b[0], b[n:], wire-n
		d.packet.OverheadIP += uint16(n)
	}
}

// fragmentHeader reads an IPv6 fragment header (RFC 8200 §4.5): next header 1,
// reserved 1, offset and the M bit 2, identification 4. An atomic fragment,
// which is the whole packet, is complete by itself (RFC 6946).
func (d *Decoder) fragmentHeader(b []byte, wire int) {
	if len(b) < 8 {
		d.drop(truncatedIP)
		return
	}
	d.packet.OverheadIP += 8
	place, id := binary.BigEndian.Uint16(b[2:]), binary.BigEndian.Uint32(b[4:])
	d.walk.noID = false
	d.walk.key = mix(d.walk.key, uint64(id)+1)
	if place&0xfff9 == 0 {
		d.extensions(b[0], b[8:], wire-8)
		return
	}
	d.fragment(fragment{
		key:    fragmentKeyOf(d.walk.addresses, id, 0),
		offset: int(place &^ 7), more: place&1 != 0,
		next: b[0], payload: b[8:], wire: wire - 8,
	})
}

// transport goes on with what an IP header announced.
func (d *Decoder) transport(protocol uint8, b []byte, wire int) {
	switch protocol {
	case protocolUDP, protocolUDPLite:
		d.udp(protocol, b, wire)
	case protocolTCP:
		d.tcp(b, wire)
	case protocolSCTP:
		d.sctpPacket(b, wire)
	case protocolIPv4, protocolIPv6:
		if d.enter(tunnelIP) {
			d.rawIP(b, wire)
		}
	case protocolGRE:
		d.gre(b, wire)
	case protocolAH:
		d.authentication(b, wire)
	case protocolESP:
		d.encapsulatedSecurity(b, wire)
	default:
		d.otherTransport(protocol, b)
	}
}

// authentication skips the IPsec authentication header of an IPv4 packet (RFC
// 4302 §2), which hides nothing.
func (d *Decoder) authentication(b []byte, wire int) {
	if len(b) < 8 {
		d.drop(truncatedIP)
		return
	}
	n := int(b[1])*4 + 8
	if n > len(b) {
		d.drop(truncatedIP)
		return
	}
	if d.deeper() {
		d.packet.OverheadIP += uint16(n)
		d.transport(b[0], b[n:], wire-n)
	}
}

// otherTransport counts what carries neither SIP nor RTP. The packets that
// ICMP errors quote were sent before and are not decoded a second time.
func (d *Decoder) otherTransport(protocol uint8, b []byte) {
	d.recognise(b)
	switch {
	case protocol == protocolICMP && len(b) > 0 && isICMPError(b[0]),
		protocol == protocolICMPv6 && len(b) > 0 && b[0] < 128:
		if !d.icmpError(protocol == protocolICMPv6, b) {
			d.drop(icmpError)
		}
	case protocol == protocolICMP, protocol == protocolICMPv6:
		d.drop(icmp)
	default:
		d.drop(otherIPProtocol)
	}
}

// isICMPError knows the types that quote the packet they are about (RFC 792):
// unreachable, source quench, redirect, time exceeded, parameter problem.
func isICMPError(kind uint8) bool {
	switch kind {
	case 3, 4, 5, 11, 12:
		return true
	}
	return false
}
