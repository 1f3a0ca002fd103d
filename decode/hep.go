package decode

import (
	"encoding/binary"
	"net/netip"
)

// hepPacket is what a HEP capture agent says of a message it copied.
type hepPacket struct {
	src, dst         netip.Addr
	srcPort, dstPort uint16
	protocol         uint8 // IP protocol, or hepTLS
	kind             uint8 // what the payload is
	payload          []byte
}

// The kinds of payload in HEP that are handed on.
const (
	hepSIP  = 1
	hepRTP  = 4
	hepRTCP = 5
)

// hepTLS in place of an IP protocol marks TLS and WebSocket.
const hepTLS = 22

// hep reads a HEP packet that was captured on its way from an agent to its
// collector (spec §8) and reports whether b is one. onPort says that one of
// the ports is that of HEP, without which only version 3 is recognised.
func (d *Decoder) hep(onPort bool, b []byte) bool {
	h := hepPacket{kind: hepSIP, protocol: protocolUDP}
	switch {
	case isHEP3(b):
		if !h.parse3(b) {
			return false
		}
	case onPort && (b[0] == 1 || b[0] == 2) && isIPFamily(uint32(b[2])):
		if !h.parse2(b) {
			return false
		}
	default:
		return false
	}
	d.recognise(b)
	if d.enter(tunnelHEP) {
		d.hepPayload(&h)
	}
	return true
}

// isHEP3 reports whether b begins like a packet of version 3.
func isHEP3(b []byte) bool {
	switch binary.BigEndian.Uint32(b) {
	case 'H'<<24 | 'E'<<16 | 'P'<<8 | '3', 'E'<<24 | 'E'<<16 | 'P'<<8 | '3', 'E'<<24 | 'E'<<16 | 'P'<<8 | '1':
		return true
	}
	return false
}

// hepPayload hands on SIP and RTP. Messages of streams arrive framed.
func (d *Decoder) hepPayload(h *hepPacket) {
	raw := len(h.payload) > 0 && h.payload[0]>>6 == 2
	if h.kind != hepSIP && h.kind != hepRTP && (h.kind != hepRTCP || !raw) {
		d.drop(hepOther)
		return
	}
	transport := UDP
	switch h.protocol {
	case protocolTCP:
		transport = TCP
	case protocolSCTP:
		transport = SCTP
	case hepTLS:
		transport = TLS
	}
	d.packet.Src = netip.AddrPortFrom(h.src.Unmap(), h.srcPort)
	d.packet.Dst = netip.AddrPortFrom(h.dst.Unmap(), h.dstPort)
	d.unpacked(transport, h.payload, len(h.payload))
}

// parse2 reads the header of versions 1 and 2: version 1, length 1, address
// family 1, protocol 1, ports 2 each, addresses; version 2 adds a time of
// twelve octets, or ten without the padding of a C structure. The length is
// not to be believed.
func (h *hepPacket) parse2(b []byte) bool {
	size := 16
	if b[2] == 2 {
		size = 4
	}
	n := 8 + 2*size
	if len(b) < n {
		return false
	}
	h.protocol = b[3]
	h.srcPort, h.dstPort = binary.BigEndian.Uint16(b[4:]), binary.BigEndian.Uint16(b[6:])
	h.src, _ = netip.AddrFromSlice(b[8 : 8+size])
	h.dst, _ = netip.AddrFromSlice(b[8+size : n])
	if b[0] == 2 {
		n += hepTime(b[n:])
	}
	if n >= len(b) {
		return false
	}
	h.payload = b[n:]
	return true
}

// hepTime is the length of the time block: twelve octets, unless a text begins
// where the padding should be.
func hepTime(b []byte) int {
	if len(b) > 12 && isLetter(b[10]) && isLetter(b[11]) {
		return 10
	}
	return 12
}

func isLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }

// The chunks of version 3 that are read.
const (
	hepProtocol = 2
	hepIPv4Src  = 3
	hepIPv4Dst  = 4
	hepIPv6Src  = 5
	hepIPv6Dst  = 6
	hepSrcPort  = 7
	hepDstPort  = 8
	hepKind     = 11
	hepPayload3 = 15
)

// parse3 reads version 3: mark 4, length of all 2, then chunks of vendor 2,
// type 2, length with these six octets 2, and value.
func (h *hepPacket) parse3(b []byte) bool {
	if n := int(binary.BigEndian.Uint16(b[4:])); n < len(b) {
		b = b[:max(n, 6)]
	}
	b = b[6:]
	for len(b) >= 6 {
		n := int(binary.BigEndian.Uint16(b[4:]))
		if n < 6 || n > len(b) {
			break
		}
		if binary.BigEndian.Uint16(b) == 0 {
			h.chunk(binary.BigEndian.Uint16(b[2:]), b[6:n])
		}
		b = b[n:]
	}
	return h.src.IsValid() && h.dst.IsValid() && len(h.payload) > 0
}

func (h *hepPacket) chunk(kind uint16, v []byte) {
	switch {
	case kind == hepProtocol && len(v) == 1:
		h.protocol = v[0]
	case (kind == hepIPv4Src && len(v) == 4) || (kind == hepIPv6Src && len(v) == 16):
		h.src, _ = netip.AddrFromSlice(v)
	case (kind == hepIPv4Dst && len(v) == 4) || (kind == hepIPv6Dst && len(v) == 16):
		h.dst, _ = netip.AddrFromSlice(v)
	case kind == hepSrcPort && len(v) == 2:
		h.srcPort = binary.BigEndian.Uint16(v)
	case kind == hepDstPort && len(v) == 2:
		h.dstPort = binary.BigEndian.Uint16(v)
	case kind == hepKind && len(v) == 1:
		h.kind = v[0]
	case kind == hepPayload3:
		// A payload may be split over several chunks; there is hardly ever more
		// than one.
		if h.payload == nil {
			h.payload = v
		} else {
			h.payload = append(h.payload[:len(h.payload):len(h.payload)], v...)
		}
	}
}
