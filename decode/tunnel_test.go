package decode

import (
	"bytes"
	"net/netip"
	"slices"
	"strings"
	"testing"
)

// tunnelCase is a way to put an IP packet into the payload of another.
type tunnelCase struct {
	name     string
	protocol uint8
	wrap     func(ip []byte) []byte
	tunnel   string
	only     int // 6 when the tunnel carries IPv6 only
}

// onUDP puts what wrap makes into a UDP packet.
func onUDP(src, dst uint16, wrap func(ip []byte) []byte) func(ip []byte) []byte {
	return func(ip []byte) []byte { return udpOf(src, dst, wrap(ip)) }
}

func greOf(flags uint16, fields []byte, inner func(ip []byte) (uint16, []byte)) func(ip []byte) []byte {
	return func(ip []byte) []byte {
		t, b := inner(ip)
		return join(flags, t, fields, b)
	}
}

func asIP(ip []byte) (uint16, []byte)    { return etherTypeOf(ip), ip }
func asEther(ip []byte) (uint16, []byte) { return 0x6558, etherIP(ip) }
func asPPP(ip []byte) (uint16, []byte)   { return 0x880b, join(0xff, 3, pppOf(ip)) }
func asVLAN(ip []byte) (uint16, []byte) {
	return 0x8100, join(uint16(9), etherTypeOf(ip), ip)
}

func as(t uint16, header ...any) func(ip []byte) (uint16, []byte) {
	return func(ip []byte) (uint16, []byte) { return t, join(join(header...), etherIP(ip)) }
}

