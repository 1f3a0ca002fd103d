package wire

import "net/netip"

// Tunnel is a way to put an IP packet into the payload of another.
type Tunnel struct {
	Name     string
	Protocol uint8 // in the outer header; 0: that of the inner packet's version
	Wrap     func(ip []byte) []byte
	Kind     string // what the decoder calls it
	Only     int    // 6 when the tunnel carries IPv6 only
}

// onUDP puts what wrap makes into a UDP packet.
func onUDP(src, dst uint16, wrap func(ip []byte) []byte) func(ip []byte) []byte {
	return func(ip []byte) []byte { return UDP(src, dst, wrap(ip)) }
}

func greOf(flags uint16, fields []byte, inner func(ip []byte) (uint16, []byte)) func(ip []byte) []byte {
	return func(ip []byte) []byte {
		t, b := inner(ip)
		return Join(flags, t, fields, b)
	}
}

func asIP(ip []byte) (uint16, []byte)    { return EtherType(ip), ip }
func asEther(ip []byte) (uint16, []byte) { return 0x6558, EthernetIP(ip) }
func asPPP(ip []byte) (uint16, []byte)   { return 0x880b, Join(0xff, 3, PPP(ip)) }
func asVLAN(ip []byte) (uint16, []byte) {
	return 0x8100, Join(uint16(9), EtherType(ip), ip)
}

func as(t uint16, header ...any) func(ip []byte) (uint16, []byte) {
	return func(ip []byte) (uint16, []byte) { return t, Join(Join(header...), EthernetIP(ip)) }
}

// nextHeader is the protocol number of an IP packet inside of another.
func nextHeader(ip []byte) int {
	if ip[0]>>4 == 6 {
		return 41
	}
	return 4
}

// espNull is ESP in tunnel mode with NULL encryption and a check value of 96
// bits (RFC 4303 §2, RFC 2410): padding counts up from 1 to a multiple of 4.
func espNull(ip []byte) []byte {
	padding := []byte{1, 2, 3}[:-(len(ip)+2)&3]
	return Join(uint32(0x1001), uint32(1), ip, padding, len(padding), nextHeader(ip), Zeros(12))
}

