package wire

import "net/netip"

// IP is the header of an IP packet to be built, of the version of its
// addresses. IPv6 packets have an ID only in fragments.
type IP struct {
	Src, Dst netip.Addr
	ID       uint32
	TTL      uint8 // 64 when 0
	TOS      uint8 // the octet with the DSCP; 0xb8, EF, when 0
	Protocol uint8
	Offset   int  // of a fragment, octets
	More     bool // fragments follow
}

// Packet builds an IP packet.
func (h IP) Packet(payload []byte) []byte {
	if h.TTL == 0 {
		h.TTL = 64
	}
	if h.TOS == 0 {
		h.TOS = 0xb8
	}
	if h.Src.Is4() {
		return h.packet4(payload)
	}
	return h.packet6(payload)
}

func (h IP) packet4(payload []byte) []byte {
	place := uint16(h.Offset / 8)
	if h.More {
		place |= 0x2000
	}
	return Join(0x45, int(h.TOS), uint16(20+len(payload)), uint16(h.ID), place, int(h.TTL), int(h.Protocol), uint16(0),
		h.Src.AsSlice(), h.Dst.AsSlice(), payload)
}

func (h IP) packet6(payload []byte) []byte {
	next := int(h.Protocol)
	if h.More || h.Offset > 0 {
		place := uint16(h.Offset)
		if h.More {
			place |= 1
		}
		payload = Join(next, 0, place, h.ID, payload)
		next = 44
	}
	return Join(uint32(0x60000000)|uint32(h.TOS)<<20, uint16(len(payload)), next, int(h.TTL), h.Src.AsSlice(), h.Dst.AsSlice(), payload)
}

// Fragments builds the fragments of a packet, size octets of payload in each
// but the last.
func (h IP) Fragments(payload []byte, size int) [][]byte {
	var out [][]byte
	for at := 0; at < len(payload); at += size {
		end := min(at+size, len(payload))
		h.Offset, h.More = at, end < len(payload)
		out = append(out, h.Packet(payload[at:end]))
	}
	return out
}

// UDP builds a UDP packet without a checksum.
func UDP(src, dst uint16, payload []byte) []byte {
	return Join(src, dst, uint16(8+len(payload)), uint16(0), payload)
}

// TCP builds a TCP segment.
func TCP(src, dst uint16, seq, ack uint32, flags int, payload []byte) []byte {
	return Join(src, dst, seq, ack, 0x50, flags, uint16(512), uint16(0x1234), uint16(0), payload)
}

// Ethernet builds an Ethernet frame of type t.
func Ethernet(t uint16, payload []byte) []byte {
	return Join(0x02, 0, 0, 0, 0, 2, 0x02, 0, 0, 0, 0, 1, t, payload)
}

// EthernetIP builds an Ethernet frame around an IP packet.
func EthernetIP(ip []byte) []byte { return Ethernet(EtherType(ip), ip) }

// EtherType is the type that Ethernet gives the IP packet.
func EtherType(ip []byte) uint16 {
	if len(ip) > 0 && ip[0]>>4 == 6 {
		return 0x86dd
	}
	return 0x0800
}

// PPP builds a PPP frame without address and control.
func PPP(ip []byte) []byte {
	if ip[0]>>4 == 6 {
		return Join(uint16(0x0057), ip)
	}
	return Join(uint16(0x0021), ip)
}