func tunnelCases() []tunnelCase {
	before := func(b ...any) func(ip []byte) []byte {
		return func(ip []byte) []byte { return join(join(b...), ip) }
	}
	beforeEther := func(b ...any) func(ip []byte) []byte {
		return func(ip []byte) []byte { return join(join(b...), etherIP(ip)) }
	}
	geneve := func(ip []byte) []byte { return join(0x02, 0, uint16(0x6558), uint32(0x100), zeros(8), etherIP(ip)) }
	geneveIP := func(ip []byte) []byte { return join(0x00, 0, etherTypeOf(ip), uint32(0x100), ip) }
	gpe := func(ip []byte) []byte {
		next := 1
		if ip[0]>>4 == 6 {
			next = 2
		}
		return join(0x0c, 0, 0, next, uint32(0x100), ip)
	}
	l2tp := func(flags uint16, fields ...any) func(ip []byte) []byte {
		return func(ip []byte) []byte {
			return join(flags, join(fields...), 0xff, 3, pppOf(ip))
		}
	}
	wifi := func(ip []byte) []byte { return wifiFrameOf(0x08, 0x01, nil, ip) }
	swapped := func(ip []byte) []byte {
		b := wifi(ip)
		b[0], b[1] = b[1], b[0]
		return b
	}
	capwap := func(flags int, inner func(ip []byte) []byte) func(ip []byte) []byte {
		return func(ip []byte) []byte { return join(0, 0x10, 0x42|flags, 0, uint32(0), inner(ip)) }
	}
	return []tunnelCase{
		{"ip-in-ip", 0, func(ip []byte) []byte { return ip }, "ip-in-ip", 0}, // the protocol follows from the packet
		{"gre", 47, greOf(0, nil, asIP), "gre", 0},
		{"gre all fields", 47, greOf(0xb000, zeros(12), asIP), "gre", 0},
		{"gre routing", 47, greOf(0x4000, join(zeros(4), uint16(2), 0, 4, zeros(4), zeros(4)), asIP), "gre", 0},
		{"gre ethernet", 47, greOf(0x2000, zeros(4), asEther), "gre", 0},
		{"gre vlan", 47, greOf(0, nil, asVLAN), "gre", 0},
		{"gre ppp", 47, greOf(0x3001, zeros(8), asPPP), "gre", 0},
		{"gre ppp acknowledged", 47, greOf(0x3081, zeros(12), asPPP), "gre", 0},
		{"erspan 1", 47, greOf(0, nil, as(0x88be)), "erspan", 0},
		{"erspan 2", 47, greOf(0x1000, zeros(4), as(0x88be, zeros(8))), "erspan", 0},
		{"erspan 3", 47, greOf(0x1000, zeros(4), as(0x22eb, zeros(12))), "erspan", 0},
		{"erspan 3 with more", 47, greOf(0x1000, zeros(4), as(0x22eb, zeros(11), 1, zeros(8))), "erspan", 0},
		{"vxlan", 17, onUDP(49152, 4789, beforeEther(8, 0, 0, 0, 0, 0, 5, 0)), "vxlan", 0},
		{"vxlan policy", 17, onUDP(49152, 4789, beforeEther(0x88, 0x40, 0, 7, 0, 0, 5, 0)), "vxlan", 0},
		{"vxlan linux", 17, onUDP(49152, 8472, beforeEther(8, 0, 0, 0, 0, 0, 5, 0)), "vxlan", 0},
		{"vxlan-gpe", 17, onUDP(49152, 4790, gpe), "vxlan", 0},
		{"vxlan-gpe without flag", 17, onUDP(49152, 4790, func(ip []byte) []byte { return join(8, gpe(ip)[1:]) }), "vxlan", 0},
		{"vxlan-gpe ethernet", 17, onUDP(49152, 4790, beforeEther(8, 0, 0, 0, 0, 0, 5, 0)), "vxlan", 0},
		{"geneve", 17, onUDP(49152, 6081, geneve), "geneve", 0},
		{"geneve ip", 17, onUDP(49152, 6081, geneveIP), "geneve", 0},
		{"gtp", 17, onUDP(2152, 2152, before(0x30, 255, uint16(0), uint32(7))), "gtp", 0},
		{"gtp sequence", 17, onUDP(40000, 2152, before(0x32, 255, uint16(0), uint32(7), uint32(0x000100ff))), "gtp", 0},
		{"gtp extensions", 17, onUDP(2152, 40000, before(0x34, 255, uint16(0), uint32(7), 0, 0, 0, 0x85,
			1, 0x10, 0x01, 0xc0, 2, zeros(6), 0)), "gtp", 0},
		{"l2tp", 17, onUDP(1701, 1701, l2tp(0x0002, uint32(0x00010002))), "l2tp", 0},
		{"l2tp all fields", 17, onUDP(1701, 1701, l2tp(0x4a02, uint16(99), uint32(0x00010002), uint32(0), uint16(3), zeros(3))), "l2tp", 0},
		{"tzsp", 17, onUDP(49152, 37008, beforeEther(1, 0, uint16(1), 0, 10, 2, 9, 9, 1)), "tzsp", 0},
		{"tzsp wifi", 17, onUDP(49152, 37008, func(ip []byte) []byte { return join(1, 0, uint16(18), 1, wifi(ip)) }), "tzsp", 0},
		{"teredo", 17, onUDP(49152, 3544, before()), "teredo", 6},
		{"teredo origin", 17, onUDP(3544, 49152, before(uint16(0), zeros(6))), "teredo", 6},
		{"teredo both", 17, onUDP(3544, 49152, before(uint16(1), 2, 3, zeros(5), zeros(9), uint16(0), zeros(6))), "teredo", 6},
		{"capwap", 17, onUDP(49152, 5247, capwap(0, etherIP)), "capwap", 0},
		{"capwap wifi", 17, onUDP(5247, 49152, capwap(1, wifi)), "capwap", 0},
		{"capwap wifi swapped", 17, onUDP(5247, 49152, capwap(1, swapped)), "capwap", 0},
	}
}

// outer builds the packet around a tunnelled packet.
func (c tunnelCase) outer(v6 bool, inner []byte) ipHeader {
	h := ipHeader{src: outsideV4a, dst: outsideV4b, id: 0x77, ttl: 12, protocol: c.protocol}
	if v6 {
		h.src, h.dst = outsideV6a, outsideV6b
	}
	if c.protocol == 0 {
		h.protocol = 4
		if inner[0]>>4 == 6 {
			h.protocol = 41
		}
	}
	return h
}

func (c tunnelCase) carries(v6 bool) bool { return c.only == 0 || v6 }

