package decode

import (
	"reflect"
	"testing"

	"pgregory.net/rapid"

	"sipsniff/capture"
	"sipsniff/internal/wire"
)

// mediaFrame is an Ethernet frame with 20 ms of PCMU.
func mediaFrame(h wire.IP, sequence uint16) []byte {
	h.Src, h.Dst, h.Protocol = insideV4a, insideV4b, 17
	return wire.EthernetIP(h.Packet(wire.UDP(4000, 4002, wire.Join(0x80, 0, sequence, uint32(sequence)*160, uint32(7), wire.Zeros(160)))))
}

// behind puts a link header in place of that of an Ethernet frame.
func behind(t capture.LinkType, b []byte) []byte {
	switch t {
	case linkSLL2:
		return wire.Join(b[12:14], uint16(0), uint32(7), uint16(1), 4, 6, b[6:12], uint16(0), b[14:])
	case linkSLL:
		return wire.Join(uint16(4), uint16(1), uint16(6), b[6:12], uint16(0), b[12:14], b[14:])
	}
	return b
}

// Captures on all interfaces say on which one a frame was and which way it went.
func TestMediaReadsCooked(t *testing.T) {
	for link, want := range map[capture.LinkType]Plain{linkSLL2: {Interface: 7, Link: 4}, linkSLL: {Interface: 2, Link: 4}} {
		b := behind(link, mediaFrame(wire.IP{ID: 9, TTL: 61}, 5))
		f := capture.Frame{Number: 3, Nanos: 11, Data: b, Length: len(b), LinkType: link, Interface: 2, Source: 1}
		var q Plain
		if d := New(Config{}, &collector{}); !d.Media(&f, &q) || d.Media(&f, &q) {
			t.Fatalf("link type %d: not taken for media, or twice", link)
		}
		if q.Interface != want.Interface || q.Link != want.Link || q.SrcPort != 4000 || len(q.Payload) != 172 || q.TTL != 61 {
			t.Errorf("link type %d: %+v", link, q)
		}
		for n := range len(b) {
			f.Data = b[:n]
			if New(Config{}, &collector{}).Media(&f, &q) {
				t.Fatalf("link type %d: %d octets are enough", link, n)
			}
		}
	}
}

