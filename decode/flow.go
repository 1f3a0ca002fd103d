package decode

import (
	"bytes"
	"slices"
	"unsafe"

	"sipsniff/decode/hep"
	"sipsniff/decode/msrp"
	"sipsniff/decode/sip"
	"sipsniff/decode/tls"
)

// searchBudget is how many octets of a stream whose beginning was not
// captured are searched for a first SIP message.
const searchBudget = 64 << 10

// The reasons of Packet.Cut that arise on streams.
const (
	cutGap       = "tcp_gap"
	cutStreamEnd = "stream_end"
)

// An application is what a direction of a connection carries.
type application uint8

const (
	undecided application = iota
	sipStream
	httpHead   // on the way to WebSocket
	httpSearch // looking for the response that leads there
	webSocketStream
	framedRTP // media over TCP
	tlsStream
	hepStream
	msrpStream
)

// A flow is what is unfinished in one direction of a connection.
type flow struct {
	octets
	head Packet // headers of the segment that brought the first of the octets

	application
	fromStart bool // the first octet of the stream was captured
	framer    sip.Framer
	socket    *webSocket
	session   *messageSession
	turn      bool // framedRTP has the lengths of TURN
	strange   int  // in a row: packets of no known kind, of framedRTP; octets of no packet, of hepStream
	cost      int  // octets accounted for in streamTable.held
}

const flowOverhead = int(unsafe.Sizeof(flow{}))

// push takes the octets that come next in a direction. m says which frames
// brought them.
func (t *streamTable) push(c *connection, from int, b []byte, m mark, p *Packet) {
	a := &c.sides[from]
	f := a.flow
	if len(f.b) == 0 {
		f.head = *p
	}
	t.startsAnew(c, f, b)
	if c.tls != nil {
		c.tls.count(c, from, len(b), m)
	}
	f.add(b, m)
	for t.step(c, from, f, p) {
	}
	if a.flow != f {
		return
	}
	if f.at(0).frame == p.Frame {
		f.head = *p
	}
	f.keep()
	f.head.Payload = nil
	t.account(f)
}

// account brings held up to date with what the flow occupies.
func (t *streamTable) account(f *flow) {
	cost := flowOverhead + cap(f.own) + cap(f.marks)*int(unsafe.Sizeof(mark{}))
	if f.socket != nil {
		cost += f.socket.cost()
	}
	if f.session != nil {
		cost += f.session.cost()
	}
	t.held += cost - f.cost
	f.cost = cost
}

// startsAnew gives up the search in a stream that was not captured from its
// beginning when a segment starts with a start line: senders usually write a
// message at a time.
func (t *streamTable) startsAnew(c *connection, f *flow, segment []byte) {
	if f.application != sipStream || c.sip || !f.framer.Searching() {
		return
	}
	if c.tls == nil && startsWithRecord(segment) || startsHEP(segment) || f.opensMSRP(segment) {
		t.anew(f)
		return
	}
	if class, start := sip.Detect(segment, sip.Hint{}); class == sip.IsMessage && start == 0 {
		f.framer.Restart(len(f.b))
		f.clear()
	}
}

// step makes one thing of the octets, and reports whether there may be more.
func (t *streamTable) step(c *connection, from int, f *flow, p *Packet) bool {
	switch f.application {
	case undecided:
		return t.recognise(c, from, f)
	case sipStream:
		return t.frameSIP(c, from, f, p)
	case httpHead:
		return t.readHead(c, from, f)
	case httpSearch:
		return t.searchHead(c, from, f)
	case framedRTP:
		return t.readFramed(c, from, f, p)
	case tlsStream:
		return t.readRecord(c, from, f, p)
	case hepStream:
		return t.readHEP(c, from, f, p)
	case msrpStream:
		return t.frameMSRP(c, f, p)
	}
	return t.readSocket(c, from, f, p)
}

// recognise decides by the first octets what a direction carries.
func (t *streamTable) recognise(c *connection, from int, f *flow) bool {
	b := f.b
	if c.tls != nil && len(b) > 0 && t.continueTLS(c, from, f) {
		return true
	}
	if len(b) > 0 && b[0] <= longestSeen>>8 && !c.sip {
		switch v := isFramedRTP(b); v {
		case framedMaybe:
			return false
		case framedYes, framedTURN:
			t.startFramed(c, f, v)
			return true
		}
	}
	opening := msrp.No
	if !c.sip {
		opening = msrp.Opening(b)
	}
	switch {
	case len(b) == 0, opening == msrp.Undecided:
		return false
	case opening == msrp.Yes:
		t.startMSRP(c, from, f)
	case b[0] >= tls.TypeChangeCipherSpec && b[0] <= tls.TypeApplicationData: // nothing else known starts so
		return t.recogniseTLS(c, from, f)
	case hep.MayBegin(b) && (len(b) < hepHeads || startsHEP(b)):
		if len(b) < hepHeads {
			return false
		}
		f.application = hepStream
	case !f.fromStart && t.mayReport(f):
		f.application = hepStream
	case startsLike(b, "GET ") || startsLike(b, nextHead):
		if len(b) < len(nextHead) {
			return false
		}
		f.application = httpHead
	case !f.fromStart && mayBeSocketFrame(b[0]):
		f.application = webSocketStream
		f.socket = &webSocket{probing: true}
	case c.msrp && !c.sip && !f.fromStart:
		t.startMSRP(c, from, f)
		f.session.framer.Search()
	default:
		f.application = sipStream
		f.framer.Known = c.sip
		if !f.fromStart {
			f.framer.Budget = searchBudget
		}
	}
	return true
}