// checkTunnelled asserts that p is the packet that went into the tunnel.
func checkTunnelled(t *testing.T, p got, tunnel string, innerV6, outerV6 bool, payload []byte) {
	t.Helper()
	_, src, dst := plainUDP(innerV6, nil)
	a, b := outsideV4a, outsideV4b
	if outerV6 {
		a, b = outsideV6a, outsideV6b
	}
	if p.Src != src || p.Dst != dst || !bytes.Equal(p.Payload, payload) || p.Cut != "" || p.TTL != 57 {
		t.Errorf("from %v to %v: %q, cut %q, ttl %d", p.Src, p.Dst, p.Payload, p.Cut, p.TTL)
	}
	if p.Tunnel != tunnel || p.TunnelSrc != a || p.TunnelDst != b {
		t.Errorf("tunnel %q from %v to %v", p.Tunnel, p.TunnelSrc, p.TunnelDst)
	}
}

func TestTunnels(t *testing.T) {
	payload := []byte("\x80\x08tunnelled")
	eachTunnel(func(name string, c tunnelCase, innerV6, outerV6 bool) {
		t.Run(name, func(t *testing.T) {
			inner, _, _ := plainUDP(innerV6, payload)
			r := newRun(Config{})
			r.at(0, 1, etherIP(c.outer(outerV6, inner).packet(c.wrap(inner))))
			checkTunnelled(t, r.one(t), c.tunnel, innerV6, outerV6, payload)
		})
	})
}

// eachTunnel calls f for every tunnel and both IP versions inside and outside.
func eachTunnel(f func(name string, c tunnelCase, innerV6, outerV6 bool)) {
	for _, c := range tunnelCases() {
		for _, innerV6 := range []bool{false, true} {
			for _, outerV6 := range []bool{false, true} {
				if c.carries(innerV6) {
					f(c.name+version(innerV6)+"-in"+strings.TrimPrefix(version(outerV6), "/"), c, innerV6, outerV6)
				}
			}
		}
	}
}

// orders are all orders of three things.
var orders = [][3]int{{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}}

// TestMatrix sends a datagram through every tunnel on every link layer with
// both IP versions, whole and in three fragments in every order, where the
// inner packet or the outer one is fragmented.
func TestMatrix(t *testing.T) {
	payload := []byte("\x80\x08" + strings.Repeat("0123456789", 12))
	for _, link := range linkCases() {
		r := newRun(Config{})
		eachTunnel(func(name string, c tunnelCase, innerV6, outerV6 bool) {
			inner, src, dst := plainUDP(innerV6, payload)
			h := ipHeader{src: src.Addr(), dst: dst.Addr(), id: 0x4321, ttl: 57, protocol: 17}
			var insideOut [][]byte
			for _, f := range h.fragments(udpOf(16384, 20000, payload), 48) {
				insideOut = append(insideOut, c.outer(outerV6, f).packet(c.wrap(f)))
			}
			wrapped := c.wrap(inner)
			outsideIn := c.outer(outerV6, inner).fragments(wrapped, ((len(wrapped)+2)/3+7)&^7)
			for _, fragments := range [][][]byte{insideOut, outsideIn} {
				for _, order := range orders {
					r.packets = r.packets[:0]
					start := r.frames
					for i, n := range order {
						r.at(int64(start*100+i), link.link, link.frame(fragments[n]))
					}
					if len(r.packets) != 1 {
						t.Errorf("%s on %s, order %v: %d packets, undecoded %v", name, link.name, order, len(r.packets), r.Stats().Undecoded)
						return
					}
					p := r.packets[0]
					checkTunnelled(t, p, c.tunnel, innerV6, outerV6, payload)
					began := int64(start*100) * millisecond
					if p.Frame != start+3 || p.Nanos != began+2*millisecond || p.FirstFrame != start+1 || p.FirstNanos != began {
						t.Errorf("frame %d at %d, first %d at %d", p.Frame, p.Nanos, p.FirstFrame, p.FirstNanos)
					}
				}
			}
		})
	}
}

// TestTunnelInTunnel puts every tunnel into every other.
func TestTunnelInTunnel(t *testing.T) {
	payload := []byte("\x80\x08twice")
	for _, in := range tunnelCases() {
		for _, out := range tunnelCases() {
			inner, _, _ := plainUDP(true, payload)
			middle := in.outer(true, inner)
			middle.src, middle.dst = netip.MustParseAddr("2001:db8:5::1"), netip.MustParseAddr("2001:db8:5::2")
			b := middle.packet(in.wrap(inner))
			r := newRun(Config{})
			r.at(0, 101, out.outer(false, b).packet(out.wrap(b)))
			checkTunnelled(t, r.one(t), in.tunnel, true, false, payload)
		}
	}
}