// The values were read off the frame by hand.
func TestMediaReads(t *testing.T) {
	b := mediaFrame(wire.IP{ID: 9, TTL: 61}, 5)
	d := New(Config{}, &collector{})
	f := capture.Frame{Number: 3, Nanos: 11, Data: b, Length: len(b), LinkType: linkEthernet, Interface: 2, Source: 1}
	var q Plain
	if !d.Media(&f, &q) {
		t.Fatal("not taken for media")
	}
	want := Plain{Nanos: 11, Frame: 3, Payload: b[42:], WireLength: 172, Interface: 2, SrcPort: 4000, DstPort: 4002, Source: 1, IPID: 9,
		Overhead: 28, TTL: 61, DSCP: 46, Src: [4]byte{192, 0, 2, 1}, Dst: [4]byte{192, 0, 2, 2}, Link: 255}
	if !reflect.DeepEqual(q, want) {
		t.Errorf("%+v\nwant %+v", q, want)
	}
	if d.Media(&f, &q) {
		t.Error("the copy of it was taken, too")
	}
	if s := d.Stats(); s.Frames != 1 || s.UDP != 1 {
		t.Errorf("%d frames, %d of UDP; want one", s.Frames, s.UDP)
	}
	if n := testing.AllocsPerRun(100, func() { f.Nanos += 20 * millisecond; d.Media(&f, &q) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

// What goes the direct way comes out as Frame hands it on, and what comes after it
// is judged as if it had gone the other.
func TestMediaIsFrame(t *testing.T) {
	taken := map[capture.LinkType]int{}
	rapid.Check(t, func(t *rapid.T) {
		link := rapid.SampledFrom([]capture.LinkType{linkEthernet, linkEthernet, linkSLL2, linkSLL}).Draw(t, "link")
		direct, long := newRun(Config{}), newRun(Config{})
		nanos, sequence := int64(0), uint16(0)
		for number := range rapid.IntRange(1, 40).Draw(t, "frames") {
			nanos += rapid.SampledFrom([]int64{1000, 1000, 3 * millisecond, 20 * millisecond, -5 * millisecond, 40_000 * millisecond}).Draw(t, "passed")
			if rapid.IntRange(0, 2).Draw(t, "same") > 0 {
				sequence++
			}
			f := capture.Frame{Number: number + 1, Nanos: nanos, LinkType: link, Interface: rapid.IntRange(0, 1).Draw(t, "interface")}
			f.Data = behind(link, oddFrame(t, sequence))
			if link != linkEthernet && rapid.IntRange(0, 9).Draw(t, "odd") == 0 {
				f.Data[rapid.IntRange(0, 15).Draw(t, "at")] = rapid.SampledFrom([]byte{0, 1, 3, 4, 8}).Draw(t, "link octet")
			}
			f.Length = len(f.Data)
			f.Data = f.Data[:len(f.Data)-min(len(f.Data), rapid.SampledFrom([]int{0, 0, 0, 1, 100, 170}).Draw(t, "cut"))]

			before, had := len(long.packets), len(direct.packets)
			long.Frame(&f)
			came := long.packets[before:]
			var q, want Plain
			if !direct.Media(&f, &q) {
				direct.Frame(&f)
				if got := direct.packets[had:]; len(got) != len(came) || len(got) > 0 && !reflect.DeepEqual(got, came) {
					t.Fatalf("frame %d: %+v\nwant %+v", f.Number, got, came)
				}
				continue
			}
			taken[link]++
			if len(came) != 1 || came[0].message || !want.Pack(&came[0].Packet) || !reflect.DeepEqual(q, want) {
				t.Fatalf("frame %d: %+v\nwant %+v", f.Number, q, came)
			}
		}
		if got, want := direct.Stats(), long.Stats(); !reflect.DeepEqual(got, want) {
			t.Fatalf("%+v\nwant %+v", got, want)
		}
	})
	if len(taken) < 3 {
		t.Errorf("the direct way went %v", taken)
	}
}

// oddFrame is a frame with media, or one that differs from it in a few octets, or a
// fragment, or one that is padded.
func oddFrame(t *rapid.T, sequence uint16) []byte {
	h := wire.IP{ID: uint32(rapid.SampledFrom([]uint16{0, sequence, sequence}).Draw(t, "id")), TTL: uint8(rapid.IntRange(62, 64).Draw(t, "ttl"))}
	b := mediaFrame(h, sequence)
	switch rapid.IntRange(0, 7).Draw(t, "kind") {
	case 0:
		at := rapid.SampledFrom([]int{3, 12, 13, 14, 15, 16, 17, 19, 20, 21, 22, 23, 30, 35, 36, 38, 39, 41, 42, 43, 45, 60, 120}).Draw(t, "octet")
		b[at] = rapid.SampledFrom([]byte{0, 1, 0x20, 0x40, 0x45, 0x46, 0x80, 0x81, 0x90, 0xc8, 0xff}).Draw(t, "value")
	case 1:
		h.Src, h.Dst, h.Protocol = insideV4a, insideV4b, 17
		parts := h.Fragments(b[34:], 88)
		b = wire.EthernetIP(parts[rapid.IntRange(0, len(parts)-1).Draw(t, "fragment")])
	case 2:
		b = wire.Join(b, wire.Zeros(rapid.IntRange(1, 20).Draw(t, "padding")))
	case 3:
		b[12], b[13] = 0x81, 0x00 // what follows is no tag that leads anywhere
	case 4:
		n := rapid.IntRange(0, 30).Draw(t, "payload")
		h.Src, h.Dst, h.Protocol = insideV4a, insideV4b, 17
		b = wire.EthernetIP(h.Packet(wire.UDP(4000, 4002, b[42:42+n])))
	}
	return b
}
