package decode

import (
	"bytes"
	"net/netip"
	"testing"

	"sipsniff/capture"
)

// linkCase is a way to put an IP packet into a frame.
type linkCase struct {
	name  string
	link  capture.LinkType
	frame func(ip []byte) []byte
	vlans []uint16
	dir   uint8 // 255 unless the header tells
}

func ether(t uint16, tag ...any) func(ip []byte) []byte {
	return func(ip []byte) []byte {
		return etherOf(t, join(join(tag...), etherTypeOf(ip), ip))
	}
}

// wrapped builds an Ethernet frame of type t whose payload is what f makes of
// the IP packet.
func wrapped(t uint16, f func(ip []byte) []byte) func(ip []byte) []byte {
	return func(ip []byte) []byte { return etherOf(t, f(ip)) }
}

func snap(ip []byte) []byte { return join(0xaa, 0xaa, 3, 0, 0, 0, etherTypeOf(ip), ip) }

// wifiFrameOf builds a data frame from a station to an access point.
func wifiFrameOf(control, flags int, extra []byte, ip []byte) []byte {
	return join(control, flags, uint16(0), zeros(18), uint16(0), extra, snap(ip))
}

func family(v4, v6 []byte) func(ip []byte) []byte {
	return func(ip []byte) []byte {
		if ip[0]>>4 == 6 {
			return join(v6, ip)
		}
		return join(v4, ip)
	}
}

