package decode

import (
	"bytes"
	"net/netip"
	"testing"

	"sipsniff/capture"
	"sipsniff/internal/wire"
)

// plainUDP builds an IP packet with a UDP datagram, and says what should come
// out.
func plainUDP(v6 bool, payload []byte) (ip []byte, src, dst netip.AddrPort) {
	a, b := insideV4a, insideV4b
	if v6 {
		a, b = insideV6a, insideV6b
	}
	ip = wire.IP{Src: a, Dst: b, ID: 0x4321, TTL: 57, Protocol: 17}.Packet(wire.UDP(16384, 20000, payload))
	return ip, netip.AddrPortFrom(a, 16384), netip.AddrPortFrom(b, 20000)
}

func TestLinkLayers(t *testing.T) {
	payload := []byte("\x80\x00payload of a datagram")
	for _, c := range wire.Links() {
		for _, v6 := range []bool{false, true} {
			t.Run(c.Name+version(v6), func(t *testing.T) {
				ip, src, dst := plainUDP(v6, payload)
				r := newRun(Config{})
				r.at(5, c.Type, c.Frame(ip))
				p := r.one(t)
				if p.Src != src || p.Dst != dst {
					t.Errorf("from %v to %v, want %v to %v", p.Src, p.Dst, src, dst)
				}
				if !bytes.Equal(p.Payload, payload) || p.WireLength != len(payload) || p.Cut != "" {
					t.Errorf("payload %q of %d octets, cut %q", p.Payload, p.WireLength, p.Cut)
				}
				if p.TTL != 57 || p.DSCP != 46 || p.LinkDirection != c.Direction {
					t.Errorf("ttl %d dscp %d direction %d", p.TTL, p.DSCP, p.LinkDirection)
				}
				if got := p.VLANs[:p.VLANCount]; !equalVLANs(got, c.VLANs) {
					t.Errorf("vlans %v, want %v", got, c.VLANs)
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
	r.frame(0, 276, wire.Join(uint16(0x0800), uint16(0), uint32(42), uint16(1), 3, 6, wire.Zeros(8), ip), 200, 1)
	if p := r.one(t); p.Interface != 42 || p.LinkDirection != 3 {
		t.Errorf("interface %d direction %d, want 42 and 3", p.Interface, p.LinkDirection)
	}
}

func TestUndecodedReasons(t *testing.T) {
	ip, _, _ := plainUDP(false, []byte("payload"))
	inside := func(protocol uint8, payload []byte) []byte {
		return wire.EthernetIP(wire.IP{Src: insideV4a, Dst: insideV4b, ID: 1, Protocol: protocol}.Packet(payload))
	}
	inside6 := func(protocol uint8, payload []byte) []byte {
		return wire.EthernetIP(wire.IP{Src: insideV6a, Dst: insideV6b, Protocol: protocol}.Packet(payload))
	}
	changed := func(at int, to byte) []byte {
		b := wire.EthernetIP(ip)
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
		{"truncated_link", 1, wire.EthernetIP(ip)[:13]},
		{"truncated_ip", 1, wire.EthernetIP(ip)[:33]},
		{"truncated_ip", 101, nil},
		{"truncated_transport", 1, wire.EthernetIP(ip)[:41]},
		{"malformed_ip", 1, changed(14, 0x44)},
		{"malformed_ip", 1, changed(14, 0x65)},
		{"malformed_ip", 1, changed(17, 19)},
		{"malformed_transport", 1, changed(39, 7)},
		{"malformed_transport", 1, inside(6, wire.Join(wire.Zeros(12), 0x40, wire.Zeros(7)))},
		{"not_ip", 1, wire.Ethernet(0x0806, wire.Zeros(28))},
		{"not_ip", 1, wire.Ethernet(0x8863, wire.Zeros(28))},
		{"not_ip", 1, wire.Ethernet(38, wire.Join(0x42, 0x42, 3, wire.Zeros(35)))},
		{"not_ip", 1, wire.Ethernet(0x8864, wire.Join(0x11, 0, uint16(1), uint16(10), uint16(0xc021), wire.Zeros(8)))},
		{"not_ip", 0, wire.Join(uint32(7), ip)},
		{"not_ip", 101, wire.Join(0x10, ip)},
		{"not_ip", 113, wire.Join(uint16(4), uint16(824), uint16(0), wire.Zeros(8), uint16(0x0800), ip)},
		{"other_ip_protocol", 1, inside(89, wire.Zeros(20))},
		{"other_ip_protocol", 1, inside6(59, nil)},
		{"icmp", 1, inside(1, wire.Join(8, 0, wire.Zeros(30)))},
		{"icmp", 1, inside6(58, wire.Join(135, 0, wire.Zeros(30)))},
		{"icmp_error", 1, inside(1, wire.Join(3, 3, wire.Zeros(6), ip[:22]))},
		{"icmp_error", 1, inside6(58, wire.Join(1, 4, wire.Zeros(6)))},
		{"esp", 1, inside(50, wire.Join(uint32(1), uint32(1), wire.UDP(5060, 5060, []byte("ab")), 0, 17, wire.Zeros(12)))},
		{"gre_unknown", 1, inside(47, wire.Join(uint16(0), uint16(0x883e), wire.Zeros(20)))},
		{"gre_unknown", 1, inside(47, wire.Join(uint16(2), uint16(0x0800), ip))},
		{"macsec_encrypted", 1, wire.Ethernet(0x88e5, wire.Join(0x0c, 0, uint32(1), wire.Zeros(40)))},
		{"wifi_encrypted", 105, wire.WiFi(0x08, 0x41, nil, ip)},
		{"wifi_not_data", 105, wire.WiFi(0x80, 0, nil, ip)},
		{"wifi_not_data", 105, wire.WiFi(0x48, 0x01, nil, ip)},
		{"wifi_fragment", 105, wire.WiFi(0x08, 0x05, nil, ip)},
		{"malformed_tunnel", 1, wire.Ethernet(0x894f, wire.Join(0x0f, 0xc1, 2, 1, wire.Zeros(20)))},
		{"malformed_fragment", 1, wire.EthernetIP(wire.IP{Src: insideV4a, Dst: insideV4b, Protocol: 17, More: true}.Packet(wire.Zeros(15)))},
		{"malformed_fragment", 1, wire.EthernetIP(wire.IP{Src: insideV4a, Dst: insideV4b, Protocol: 17, Offset: 65528}.Packet(wire.Zeros(16)))},
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
			frame = wire.Join(frame, uint16(0x8100), uint16(1))
		}
		r := newRun(Config{})
		r.at(0, 1, wire.Join(frame, uint16(0x0800), ip))
		if len(r.packets) != c.want || r.Stats().Undecoded["too_deep"] != uint64(1-c.want) {
			t.Errorf("%d tags: %d packets, undecoded %v", c.tags, len(r.packets), r.Stats().Undecoded)
		}
	}
	for n := range 12 {
		b := ip
		for range n {
			b = wire.IP{Src: outsideV4a, Dst: outsideV4b, ID: 9, Protocol: 4}.Packet(b)
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
		r.at(0, 1, wire.EthernetIP(ip))
		if p := r.one(t); !bytes.Equal(p.Payload, payload) || p.WireLength != len(payload) {
			t.Errorf("v6 %v: %d octets of %d", v6, len(p.Payload), p.WireLength)
		}
	}
}

func TestSnapshotLength(t *testing.T) {
	payload := bytes.Repeat([]byte("m"), 172)
	ip, _, _ := plainUDP(false, payload)
	frame := wire.EthernetIP(ip)
	r := newRun(Config{})
	r.frame(0, 1, frame[:54], len(frame), 0)
	if p := r.one(t); len(p.Payload) != 12 || p.WireLength != 172 || p.Cut != "snaplen" {
		t.Errorf("%d octets of %d, cut %q", len(p.Payload), p.WireLength, p.Cut)
	}
}

func TestExtensionHeaders(t *testing.T) {
	udp := wire.UDP(5062, 5064, []byte("behind the headers"))
	chain := wire.Join(
		60, 0, uint16(0x0104), uint32(0), // hop-by-hop, then destination options
		43, 1, wire.Zeros(14), // then routing
		51, 0, wire.Zeros(6), // then authentication
		17, 4, wire.Zeros(22), udp)
	r := newRun(Config{})
	r.at(0, 1, wire.EthernetIP(wire.IP{Src: insideV6a, Dst: insideV6b, Protocol: 0}.Packet(chain)))
	p := r.one(t)
	if string(p.Payload) != "behind the headers" || p.OverheadIP != uint16(40+8+16+8+24+8) {
		t.Errorf("payload %q, overhead %d", p.Payload, p.OverheadIP)
	}
	r = newRun(Config{})
	atomic := wire.Join(17, 0, uint16(0), uint32(99), udp)
	r.at(0, 1, wire.EthernetIP(wire.IP{Src: insideV6a, Dst: insideV6b, Protocol: 44}.Packet(atomic)))
	if p := r.one(t); string(p.Payload) != "behind the headers" {
		t.Errorf("atomic fragment: payload %q", p.Payload)
	}
	r = newRun(Config{})
	r.at(0, 1, wire.EthernetIP(wire.IP{Src: insideV4a, Dst: insideV4b, Protocol: 51}.Packet(wire.Join(17, 4, wire.Zeros(22), udp))))
	if p := r.one(t); string(p.Payload) != "behind the headers" {
		t.Errorf("authentication header: payload %q", p.Payload)
	}
}

func TestMappedAddresses(t *testing.T) {
	a, b := netip.MustParseAddr("::ffff:192.0.2.1"), netip.MustParseAddr("::ffff:192.0.2.2")
	r := newRun(Config{})
	r.at(0, 101, wire.IP{Src: a, Dst: b, Protocol: 17}.Packet(wire.UDP(1000, 2000, []byte("x"))))
	p := r.one(t)
	if p.Src != netip.MustParseAddrPort("192.0.2.1:1000") || p.Dst != netip.MustParseAddrPort("192.0.2.2:2000") {
		t.Errorf("from %v to %v", p.Src, p.Dst)
	}
}

func TestUDPLite(t *testing.T) {
	r := newRun(Config{})
	segment := wire.Join(uint16(4000), uint16(4002), uint16(8), uint16(1), "media")
	r.at(0, 1, wire.Join(wire.EthernetIP(wire.IP{Src: insideV4a, Dst: insideV4b, Protocol: 136}.Packet(segment)), wire.Zeros(13)))
	if p := r.one(t); string(p.Payload) != "media" {
		t.Errorf("payload %q", p.Payload)
	}
}

func TestExportedPDU(t *testing.T) {
	message := "OPTIONS sip:b@example.com SIP/2.0\r\nCall-ID: 1\r\nCSeq: 1 OPTIONS\r\nFrom: <sip:a@example.com>;tag=1\r\n" +
		"To: <sip:b@example.com>\r\nVia: SIP/2.0/TCP a.example.com;branch=z9hG4bK1\r\nContent-Length: 0\r\n\r\n"
	tags := func(portType uint32, addresses ...any) []byte {
		return wire.Join(uint16(12), uint16(4), "sip\x00", wire.Join(addresses...), uint16(24), uint16(4), portType,
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
