package decode

import (
	"bytes"
	"runtime"
	"strings"
	"testing"
	"time"

	"sipsniff/internal/wire"
)

// sipText is a SIP message of a length that wants fragments.
var sipText = "MESSAGE sip:b@example.com SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1\r\nCall-ID: 1@example.com\r\n" +
	"CSeq: 1 MESSAGE\r\nFrom: <sip:a@example.com>;tag=1\r\nTo: <sip:b@example.com>\r\nContent-Length: 400\r\n\r\n" + strings.Repeat("text", 100)

// sipFragments are the fragments of a packet with sipText, 200 octets each.
func sipFragments(id uint32) [][]byte {
	return fragmentHeaderOf(id).Fragments(wire.UDP(5060, 5060, []byte(sipText)), 200)
}

func fragmentHeaderOf(id uint32) wire.IP {
	return wire.IP{Src: insideV4a, Dst: insideV4b, ID: id, Protocol: 17}
}

func TestFragmentOverlapFirstStays(t *testing.T) {
	udp := wire.UDP(1000, 2000, bytes.Repeat([]byte("A"), 56)) // 64 octets
	h := fragmentHeaderOf(9)
	part := func(from, to int, more bool, fill byte) []byte {
		h.Offset, h.More = from, more
		b := bytes.Clone(udp[from:to])
		for i := range b {
			if fill != 0 {
				b[i] = fill
			}
		}
		return h.Packet(b)
	}
	r := newRun(Config{})
	r.at(0, 101, part(16, 48, true, 0))
	r.at(20, 101, part(24, 56, true, 'B')) // 24 octets disagree, eight are new
	r.at(40, 101, part(0, 32, true, 0))    // 16 octets agree
	r.at(60, 101, part(56, 64, false, 0))
	p := r.one(t)
	if want := strings.Repeat("A", 40) + strings.Repeat("B", 8) + strings.Repeat("A", 8); string(p.Payload) != want {
		t.Errorf("payload %q, want %q", p.Payload, want)
	}
	if s := r.Stats(); s.FragmentOverlaps != 1 || s.Reassembled != 1 || s.Fragments != 4 {
		t.Errorf("stats %+v", s)
	}
}

// TestFragmentContradictions sends fragments that disagree about the length
// of the datagram: what came first holds.
func TestFragmentContradictions(t *testing.T) {
	udp := wire.UDP(1000, 2000, bytes.Repeat([]byte("A"), 56))
	h := fragmentHeaderOf(9)
	at := func(offset int, more bool, b []byte) []byte {
		h.Offset, h.More = offset, more
		return h.Packet(b)
	}
	r := newRun(Config{})
	r.at(0, 101, at(32, false, udp[32:]))
	r.at(20, 101, at(64, true, wire.Zeros(8)))    // behind the end
	r.at(40, 101, at(64, false, wire.Zeros(100))) // another end
	r.at(60, 101, at(16, false, wire.Zeros(8)))   // an end before what has come
	r.at(80, 101, at(0, true, udp[:32]))
	if p := r.one(t); !bytes.Equal(p.Payload, udp[8:]) {
		t.Errorf("payload %q", p.Payload)
	}
	if s := r.Stats(); s.FragmentOverlaps != 3 {
		t.Errorf("%d overlaps, want 3", s.FragmentOverlaps)
	}
}

func TestFragmentsKeptApart(t *testing.T) {
	payload := []byte(strings.Repeat("x", 40))
	frags := func(h wire.IP) [][]byte { return h.Fragments(wire.UDP(1000, 2000, payload), 24) }
	a := fragmentHeaderOf(1)
	others := []wire.IP{
		{Src: insideV4a, Dst: insideV4b, ID: 2, Protocol: 17},
		{Src: insideV4a, Dst: insideV4b, ID: 1, Protocol: 6},
		{Src: outsideV4a, Dst: insideV4b, ID: 1, Protocol: 17},
		{Src: insideV4a, Dst: outsideV4b, ID: 1, Protocol: 17},
		{Src: insideV6a, Dst: insideV6b, ID: 1, Protocol: 17},
	}
	for _, h := range others {
		r := newRun(Config{})
		r.at(0, 101, frags(a)[0])
		r.at(0, 101, frags(h)[1])
		if len(r.packets) != 0 || r.Stats().Reassembled != 0 {
			t.Errorf("%+v was put together with %+v", h, a)
		}
	}
	// VLANs are no part of the key: the fragments may come by different ways.
	r := newRun(Config{})
	r.at(0, 1, tagged(wire.EthernetIP(frags(a)[0]), 5))
	r.at(0, 1, tagged(wire.EthernetIP(frags(a)[1]), 6))
	if p := r.one(t); p.VLANCount != 1 || p.VLANs[0] != 5 {
		t.Errorf("vlans %v of %d, want that of the first fragment", p.VLANs, p.VLANCount)
	}
}

