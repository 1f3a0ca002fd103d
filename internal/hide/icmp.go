package hide

// icmp masks an ICMP error: the beginning of the packet that it quotes.
func (h *Hider) icmp(protocol uint8, p packet, l layer) reason {
	if len(l.b) < 8 || p.quoted {
		return foreign
	}
	if v6 := protocol == protocolICMPv6; v6 && l.b[0] >= 128 || !v6 && l.b[0] != 3 && l.b[0] != 11 {
		return foreign // an echo carries what anybody put in it; others hold addresses
	}
	r := h.quotation(l.from(8))
	if protocol == protocolICMPv6 {
		h.seal(protocolICMPv6, p, l, 2)
	} else if !h.learning {
		put(l.b[2:], 0)
		if l.whole() {
			put(l.b[2:], checksum(0, l.b))
		}
	}
	return r
}

// quotation masks the packet in an error. Of TCP only the header may be quoted: a piece of a stream tells nobody where
// it belongs.
func (h *Hider) quotation(l layer) reason {
	var header int
	var protocol uint8
	var addresses []byte
	switch {
	case len(l.b) >= 28 && l.b[0] == 0x45 && l.b[6]&0x3f == 0 && l.b[7] == 0:
		header, protocol, addresses = 20, l.b[9], l.b[12:20]
	case len(l.b) >= 48 && l.b[0]>>4 == 6:
		header, protocol, addresses = 40, l.b[6], l.b[8:40]
	default:
		return foreign
	}
	p := h.packet(addresses)
	p.quoted = true
	if header == 20 && !h.learning {
		put(l.b[10:], checksum(sum(l.b[:10], 0), l.b[12:20]))
	}
	inner := l.from(header)
	switch protocol {
	case protocolUDP:
		p.ports(inner.b)
		if !h.learning {
			put(inner.b[6:], 0) // over octets that are not all there
		}
		return h.datagram(p, inner.from(8))
	case protocolTCP:
		if !h.learning && len(inner.b) >= 18 {
			put(inner.b[16:], 0)
		}
		if len(inner.b) > 20 {
			return h.quotedTCP(inner.b)
		}
		return fine
	}
	return foreign
}

// quotedTCP lets a header pass that has nothing behind it.
func (h *Hider) quotedTCP(b []byte) reason {
	if int(b[12]>>4)*4 >= len(b) {
		return fine
	}
	return incomplete
}