// TestTunnelPortsCarryMedia sends RTP to the ports of tunnels: ports of media
// are chosen at random.
func TestTunnelPortsCarryMedia(t *testing.T) {
	rtp := join(0x80, 0, uint16(1), uint32(160), uint32(0x12345678), zeros(20))
	for _, port := range []uint16{1701, 2152, 3544, 4789, 4790, 5247, 6081, 8472, 9060, 37008} {
		r := newRun(Config{})
		r.at(0, 101, ipHeader{src: insideV4a, dst: insideV4b, id: 1, protocol: 17}.packet(udpOf(port, port, rtp)))
		if p := r.one(t); !bytes.Equal(p.Payload, rtp) || p.Tunnel != "" {
			t.Errorf("port %d: tunnel %q, payload %x", port, p.Tunnel, p.Payload)
		}
	}
}

func TestESPNull(t *testing.T) {
	udp := udpOf(5061, 5063, []byte("not encrypted"))
	for _, check := range []int{0, 12, 16} {
		esp := join(uint32(0x1001), uint32(1), udp, 1, 2, 3, 3, 17, bytes.Repeat([]byte{0xc5}, check))
		frame := ipHeader{src: insideV6a, dst: insideV6b, protocol: 50}.packet(esp)
		r := newRun(Config{ESPNull: true})
		r.at(0, 101, frame)
		if p := r.one(t); string(p.Payload) != "not encrypted" || p.Tunnel != "esp" {
			t.Errorf("check value of %d: %q in %q", check, p.Payload, p.Tunnel)
		}
		r = newRun(Config{})
		r.at(0, 101, frame)
		if len(r.packets) != 0 || r.Stats().Undecoded["esp"] != 1 {
			t.Errorf("not asked to: %d packets, undecoded %v", len(r.packets), r.Stats().Undecoded)
		}
	}
}

// The message that the HEP tests carry.
const hepMessage = "OPTIONS sip:b@example.com SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1\r\nCall-ID: 1@example.com\r\n" +
	"CSeq: 1 OPTIONS\r\nFrom: <sip:a@example.com>;tag=1\r\nTo: <sip:b@example.com>\r\nContent-Length: 0\r\n\r\n"

