package decode

import (
	"cmp"
	"container/list"
	"net/netip"
	"slices"
)

// maxTCPFacts bounds the TCP connections that facts are kept of.
const maxTCPFacts = 10_000

// A TCPConnection is what is known of a connection that carries SIP, or that
// was meant to: its port is one of SIP. Frames are 0 and times, Unix ns, 0
// when there was no such segment.
type TCPConnection struct {
	Client, Server        netip.AddrPort // the client sent the SYN; it is guessed when none was captured
	FirstFrame, LastFrame int
	First, Last           int64

	SYNs        int   // of the client, every copy; 0 when the beginning was not captured
	Established int64 // the SYN of the server, or octets of either side

	FromClient, FromServer TCPSide

	SIP bool // it carries SIP, perhaps inside TLS or WebSocket
	TLS bool // that is inside TLS
}

// A TCPSide is one direction of a connection. Segments are those with octets.
type TCPSide struct {
	Segments, Octets uint64
	Retransmitted    uint64 // segments that brought nothing new
	Requests         uint64 // of SIP
	Responses        uint64

	// Opening is what the first octets are; Code is the status of HTTP, or
	// the description of a TLS alert.
	Opening      Opening
	Code         int
	OpeningFrame int
	OpeningNanos int64

	LastData   int64 // latest segment with octets
	ZeroWindow int64 // ns, the longest time during which it could take no octets

	Fin, Reset           int64 // the first of each
	FinFrame, ResetFrame int

	stopped int64 // since when its window is 0
}

// An Opening is what one side of a connection began with.
type Opening uint8

// The openings that are told apart.
const (
	OpeningNone  Opening = iota // no octets, or too few
	OpeningSIP                  // in the clear
	OpeningHello                // ClientHello of TLS
	OpeningAlert                // alert of TLS
	OpeningTLS                  // another record of TLS
	OpeningHTTP                 // a response of HTTP
	OpeningOther
)

var openingNames = [...]string{"", "sip", "tls_hello", "tls_alert", "tls", "http", "other"}

// String returns the opening as JSON has it.
func (o Opening) String() string { return openingNames[int(o)%len(openingNames)] }

// Ended reports whether the connection is over.
func (c *TCPConnection) Ended() bool {
	return c.FromClient.Reset != 0 || c.FromServer.Reset != 0 || c.FromClient.Fin != 0 && c.FromServer.Fin != 0
}

// A tcpFacts is a TCPConnection that goes on.
type tcpFacts struct {
	TCPConnection
	of      *connection // nil once it is over
	client  int         // the side of the connection that is the client
	element *list.Element
	in      *list.List
}

// A factsTable holds the facts of connections in the order in which they
// began. When it is full those that are over leave first.
type factsTable struct {
	limit       int
	live, ended list.List
	changed     bool
	listed      []TCPConnection
}

// watch begins to keep facts of a connection.
func (t *factsTable) watch(c *connection, from int, p *Packet, syn, ack bool) {
	for t.live.Len()+t.ended.Len() >= t.limit {
		l := &t.ended
		if l.Len() == 0 {
			l = &t.live
		}
		if old := l.Remove(l.Front()).(*tcpFacts); old.of != nil {
			old.of.facts, old.of.unwatched = nil, true
		}
	}
	f := &tcpFacts{of: c, client: from}
	f.Client, f.Server, f.FirstFrame, f.First = p.Src, p.Dst, p.Frame, p.Nanos
	if syn && ack || !syn && (isSIPPort(p.Src.Port()) && !isSIPPort(p.Dst.Port()) || !isSIPPort(p.Dst.Port()) && p.Src.Port() < p.Dst.Port()) {
		f.Client, f.Server, f.client = f.Server, f.Client, 1-from
	}
	f.in, f.element = &t.live, t.live.PushBack(f)
	c.facts = f
	t.changed = true
}

// forget is called when a connection is no longer remembered.
func (t *factsTable) forget(c *connection) {
	if f := c.facts; f != nil {
		t.end(f)
		f.of, c.facts = nil, nil
	}
}

// end moves the facts of a connection to those that are over.
func (t *factsTable) end(f *tcpFacts) {
	if f.in == &t.live {
		t.live.Remove(f.element)
		f.in, f.element = &t.ended, t.ended.PushBack(f)
	}
}

// connections lists the facts; the list never changes.
func (t *factsTable) connections() []TCPConnection {
	if !t.changed {
		return t.listed
	}
	t.changed = false
	t.listed = make([]TCPConnection, 0, t.live.Len()+t.ended.Len())
	for _, l := range [...]*list.List{&t.live, &t.ended} {
		for e := l.Front(); e != nil; e = e.Next() {
			t.listed = append(t.listed, e.Value.(*tcpFacts).settled())
		}
	}
	slices.SortFunc(t.listed, func(a, b TCPConnection) int {
		return cmp.Or(cmp.Compare(a.FirstFrame, b.FirstFrame), a.Client.Compare(b.Client), a.Server.Compare(b.Server))
	})
	return t.listed
}

