package decode

import (
	"bytes"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"sipsniff/internal/wire"
)

// outer is the header of the packet around a tunnelled packet.
func outer(t wire.Tunnel, v6 bool, inner []byte) wire.IP {
	if v6 {
		return t.Outer(outsideV6a, outsideV6b, inner)
	}
	return t.Outer(outsideV4a, outsideV4b, inner)
}

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
	eachTunnel(func(name string, c wire.Tunnel, innerV6, outerV6 bool) {
		t.Run(name, func(t *testing.T) {
			inner, _, _ := plainUDP(innerV6, payload)
			r := newRun(Config{ESPNull: true})
			r.at(0, 1, wire.EthernetIP(outer(c, outerV6, inner).Packet(c.Wrap(inner))))
			checkTunnelled(t, r.one(t), c.Kind, innerV6, outerV6, payload)
		})
	})
}

// eachTunnel calls f for every tunnel and both IP versions inside and outside.
func eachTunnel(f func(name string, c wire.Tunnel, innerV6, outerV6 bool)) {
	for _, c := range wire.Tunnels() {
		for _, innerV6 := range []bool{false, true} {
			for _, outerV6 := range []bool{false, true} {
				if c.Carries(innerV6) {
					f(c.Name+version(innerV6)+"-in"+strings.TrimPrefix(version(outerV6), "/"), c, innerV6, outerV6)
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
	for _, link := range wire.Links() {
		r := newRun(Config{ESPNull: true})
		eachTunnel(func(name string, c wire.Tunnel, innerV6, outerV6 bool) {
			inner, src, dst := plainUDP(innerV6, payload)
			h := wire.IP{Src: src.Addr(), Dst: dst.Addr(), ID: 0x4321, TTL: 57, Protocol: 17}
			var insideOut [][]byte
			for _, f := range h.Fragments(wire.UDP(16384, 20000, payload), 48) {
				insideOut = append(insideOut, outer(c, outerV6, f).Packet(c.Wrap(f)))
			}
			wrapped := c.Wrap(inner)
			outsideIn := outer(c, outerV6, inner).Fragments(wrapped, ((len(wrapped)+2)/3+7)&^7)
			for _, fragments := range [][][]byte{insideOut, outsideIn} {
				for _, order := range orders {
					r.packets = r.packets[:0]
					start := r.frames
					for i, n := range order {
						r.at(int64(start*100+i), link.Type, link.Frame(fragments[n]))
					}
					if len(r.packets) != 1 {
						t.Errorf("%s on %s, order %v: %d packets, undecoded %v", name, link.Name, order, len(r.packets), r.Stats().Undecoded)
						return
					}
					p := r.packets[0]
					checkTunnelled(t, p, c.Kind, innerV6, outerV6, payload)
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
	for _, in := range wire.Tunnels() {
		for _, out := range wire.Tunnels() {
			inner, _, _ := plainUDP(true, payload)
			middle := outer(in, true, inner)
			middle.Src, middle.Dst = netip.MustParseAddr("2001:db8:5::1"), netip.MustParseAddr("2001:db8:5::2")
			b := middle.Packet(in.Wrap(inner))
			r := newRun(Config{ESPNull: true})
			r.at(0, 101, outer(out, false, b).Packet(out.Wrap(b)))
			checkTunnelled(t, r.one(t), in.Kind, true, false, payload)
		}
	}
}

// TestTunnelPortsCarryMedia sends RTP to the ports of tunnels: ports of media
// are chosen at random.
func TestTunnelPortsCarryMedia(t *testing.T) {
	rtp := wire.Join(0x80, 0, uint16(1), uint32(160), uint32(0x12345678), wire.Zeros(20))
	for _, port := range []uint16{1701, 2152, 3544, 4789, 4790, 5247, 6081, 8472, 9060, 37008} {
		r := newRun(Config{})
		r.at(0, 101, wire.IP{Src: insideV4a, Dst: insideV4b, ID: 1, Protocol: 17}.Packet(wire.UDP(port, port, rtp)))
		if p := r.one(t); !bytes.Equal(p.Payload, rtp) || p.Tunnel != "" {
			t.Errorf("port %d: tunnel %q, payload %x", port, p.Tunnel, p.Payload)
		}
	}
}

func TestESPNull(t *testing.T) {
	udp := wire.UDP(5061, 5063, []byte("not encrypted"))
	for _, check := range []int{0, 12, 16} {
		esp := wire.Join(uint32(0x1001), uint32(1), udp, 1, 2, 3, 3, 17, bytes.Repeat([]byte{0xc5}, check))
		frame := wire.IP{Src: insideV6a, Dst: insideV6b, Protocol: 50}.Packet(esp)
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
	v4 := wire.Join(insideV4a.AsSlice(), insideV4b.AsSlice())
	v6 := wire.Join(insideV6a.AsSlice(), insideV6b.AsSlice())
	ports := wire.Join(uint16(5060), uint16(5062))
	clock := wire.Join(0xcb, 0x82, 0x49, 0x4e, 0xc0, 0xd4, 1, 0)
	chunk := func(kind uint16, value ...any) []byte {
		v := wire.Join(value...)
		return wire.Join(uint16(0), kind, uint16(6+len(v)), v)
	}
	hep3 := func(mark string, chunks ...[]byte) []byte {
		all := bytes.Join(chunks, nil)
		return wire.Join(mark, uint16(6+len(all)), all)
	}
	ends := wire.Join(chunk(3, insideV4a.AsSlice()), chunk(4, insideV4b.AsSlice()), chunk(7, uint16(5060)), chunk(8, uint16(5062)))
	ends6 := wire.Join(chunk(5, insideV6a.AsSlice()), chunk(6, insideV6b.AsSlice()), chunk(7, uint16(5060)), chunk(8, uint16(5062)))
	half := len(hepMessage) / 2
	cases := []struct {
		name      string
		port      uint16
		packet    []byte
		v6        bool
		transport Transport
	}{
		{"1", 9060, wire.Join(1, 16, 2, 17, ports, v4, hepMessage), false, UDP},
		{"1 v6", 9060, wire.Join(1, 40, 10, 6, ports, v6, hepMessage), true, TCP},
		{"2", 9060, wire.Join(2, 16, 2, 17, ports, v4, clock, 0xe4, 0, 0, 0, hepMessage), false, UDP},
		{"2 without padding", 9060, wire.Join(2, 16, 2, 17, ports, v4, clock, 0xe4, 0, hepMessage), false, UDP},
		{"3", 9060, hep3("HEP3", chunk(1, 2), chunk(2, 17), ends, chunk(11, 1), chunk(15, hepMessage)), false, UDP},
		{"3 on any port", 7000, hep3("HEP3", chunk(1, 2), chunk(2, 17), ends, chunk(11, 1), chunk(15, hepMessage)), false, UDP},
		{"3 v6 tcp", 9060, hep3("EEP1", chunk(1, 10), chunk(2, 6), ends6, chunk(11, 1), chunk(15, hepMessage)), true, TCP},
		{"3 in two chunks", 9060, hep3("HEP3", ends, chunk(15, hepMessage[:half]), chunk(99, "skipped"), chunk(15, hepMessage[half:])), false, UDP},
		{"3 of a vendor", 9060, hep3("HEP3", wire.Join(uint16(2), uint16(15), uint16(7), 0), ends, chunk(15, hepMessage)), false, UDP},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			r := newRun(Config{})
			r.at(7, 101, wire.IP{Src: outsideV4a, Dst: outsideV4b, ID: 1, Protocol: 17}.Packet(wire.UDP(33333, c.port, c.packet)))
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
	r.at(0, 101, wire.IP{Src: outsideV4a, Dst: outsideV4b, ID: 1, Protocol: 17}.Packet(wire.UDP(33333, 9060, log)))
	if len(r.packets) != 0 || r.Stats().Undecoded["hep_other"] != 1 {
		t.Errorf("a log: %d packets, undecoded %v", len(r.packets), r.Stats().Undecoded)
	}
}

// TestCutFrames cuts a frame of every link layer and tunnel at every length:
// nothing comes out that was not in it, and what does not come out is counted.
func TestCutFrames(t *testing.T) {
	payload := []byte("\x80\x08the payload of a frame that is cut")
	check := func(name, tunnel string, link wire.Link, frame []byte) {
		for n := range len(frame) {
			r := newRun(Config{})
			r.frame(0, link.Type, slices.Clone(frame[:n]), len(frame), 0)
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
	for _, link := range wire.Links() {
		for _, v6 := range []bool{false, true} {
			ip, _, _ := plainUDP(v6, payload)
			check(link.Name+version(v6), "", link, link.Frame(ip))
		}
	}
	eachTunnel(func(name string, c wire.Tunnel, innerV6, outerV6 bool) {
		inner, _, _ := plainUDP(innerV6, payload)
		check(name, c.Kind, wire.Links()[0], wire.EthernetIP(outer(c, outerV6, inner).Packet(c.Wrap(inner))))
	})
}
