package gen

import (
	"encoding/binary"
	"net/netip"
)

// A path is a direction between two endpoints: what the headers of its
// packets have in common.
type path struct {
	source, destination netip.AddrPort
	vlan                uint16
	id                  uint32 // of the next IP packet; 16 bits of it are used in IPv4
	flow                uint32 // IPv6 flow label
}

const (
	protocolTCP = 6
	protocolUDP = 17
	dscpVoice   = 46 << 2
	dscpSignal  = 24 << 2
	hopLimit    = 64
)

func (p *path) reversed() path {
	return path{source: p.destination, destination: p.source, vlan: p.vlan, id: p.id ^ 0x5a5a, flow: p.flow}
}

func (p *path) v6() bool { return p.source.Addr().Is6() }

// ipHeaderLength is 20 for IPv4 (no options are used), 40 for IPv6.
func (p *path) ipHeaderLength() int {
	if p.v6() {
		return 40
	}
	return 20
}

// appendEthernet begins a frame. Link addresses are made up from the IP
// addresses: locally administered, never those of a real card.
func (p *path) appendEthernet(b []byte) []byte {
	b = appendLinkAddress(b, p.destination.Addr())
	b = appendLinkAddress(b, p.source.Addr())
	if p.vlan != 0 {
		b = append(b, 0x81, 0x00)
		b = binary.BigEndian.AppendUint16(b, p.vlan)
	}
	if p.v6() {
		return append(b, 0x86, 0xdd)
	}
	return append(b, 0x08, 0x00)
}

func appendLinkAddress(b []byte, a netip.Addr) []byte {
	ip := a.AsSlice()
	return append(append(b, 0x02, 0x00), ip[len(ip)-4:]...)
}

// appendIP adds an IPv4 or IPv6 header for size octets of payload.
func (p *path) appendIP(b []byte, size int, protocol, class byte) []byte {
	be := binary.BigEndian
	p.id++
	if p.v6() {
		b = be.AppendUint32(b, 6<<28|uint32(class)<<20|p.flow&0xfffff)
		b = be.AppendUint16(b, uint16(size))
		b = append(b, protocol, hopLimit)
		b = append(b, p.source.Addr().AsSlice()...)
		return append(b, p.destination.Addr().AsSlice()...)
	}
	return p.appendIPv4(b, size, protocol, class, 0)
}

// appendIPv4 adds an IPv4 header; fragment is the flags and offset field.
func (p *path) appendIPv4(b []byte, size int, protocol, class byte, fragment uint16) []byte {
	be := binary.BigEndian
	start := len(b)
	b = append(b, 0x45, class)
	b = be.AppendUint16(b, uint16(20+size))
	b = be.AppendUint16(b, uint16(p.id%65535+1)) // never 0, which some take for "none"
	b = be.AppendUint16(b, fragment)
	b = append(b, hopLimit, protocol, 0, 0)
	b = append(b, p.source.Addr().AsSlice()...)
	b = append(b, p.destination.Addr().AsSlice()...)
	be.PutUint16(b[start+10:], ^fold(sum(b[start:], 0)))
	return b
}

// appendUDP adds a UDP header and its payload, checksum included.
func (p *path) appendUDP(b, payload []byte) []byte {
	be := binary.BigEndian
	start := len(b)
	b = be.AppendUint16(b, p.source.Port())
	b = be.AppendUint16(b, p.destination.Port())
	b = be.AppendUint16(b, uint16(8+len(payload)))
	b = append(b, 0, 0)
	b = append(b, payload...)
	p.sealUDP(b[start:])
	return b
}

// sealUDP sets the checksum of a whole UDP datagram.
func (p *path) sealUDP(udp []byte) {
	udp[6], udp[7] = 0, 0
	check := ^fold(sum(udp, p.pseudoSum(len(udp), protocolUDP)))
	if check == 0 {
		check = 0xffff
	}
	binary.BigEndian.PutUint16(udp[6:], check)
}

// pseudoSum adds up the pseudo header of UDP and TCP checksums.
func (p *path) pseudoSum(size int, protocol byte) uint64 {
	s := uint64(size) + uint64(protocol)
	if p.v6() {
		source, destination := p.source.Addr().As16(), p.destination.Addr().As16()
		return sum(destination[:], sum(source[:], s))
	}
	source, destination := p.source.Addr().As4(), p.destination.Addr().As4()
	return sum(destination[:], sum(source[:], s))
}

// sum adds b to s as 16-bit words (RFC 1071), four octets at a time, which
// comes to the same.
func sum(b []byte, s uint64) uint64 {
	for len(b) >= 4 {
		s += uint64(binary.BigEndian.Uint32(b))
		b = b[4:]
	}
	if len(b) >= 2 {
		s += uint64(binary.BigEndian.Uint16(b))
		b = b[2:]
	}
	if len(b) == 1 {
		s += uint64(b[0]) << 8
	}
	return s
}

func fold(s uint64) uint16 {
	for s > 0xffff {
		s = s>>16 + s&0xffff
	}
	return uint16(s)
}

// fragments cuts an IP payload into frames that fit the wire.
func (p *path) fragments(payload []byte, protocol, class byte, mtu int) [][]byte {
	room := mtu - p.ipHeaderLength()
	if p.v6() {
		room -= 8
	}
	room &^= 7
	p.id++
	var frames [][]byte
	for offset := 0; offset < len(payload); offset += room {
		end, more := offset+room, uint16(1)
		if end >= len(payload) {
			end, more = len(payload), 0
		}
		frames = append(frames, p.fragment(payload[offset:end], protocol, class, uint16(offset), more))
	}
	return frames
}

// fragment makes one frame; offset is in octets, a multiple of 8.
func (p *path) fragment(part []byte, protocol, class byte, offset, more uint16) []byte {
	be := binary.BigEndian
	b := p.appendEthernet(nil)
	if !p.v6() {
		b = p.appendIPv4(b, len(part), protocol, class, more<<13|offset/8)
		return append(b, part...)
	}
	b = be.AppendUint32(b, 6<<28|uint32(class)<<20|p.flow&0xfffff)
	b = be.AppendUint16(b, uint16(8+len(part)))
	b = append(b, 44, hopLimit) // fragment header follows
	b = append(b, p.source.Addr().AsSlice()...)
	b = append(b, p.destination.Addr().AsSlice()...)
	b = append(b, protocol, 0)
	b = be.AppendUint16(b, offset|more)
	b = be.AppendUint32(b, p.id)
	return append(b, part...)
}
