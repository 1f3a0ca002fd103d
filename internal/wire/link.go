package wire

import "sipsniff/capture"

// Link is a way to put an IP packet into a frame.
type Link struct {
	Name      string
	Type      capture.LinkType
	Frame     func(ip []byte) []byte
	VLANs     []uint16
	Direction uint8 // 255 unless the header tells
}

func ether(t uint16, tag ...any) func(ip []byte) []byte {
	return func(ip []byte) []byte {
		return Ethernet(t, Join(Join(tag...), EtherType(ip), ip))
	}
}

// wrapped builds an Ethernet frame of type t whose payload is what f makes of
// the IP packet.
func wrapped(t uint16, f func(ip []byte) []byte) func(ip []byte) []byte {
	return func(ip []byte) []byte { return Ethernet(t, f(ip)) }
}

// SNAP puts an IP packet behind an LLC and SNAP header.
func SNAP(ip []byte) []byte { return Join(0xaa, 0xaa, 3, 0, 0, 0, EtherType(ip), ip) }

// WiFi builds a data frame from a station to an access point.
func WiFi(control, flags int, extra []byte, ip []byte) []byte {
	return Join(control, flags, uint16(0), Zeros(18), uint16(0), extra, SNAP(ip))
}

func family(v4, v6 []byte) func(ip []byte) []byte {
	return func(ip []byte) []byte {
		if ip[0]>>4 == 6 {
			return Join(v6, ip)
		}
		return Join(v4, ip)
	}
}

