package decode

import (
	"encoding/binary"
	"net/netip"
	"slices"
	"testing"

	"sipsniff/capture"
)

// The frames of these tests are put together here from the layouts in the
// RFCs, independently of the code that takes them apart.

// join concatenates octets: numbers of one octet, strings and slices.
func join(parts ...any) []byte {
	var b []byte
	for _, p := range parts {
		switch v := p.(type) {
		case int:
			b = append(b, byte(v))
		case uint16:
			b = binary.BigEndian.AppendUint16(b, v)
		case uint32:
			b = binary.BigEndian.AppendUint32(b, v)
		case string:
			b = append(b, v...)
		case []byte:
			b = append(b, v...)
		default:
			panic("join: unknown part")
		}
	}
	return b
}

func zeros(n int) []byte { return make([]byte, n) }

// The ends of the packets of these tests, from the documentation ranges.
var (
	insideV4a  = netip.MustParseAddr("192.0.2.1")
	insideV4b  = netip.MustParseAddr("192.0.2.2")
	insideV6a  = netip.MustParseAddr("2001:db8::1")
	insideV6b  = netip.MustParseAddr("2001:db8::2")
	outsideV4a = netip.MustParseAddr("198.51.100.1")
	outsideV4b = netip.MustParseAddr("198.51.100.2")
	outsideV6a = netip.MustParseAddr("2001:db8:ffff::1")
	outsideV6b = netip.MustParseAddr("2001:db8:ffff::2")
)

// ipHeader is an IP header to be built.
type ipHeader struct {
	src, dst netip.Addr
	id       uint32
	ttl      uint8
	protocol uint8
	offset   int // octets
	more     bool
}

// packet builds an IP packet of the version of the addresses.
func (h ipHeader) packet(payload []byte) []byte {
	if h.ttl == 0 {
		h.ttl = 64
	}
	if h.src.Is4() {
		return h.packet4(payload)
	}
	return h.packet6(payload)
}

func (h ipHeader) packet4(payload []byte) []byte {
	place := uint16(h.offset / 8)
	if h.more {
		place |= 0x2000
	}
	return join(0x45, 0xb8, uint16(20+len(payload)), uint16(h.id), place, int(h.ttl), int(h.protocol), uint16(0),
		h.src.AsSlice(), h.dst.AsSlice(), payload)
}

func (h ipHeader) packet6(payload []byte) []byte {
	next := int(h.protocol)
	if h.more || h.offset > 0 {
		place := uint16(h.offset)
		if h.more {
			place |= 1
		}
		payload = join(next, 0, place, h.id, payload)
		next = 44
	}
	return join(uint32(0x6b800000), uint16(len(payload)), next, int(h.ttl), h.src.AsSlice(), h.dst.AsSlice(), payload)
}

// fragments builds the fragments of a packet, size octets of payload in each
// but the last.
func (h ipHeader) fragments(payload []byte, size int) [][]byte {
	var out [][]byte
	for at := 0; at < len(payload); at += size {
		end := min(at+size, len(payload))
		h.offset, h.more = at, end < len(payload)
		out = append(out, h.packet(payload[at:end]))
	}
	return out
}

// udpOf builds a UDP packet without a checksum.
func udpOf(src, dst uint16, payload []byte) []byte {
	return join(src, dst, uint16(8+len(payload)), uint16(0), payload)
}

// tcpOf builds a TCP segment.
func tcpOf(src, dst uint16, seq, ack uint32, flags int, payload []byte) []byte {
	return join(src, dst, seq, ack, 0x50, flags, uint16(512), uint16(0x1234), uint16(0), payload)
}

// etherOf builds an Ethernet frame.
func etherOf(t uint16, payload []byte) []byte {
	return join(0x02, 0, 0, 0, 0, 2, 0x02, 0, 0, 0, 0, 1, t, payload)
}

// etherIP builds an Ethernet frame around an IP packet.
func etherIP(ip []byte) []byte { return etherOf(etherTypeOf(ip), ip) }

func etherTypeOf(ip []byte) uint16 {
	if len(ip) > 0 && ip[0]>>4 == 6 {
		return 0x86dd
	}
	return 0x0800
}

// pppOf builds a PPP frame without address and control.
func pppOf(ip []byte) []byte {
	if ip[0]>>4 == 6 {
		return join(uint16(0x0057), ip)
	}
	return join(uint16(0x0021), ip)
}

// got is a packet that came out of the decoder, with copies of its octets.
type got struct {
	Packet
	message bool
}

// collector is a Handler that keeps everything.
type collector struct{ packets []got }

func (c *collector) Message(p *Packet)  { c.keep(p, true) }
func (c *collector) Datagram(p *Packet) { c.keep(p, false) }

func (c *collector) keep(p *Packet, message bool) {
	q := *p
	q.Payload = slices.Clone(p.Payload)
	c.packets = append(c.packets, got{q, message})
}

// run is a decoder with a collector behind it, fed with frames.
type run struct {
	collector
	*Decoder
	frames int
}

func newRun(c Config) *run {
	r := &run{}
	r.Decoder = New(c, &r.collector)
	return r
}

// millisecond is the unit in which the tests tell the time.
const millisecond = 1_000_000

// at feeds a frame at a time.
func (r *run) at(ms int64, t capture.LinkType, b []byte) { r.frame(ms*millisecond, t, b, len(b), 0) }

func (r *run) frame(nanos int64, t capture.LinkType, b []byte, wire, iface int) {
	r.frames++
	r.Frame(&capture.Frame{
		Number: r.frames, Nanos: nanos, Data: b, Length: wire, LinkType: t, Interface: iface,
	})
}

// one fails the test unless exactly one packet came out, which it returns.
func (r *run) one(t *testing.T) got {
	t.Helper()
	if len(r.packets) != 1 {
		t.Fatalf("%d packets came out, want 1; undecoded: %v", len(r.packets), r.Stats().Undecoded)
	}
	return r.packets[0]
}

// undecodedFrames sums the frames of which nothing was made.
func (r *run) undecodedFrames() uint64 {
	var n uint64
	for _, c := range r.Stats().Undecoded {
		n += c
	}
	return n
}