// settled is the connection as it stands now.
func (f *tcpFacts) settled() TCPConnection {
	c := f.TCPConnection
	for _, s := range [...]*TCPSide{&c.FromClient, &c.FromServer} {
		if s.stopped != 0 {
			s.ZeroWindow = max(s.ZeroWindow, c.Last-s.stopped)
		}
	}
	return c
}

// side is what is known of a side of the connection.
func (f *tcpFacts) side(from int) *TCPSide {
	if from == f.client {
		return &f.FromClient
	}
	return &f.FromServer
}

// segment takes the facts of a segment.
func (t *factsTable) segment(c *connection, from int, p *Packet, s *tcpSegment) {
	f := c.facts
	t.changed = true
	a := f.side(from)
	f.LastFrame, f.Last = max(f.LastFrame, p.Frame), max(f.Last, p.Nanos)
	switch {
	case s.Flags&tcpSyn == 0:
	case s.HasAck:
		f.establish(p)
	case from == f.client:
		f.SYNs++
	}
	if s.WireLength > 0 && s.Flags&tcpRst == 0 {
		f.establish(p)
		a.data(p, s)
	}
	a.window(p.Nanos, s)
	switch {
	case s.Flags&tcpRst != 0 && a.Reset == 0:
		a.Reset, a.ResetFrame = p.Nanos, p.Frame
	case s.Flags&tcpFin != 0 && a.Fin == 0:
		a.Fin, a.FinFrame = p.Nanos, p.Frame
	}
	if f.Ended() {
		t.end(f)
	}
}

func (f *tcpFacts) establish(p *Packet) {
	if f.Established == 0 {
		f.Established = p.Nanos
	}
}

// data takes a segment with octets.
func (a *TCPSide) data(p *Packet, s *tcpSegment) {
	a.Segments++
	a.Octets += uint64(s.WireLength)
	a.LastData = max(a.LastData, p.Nanos)
	if a.Opening != OpeningNone {
		return
	}
	if a.Opening, a.Code = openingOf(s.Payload); a.Opening != OpeningNone {
		a.OpeningFrame, a.OpeningNanos = p.Frame, p.Nanos
	}
}

// window follows the window that a side has for octets. Those of SYN and RST
// mean nothing.
func (a *TCPSide) window(nanos int64, s *tcpSegment) {
	switch {
	case s.Flags&(tcpSyn|tcpRst) != 0 || !s.HasAck:
	case s.Window == 0 && a.stopped == 0:
		a.stopped = nanos
	case s.Window != 0 && a.stopped != 0:
		a.ZeroWindow = max(a.ZeroWindow, nanos-a.stopped)
		a.stopped = 0
	}
}

// message counts a SIP message that a connection carried.
func (t *streamTable) countMessage(c *connection, p *Packet) {
	secure := c.secure
	if c.outer != nil {
		c = c.outer
	}
	from := 0
	if _, reversed := keyOf(p); reversed {
		from = 1
	}
	if c.facts == nil && !c.unwatched {
		t.facts.watch(c, from, p, false, false)
	}
	f := c.facts
	if f == nil {
		return
	}
	f.SIP, f.TLS = true, f.TLS || secure
	a := f.side(from)
	if startsLike(p.Payload, "SIP/") {
		a.Responses++
	} else {
		a.Requests++
	}
}

// openingOf tells what octets begin with.
func openingOf(b []byte) (o Opening, code int) {
	switch {
	case len(b) < 7:
		return OpeningNone, 0
	case b[0] == 0x15 && b[1] == 3:
		return OpeningAlert, int(b[6])
	case b[0] == 0x16 && b[1] == 3 && b[5] == 1:
		return OpeningHello, 0
	case b[0] >= 0x14 && b[0] <= 0x17 && b[1] == 3:
		return OpeningTLS, 0
	case startsLike(b, "SIP/2.0"), isRequestLine(b):
		return OpeningSIP, 0
	case startsLike(b, "HTTP/1."):
		return OpeningHTTP, statusOf(b)
	}
	return OpeningOther, 0
}

// isRequestLine reports whether the first line ends as that of a SIP request.
func isRequestLine(b []byte) bool {
	for i, c := range b[:min(len(b), 2048)] {
		if c == '\r' || c == '\n' {
			return i > 10 && string(b[i-8:i]) == " SIP/2.0"
		}
	}
	return false
}

// statusOf reads the status of an HTTP response, 0 when it has none.
func statusOf(b []byte) int {
	if len(b) < 12 {
		return 0
	}
	n := 0
	for _, c := range b[9:12] {
		if c < '0' || c > '9' {
			return 0
		}
		n = n*10 + int(c-'0')
	}
	return n
}

// Connections lists the TCP connections that carry SIP or that were meant to,
// in the order of their first frames; of more than 10 000 those that ended
// first are left out.
func (d *Decoder) Connections() []TCPConnection { return d.streams.facts.connections() }