// Links lists the link layers of spec §1.2 and the tags in front of IP, in
// their variants.
func Links() []Link {
	raw := func(ip []byte) []byte { return ip }
	prefix := func(b ...any) func(ip []byte) []byte {
		return func(ip []byte) []byte { return Join(Join(b...), ip) }
	}
	ppp := func(b ...any) func(ip []byte) []byte {
		return func(ip []byte) []byte { return Join(Join(b...), PPP(ip)) }
	}
	pppShort := family([]byte{0x21}, []byte{0x57})
	pppoe := func(ip []byte) []byte { return Join(0x11, 0, uint16(7), uint16(2+len(ip)), PPP(ip)) }
	mpls := func(ip []byte) []byte { return Join(uint32(0x00010040), uint32(0x00011140), ip) }
	mplsEther := func(word []byte) func(ip []byte) []byte {
		return func(ip []byte) []byte { return Join(uint32(0x00011140), word, EthernetIP(ip)) }
	}
	nsh := func(ip []byte) []byte {
		next := 1
		if ip[0]>>4 == 6 {
			next = 2
		}
		return Join(0x0f, 0xc2, 2, next, uint32(0x100), ip)
	}
	cooked := func(ip []byte) []byte {
		return Join(uint16(4), uint16(1), uint16(6), Zeros(8), EtherType(ip), ip)
	}
	cooked2 := func(ip []byte) []byte {
		return Join(EtherType(ip), uint16(0), uint32(3), uint16(1), 4, 6, Zeros(8), ip)
	}
	nflogLE := func(ip []byte) []byte {
		n := 4 + len(ip)
		return Join(2, 0, uint16(0), 8, 0, 1, 0, uint32(0), 5, 0, 10, 0, "x", 0, 0, 0, n&255, n>>8, 9, 0, ip)
	}
	nflogBE := func(ip []byte) []byte {
		return Join(2, 0, uint16(0), uint16(8), uint16(1), uint32(0), uint16(4+len(ip)), uint16(9), ip)
	}
	return []Link{
		{"ethernet", 1, EthernetIP, nil, 255},
		{"ethernet padded", 1, func(ip []byte) []byte { return Join(EthernetIP(ip), Zeros(20)) }, nil, 255},
		{"802.3 snap", 1, func(ip []byte) []byte { return Ethernet(uint16(8+len(ip)), SNAP(ip)) }, nil, 255},
		{"802.3 snap padded", 1, func(ip []byte) []byte { return Ethernet(uint16(8+len(ip)), Join(SNAP(ip), Zeros(9))) }, nil, 255},
		{"802.3 bridge tunnel", 1, func(ip []byte) []byte {
			return Ethernet(uint16(8+len(ip)), Join(0xaa, 0xaa, 3, 0, 0, 0xf8, EtherType(ip), ip))
		}, nil, 255},
		{"802.2 ip", 1, func(ip []byte) []byte { return Ethernet(uint16(3+len(ip)), Join(6, 6, 3, ip)) }, nil, 255},
		{"vlan", 1, ether(0x8100, uint16(0xa00a)), []uint16{10}, 255},
		{"qinq", 1, ether(0x88a8, uint16(20), uint16(0x8100), uint16(0x2fff)), []uint16{20, 4095}, 255},
		{"old qinq", 1, ether(0x9100, uint16(1), uint16(0x9200), uint16(2), uint16(0x9300), uint16(3)), []uint16{1, 2, 3}, 255},
		{"five vlans", 1, ether(0x8100, uint16(1), uint16(0x8100), uint16(2), uint16(0x8100), uint16(3), uint16(0x8100), uint16(4),
			uint16(0x8100), uint16(5)), []uint16{1, 2, 3, 4}, 255},
		{"cisco metadata", 1, ether(0x8909, 1, 1, uint16(1), uint16(5)), nil, 255},
		{"vn-tag", 1, ether(0x8926, uint32(0x00010002)), nil, 255},
		{"e-tag", 1, ether(0x893f, uint32(0), uint16(9)), nil, 255},
		{"macsec", 1, ether(0x88e5, 0, 0, uint32(1)), nil, 255},
		{"macsec with channel", 1, ether(0x88e5, 0x20, 0, uint32(1), Zeros(8)), nil, 255},
		{"mpls", 1, wrapped(0x8847, mpls), nil, 255},
		{"mpls multicast", 1, wrapped(0x8848, mpls), nil, 255},
		{"mpls ethernet", 1, wrapped(0x8847, mplsEther(nil)), nil, 255},
		{"mpls control word", 1, wrapped(0x8847, mplsEther(Zeros(4))), nil, 255},
		{"vlan mpls", 1, func(ip []byte) []byte { return Ethernet(0x8100, Join(uint16(7), uint16(0x8847), mpls(ip))) }, []uint16{7}, 255},
		{"pppoe", 1, wrapped(0x8864, pppoe), nil, 255},
		{"nsh", 1, wrapped(0x894f, nsh), nil, 255},
		{"nsh ethernet", 1, wrapped(0x894f, func(ip []byte) []byte { return Join(0x0f, 0xc6, 1, 3, Zeros(20), EthernetIP(ip)) }), nil, 255},
		{"trill", 1, wrapped(0x22f3, func(ip []byte) []byte { return Join(uint16(0x0041), uint16(1), uint16(2), Zeros(4), EthernetIP(ip)) }), nil, 255},
		{"null little endian", 0, family([]byte{2, 0, 0, 0}, []byte{30, 0, 0, 0}), nil, 255},
		{"null big endian", 0, family([]byte{0, 0, 0, 2}, []byte{0, 0, 0, 24}), nil, 255},
		{"null freebsd", 0, family([]byte{2, 0, 0, 0}, []byte{28, 0, 0, 0}), nil, 255},
		{"loop", 108, family([]byte{0, 0, 0, 2}, []byte{0, 0, 0, 10}), nil, 255},
		{"raw", 101, raw, nil, 255},
		{"raw 12", 12, raw, nil, 255},
		{"raw 14", 14, raw, nil, 255},
		{"raw 228", 228, raw, nil, 255},
		{"raw 229", 229, raw, nil, 255},
		{"ppp", 9, ppp(0xff, 3), nil, 255},
		{"ppp bare", 9, ppp(), nil, 255},
		{"ppp short protocol", 9, pppShort, nil, 255},
		{"ppp mpls", 9, prefix(uint16(0x0281), uint32(0x00010140)), nil, 255},
		{"ppp serial", 50, ppp(0xff, 3), nil, 255},
		{"ppp serial cisco", 50, func(ip []byte) []byte { return Join(0x0f, 0, EtherType(ip), ip) }, nil, 255},
		{"ppp ether", 51, ppp(), nil, 255},
		{"ppp ether with header", 51, pppoe, nil, 255},
		{"cisco hdlc", 104, func(ip []byte) []byte { return Join(0x0f, 0, EtherType(ip), ip) }, nil, 255},
		{"cooked", 113, cooked, nil, 4},
		{"cooked vlan", 113, func(ip []byte) []byte {
			return Join(uint16(0), uint16(1), uint16(6), Zeros(8), uint16(0x8100), uint16(77), EtherType(ip), ip)
		}, []uint16{77}, 0},
		{"cooked llc", 113, func(ip []byte) []byte { return Join(uint16(1), uint16(1), uint16(6), Zeros(8), uint16(4), SNAP(ip)) }, nil, 1},
		{"cooked 2", 276, cooked2, nil, 4},
		{"nflog little endian", 239, nflogLE, nil, 255},
		{"nflog big endian", 239, nflogBE, nil, 255},
		{"mpls link", 219, mpls, nil, 255},
		{"wifi", 105, func(ip []byte) []byte { return WiFi(0x08, 0x01, nil, ip) }, nil, 255},
		{"wifi qos", 105, func(ip []byte) []byte { return WiFi(0x88, 0x02, Zeros(2), ip) }, nil, 255},
		{"wifi qos ht", 105, func(ip []byte) []byte { return WiFi(0x88, 0x82, Zeros(6), ip) }, nil, 255},
		{"wifi four addresses", 105, func(ip []byte) []byte { return WiFi(0x08, 0x03, Zeros(6), ip) }, nil, 255},
		{"wifi aggregate", 105, func(ip []byte) []byte {
			return Join(0x88, 0x01, uint16(0), Zeros(18), uint16(0), 0x80, 0, Zeros(12), uint16(8+len(ip)), SNAP(ip))
		}, nil, 255},
		{"radiotap", 127, func(ip []byte) []byte { return Join(0, 0, 8, 0, Zeros(4), WiFi(0x08, 0x01, nil, ip)) }, nil, 255},
		{"radiotap padded", 127, func(ip []byte) []byte {
			// bitmaps: time and flags, and a second one; time at 16, flags at 24
			return Join(0, 0, 25, 0, 3, 0, 0, 0x80, Zeros(4), Zeros(4), Zeros(8), 0x20, WiFi(0x88, 0x01, Zeros(4), ip))
		}, nil, 255},
	}
}