func TestFragmentTimeout(t *testing.T) {
	f := sipFragments(7)
	last := len(f) - 1
	r := newRun(Config{FragmentTimeout: 10 * time.Second})
	for i, b := range f[:last] {
		r.at(int64(i), 101, b)
	}
	r.at(10_000, 101, wire.IP{Src: insideV4a, Dst: insideV4b, Protocol: 1, ID: 5}.Packet(wire.Zeros(20)))
	if len(r.packets) != 0 {
		t.Fatalf("surfaced after exactly the timeout")
	}
	r.at(10_001, 101, wire.IP{Src: insideV4a, Dst: insideV4b, Protocol: 1, ID: 6}.Packet(wire.Zeros(20)))
	p := r.one(t)
	if !p.message || p.Cut != "ip_fragment_lost" || string(p.Payload) != sipText[:last*200-8] || p.WireLength != len(sipText) {
		t.Errorf("message %v cut %q, %d octets of %d", p.message, p.Cut, len(p.Payload), p.WireLength)
	}
	if p.Frame != 1 || p.Src.Port() != 5060 || p.TTL != 64 {
		t.Errorf("frame %d from %v", p.Frame, p.Src)
	}
	// The last fragment now belongs to nothing.
	r.at(10_002, 101, f[last])
	r.Flush()
	if s := r.Stats(); len(r.packets) != 1 || s.FragmentsLost != 2 || s.Undecoded["fragment_incomplete"] != 1 {
		t.Errorf("%d packets, stats %+v", len(r.packets), s)
	}
}

// TestFragmentLostAtEnd surfaces what the end of the capture leaves undone,
// up to the first hole, and only when it is SIP.
func TestFragmentLostAtEnd(t *testing.T) {
	f := sipFragments(7)
	r := newRun(Config{})
	r.at(0, 101, f[3])
	r.at(1, 101, f[0])
	r.at(2, 101, fragmentHeaderOf(8).Fragments(wire.UDP(16384, 16384, wire.Join(0x80, 0, wire.Zeros(500))), 200)[0])
	r.at(3, 101, sipFragments(9)[1])
	r.Flush()
	p := r.one(t)
	if !p.message || p.Cut != "ip_fragment_lost" || string(p.Payload) != sipText[:192] || p.Frame != 2 || p.FirstFrame != 1 {
		t.Errorf("message %v cut %q frame %d first %d: %q", p.message, p.Cut, p.Frame, p.FirstFrame, p.Payload)
	}
	if s := r.Stats(); s.FragmentsLost != 3 || s.Undecoded["fragment_incomplete"] != 2 {
		t.Errorf("stats %+v", s)
	}
}

// TestFragmentLostInTunnel surfaces a message in a tunnel whose outer packet
// lost a fragment.
func TestFragmentLostInTunnel(t *testing.T) {
	inner := fragmentHeaderOf(1).Packet(wire.UDP(5060, 5060, []byte(sipText)))
	outer := wire.IP{Src: outsideV4a, Dst: outsideV4b, ID: 3, Protocol: 4}
	r := newRun(Config{})
	r.at(0, 101, outer.Fragments(inner, 296)[0])
	r.Flush()
	p := r.one(t)
	if !p.message || p.Cut != "ip_fragment_lost" || string(p.Payload) != sipText[:296-28] || p.Tunnel != "ip-in-ip" {
		t.Errorf("message %v cut %q in %q: %q", p.message, p.Cut, p.Tunnel, p.Payload)
	}
}

func TestFragmentCutBySnapshotLength(t *testing.T) {
	f := sipFragments(7)
	r := newRun(Config{})
	r.frame(0, 101, f[0][:120], len(f[0]), 0)
	p := r.one(t)
	if !p.message || p.Cut != "snaplen" || string(p.Payload) != sipText[:92] || p.WireLength != len(sipText) {
		t.Errorf("message %v cut %q, %d octets of %d", p.message, p.Cut, len(p.Payload), p.WireLength)
	}
	r.frame(1, 101, f[1][:120], len(f[1]), 0)
	r.Flush()
	if len(r.packets) != 1 || r.Stats().Undecoded["truncated_ip"] != 1 {
		t.Errorf("%d packets, undecoded %v", len(r.packets), r.Stats().Undecoded)
	}
}

