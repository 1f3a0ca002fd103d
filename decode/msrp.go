package decode

import (
	"unsafe"

	"sipsniff/decode/msrp"
	"sipsniff/decode/sip"
)

// A SessionHandler is a Handler that also wants the messages of MSRP.
type SessionHandler interface {
	Handler

	// MSRP receives one request or response of MSRP whose end was seen or
	// will not come. p has no Payload; f is borrowed until the method returns.
	MSRP(p *Packet, f *msrp.Frame)
}

// A messageSession is one direction of a connection that carries MSRP.
type messageSession struct {
	framer msrp.Framer
	first  mark // of the first octet of the present frame
}

const sessionOverhead = int(unsafe.Sizeof(messageSession{}))

func (s *messageSession) cost() int { return sessionOverhead + s.framer.Frame.Size() }

// talks reports whether the connection has carried what is wanted, so that a
// direction that was not understood deserves another look.
func (c *connection) talks() bool { return c.sip || c.msrp }

// startMSRP begins to take a direction for MSRP. The other one may have been
// captured from its middle, and is looked at again.
func (t *streamTable) startMSRP(c *connection, from int, f *flow) {
	f.application, f.session = msrpStream, &messageSession{}
	if !c.msrp {
		c.msrp = true
		t.stats.MSRP++
	}
	if other := &c.sides[1-from]; !c.sip && other.flow != nil && other.flow.application == sipStream {
		t.release(c, 1-from)
	}
}

// frameMSRP takes the next step in a direction that carries MSRP, and reports
// whether there may be more.
func (t *streamTable) frameMSRP(c *connection, f *flow, p *Packet) bool {
	piece := f.session.framer.Next(f.b)
	t.pieceOfMSRP(c, f, piece, p)
	return piece.Kind != msrp.Wait
}

// pieceOfMSRP handles what the framer found, and drops it.
func (t *streamTable) pieceOfMSRP(c *connection, f *flow, piece msrp.Piece, p *Packet) {
	s := f.session
	switch piece.Kind {
	case msrp.Begun:
		s.first = f.at(piece.Start)
	case msrp.Framed:
		last := s.first
		if piece.Drop > 0 {
			last = f.at(piece.Drop - 1)
		}
		t.emitMSRP(f, p, s, last, c.over(TCP))
	}
	f.drop(piece.Drop)
	t.stats.MSRPSkipped += s.framer.Skipped
	t.stats.MSRPLost += s.framer.Lost
	s.framer.Skipped, s.framer.Lost = 0, 0
}

// emitMSRP hands on the frame that was read last.
func (t *streamTable) emitMSRP(f *flow, p *Packet, s *messageSession, last mark, over Transport) {
	h, wanted := t.handler.(SessionHandler)
	if !wanted {
		return
	}
	what := Packet{Transport: over}
	switch frame := &s.framer.Frame; {
	case frame.Gap:
		what.Cut = cutGap
	case frame.Flag == msrp.NoFlag:
		what.Cut = cutStreamEnd
	}
	h.MSRP(t.compose(f, p, s.first, last, what), &s.framer.Frame)
}

// cutMSRP says that octets are missing behind those that are there.
func (t *streamTable) cutMSRP(c *connection, f *flow, why string) {
	if why != cutStreamEnd {
		f.session.framer.Gap(f.b)
		return
	}
	for {
		piece := f.session.framer.End(f.b)
		t.pieceOfMSRP(c, f, piece, nil)
		if piece.Kind == msrp.Wait {
			return
		}
	}
}

// socketMSRP reads a message of WebSocket that is a frame of MSRP as a whole
// (RFC 7977 §5), and reports whether it is one.
func (t *streamTable) socketMSRP(c *connection, f *flow, b []byte, p *Packet, last mark) bool {
	if c.sip || msrp.Opening(b) != msrp.Yes {
		return false
	}
	w := f.socket
	s := messageSession{first: w.first}
	for {
		piece := s.framer.End(b)
		if piece.Kind == msrp.Framed {
			t.emitMSRP(f, p, &s, last, c.over(WS))
		}
		if b = b[piece.Drop:]; piece.Kind == msrp.Wait {
			break
		}
	}
	t.stats.MSRPSkipped += s.framer.Skipped
	t.stats.MSRPLost += s.framer.Lost
	if !c.msrp {
		c.msrp = true
		t.stats.MSRP++
	}
	w.misses, w.probing, w.guessed = 0, false, false
	return true
}

// opensMSRP reports whether a segment starts with a frame of MSRP in a
// direction that made no sense so far.
func (f *flow) opensMSRP(segment []byte) bool {
	return f.application == sipStream && f.framer.Searching() && msrp.Opening(segment) == msrp.Yes
}

// anew forgets what a direction was taken for.
func (t *streamTable) anew(f *flow) {
	t.countFramer(f)
	f.clear()
	f.application, f.framer = undecided, sip.Framer{}
}
