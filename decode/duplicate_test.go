package decode

import (
	"testing"

	"sipsniff/internal/wire"
)

// seen is one of two captures of a packet.
type seen struct {
	nanos int64
	iface int
	frame []byte // Ethernet
}

// udpSeen builds an Ethernet frame with a datagram.
func udpSeen(h wire.IP, checksum uint16, payload string) []byte {
	h.Protocol = 17
	if !h.Src.IsValid() {
		h.Src, h.Dst = insideV4a, insideV4b
	}
	udp := wire.UDP(5060, 5060, []byte(payload))
	udp[6], udp[7] = byte(checksum>>8), byte(checksum)
	return wire.EthernetIP(h.Packet(udp))
}

// onOtherWire gives a frame other Ethernet addresses.
func onOtherWire(frame []byte) []byte {
	b := wire.Join(frame)
	b[5], b[11] = 0x33, 0x44
	return b
}

func tagged(frame []byte, vlan uint16) []byte {
	return wire.Join(frame[:12], uint16(0x8100), vlan, frame[12:])
}

func TestDuplicates(t *testing.T) {
	v6 := wire.IP{Src: insideV6a, Dst: insideV6b}
	lower := func(h wire.IP, by uint8) wire.IP { h.TTL = 64 - by; return h }
	id := func(n uint32) wire.IP { return wire.IP{ID: n} }
	long := string(wire.Zeros(64))
	cases := []struct {
		name string
		a, b seen
		want bool
	}{
		{"same packet", seen{0, 0, udpSeen(id(7), 1, "x")}, seen{1000, 0, udpSeen(id(7), 1, "x")}, true},
		{"at the end of the window", seen{0, 0, udpSeen(id(7), 1, "x")}, seen{10_000_000, 0, udpSeen(id(7), 1, "x")}, true},
		{"behind the window", seen{0, 0, udpSeen(id(7), 1, "x")}, seen{10_000_001, 0, udpSeen(id(7), 1, "x")}, false},
		{"clock goes back", seen{5000, 0, udpSeen(id(7), 1, "x")}, seen{0, 0, udpSeen(id(7), 1, "x")}, true},
		{"checksum not filled in yet", seen{0, 0, udpSeen(id(7), 1, "x")}, seen{1000, 0, udpSeen(id(7), 2, "x")}, true},
		{"retransmission", seen{0, 0, udpSeen(id(7), 1, "x")}, seen{1000, 0, udpSeen(id(8), 1, "x")}, false},
		{"other payload", seen{0, 0, udpSeen(id(7), 1, "x")}, seen{1000, 0, udpSeen(id(7), 1, "y")}, false},
		{"differs behind what is compared", seen{0, 0, udpSeen(id(7), 1, long+"x")}, seen{1000, 0, udpSeen(id(7), 1, long+"y")}, true},
		{"longer", seen{0, 0, udpSeen(id(7), 1, long)}, seen{1000, 0, udpSeen(id(7), 1, long+"y")}, false},
		{"other destination", seen{0, 0, udpSeen(id(7), 1, "x")},
			seen{1000, 0, udpSeen(wire.IP{Src: insideV4a, Dst: outsideV4b, ID: 7}, 1, "x")}, false},
		{"behind a router", seen{0, 0, udpSeen(id(7), 1, "x")}, seen{1000, 0, onOtherWire(udpSeen(lower(id(7), 1), 1, "x"))}, true},
		{"behind three", seen{0, 0, udpSeen(id(7), 1, "x")}, seen{1000, 0, onOtherWire(udpSeen(lower(id(7), 3), 1, "x"))}, true},
		{"behind four", seen{0, 0, udpSeen(id(7), 1, "x")}, seen{1000, 0, onOtherWire(udpSeen(lower(id(7), 4), 1, "x"))}, false},
		{"router seen the wrong way round", seen{0, 0, onOtherWire(udpSeen(lower(id(7), 1), 1, "x"))}, seen{1000, 0, udpSeen(id(7), 1, "x")}, true},
		{"hops fewer on the same wire", seen{0, 0, udpSeen(id(7), 1, "x")}, seen{1000, 0, udpSeen(lower(id(7), 1), 1, "x")}, false},
		{"other vlan", seen{0, 0, tagged(udpSeen(id(7), 1, "x"), 5)}, seen{1000, 0, tagged(udpSeen(id(7), 1, "x"), 6)}, true},

		{"no id, at once", seen{0, 0, udpSeen(id(0), 1, "x")}, seen{1_999_999, 0, udpSeen(id(0), 1, "x")}, true},
		{"no id, later", seen{0, 0, udpSeen(id(0), 1, "x")}, seen{2_000_000, 0, udpSeen(id(0), 1, "x")}, false},
		{"no id, other checksum", seen{0, 0, udpSeen(id(0), 1, long+"x")}, seen{1000, 0, udpSeen(id(0), 2, long+"y")}, false},
		{"no id, fewer hops", seen{0, 0, udpSeen(id(0), 1, "x")}, seen{1000, 0, onOtherWire(udpSeen(lower(id(0), 1), 1, "x"))}, false},
		{"no id, other interface", seen{0, 0, udpSeen(id(0), 1, "x")}, seen{9_000_000, 1, udpSeen(id(0), 1, "x")}, true},
		{"no id, other vlan", seen{0, 0, tagged(udpSeen(id(0), 1, "x"), 5)}, seen{9_000_000, 0, tagged(udpSeen(id(0), 1, "x"), 6)}, true},
		{"no id, other interface, other checksum", seen{0, 0, udpSeen(id(0), 1, "x")}, seen{1000, 1, udpSeen(id(0), 2, "x")}, false},
		{"v6 at once", seen{0, 0, udpSeen(v6, 1, "x")}, seen{1000, 0, udpSeen(v6, 1, "x")}, true},
		{"v6 later", seen{0, 0, udpSeen(v6, 1, "x")}, seen{2_000_000, 0, udpSeen(v6, 1, "x")}, false},
		{"v6 other interface", seen{0, 0, udpSeen(v6, 1, "x")}, seen{2_000_000, 1, udpSeen(v6, 1, "x")}, true},
	}
	for _, c := range cases {
		r := newRun(Config{})
		r.frame(c.a.nanos, 1, c.a.frame, len(c.a.frame), c.a.iface)
		r.frame(c.b.nanos, 1, c.b.frame, len(c.b.frame), c.b.iface)
		if len(r.packets) != 2 {
			t.Fatalf("%s: %d packets, want every copy", c.name, len(r.packets))
		}
		if first, second := r.packets[0].Duplicate, r.packets[1].Duplicate; first || second != c.want {
			t.Errorf("%s: duplicates %v and %v, want false and %v", c.name, first, second, c.want)
		}
		if n := r.Stats().Duplicates; (n == 1) != c.want || n > 1 {
			t.Errorf("%s: %d duplicate frames", c.name, n)
		}
	}
}