func linkCases() []linkCase {
	raw := func(ip []byte) []byte { return ip }
	prefix := func(b ...any) func(ip []byte) []byte {
		return func(ip []byte) []byte { return join(join(b...), ip) }
	}
	ppp := func(b ...any) func(ip []byte) []byte {
		return func(ip []byte) []byte { return join(join(b...), pppOf(ip)) }
	}
	pppShort := family([]byte{0x21}, []byte{0x57})
	pppoe := func(ip []byte) []byte { return join(0x11, 0, uint16(7), uint16(2+len(ip)), pppOf(ip)) }
	mpls := func(ip []byte) []byte { return join(uint32(0x00010040), uint32(0x00011140), ip) }
	mplsEther := func(word []byte) func(ip []byte) []byte {
		return func(ip []byte) []byte { return join(uint32(0x00011140), word, etherIP(ip)) }
	}
	nsh := func(ip []byte) []byte {
		next := 1
		if ip[0]>>4 == 6 {
			next = 2
		}
		return join(0x0f, 0xc2, 2, next, uint32(0x100), ip)
	}
	cooked := func(ip []byte) []byte {
		return join(uint16(4), uint16(1), uint16(6), zeros(8), etherTypeOf(ip), ip)
	}
	cooked2 := func(ip []byte) []byte {
		return join(etherTypeOf(ip), uint16(0), uint32(3), uint16(1), 4, 6, zeros(8), ip)
	}
	nflogLE := func(ip []byte) []byte {
		n := 4 + len(ip)
		return join(2, 0, uint16(0), 8, 0, 1, 0, uint32(0), 5, 0, 10, 0, "x", 0, 0, 0, n&255, n>>8, 9, 0, ip)
	}
	nflogBE := func(ip []byte) []byte {
		return join(2, 0, uint16(0), uint16(8), uint16(1), uint32(0), uint16(4+len(ip)), uint16(9), ip)
	}
	return []linkCase{
		{"ethernet", 1, etherIP, nil, 255},
		{"ethernet padded", 1, func(ip []byte) []byte { return join(etherIP(ip), zeros(20)) }, nil, 255},
		{"802.3 snap", 1, func(ip []byte) []byte { return etherOf(uint16(8+len(ip)), snap(ip)) }, nil, 255},
		{"802.3 snap padded", 1, func(ip []byte) []byte { return etherOf(uint16(8+len(ip)), join(snap(ip), zeros(9))) }, nil, 255},
		{"802.3 bridge tunnel", 1, func(ip []byte) []byte {
			return etherOf(uint16(8+len(ip)), join(0xaa, 0xaa, 3, 0, 0, 0xf8, etherTypeOf(ip), ip))
		}, nil, 255},
		{"802.2 ip", 1, func(ip []byte) []byte { return etherOf(uint16(3+len(ip)), join(6, 6, 3, ip)) }, nil, 255},
		{"vlan", 1, ether(0x8100, uint16(0xa00a)), []uint16{10}, 255},
		{"qinq", 1, ether(0x88a8, uint16(20), uint16(0x8100), uint16(0x2fff)), []uint16{20, 4095}, 255},
		{"old qinq", 1, ether(0x9100, uint16(1), uint16(0x9200), uint16(2), uint16(0x9300), uint16(3)), []uint16{1, 2, 3}, 255},
		{"five vlans", 1, ether(0x8100, uint16(1), uint16(0x8100), uint16(2), uint16(0x8100), uint16(3), uint16(0x8100), uint16(4),
			uint16(0x8100), uint16(5)), []uint16{1, 2, 3, 4}, 255},
		{"cisco metadata", 1, ether(0x8909, 1, 1, uint16(1), uint16(5)), nil, 255},
		{"vn-tag", 1, ether(0x8926, uint32(0x00010002)), nil, 255},
		{"e-tag", 1, ether(0x893f, uint32(0), uint16(9)), nil, 255},
		{"macsec", 1, ether(0x88e5, 0, 0, uint32(1)), nil, 255},
		{"macsec with channel", 1, ether(0x88e5, 0x20, 0, uint32(1), zeros(8)), nil, 255},
		{"mpls", 1, wrapped(0x8847, mpls), nil, 255},
		{"mpls multicast", 1, wrapped(0x8848, mpls), nil, 255},
		{"mpls ethernet", 1, wrapped(0x8847, mplsEther(nil)), nil, 255},
		{"mpls control word", 1, wrapped(0x8847, mplsEther(zeros(4))), nil, 255},
		{"vlan mpls", 1, func(ip []byte) []byte { return etherOf(0x8100, join(uint16(7), uint16(0x8847), mpls(ip))) }, []uint16{7}, 255},
		{"pppoe", 1, wrapped(0x8864, pppoe), nil, 255},
		{"nsh", 1, wrapped(0x894f, nsh), nil, 255},
		{"nsh ethernet", 1, wrapped(0x894f, func(ip []byte) []byte { return join(0x0f, 0xc6, 1, 3, zeros(20), etherIP(ip)) }), nil, 255},
		{"trill", 1, wrapped(0x22f3, func(ip []byte) []byte { return join(uint16(0x0041), uint16(1), uint16(2), zeros(4), etherIP(ip)) }), nil, 255},
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
		{"ppp serial cisco", 50, func(ip []byte) []byte { return join(0x0f, 0, etherTypeOf(ip), ip) }, nil, 255},
		{"ppp ether", 51, ppp(), nil, 255},
		{"ppp ether with header", 51, pppoe, nil, 255},
		{"cisco hdlc", 104, func(ip []byte) []byte { return join(0x0f, 0, etherTypeOf(ip), ip) }, nil, 255},
		{"cooked", 113, cooked, nil, 4},
		{"cooked vlan", 113, func(ip []byte) []byte {
			return join(uint16(0), uint16(1), uint16(6), zeros(8), uint16(0x8100), uint16(77), etherTypeOf(ip), ip)
		}, []uint16{77}, 0},
		{"cooked llc", 113, func(ip []byte) []byte { return join(uint16(1), uint16(1), uint16(6), zeros(8), uint16(4), snap(ip)) }, nil, 1},
		{"cooked 2", 276, cooked2, nil, 4},
		{"nflog little endian", 239, nflogLE, nil, 255},
		{"nflog big endian", 239, nflogBE, nil, 255},
		{"mpls link", 219, mpls, nil, 255},
		{"wifi", 105, func(ip []byte) []byte { return wifiFrameOf(0x08, 0x01, nil, ip) }, nil, 255},
		{"wifi qos", 105, func(ip []byte) []byte { return wifiFrameOf(0x88, 0x02, zeros(2), ip) }, nil, 255},
		{"wifi qos ht", 105, func(ip []byte) []byte { return wifiFrameOf(0x88, 0x82, zeros(6), ip) }, nil, 255},
		{"wifi four addresses", 105, func(ip []byte) []byte { return wifiFrameOf(0x08, 0x03, zeros(6), ip) }, nil, 255},
		{"wifi aggregate", 105, func(ip []byte) []byte {
			return join(0x88, 0x01, uint16(0), zeros(18), uint16(0), 0x80, 0, zeros(12), uint16(8+len(ip)), snap(ip))
		}, nil, 255},
		{"radiotap", 127, func(ip []byte) []byte { return join(0, 0, 8, 0, zeros(4), wifiFrameOf(0x08, 0x01, nil, ip)) }, nil, 255},
		{"radiotap padded", 127, func(ip []byte) []byte {
			// bitmaps: time and flags, and a second one; time at 16, flags at 24
			return join(0, 0, 25, 0, 3, 0, 0, 0x80, zeros(4), zeros(4), zeros(8), 0x20, wifiFrameOf(0x88, 0x01, zeros(4), ip))
		}, nil, 255},
	}
}

