package decode

import (
	"encoding/binary"
	"testing"

	"sipsniff/capture"
	"sipsniff/internal/wire"
)

// discard is a Handler that looks at nothing.
type discard struct{ packets int }

func (d *discard) Message(*Packet)  { d.packets++ }
func (d *discard) Datagram(*Packet) { d.packets++ }

// rtpFrame is an Ethernet frame with 160 octets of G.711 in it.
func rtpFrame(v6 bool) []byte {
	ip, _, _ := plainUDP(v6, wire.Join(0x80, 0, uint16(1), uint32(160), uint32(0x12345678), wire.Zeros(160)))
	return wire.EthernetIP(ip)
}

func benchmarkFrames(b *testing.B, link capture.LinkType, frame []byte) {
	h := &discard{}
	d := New(Config{}, h)
	f := capture.Frame{Data: frame, Length: len(frame), LinkType: link}
	b.ReportAllocs()
	for b.Loop() {
		f.Number++
		f.Nanos += 100_000
		// The identification differs from packet to packet, as it does on a wire.
		binary.BigEndian.PutUint16(frame[18:], uint16(f.Number))
		d.Frame(&f)
	}
	if h.packets != f.Number {
		b.Fatalf("%d packets of %d frames", h.packets, f.Number)
	}
}

func BenchmarkFrame(b *testing.B) {
	b.Run("ethernet/ipv4/udp", func(b *testing.B) { benchmarkFrames(b, linkEthernet, rtpFrame(false)) })
}

func TestFrameAllocatesNothing(t *testing.T) {
	payload := wire.Join(0x80, 0, uint16(1), uint32(160), uint32(0x12345678), wire.Zeros(160))
	for _, v6 := range []bool{false, true} {
		ip, _, _ := plainUDP(v6, payload)
		for _, c := range wire.Links() {
			f := capture.Frame{Data: c.Frame(ip), LinkType: c.Type}
			f.Length = len(f.Data)
			d := New(Config{}, &discard{})
			d.Frame(&f)
			if n := testing.AllocsPerRun(100, func() { f.Nanos += 20 * millisecond; d.Frame(&f) }); n != 0 {
				t.Errorf("%s: %v allocations a frame", c.Name, n)
			}
		}
	}
}

func TestFragmentsAllocateNothing(t *testing.T) {
	h := wire.IP{Src: insideV4a, Dst: insideV4b, Protocol: 17}
	d := New(Config{}, &discard{})
	f := capture.Frame{LinkType: linkRaw}
	frames := h.Fragments(wire.UDP(1000, 2000, wire.Zeros(4000)), 1480)
	feed := func() {
		for i := len(frames) - 1; i >= 0; i-- {
			f.Data, f.Length = frames[i], len(frames[i])
			f.Nanos += 20 * millisecond
			d.Frame(&f)
		}
	}
	feed()
	if n := testing.AllocsPerRun(100, feed); n != 0 {
		t.Errorf("%v allocations a datagram", n)
	}
	if s := d.Stats(); s.Reassembled != 102 || s.UDP != 102 {
		t.Errorf("stats %+v", s)
	}
}
