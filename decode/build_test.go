package decode

import (
	"net/netip"
	"slices"
	"testing"

	"sipsniff/capture"
)

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
