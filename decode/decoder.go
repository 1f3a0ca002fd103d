package decode

import (
	"math"
	"net/netip"
	"time"

	"sipsniff/capture"
	"sipsniff/decode/tls"
)

// Config carries the limits of a Decoder. Zero values mean the defaults.
type Config struct {
	// FragmentTimeout is how long, in capture time, an IP datagram waits for
	// its missing fragments: 30 s.
	FragmentTimeout time.Duration

	// MaxFragmented is how many IP datagrams may wait for fragments at one
	// time: 10 000. MaxFragmentOctets limits what they occupy: 64 MiB.
	MaxFragmented     int
	MaxFragmentOctets int

	// Secrets open TLS connections; nil leaves them closed. MaxTLS is how
	// many connections are remembered for Encrypted: 10 000.
	Secrets *tls.Secrets
	MaxTLS  int

	// ESPNull looks inside IPsec ESP for packets that were not encrypted.
	ESPNull bool

	// Fragments makes known which frames a fragmented datagram, or a message in
	// several segments, came in.
	Fragments bool

	// Segments, when set, is told of every TCP segment and SCTP packet, in the
	// order of the capture and before what it completes. The Packet has no
	// Payload and is borrowed until it returns.
	Segments func(p *Packet)

	// HEPPorts are ports of collectors of HEP besides 9060: what comes to
	// them may be of its versions 1 and 2.
	HEPPorts []uint16
}

// withDefaults returns c with every limit that was left out filled in.
func (c Config) withDefaults() Config {
	if c.FragmentTimeout <= 0 {
		c.FragmentTimeout = 30 * time.Second
	}
	if c.MaxFragmented <= 0 {
		c.MaxFragmented = 10_000
	}
	if c.MaxFragmentOctets <= 0 {
		c.MaxFragmentOctets = 64 << 20
	}
	if c.MaxTLS <= 0 {
		c.MaxTLS = 10_000
	}
	c.MaxFragmentOctets = max(c.MaxFragmentOctets, leastFragmentOctets)
	return c
}

// A Decoder takes frames apart and hands what they carried to a Handler. It
// remembers only what is unfinished: fragments and pieces of streams. It is
// used by one goroutine.
type Decoder struct {
	config  Config
	handler Handler

	packet    Packet     // refilled for every frame
	segment   tcpSegment // refilled for every TCP segment
	quotation ICMPError  // refilled for every ICMP error
	walk      walk
	now       int64 // the latest capture time met; it never goes back

	fragments  fragmentTable
	duplicates duplicateTable
	streams    *streamTable
	sctp       *sctpTable
	hepReader  hepReader

	stats     Stats
	undecoded [reasonCount]uint64
}

// walk is what the descent through the headers of one frame has to remember
// that is of no interest to the receiver of the Packet.
type walk struct {
	addresses []byte // source and destination of the innermost IP header, 8 or 32 octets
	source    int    // of the frame: several files and interfaces may be read as one
	depth     int    // tags and tunnels entered, at most maxDepth
	mac       uint64 // both Ethernet addresses folded together; 0 when there are none
	key       uint64 // hash of addresses, protocol and identification
	noID      bool   // the IP header carries no identification that could tell packets apart
	carrier   uint16 // the identification of the innermost IPv4 header that has one, 0 when none has

	// known is set when the fragments of this packet have already been
	// looked for among the duplicates.
	known bool

	// cut says that the end of the IP datagram is missing and will not come:
	// cutSnaplen when a first fragment was captured in part, cutFragmentLost
	// when other fragments never came, and only a SIP message is worth
	// handing on.
	cut string
}

// maxDepth is how many tags and tunnels may be nested (spec §1).
const maxDepth = 8

// New returns a Decoder that hands what it finds to h.
func New(c Config, h Handler) *Decoder {
	d := &Decoder{config: c.withDefaults(), handler: newViewTable(h), now: math.MinInt64}
	d.fragments.init(d.config)
	d.hepReader.seen.most = mostHEP
	d.streams = newStreamTable(d)
	d.sctp = newSCTPTable(d)
	return d
}

// Frame decodes one frame and calls the handler for everything that the frame
// carried or completed. f.Data is not kept.
func (d *Decoder) Frame(f *capture.Frame) {
	d.stats.Frames++
	d.now = max(d.now, f.Nanos)
	if d.fragments.oldest != nil {
		d.expireFragments()
	}
	d.start(f)
	d.link(f.LinkType, f.Data, max(f.Length, len(f.Data)))
	if d.fragments.lost != nil {
		d.surfaceLost()
	}
}

// start refills the packet for a new frame. What every packet handed on sets
// anyway, such as its ends and payload, is left as it is; this runs for every
// frame, and clearing the whole value takes longer than reading the headers.
func (d *Decoder) start(f *capture.Frame) {
	p, w := &d.packet, &d.walk
	p.Frame, p.LastFrame, p.FirstFrame = f.Number, f.Number, f.Number
	p.Nanos, p.LastNanos, p.FirstNanos = f.Nanos, f.Nanos, f.Nanos
	p.LinkDirection, p.Interface, p.Source = noDirection, int32(f.Interface), int32(f.Source)
	p.TTL, p.DSCP, p.IPID, p.OverheadIP = 0, 0, 0, 0
	p.Duplicate = false
	if p.Cut != "" {
		p.Cut = ""
	}
	if p.Fragments != nil {
		p.Fragments = nil
	}
	if p.VLANCount > 0 {
		p.VLANs, p.VLANCount = [MaxVLANs]uint16{}, 0
	}
	if p.Tunnel != "" {
		p.Tunnel, p.TunnelSrc, p.TunnelDst, p.Agent, p.Correlation = "", netip.Addr{}, netip.Addr{}, 0, nil
	}
	w.source, w.depth, w.mac, w.known, w.carrier = f.Source, 0, 0, false, 0
	if w.cut != "" {
		w.cut = ""
	}
}

// noDirection is Packet.LinkDirection when the link header tells none.
const noDirection = 255

// Flush surfaces what is unfinished at the end of the capture.
func (d *Decoder) Flush() {
	d.fragments.loseAll()
	d.surfaceLost()
	d.streams.flush()
	d.sctp.flush()
}

// deeper enters one more tag or tunnel and reports whether that is allowed.
func (d *Decoder) deeper() bool {
	d.walk.depth++
	if d.walk.depth > maxDepth {
		d.drop(tooDeep)
		return false
	}
	return true
}

// drop counts a frame of which nothing was made. The fragments of a datagram
// that stays incomplete are counted as such.
func (d *Decoder) drop(r reason) {
	if d.walk.cut != cutFragmentLost {
		d.undecoded[r]++
	}
}