// plainUDP builds an IP packet with a UDP datagram, and says what should come
// out.
func plainUDP(v6 bool, payload []byte) (ip []byte, src, dst netip.AddrPort) {
	a, b := insideV4a, insideV4b
	if v6 {
		a, b = insideV6a, insideV6b
	}
	ip = ipHeader{src: a, dst: b, id: 0x4321, ttl: 57, protocol: 17}.packet(udpOf(16384, 20000, payload))
	return ip, netip.AddrPortFrom(a, 16384), netip.AddrPortFrom(b, 20000)
}

func TestLinkLayers(t *testing.T) {
	payload := []byte("\x80\x00payload of a datagram")
	for _, c := range linkCases() {
		for _, v6 := range []bool{false, true} {
			t.Run(c.name+version(v6), func(t *testing.T) {
				ip, src, dst := plainUDP(v6, payload)
				r := newRun(Config{})
				r.at(5, c.link, c.frame(ip))
				p := r.one(t)
				if p.Src != src || p.Dst != dst {
					t.Errorf("from %v to %v, want %v to %v", p.Src, p.Dst, src, dst)
				}
				if !bytes.Equal(p.Payload, payload) || p.WireLength != len(payload) || p.Cut != "" {
					t.Errorf("payload %q of %d octets, cut %q", p.Payload, p.WireLength, p.Cut)
				}
				if p.TTL != 57 || p.DSCP != 46 || p.LinkDirection != c.dir {
					t.Errorf("ttl %d dscp %d direction %d", p.TTL, p.DSCP, p.LinkDirection)
				}
				if got := p.VLANs[:p.VLANCount]; !equalVLANs(got, c.vlans) {
					t.Errorf("vlans %v, want %v", got, c.vlans)
				}
				if p.Tunnel != "" || p.TunnelSrc.IsValid() {
					t.Errorf("tunnel %q", p.Tunnel)
				}
				if want := map[bool]uint16{false: 28, true: 48}[v6]; p.OverheadIP != want {
					t.Errorf("overhead %d, want %d", p.OverheadIP, want)
				}
				if p.Frame != 1 || p.Nanos != 5*millisecond || p.LastFrame != 1 || p.FirstNanos != p.Nanos {
					t.Errorf("frame %d at %d", p.Frame, p.Nanos)
				}
			})
		}
	}
}

func version(v6 bool) string {
	if v6 {
		return "/v6"
	}
	return "/v4"
}

func equalVLANs(a, b []uint16) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