// TestFragmentLimits opens far more datagrams than the table holds: the oldest
// leave, and memory stays within the limit.
func TestFragmentLimits(t *testing.T) {
	const opened = 100_000
	r := newRun(Config{})
	r.at(0, 101, sipFragments(1 << 20)[0])
	before := heap()
	// The highest offset takes the largest buffer.
	h := wire.IP{Src: insideV6a, Dst: insideV6b, Protocol: 17, Offset: 65520}
	for i := range opened {
		h.ID = uint32(i)
		r.at(1, 101, h.Packet(wire.Zeros(8)))
	}
	t.Logf("%d open, %d octets accounted, %d KiB more on the heap", len(r.fragments.open), r.fragments.octets, (heap()-before)>>10)
	if n := len(r.fragments.open); n > 10_000 {
		t.Errorf("%d datagrams open", n)
	}
	if r.fragments.octets > 64<<20 {
		t.Errorf("%d octets held", r.fragments.octets)
	}
	if grown := heap() - before; grown > 80<<20 {
		t.Errorf("the heap grew by %d MiB", grown>>20)
	}
	// The SIP message was the oldest to leave and surfaced.
	if p := r.one(t); p.Cut != "ip_fragment_lost" || !p.message {
		t.Errorf("message %v, cut %q", p.message, p.Cut)
	}
	h.Offset = 0
	for i := range opened {
		h.ID = uint32(i + opened)
		h.More = true
		r.at(1, 101, h.Packet(wire.Zeros(8)))
	}
	if n := len(r.fragments.open); n != 10_000 {
		t.Errorf("%d small datagrams open, want 10 000", n)
	}
	r.Flush()
	if s := r.Stats(); s.FragmentsLost != 2*opened+1 || r.fragments.octets != 0 {
		t.Errorf("%d lost, %d octets still held", s.FragmentsLost, r.fragments.octets)
	}
	runtime.KeepAlive(r)
}

func heap() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// TestFragmentOldestGrows lets the oldest datagram grow when there is no room:
// the next oldest leave.
func TestFragmentOldestGrows(t *testing.T) {
	r := newRun(Config{MaxFragmentOctets: 1}) // the least there can be is 132 KiB
	big := wire.UDP(1000, 2000, bytes.Repeat([]byte("0123456789"), 6000))
	for i, f := range fragmentHeaderOf(1).Fragments(big, 1480) {
		r.at(0, 101, f)
		for id := range uint32(3) {
			if i == 0 { // 32 KiB each
				r.at(0, 101, wire.IP{Src: insideV4a, Dst: insideV4b, ID: 100 + id, Protocol: 17, Offset: 30000}.Packet(wire.Zeros(9)))
			}
		}
	}
	if p := r.one(t); !bytes.Equal(p.Payload, big[8:]) {
		t.Errorf("%d octets", len(p.Payload))
	}
	if n := r.Stats().FragmentsLost; n != 2 {
		t.Errorf("%d datagrams left, want 2", n)
	}
}

// TestFragmentsSmallest puts a datagram of the largest size together from
// fragments of eight octets, from the last to the first.
func TestFragmentsSmallest(t *testing.T) {
	big := wire.UDP(1000, 2000, bytes.Repeat([]byte("01234567"), 8188))
	frames := wire.IP{Src: insideV6a, Dst: insideV6b, ID: 1, Protocol: 17}.Fragments(big, 8)
	r := newRun(Config{})
	for i := range frames {
		r.at(0, 101, frames[len(frames)-1-i])
	}
	if p := r.one(t); !bytes.Equal(p.Payload, big[8:]) {
		t.Errorf("%d octets", len(p.Payload))
	}
}

// TestFragmentBehindExtensions has destination options in the fragmented part,
// whose type only the first fragment knows.
func TestFragmentBehindExtensions(t *testing.T) {
	rest := wire.Join(17, 0, uint16(0x0104), uint32(0), wire.UDP(1000, 2000, []byte(strings.Repeat("y", 50))))
	h := wire.IP{Src: insideV6a, Dst: insideV6b, ID: 77, Protocol: 60}
	f := h.Fragments(rest, 32)
	f[1][40] = 99 // what the next header field says in a later fragment means nothing
	r := newRun(Config{})
	r.at(0, 101, f[1])
	r.at(0, 101, f[2])
	r.at(0, 101, f[0])
	if p := r.one(t); string(p.Payload) != strings.Repeat("y", 50) || p.Src.Port() != 1000 {
		t.Errorf("payload %q from %v", p.Payload, p.Src)
	}
}

func TestClockThatGoesBack(t *testing.T) {
	f := sipFragments(7)
	r := newRun(Config{})
	r.at(100_000, 101, f[0])
	for _, b := range f[1:] {
		r.at(1, 101, b)
	}
	if p := r.one(t); p.Cut != "" || string(p.Payload) != sipText {
		t.Errorf("cut %q, %d octets", p.Cut, len(p.Payload))
	}
}