func TestHEP(t *testing.T) {
	v4 := join(insideV4a.AsSlice(), insideV4b.AsSlice())
	v6 := join(insideV6a.AsSlice(), insideV6b.AsSlice())
	ports := join(uint16(5060), uint16(5062))
	clock := join(0xcb, 0x82, 0x49, 0x4e, 0xc0, 0xd4, 1, 0)
	chunk := func(kind uint16, value ...any) []byte {
		v := join(value...)
		return join(uint16(0), kind, uint16(6+len(v)), v)
	}
	hep3 := func(mark string, chunks ...[]byte) []byte {
		all := bytes.Join(chunks, nil)
		return join(mark, uint16(6+len(all)), all)
	}
	ends := join(chunk(3, insideV4a.AsSlice()), chunk(4, insideV4b.AsSlice()), chunk(7, uint16(5060)), chunk(8, uint16(5062)))
	ends6 := join(chunk(5, insideV6a.AsSlice()), chunk(6, insideV6b.AsSlice()), chunk(7, uint16(5060)), chunk(8, uint16(5062)))
	half := len(hepMessage) / 2
	cases := []struct {
		name      string
		port      uint16
		packet    []byte
		v6        bool
		transport Transport
	}{
		{"1", 9060, join(1, 16, 2, 17, ports, v4, hepMessage), false, UDP},
		{"1 v6", 9060, join(1, 40, 10, 6, ports, v6, hepMessage), true, TCP},
		{"2", 9060, join(2, 16, 2, 17, ports, v4, clock, 0xe4, 0, 0, 0, hepMessage), false, UDP},
		{"2 without padding", 9060, join(2, 16, 2, 17, ports, v4, clock, 0xe4, 0, hepMessage), false, UDP},
		{"3", 9060, hep3("HEP3", chunk(1, 2), chunk(2, 17), ends, chunk(11, 1), chunk(15, hepMessage)), false, UDP},
		{"3 on any port", 7000, hep3("HEP3", chunk(1, 2), chunk(2, 17), ends, chunk(11, 1), chunk(15, hepMessage)), false, UDP},
		{"3 v6 tcp", 9060, hep3("EEP1", chunk(1, 10), chunk(2, 6), ends6, chunk(11, 1), chunk(15, hepMessage)), true, TCP},
		{"3 in two chunks", 9060, hep3("HEP3", ends, chunk(15, hepMessage[:half]), chunk(99, "skipped"), chunk(15, hepMessage[half:])), false, UDP},
		{"3 of a vendor", 9060, hep3("HEP3", join(uint16(2), uint16(15), uint16(7), 0), ends, chunk(15, hepMessage)), false, UDP},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			r := newRun(Config{})
			r.at(7, 101, ipHeader{src: outsideV4a, dst: outsideV4b, id: 1, protocol: 17}.packet(udpOf(33333, c.port, c.packet)))
			p := r.one(t)
			a, b := insideV4a, insideV4b
			if c.v6 {
				a, b = insideV6a, insideV6b
			}
			if p.Src != netip.AddrPortFrom(a, 5060) || p.Dst != netip.AddrPortFrom(b, 5062) || p.Transport != c.transport {
				t.Errorf("from %v to %v over %v", p.Src, p.Dst, p.Transport)
			}
			if string(p.Payload) != hepMessage || p.Tunnel != "hep" || p.TunnelSrc != outsideV4a || p.Nanos != 7*millisecond {
				t.Errorf("%q in %q from %v at %d", p.Payload, p.Tunnel, p.TunnelSrc, p.Nanos)
			}
		})
	}
	r := newRun(Config{})
	log := hep3("HEP3", ends, chunk(11, 100), chunk(15, "a line of a log"))
	r.at(0, 101, ipHeader{src: outsideV4a, dst: outsideV4b, id: 1, protocol: 17}.packet(udpOf(33333, 9060, log)))
	if len(r.packets) != 0 || r.Stats().Undecoded["hep_other"] != 1 {
		t.Errorf("a log: %d packets, undecoded %v", len(r.packets), r.Stats().Undecoded)
	}
}

// TestCutFrames cuts a frame of every link layer and tunnel at every length:
// nothing comes out that was not in it, and what does not come out is counted.
func TestCutFrames(t *testing.T) {
	payload := []byte("\x80\x08the payload of a frame that is cut")
	check := func(name, tunnel string, link linkCase, frame []byte) {
		for n := range len(frame) {
			r := newRun(Config{})
			r.frame(0, link.link, slices.Clone(frame[:n]), len(frame), 0)
			r.Flush()
			switch {
			case len(r.packets) == 0 && r.undecodedFrames() != 1:
				t.Fatalf("%s cut at %d: undecoded %v", name, n, r.Stats().Undecoded)
			case len(r.packets) > 1:
				t.Fatalf("%s cut at %d: %d packets", name, n, len(r.packets))
			case len(r.packets) == 0:
				continue
			}
			p := r.packets[0]
			if p.Tunnel != tunnel && p.Cut == "snaplen" {
				continue // not enough of the tunnel's header to tell it from any datagram
			}
			if !bytes.HasPrefix(payload, p.Payload) || p.WireLength != len(payload) || (p.Cut == "snaplen") != (len(p.Payload) < len(payload)) {
				t.Fatalf("%s cut at %d: payload %q of %d, cut %q", name, n, p.Payload, p.WireLength, p.Cut)
			}
		}
	}
	for _, link := range linkCases() {
		for _, v6 := range []bool{false, true} {
			ip, _, _ := plainUDP(v6, payload)
			check(link.name+version(v6), "", link, link.frame(ip))
		}
	}
	eachTunnel(func(name string, c tunnelCase, innerV6, outerV6 bool) {
		inner, _, _ := plainUDP(innerV6, payload)
		check(name, c.tunnel, linkCases()[0], etherIP(c.outer(outerV6, inner).packet(c.wrap(inner))))
	})
}