// Tunnels lists the tunnels of spec §1.3 in their variants.
func Tunnels() []Tunnel {
	before := func(b ...any) func(ip []byte) []byte {
		return func(ip []byte) []byte { return Join(Join(b...), ip) }
	}
	beforeEther := func(b ...any) func(ip []byte) []byte {
		return func(ip []byte) []byte { return Join(Join(b...), EthernetIP(ip)) }
	}
	geneve := func(ip []byte) []byte { return Join(0x02, 0, uint16(0x6558), uint32(0x100), Zeros(8), EthernetIP(ip)) }
	geneveIP := func(ip []byte) []byte { return Join(0x00, 0, EtherType(ip), uint32(0x100), ip) }
	gpe := func(ip []byte) []byte {
		next := 1
		if ip[0]>>4 == 6 {
			next = 2
		}
		return Join(0x0c, 0, 0, next, uint32(0x100), ip)
	}
	l2tp := func(flags uint16, fields ...any) func(ip []byte) []byte {
		return func(ip []byte) []byte {
			return Join(flags, Join(fields...), 0xff, 3, PPP(ip))
		}
	}
	wifi := func(ip []byte) []byte { return WiFi(0x08, 0x01, nil, ip) }
	swapped := func(ip []byte) []byte {
		b := wifi(ip)
		b[0], b[1] = b[1], b[0]
		return b
	}
	capwap := func(flags int, inner func(ip []byte) []byte) func(ip []byte) []byte {
		return func(ip []byte) []byte { return Join(0, 0x10, 0x42|flags, 0, uint32(0), inner(ip)) }
	}
	return []Tunnel{
		{"ip-in-ip", 0, func(ip []byte) []byte { return ip }, "ip-in-ip", 0}, // the protocol follows from the packet
		{"ah", 51, func(ip []byte) []byte { return Join(nextHeader(ip), 4, uint16(0), uint32(7), uint32(1), Zeros(12), ip) }, "ip-in-ip", 0},
		{"esp null", 50, espNull, "ip-in-ip", 0},
		{"gre", 47, greOf(0, nil, asIP), "gre", 0},
		{"gre all fields", 47, greOf(0xb000, Zeros(12), asIP), "gre", 0},
		{"gre routing", 47, greOf(0x4000, Join(Zeros(4), uint16(2), 0, 4, Zeros(4), Zeros(4)), asIP), "gre", 0},
		{"gre ethernet", 47, greOf(0x2000, Zeros(4), asEther), "gre", 0},
		{"gre vlan", 47, greOf(0, nil, asVLAN), "gre", 0},
		{"gre ppp", 47, greOf(0x3001, Zeros(8), asPPP), "gre", 0},
		{"gre ppp acknowledged", 47, greOf(0x3081, Zeros(12), asPPP), "gre", 0},
		{"erspan 1", 47, greOf(0, nil, as(0x88be)), "erspan", 0},
		{"erspan 2", 47, greOf(0x1000, Zeros(4), as(0x88be, Zeros(8))), "erspan", 0},
		{"erspan 3", 47, greOf(0x1000, Zeros(4), as(0x22eb, Zeros(12))), "erspan", 0},
		{"erspan 3 with more", 47, greOf(0x1000, Zeros(4), as(0x22eb, Zeros(11), 1, Zeros(8))), "erspan", 0},
		{"vxlan", 17, onUDP(49152, 4789, beforeEther(8, 0, 0, 0, 0, 0, 5, 0)), "vxlan", 0},
		{"vxlan policy", 17, onUDP(49152, 4789, beforeEther(0x88, 0x40, 0, 7, 0, 0, 5, 0)), "vxlan", 0},
		{"vxlan linux", 17, onUDP(49152, 8472, beforeEther(8, 0, 0, 0, 0, 0, 5, 0)), "vxlan", 0},
		{"vxlan-gpe", 17, onUDP(49152, 4790, gpe), "vxlan", 0},
		{"vxlan-gpe without flag", 17, onUDP(49152, 4790, func(ip []byte) []byte { return Join(8, gpe(ip)[1:]) }), "vxlan", 0},
		{"vxlan-gpe ethernet", 17, onUDP(49152, 4790, beforeEther(8, 0, 0, 0, 0, 0, 5, 0)), "vxlan", 0},
		{"geneve", 17, onUDP(49152, 6081, geneve), "geneve", 0},
		{"geneve ip", 17, onUDP(49152, 6081, geneveIP), "geneve", 0},
		{"gtp", 17, onUDP(2152, 2152, before(0x30, 255, uint16(0), uint32(7))), "gtp", 0},
		{"gtp sequence", 17, onUDP(40000, 2152, before(0x32, 255, uint16(0), uint32(7), uint32(0x000100ff))), "gtp", 0},
		{"gtp extensions", 17, onUDP(2152, 40000, before(0x34, 255, uint16(0), uint32(7), 0, 0, 0, 0x85,
			1, 0x10, 0x01, 0xc0, 2, Zeros(6), 0)), "gtp", 0},
		{"l2tp", 17, onUDP(1701, 1701, l2tp(0x0002, uint32(0x00010002))), "l2tp", 0},
		{"l2tp all fields", 17, onUDP(1701, 1701, l2tp(0x4a02, uint16(99), uint32(0x00010002), uint32(0), uint16(3), Zeros(3))), "l2tp", 0},
		{"tzsp", 17, onUDP(49152, 37008, beforeEther(1, 0, uint16(1), 0, 10, 2, 9, 9, 1)), "tzsp", 0},
		{"tzsp wifi", 17, onUDP(49152, 37008, func(ip []byte) []byte { return Join(1, 0, uint16(18), 1, wifi(ip)) }), "tzsp", 0},
		{"teredo", 17, onUDP(49152, 3544, before()), "teredo", 6},
		{"teredo origin", 17, onUDP(3544, 49152, before(uint16(0), Zeros(6))), "teredo", 6},
		{"teredo both", 17, onUDP(3544, 49152, before(uint16(1), 2, 3, Zeros(5), Zeros(9), uint16(0), Zeros(6))), "teredo", 6},
		{"capwap", 17, onUDP(49152, 5247, capwap(0, EthernetIP)), "capwap", 0},
		{"capwap wifi", 17, onUDP(5247, 49152, capwap(1, wifi)), "capwap", 0},
		{"capwap wifi swapped", 17, onUDP(5247, 49152, capwap(1, swapped)), "capwap", 0},
	}
}

// Outer builds the header of the packet around an inner one.
func (t Tunnel) Outer(src, dst netip.Addr, inner []byte) IP {
	h := IP{Src: src, Dst: dst, ID: 0x77, TTL: 12, Protocol: t.Protocol}
	if h.Protocol == 0 {
		h.Protocol = uint8(nextHeader(inner))
	}
	return h
}

// Carries reports whether packets of a version fit in.
func (t Tunnel) Carries(v6 bool) bool { return t.Only == 0 || v6 }