func TestCooked2Interface(t *testing.T) {
	ip, _, _ := plainUDP(false, []byte("x"))
	r := newRun(Config{})
	r.frame(0, 276, join(uint16(0x0800), uint16(0), uint32(42), uint16(1), 3, 6, zeros(8), ip), 200, 1)
	if p := r.one(t); p.Interface != 42 || p.LinkDirection != 3 {
		t.Errorf("interface %d direction %d, want 42 and 3", p.Interface, p.LinkDirection)
	}
}

func TestUndecodedReasons(t *testing.T) {
	ip, _, _ := plainUDP(false, []byte("payload"))
	inside := func(protocol uint8, payload []byte) []byte {
		return etherIP(ipHeader{src: insideV4a, dst: insideV4b, id: 1, protocol: protocol}.packet(payload))
	}
	inside6 := func(protocol uint8, payload []byte) []byte {
		return etherIP(ipHeader{src: insideV6a, dst: insideV6b, protocol: protocol}.packet(payload))
	}
	changed := func(at int, to byte) []byte {
		b := etherIP(ip)
		b[at] = to
		return b
	}
	cases := []struct {
		reason string
		link   capture.LinkType
		frame  []byte
	}{
		{"link_type_unsupported", 147, ip},
		{"link_type_unsupported", 1 << 20, ip},
		{"truncated_link", 1, etherIP(ip)[:13]},
		{"truncated_ip", 1, etherIP(ip)[:33]},
		{"truncated_ip", 101, nil},
		{"truncated_transport", 1, etherIP(ip)[:41]},
		{"malformed_ip", 1, changed(14, 0x44)},
		{"malformed_ip", 1, changed(14, 0x65)},
		{"malformed_ip", 1, changed(17, 19)},
		{"malformed_transport", 1, changed(39, 7)},
		{"malformed_transport", 1, inside(6, join(zeros(12), 0x40, zeros(7)))},
		{"not_ip", 1, etherOf(0x0806, zeros(28))},
		{"not_ip", 1, etherOf(0x8863, zeros(28))},
		{"not_ip", 1, etherOf(38, join(0x42, 0x42, 3, zeros(35)))},
		{"not_ip", 1, etherOf(0x8864, join(0x11, 0, uint16(1), uint16(10), uint16(0xc021), zeros(8)))},
		{"not_ip", 0, join(uint32(7), ip)},
		{"not_ip", 101, join(0x10, ip)},
		{"not_ip", 113, join(uint16(4), uint16(824), uint16(0), zeros(8), uint16(0x0800), ip)},
		{"other_ip_protocol", 1, inside(89, zeros(20))},
		{"other_ip_protocol", 1, inside6(59, nil)},
		{"icmp", 1, inside(1, join(8, 0, zeros(30)))},
		{"icmp", 1, inside6(58, join(135, 0, zeros(30)))},
		{"icmp_error", 1, inside(1, join(3, 3, zeros(6), ip))},
		{"icmp_error", 1, inside6(58, join(1, 4, zeros(6), ip))},
		{"esp", 1, inside(50, join(uint32(1), uint32(1), udpOf(5060, 5060, []byte("ab")), 0, 17, zeros(12)))},
		{"gre_unknown", 1, inside(47, join(uint16(0), uint16(0x883e), zeros(20)))},
		{"gre_unknown", 1, inside(47, join(uint16(2), uint16(0x0800), ip))},
		{"macsec_encrypted", 1, etherOf(0x88e5, join(0x0c, 0, uint32(1), zeros(40)))},
		{"wifi_encrypted", 105, wifiFrameOf(0x08, 0x41, nil, ip)},
		{"wifi_not_data", 105, wifiFrameOf(0x80, 0, nil, ip)},
		{"wifi_not_data", 105, wifiFrameOf(0x48, 0x01, nil, ip)},
		{"wifi_fragment", 105, wifiFrameOf(0x08, 0x05, nil, ip)},
		{"malformed_tunnel", 1, etherOf(0x894f, join(0x0f, 0xc1, 2, 1, zeros(20)))},
		{"malformed_fragment", 1, etherIP(ipHeader{src: insideV4a, dst: insideV4b, protocol: 17, more: true}.packet(zeros(15)))},
		{"malformed_fragment", 1, etherIP(ipHeader{src: insideV4a, dst: insideV4b, protocol: 17, offset: 65528}.packet(zeros(16)))},
	}
	for _, c := range cases {
		r := newRun(Config{})
		r.at(0, c.link, c.frame)
		r.Flush()
		if len(r.packets) != 0 {
			t.Errorf("%s: %d packets came out", c.reason, len(r.packets))
		}
		if n := r.Stats().Undecoded; len(n) != 1 || n[c.reason] != 1 {
			t.Errorf("undecoded %v, want %s once", n, c.reason)
		}
	}
}

