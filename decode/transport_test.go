package decode

import (
	"bytes"
	"net/netip"
	"slices"
	"testing"

	"sipsniff/internal/wire"
)

func TestTCPSegment(t *testing.T) {
	segment := wire.Join(uint16(5062), uint16(5060), uint32(0xfffffff0), uint32(77), 0x80, 0x18, uint16(512), uint16(0), uint16(0),
		1, 1, 8, 10, wire.Zeros(8), "stream")
	packet := wire.IP{Src: insideV4a, Dst: insideV4b, ID: 3, Protocol: 6}.Packet(segment)
	r := newRun(Config{})
	r.at(0, 1, wire.Join(wire.EthernetIP(packet), wire.Zeros(6)))
	s, p := r.segment, r.packet
	if s.Seq != 0xfffffff0 || s.Ack != 77 || s.Flags != 0x18 || !s.HasAck || s.WireLength != 6 || string(s.Payload) != "stream" {
		t.Errorf("segment %+v", s)
	}
	if p.Src != netip.AddrPortFrom(insideV4a, 5062) || p.Dst != netip.AddrPortFrom(insideV4b, 5060) || p.Transport != TCP || p.IPID != 3 {
		t.Errorf("from %v to %v over %v, id %d", p.Src, p.Dst, p.Transport, p.IPID)
	}
	if n := r.Stats().TCP; n != 1 {
		t.Errorf("%d segments", n)
	}
	// A segment of which the capture holds the header only still counts its octets.
	whole := wire.EthernetIP(packet)
	r.frame(0, 1, whole[:len(whole)-6], len(whole), 0)
	if s := r.segment; len(s.Payload) != 0 || s.WireLength != 6 {
		t.Errorf("cut segment %+v", s)
	}
}

func TestSCTPPacket(t *testing.T) {
	b := wire.Join(uint16(5060), uint16(5061), uint32(9), uint32(0), 10, 0, uint16(4))
	r := newRun(Config{})
	r.at(0, 101, wire.IP{Src: insideV6a, Dst: insideV6b, Protocol: 132}.Packet(b))
	p := r.packet
	if p.Transport != SCTP || p.Src.Port() != 5060 || p.Dst.Port() != 5061 || !bytes.Equal(p.Payload, b) || r.Stats().SCTP != 1 {
		t.Errorf("from %v to %v over %v: %x", p.Src, p.Dst, p.Transport, p.Payload)
	}
}

// TestUDPLength has length fields that disagree with the IP length.
func TestUDPLength(t *testing.T) {
	for _, c := range []struct {
		length uint16
		want   string
	}{{8 + 10, "0123456789"}, {8 + 4, "0123"}, {9000, "0123456789"}, {0, "0123456789"}, {8, ""}} {
		udp := wire.Join(uint16(1000), uint16(2000), c.length, uint16(0), "0123456789")
		r := newRun(Config{})
		r.at(0, 101, wire.IP{Src: insideV4a, Dst: insideV4b, ID: 1, Protocol: 17}.Packet(udp))
		if p := r.one(t); string(p.Payload) != c.want || p.WireLength != len(c.want) || p.Cut != "" {
			t.Errorf("length %d: %q of %d, cut %q", c.length, p.Payload, p.WireLength, p.Cut)
		}
	}
}

// TestESPNullInner has every kind of payload that ESP is looked into for, and
// what is encrypted.
func TestESPNullInner(t *testing.T) {
	in4, _, _ := plainUDP(false, []byte("inside"))
	in6, _, _ := plainUDP(true, []byte("inside"))
	esp := func(next int, payload []byte) []byte {
		return wire.Join(uint32(1), uint32(1), payload, 1, 2, 2, next, wire.Zeros(12))
	}
	for _, c := range []struct {
		name string
		esp  []byte
		want string
	}{
		{"ipv4", esp(4, in4), "UDP"},
		{"ipv6", esp(41, in6), "UDP"},
		{"tcp", esp(6, wire.TCP(5060, 5060, 1, 1, 0x18, []byte("x"))), "TCP"},
		{"udp", esp(17, wire.UDP(5060, 5060, []byte("x"))), "UDP"},
		{"wrong padding", wire.Join(uint32(1), uint32(1), wire.UDP(5060, 5060, []byte("x")), 7, 7, 2, 17, wire.Zeros(12)), ""},
		{"wrong length", esp(17, wire.UDP(5060, 5060, []byte("x"))[:8]), ""},
		{"encrypted", wire.Join(uint32(1), uint32(1), bytes.Repeat([]byte{0xa7}, 80)), ""},
	} {
		r := newRun(Config{ESPNull: true})
		r.at(0, 101, wire.IP{Src: outsideV4a, Dst: outsideV4b, ID: 1, Protocol: 50}.Packet(c.esp))
		s := r.Stats()
		got := ""
		switch {
		case s.UDP == 1:
			got = "UDP"
		case s.TCP == 1:
			got = "TCP"
		}
		if got != c.want || (s.Undecoded["esp"] == 1) != (c.want == "") {
			t.Errorf("%s: found %q, want %q; undecoded %v", c.name, got, c.want, s.Undecoded)
		}
	}
}