// startsLike reports whether b and text agree as far as both go.
func startsLike(b []byte, text string) bool {
	n := min(len(b), len(text))
	return string(b[:n]) == text[:n]
}

// frameSIP takes the next message from a stream of SIP.
func (t *streamTable) frameSIP(c *connection, from int, f *flow, p *Packet) bool {
	f.framer.Known = f.framer.Known || c.sip
	piece := f.framer.Next(f.b)
	switch piece.Kind {
	case sip.Framed:
		t.framed(c, f, piece, p, cutStreamEnd)
	case sip.Ping, sip.Pong:
		t.stats.KeepAlives++
	case sip.Abandoned:
		t.ignore(c, from)
		return false
	}
	f.drop(piece.Drop)
	t.countFramer(f)
	return piece.Kind != sip.More
}

// countFramer moves the counts of the framer of a stream of SIP to the stats.
func (t *streamTable) countFramer(f *flow) {
	if f.framer.Known {
		t.stats.Skipped += f.framer.Skipped
		t.stats.Oversized += f.framer.Oversized
		f.framer.Skipped, f.framer.Oversized = 0, 0
	}
}

// framed hands on a message of a stream of SIP.
func (t *streamTable) framed(c *connection, f *flow, piece sip.Piece, p *Packet, cut string) {
	c.sip = true
	if !piece.Cut {
		cut = ""
	}
	first, last := f.at(piece.Start), f.at(piece.End-1)
	t.emit(c, f, p, first, last, Packet{Payload: f.b[piece.Start:piece.End], WireLength: piece.Length, Transport: c.over(TCP), Cut: cut})
}

// emit hands on a message with the headers of the segment that brought its
// first octet. what gives its own properties.
func (t *streamTable) emit(c *connection, f *flow, p *Packet, first, last mark, what Packet) {
	out := t.compose(f, p, first, last, what)
	t.messages++
	t.countMessage(c, out)
	t.handler.Message(out)
	out.Payload = nil
}

// compose makes the packet of what emit hands on.
func (t *streamTable) compose(f *flow, p *Packet, first, last mark, what Packet) *Packet {
	out := &t.packet
	if p != nil && first.frame == p.Frame {
		*out = *p
	} else {
		*out = f.head
		out.Fragments = nil
		out.FirstFrame, out.FirstNanos = first.frame, first.nanos
	}
	out.Frame, out.Nanos = first.frame, first.nanos
	out.LastFrame, out.LastNanos = last.endFrame, last.endNanos
	out.Payload, out.WireLength = what.Payload, what.WireLength
	out.Transport, out.Cut = what.Transport, what.Cut
	if t.d.config.Fragments {
		out.Fragments = f.frames(slices.Clone(out.Fragments), first.offset, last.offset)
	}
	return out
}

// ignore passes over a direction from now on.
func (t *streamTable) ignore(c *connection, from int) {
	c.sides[from].ignored = true
	t.release(c, from)
	t.forgetHole(c, from)
}

// release forgets what is unfinished in a direction.
func (t *streamTable) release(c *connection, from int) {
	if f := c.sides[from].flow; f != nil {
		t.countFramer(f)
		t.held -= f.cost
		c.sides[from].flow = nil
	}
}

// gap says that octets are missing in front of the ones that come next.
func (t *streamTable) gap(c *connection, from, missing int, why string) {
	if c.sides[from].ignored {
		return
	}
	t.stats.Gaps++
	t.stats.GapOctets += uint64(missing)
	f := c.sides[from].flow
	if f == nil {
		return
	}
	f.fromStart = false
	t.cut(c, f, why)
	t.account(f)
}

// end says that no octets will come any more in a direction.
func (t *streamTable) end(c *connection, from int) {
	if f := c.sides[from].flow; f != nil {
		t.cut(c, f, cutStreamEnd)
		t.release(c, from)
	}
}

// cut surfaces a message that stays incomplete.
func (t *streamTable) cut(c *connection, f *flow, why string) {
	switch f.application {
	case sipStream:
		if piece := f.framer.Cut(f.b, why == cutSnaplen); piece.Kind == sip.Framed {
			t.framed(c, f, piece, nil, why)
		} else if piece.Kind == sip.Pong {
			t.stats.KeepAlives++
		}
		f.framer.Budget = searchBudget
		t.countFramer(f)
	case httpHead, httpSearch, framedRTP:
		f.application = undecided
	case webSocketStream:
		t.cutSocket(c, f, why)
	case tlsStream:
		t.cutRecords(c, f, why)
	case msrpStream:
		t.cutMSRP(c, f, why)
	}
	f.clear()
}

// headEnd returns the length of a header block with its empty line, 0 when
// the empty line is not there.
func headEnd(b []byte) int {
	if i := bytes.Index(b, []byte("\r\n\r\n")); i >= 0 {
		return i + 4
	}
	return 0
}
