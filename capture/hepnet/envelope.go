package hepnet

import (
	"encoding/binary"
	"net/netip"
)

// The link type of the frames: they begin with an IP header.
const linkRaw = 101

// The octets of the headers.
const (
	udpHead  = 8
	ipv4Head = 20
	ipv6Head = 40
)

// protocolUDP is the number of UDP in an IP header.
const protocolUDP = 17

// An envelope is the IP and UDP headers around a packet of HEP, as it came.
type envelope struct {
	from, to netip.AddrPort
	id       uint16
}

// wrap appends the packet in its envelope. A packet from TCP may be too long
// for the length fields, which are then 0, as in packets that a network card
// is to cut up.
func (e envelope) wrap(b, packet []byte) []byte {
	start := len(b)
	from, to := e.from.Addr().Unmap(), e.to.Addr().Unmap()
	udp := start + ipv4Head
	if from.Is4() && to.Is4() {
		b = e.ipv4(b, from, to, len(packet))
	} else {
		b = e.ipv6(b, from, to, len(packet))
		udp = start + ipv6Head
	}
	b = binary.BigEndian.AppendUint16(b, e.from.Port())
	b = binary.BigEndian.AppendUint16(b, e.to.Port())
	b = binary.BigEndian.AppendUint16(b, length16(udpHead+len(packet)))
	b = append(append(b, 0, 0), packet...)
	sum := checksum(pseudo(from, to, len(b)-udp), b[udp:])
	if sum == 0 {
		sum = 0xffff // a zero would mean that there is none (RFC 768)
	}
	binary.BigEndian.PutUint16(b[udp+6:], sum)
	return b
}

// ipv4 appends an IPv4 header (RFC 791 §3.1): version and length 1, TOS 1,
// total length 2, identification 2, flags and offset 2, TTL 1, protocol 1,
// checksum 2, addresses.
func (e envelope) ipv4(b []byte, from, to netip.Addr, payload int) []byte {
	start := len(b)
	b = append(b, 0x45, 0)
	b = binary.BigEndian.AppendUint16(b, length16(ipv4Head+udpHead+payload))
	b = binary.BigEndian.AppendUint16(b, e.id)
	b = append(b, 0, 0, 64, protocolUDP, 0, 0)
	b = append(append(b, from.AsSlice()...), to.AsSlice()...)
	binary.BigEndian.PutUint16(b[start+10:], checksum(0, b[start:]))
	return b
}

// ipv6 appends an IPv6 header (RFC 8200 §3): version, class and flow 4,
// payload length 2, next header 1, hop limit 1, addresses.
func (e envelope) ipv6(b []byte, from, to netip.Addr, payload int) []byte {
	b = append(b, 0x60, 0, 0, 0)
	b = binary.BigEndian.AppendUint16(b, length16(udpHead+payload))
	b = append(b, protocolUDP, 64)
	src, dst := from.As16(), to.As16()
	return append(append(b, src[:]...), dst[:]...)
}

// length16 is a length, or 0 when it does not fit.
func length16(n int) uint16 {
	if n > 0xffff {
		return 0
	}
	return uint16(n)
}

// pseudo is the sum of the header that the checksum of UDP covers besides the
// datagram (RFC 768, RFC 8200 §8.1).
func pseudo(from, to netip.Addr, length int) uint32 {
	var sum uint32
	if from.Is4() && to.Is4() {
		a, b := from.As4(), to.As4()
		sum = add(add(0, a[:]), b[:])
	} else {
		a, b := from.As16(), to.As16()
		sum = add(add(0, a[:]), b[:])
	}
	return sum + uint32(length>>16) + uint32(length&0xffff) + protocolUDP
}

// checksum is the checksum of IP and UDP (RFC 1071).
func checksum(sum uint32, b []byte) uint16 {
	sum = add(sum, b)
	for sum > 0xffff {
		sum = sum&0xffff + sum>>16
	}
	return ^uint16(sum)
}

// add adds up words of 16 bits; a sum over 64 KiB does not overflow.
func add(sum uint32, b []byte) uint32 {
	for ; len(b) >= 2; b = b[2:] {
		sum += uint32(binary.BigEndian.Uint16(b))
	}
	if len(b) == 1 {
		sum += uint32(b[0]) << 8
	}
	return sum
}