// TestNotQuiteTunnels sends what resembles a tunnel's header to its port: it
// is a datagram like any other, or counted.
func TestNotQuiteTunnels(t *testing.T) {
	ip, _, _ := plainUDP(false, []byte("x"))
	for _, c := range []struct {
		name   string
		port   uint16
		b      []byte
		reason string // empty when it is handed on as it is
	}{
		{"vxlan without identifier", 4789, wire.Join(wire.Zeros(8), wire.EthernetIP(ip)), ""},
		{"vxlan-gpe of another version", 4790, wire.Join(0x1c, 0, 0, 1, uint32(0), ip), ""},
		{"vxlan-gpe of something else", 4790, wire.Join(0x0c, 0, 0, 9, uint32(0), ip), "not_ip"},
		{"vxlan-gpe of nsh of mpls", 4790, wire.Join(0x0c, 0, 0, 4, uint32(0), 0x0f, 0xc2, 2, 5, uint32(0), uint32(0x140)), "truncated_link"},
		{"geneve of another version", 6081, wire.Join(0x40, 0, uint16(0x0800), uint32(0), ip), ""},
		{"geneve with cut options", 6081, wire.Join(0x3f, 0, uint16(0x0800), uint32(0), ip), ""},
		{"gtp echo", 2152, wire.Join(0x32, 1, uint16(4), uint32(0), uint32(0)), ""},
		{"gtp of ethernet", 2152, wire.Join(0x30, 255, uint16(60), uint32(0), wire.EthernetIP(ip)), ""},
		{"gtp with an extension of no length", 2152, wire.Join(0x34, 255, uint16(8), uint32(0), 0, 0, 0, 0x85, 0, 0, 0, 0), "truncated_link"},
		{"l2tp control", 1701, wire.Join(uint16(0xc802), uint16(20), wire.Zeros(16)), ""},
		{"l2tp version 3", 1701, wire.Join(uint16(0x0003), wire.Zeros(16)), ""},
		{"l2tp of ppp control", 1701, wire.Join(uint16(0x0002), uint32(0), uint16(0xc021), wire.Zeros(8)), "not_ip"},
		{"tzsp of something else", 37008, wire.Join(1, 0, uint16(119), 1, ip), "not_ip"},
		{"tzsp without an end", 37008, wire.Join(1, 0, uint16(1), 0, 0, 0, 0, 0), "truncated_link"},
		{"teredo of ipv4", 3544, ip, ""},
		{"capwap keep-alive", 5247, wire.Join(0, 0x10, 0x42, 0x08, wire.Zeros(8)), ""},
		{"capwap fragment", 5247, wire.Join(0, 0x10, 0x42, 0x80, wire.Zeros(24)), "wifi_fragment"},
		{"hep without addresses", 9060, wire.Join("HEP3", uint16(13), uint16(0), uint16(15), uint16(7), "x"), ""},
		{"hep with a chunk too long", 9060, wire.Join("HEP3", uint16(20), uint16(0), uint16(15), uint16(99), "12345678"), ""},
		{"hep 1 cut", 9060, wire.Join(1, 16, 2, 17, wire.Zeros(8)), ""},
	} {
		r := newRun(Config{})
		r.at(0, 101, wire.IP{Src: outsideV4a, Dst: outsideV4b, ID: 1, Protocol: 17}.Packet(wire.UDP(33333, c.port, c.b)))
		if c.reason != "" {
			if len(r.packets) != 0 || r.Stats().Undecoded[c.reason] != 1 {
				t.Errorf("%s: %d packets, undecoded %v", c.name, len(r.packets), r.Stats().Undecoded)
			}
			continue
		}
		if p := r.one(t); !bytes.Equal(p.Payload, c.b) || p.Tunnel != "" || p.Src.Port() != 33333 {
			t.Errorf("%s: %x in %q from %v", c.name, p.Payload, p.Tunnel, p.Src)
		}
	}
}

// TestCutExportedPDU cuts an exported PDU at every length of its tags.
func TestCutExportedPDU(t *testing.T) {
	tags := wire.Join(uint16(12), uint16(4), "rtp\x00", uint16(20), uint16(4), insideV4a.AsSlice(), uint16(21), uint16(4), insideV4b.AsSlice(),
		uint16(24), uint16(4), uint32(3), uint16(25), uint16(4), uint32(4000), uint16(26), uint16(4), uint32(4002), uint16(0), uint16(0))
	frame := wire.Join(tags, 0x80, wire.Zeros(20))
	for n := range len(frame) {
		r := newRun(Config{})
		r.frame(0, 252, slices.Clone(frame[:n]), len(frame), 0)
		if n < len(tags) {
			if len(r.packets) != 0 || r.undecodedFrames() != 1 {
				t.Errorf("cut at %d: %d packets, undecoded %v", n, len(r.packets), r.Stats().Undecoded)
			}
			continue
		}
		if p := r.one(t); len(p.Payload) != n-len(tags) || p.WireLength != 21 || p.Cut != "snaplen" {
			t.Errorf("cut at %d: %d octets of %d, cut %q", n, len(p.Payload), p.WireLength, p.Cut)
		}
	}
	r := newRun(Config{})
	r.at(0, 252, wire.Join(uint16(12), uint16(8), "diameter", tags[8:], wire.Zeros(20)))
	if len(r.packets) != 0 || r.Stats().Undecoded["not_ip"] != 1 {
		t.Errorf("of another protocol: %d packets, undecoded %v", len(r.packets), r.Stats().Undecoded)
	}
}