// TestDuplicateDirections is a Linux capture on "any": one packet as it leaves
// and as it arrives.
func TestDuplicateDirections(t *testing.T) {
	ip := wire.IP{Src: insideV4a, Dst: insideV4b, Protocol: 17}.Packet(wire.UDP(1000, 2000, []byte("x")))
	cooked := func(dir uint16) []byte {
		return wire.Join(dir, uint16(772), uint16(6), wire.Zeros(8), uint16(0x0800), ip)
	}
	r := newRun(Config{})
	r.at(0, 113, cooked(4))
	r.at(9, 113, cooked(0))
	if len(r.packets) != 2 || r.packets[0].Duplicate || !r.packets[1].Duplicate {
		t.Errorf("packets %+v", r.packets)
	}
}

func TestDuplicateSegments(t *testing.T) {
	v6 := func(b []byte) []byte { return wire.IP{Src: insideV6a, Dst: insideV6b, Protocol: 6}.Packet(b) }
	v4 := func(id uint32, b []byte) []byte {
		return wire.IP{Src: insideV4a, Dst: insideV4b, ID: id, Protocol: 6}.Packet(b)
	}
	data, ack := wire.TCP(5060, 5060, 100, 200, 0x18, []byte("data")), wire.TCP(5060, 5060, 100, 200, 0x10, nil)
	later := wire.TCP(5060, 5060, 104, 200, 0x18, []byte("data"))
	cases := []struct {
		name   string
		a, b   []byte
		ifaceB int
		want   uint64
	}{
		{"v4", v4(5, data), v4(5, data), 0, 1},
		{"v4 retransmission", v4(5, data), v4(6, data), 0, 0},
		{"v4 other place in the stream", v4(5, data), v4(5, later), 0, 0},
		{"v6", v6(data), v6(data), 0, 1},
		{"v6 repeated acknowledgement", v6(ack), v6(ack), 0, 0},
		{"v6 acknowledgement elsewhere", v6(ack), v6(ack), 1, 1},
		{"v4 acknowledgement", v4(5, ack), v4(5, ack), 0, 1},
	}
	for _, c := range cases {
		r := newRun(Config{})
		r.frame(0, 101, c.a, len(c.a), 0)
		r.frame(1000, 101, c.b, len(c.b), c.ifaceB)
		if n := r.Stats().Duplicates; n != c.want {
			t.Errorf("%s: %d duplicates, want %d", c.name, n, c.want)
		}
	}
}

