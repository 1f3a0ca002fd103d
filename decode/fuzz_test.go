package decode

import (
	"encoding/binary"
	"testing"

	"sipsniff/capture"
	"sipsniff/internal/wire"
)

// checkFrame feeds a frame and asserts what must hold whatever its octets are.
func checkFrame(t *testing.T, link capture.LinkType, data []byte, length int) {
	c := &checker{t: t}
	d := New(Config{ESPNull: true}, c)
	f := capture.Frame{Number: 1, Nanos: 1, Data: data, Length: length, LinkType: link}
	d.Frame(&f)
	d.Frame(&f)
	d.Flush()
	if n := d.Stats().Frames; n != 2 {
		t.Fatalf("%d frames", n)
	}
}

// checker is a Handler that asserts what holds for every packet.
type checker struct{ t *testing.T }

func (c *checker) Message(p *Packet)  { c.check(p) }
func (c *checker) Datagram(p *Packet) { c.check(p) }

// ICMP implements ErrorHandler.
func (c *checker) ICMP(p *Packet, e *ICMPError) {
	c.check(p)
	if !e.Src.IsValid() || !e.Dst.IsValid() || e.Src.Addr().Is4In6() || e.Unreachable() && e.TooBig() {
		c.t.Fatalf("%+v", e)
	}
}

func (c *checker) check(p *Packet) {
	switch {
	case p.WireLength < len(p.Payload):
		c.t.Fatalf("%d octets of %d", len(p.Payload), p.WireLength)
	case !p.Src.Addr().IsValid() || !p.Dst.Addr().IsValid():
		c.t.Fatalf("from %v to %v", p.Src, p.Dst)
	case p.Src.Addr().Is4In6() || p.Src.Addr().Zone() != "":
		c.t.Fatalf("address %v", p.Src)
	case (p.Tunnel != "") != p.TunnelSrc.IsValid():
		c.t.Fatalf("tunnel %q from %v", p.Tunnel, p.TunnelSrc)
	case int(p.VLANCount) > len(p.VLANs):
		c.t.Fatalf("%d vlans", p.VLANCount)
	}
}

func FuzzFrame(f *testing.F) {
	payload := []byte(hepMessage)
	for _, link := range wire.Links() {
		for _, v6 := range []bool{false, true} {
			ip, _, _ := plainUDP(v6, payload)
			f.Add(uint32(link.Type), link.Frame(ip), uint16(0))
		}
	}
	eachTunnel(func(_ string, c wire.Tunnel, innerV6, outerV6 bool) {
		inner, _, _ := plainUDP(innerV6, payload)
		f.Add(uint32(linkRaw), outer(c, outerV6, inner).Packet(c.Wrap(inner)), uint16(3))
	})
	eachCapturedFrame(f, 5, func(_ string, c *capture.Frame) { f.Add(uint32(c.LinkType), c.Data, uint16(0)) })
	f.Fuzz(func(t *testing.T, link uint32, data []byte, cut uint16) {
		checkFrame(t, capture.LinkType(link), data, len(data)+int(cut))
	})
}

// FuzzFragments reads a script of fragments: each has an identification,
// offset, flags, time step, length and fill of one octet or two.
func FuzzFragments(f *testing.F) {
	f.Add([]byte{1, 0, 0, 1, 0, 200, 65, 1, 0, 25, 0, 1, 100, 66})
	f.Add([]byte{1, 0, 25, 0, 1, 100, 66, 1, 0, 0, 1, 0, 200, 65})
	f.Add([]byte{1, 0, 25, 0, 255, 100, 66, 2, 255, 255, 1, 0, 200, 65, 3, 0, 0, 2, 9, 8, 7})
	f.Fuzz(func(t *testing.T, script []byte) {
		c := &checker{t: t}
		d := New(Config{MaxFragmented: 3}, c)
		frame := capture.Frame{LinkType: linkRaw}
		script = script[:min(len(script), 7*64)]
		for ; len(script) >= 7; script = script[7:] {
			frame.Number++
			frame.Nanos += int64(script[4]) * 200 * millisecond
			frame.Data = scriptedFragment(script)
			frame.Length = len(frame.Data)
			d.Frame(&frame)
			checkTable(t, &d.fragments)
		}
		d.Flush()
		if d.fragments.octets != 0 || len(d.fragments.open) != 0 || d.fragments.oldest != nil || d.fragments.newest != nil {
			t.Fatalf("left over: %d octets, %d open", d.fragments.octets, len(d.fragments.open))
		}
	})
}

func scriptedFragment(s []byte) []byte {
	h := wire.IP{Src: insideV4a, Dst: insideV4b, ID: uint32(s[0]), Protocol: 17}
	if s[3]&2 != 0 {
		h.Src, h.Dst = insideV6a, insideV6b
	}
	h.Offset, h.More = int(binary.BigEndian.Uint16(s[1:])&0x1fff)*8, s[3]&1 != 0
	payload := make([]byte, int(s[5])*8)
	if !h.More {
		payload = payload[:int(s[5])]
	}
	for i := range payload {
		payload[i] = s[6]
	}
	if h.Offset == 0 && len(payload) >= 8 {
		copy(payload, wire.UDP(1, 2, wire.Zeros(int(s[6])*8)))
	}
	return h.Packet(payload)
}

// checkTable asserts that the list, the map and the account of the table agree.
func checkTable(t *testing.T, table *fragmentTable) {
	n, octets := 0, 0
	for g := table.oldest; g != nil; g = g.newer {
		n++
		octets += fragmentedOctets + len(g.octets)
		if table.open[g.key] != g {
			t.Fatal("a listed datagram is not in the map")
		}
	}
	if n != len(table.open) || n > table.mostOpen || octets != table.octets {
		t.Fatalf("%d listed of %d, %d octets of %d", n, len(table.open), octets, table.octets)
	}
}