func TestNestingLimit(t *testing.T) {
	ip, _, _ := plainUDP(false, []byte("deep"))
	for _, c := range []struct {
		tags int
		want int
	}{{8, 1}, {9, 0}, {200, 0}} {
		frame := []byte{2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1}
		for range c.tags {
			frame = join(frame, uint16(0x8100), uint16(1))
		}
		r := newRun(Config{})
		r.at(0, 1, join(frame, uint16(0x0800), ip))
		if len(r.packets) != c.want || r.Stats().Undecoded["too_deep"] != uint64(1-c.want) {
			t.Errorf("%d tags: %d packets, undecoded %v", c.tags, len(r.packets), r.Stats().Undecoded)
		}
	}
	for n := range 12 {
		b := ip
		for range n {
			b = ipHeader{src: outsideV4a, dst: outsideV4b, id: 9, protocol: 4}.packet(b)
		}
		r := newRun(Config{})
		r.at(0, 101, b)
		if want := min(1, max(0, 9-n)); len(r.packets) != want {
			t.Errorf("%d tunnels: %d packets, want %d", n, len(r.packets), want)
		}
	}
}

func TestSegmentationOffload(t *testing.T) {
	payload := bytes.Repeat([]byte("0123456789abcdef"), 5000) // more than 64 KiB
	for _, v6 := range []bool{false, true} {
		ip, _, _ := plainUDP(v6, payload)
		udp := 20
		if v6 {
			udp = 40
			ip[4], ip[5] = 0, 0
		} else {
			ip[2], ip[3] = 0, 0
		}
		ip[udp+4], ip[udp+5] = 0, 0
		r := newRun(Config{})
		r.at(0, 1, etherIP(ip))
		if p := r.one(t); !bytes.Equal(p.Payload, payload) || p.WireLength != len(payload) {
			t.Errorf("v6 %v: %d octets of %d", v6, len(p.Payload), p.WireLength)
		}
	}
}

func TestSnapshotLength(t *testing.T) {
	payload := bytes.Repeat([]byte("m"), 172)
	ip, _, _ := plainUDP(false, payload)
	frame := etherIP(ip)
	r := newRun(Config{})
	r.frame(0, 1, frame[:54], len(frame), 0)
	if p := r.one(t); len(p.Payload) != 12 || p.WireLength != 172 || p.Cut != "snaplen" {
		t.Errorf("%d octets of %d, cut %q", len(p.Payload), p.WireLength, p.Cut)
	}
}