// TestDuplicateTunnel has a packet once in a tunnel and once outside it, and
// the tunnel captured twice.
func TestDuplicateTunnel(t *testing.T) {
	inner := fragmentHeaderOf(4).Packet(wire.UDP(1000, 2000, []byte("x")))
	outer := wire.IP{Src: outsideV4a, Dst: outsideV4b, ID: 8, Protocol: 4}.Packet(inner)
	r := newRun(Config{})
	for _, b := range [][]byte{inner, outer, outer} {
		r.at(0, 101, b)
	}
	if len(r.packets) != 3 || r.packets[0].Duplicate || !r.packets[1].Duplicate || !r.packets[2].Duplicate || r.Stats().Duplicates != 2 {
		t.Errorf("%d packets, %d duplicates", len(r.packets), r.Stats().Duplicates)
	}
}

// TestDuplicateFragments captures every fragment twice. Copies that come after
// the datagram was complete make a second one, a duplicate; copies in between
// add nothing, and what is left of them does not surface.
func TestDuplicateFragments(t *testing.T) {
	f := sipFragments(7)
	n := len(f)
	feed := func(order ...int) *run {
		r := newRun(Config{})
		for i, k := range order {
			r.frame(int64(i)*1000, 101, f[k], len(f[k]), 0)
		}
		r.Flush()
		return r
	}
	var inTurn, inPairs, backInPairs []int
	for i := range 2 * n {
		inTurn = append(inTurn, i%n)
		inPairs = append(inPairs, i/2)
		backInPairs = append(backInPairs, n-1-i/2)
	}
	for _, c := range []struct {
		name  string
		order []int
		want  int
	}{{"in turn", inTurn, 2}, {"in pairs", inPairs, 1}, {"in pairs from the last", backInPairs, 1}} {
		r := feed(c.order...)
		if len(r.packets) != c.want || r.packets[0].Duplicate || r.packets[0].Cut != "" {
			t.Fatalf("%s: %d packets, want %d", c.name, len(r.packets), c.want)
		}
		if c.want == 2 && !r.packets[1].Duplicate {
			t.Errorf("%s: the second is no duplicate", c.name)
		}
		if s := r.Stats(); s.Duplicates != uint64(n) || s.FragmentsLost != 0 || len(s.Undecoded) != 0 || s.FragmentOverlaps != 0 {
			t.Errorf("%s: stats %+v", c.name, s)
		}
	}
}

// TestDuplicateLeftovers uses an identification again while a copy of the
// earlier datagram's fragment is still there.
func TestDuplicateLeftovers(t *testing.T) {
	first, second := sipFragments(7), fragmentHeaderOf(7).Fragments(wire.UDP(5060, 5060, []byte("OPTIONS"+sipText[7:])), 200)
	r := newRun(Config{})
	for _, b := range [][]byte{first[0], first[1], first[2], first[3], first[3]} {
		r.at(0, 101, b)
	}
	for _, b := range second {
		r.at(1000, 101, b)
	}
	if len(r.packets) != 2 || r.packets[1].Duplicate || string(r.packets[1].Payload) != "OPTIONS"+sipText[7:] {
		t.Fatalf("%d packets", len(r.packets))
	}
}

// TestDuplicateInTunnel repeats a packet without an identification inside a
// tunnel that has one: with another one it was sent twice.
func TestDuplicateInTunnel(t *testing.T) {
	inner := wire.IP{Src: insideV6a, Dst: insideV6b, Protocol: 17}.Packet(wire.UDP(1000, 2000, []byte("x")))
	outer := func(id uint32) []byte {
		return wire.IP{Src: outsideV4a, Dst: outsideV4b, ID: id, Protocol: 41}.Packet(inner)
	}
	for _, c := range []struct {
		name string
		b    []byte
		want uint64
	}{{"same identification", outer(8), 1}, {"another", outer(9), 0}, {"none", outer(0), 1}, {"no tunnel", inner, 1}} {
		r := newRun(Config{})
		r.frame(0, 101, outer(8), len(outer(8)), 0)
		r.frame(1000, 101, c.b, len(c.b), 0)
		if n := r.Stats().Duplicates; n != c.want || len(r.packets) != 2 {
			t.Errorf("%s: %d duplicates of %d packets, want %d", c.name, n, len(r.packets), c.want)
		}
	}
}