func TestExtensionHeaders(t *testing.T) {
	udp := udpOf(5062, 5064, []byte("behind the headers"))
	chain := join(
		60, 0, uint16(0x0104), uint32(0), // hop-by-hop, then destination options
		43, 1, zeros(14), // then routing
		51, 0, zeros(6), // then authentication
		17, 4, zeros(22), udp)
	r := newRun(Config{})
	r.at(0, 1, etherIP(ipHeader{src: insideV6a, dst: insideV6b, protocol: 0}.packet(chain)))
	p := r.one(t)
	if string(p.Payload) != "behind the headers" || p.OverheadIP != uint16(40+8+16+8+24+8) {
		t.Errorf("payload %q, overhead %d", p.Payload, p.OverheadIP)
	}
	r = newRun(Config{})
	atomic := join(17, 0, uint16(0), uint32(99), udp)
	r.at(0, 1, etherIP(ipHeader{src: insideV6a, dst: insideV6b, protocol: 44}.packet(atomic)))
	if p := r.one(t); string(p.Payload) != "behind the headers" {
		t.Errorf("atomic fragment: payload %q", p.Payload)
	}
	r = newRun(Config{})
	r.at(0, 1, etherIP(ipHeader{src: insideV4a, dst: insideV4b, protocol: 51}.packet(join(17, 4, zeros(22), udp))))
	if p := r.one(t); string(p.Payload) != "behind the headers" {
		t.Errorf("authentication header: payload %q", p.Payload)
	}
}

func TestMappedAddresses(t *testing.T) {
	a, b := netip.MustParseAddr("::ffff:192.0.2.1"), netip.MustParseAddr("::ffff:192.0.2.2")
	r := newRun(Config{})
	r.at(0, 101, ipHeader{src: a, dst: b, protocol: 17}.packet6(udpOf(1000, 2000, []byte("x"))))
	p := r.one(t)
	if p.Src != netip.MustParseAddrPort("192.0.2.1:1000") || p.Dst != netip.MustParseAddrPort("192.0.2.2:2000") {
		t.Errorf("from %v to %v", p.Src, p.Dst)
	}
}

func TestUDPLite(t *testing.T) {
	r := newRun(Config{})
	segment := join(uint16(4000), uint16(4002), uint16(8), uint16(1), "media")
	r.at(0, 1, join(etherIP(ipHeader{src: insideV4a, dst: insideV4b, protocol: 136}.packet(segment)), zeros(13)))
	if p := r.one(t); string(p.Payload) != "media" {
		t.Errorf("payload %q", p.Payload)
	}
}

func TestExportedPDU(t *testing.T) {
	message := "OPTIONS sip:b@example.com SIP/2.0\r\nCall-ID: 1\r\nCSeq: 1 OPTIONS\r\nFrom: <sip:a@example.com>;tag=1\r\n" +
		"To: <sip:b@example.com>\r\nVia: SIP/2.0/TCP a.example.com;branch=z9hG4bK1\r\nContent-Length: 0\r\n\r\n"
	tags := func(portType uint32, addresses ...any) []byte {
		return join(uint16(12), uint16(4), "sip\x00", join(addresses...), uint16(24), uint16(4), portType,
			uint16(25), uint16(4), uint32(5062), uint16(26), uint16(4), uint32(5060), uint16(99), uint16(0), uint32(0), message)
	}
	v4 := []any{uint16(20), uint16(4), insideV4a.AsSlice(), uint16(21), uint16(4), insideV4b.AsSlice()}
	v6 := []any{uint16(22), uint16(16), insideV6a.AsSlice(), uint16(23), uint16(16), insideV6b.AsSlice()}
	for _, c := range []struct {
		frame     []byte
		src, dst  string
		transport Transport
	}{
		{tags(3, v4...), "192.0.2.1:5062", "192.0.2.2:5060", UDP},
		{tags(2, v6...), "[2001:db8::1]:5062", "[2001:db8::2]:5060", TCP},
	} {
		r := newRun(Config{})
		r.at(0, 252, c.frame)
		p := r.one(t)
		if p.Src.String() != c.src || p.Dst.String() != c.dst || p.Transport != c.transport || string(p.Payload) != message {
			t.Errorf("from %v to %v, %v: %q", p.Src, p.Dst, p.Transport, p.Payload)
		}
	}
	r := newRun(Config{})
	r.at(0, 252, tags(3))
	if len(r.packets) != 0 || r.Stats().Undecoded["not_ip"] != 1 {
		t.Errorf("without addresses: %d packets, %v", len(r.packets), r.Stats().Undecoded)
	}
}
