package sip

import "bytes"

// Limits of one message on a stream (spec §1.7).
const (
	maxHeaderOctets = 64 << 10
	maxHeaderLines  = 1000
	maxBody         = 1 << 20
)

// A PieceKind is what a Framer found at the start of a stream.
type PieceKind uint8

// What Framer.Next may find.
const (
	More      PieceKind = iota // nothing yet: call again with more octets
	Framed                     // a whole message, or the part of one that there is
	Ping                       // CRLFCRLF (RFC 5626 §3.5.1)
	Pong                       // a lone CRLF
	Abandoned                  // this is not SIP and Next will not look any further
)

// A Piece is what Framer.Next found. Offsets count from the first octet that
// Next was given.
type Piece struct {
	Kind       PieceKind
	Start, End int // of the message; Start of a Ping or Pong
	Length     int // octets of the whole message; End-Start when that is not known
	Cut        bool
	Drop       int // octets that are done with; the next call starts behind them
}

// A Framer finds SIP messages in one direction of a stream by Content-Length
// (RFC 3261 §18.3), and finds its way back when octets are missing or are not
// SIP. It holds no octets: the caller keeps those that Next has not dropped
// and hands them in again in front of the following ones. How the stream is
// cut into calls makes no difference to what is found.
type Framer struct {
	// Known says that the connection has carried SIP. The Framer sets it
	// with the first start line; a caller may set it for the other direction.
	Known bool

	// Budget is how many octets are searched for a first message. With 0 the
	// stream has to start with one.
	Budget int

	Skipped   uint64 // octets passed over in search of a message
	Oversized uint64 // messages given up because their headers have no end

	mode    framerMode
	midline bool // the octets to come do not start a line
	junk    int  // NULs and spaces skipped in front of a start line

	scanned int // octets already examined for what the mode waits for
	line    int // start of the line being examined, or searched
	lines   int // lines of the header block so far
	body    int // start of the body

	lengths lengthList
}

type framerMode uint8

const (
	syncing framerMode = iota // between messages
	inHeaders
	inBody
	resyncing // the framing is lost
	abandoned
)

// Next looks for the next piece at the start of b, which must begin with the
// octets that earlier calls did not drop. It is to be called until it
// returns More.
func (f *Framer) Next(b []byte) Piece {
	dropped := 0
	for {
		p, again := f.step(b[dropped:])
		p.Start += dropped
		p.End += dropped
		p.Drop += dropped
		if !again {
			return p
		}
		dropped = p.Drop
	}
}

// Searching reports whether the framing is lost.
func (f *Framer) Searching() bool { return f.mode == resyncing }

// Restart gives up the search: the octets that come next start a message. The
// given number of octets were not dropped before and are by now.
func (f *Framer) Restart(dropped int) {
	f.Skipped += uint64(dropped)
	f.enter(syncing)
}

// step does what the mode demands. It asks to be called again when the mode
// has changed or octets were dropped without a piece.
func (f *Framer) step(b []byte) (p Piece, again bool) {
	switch f.mode {
	case syncing:
		return f.sync(b)
	case inHeaders:
		return f.headers(b)
	case inBody:
		return f.wait(b)
	case resyncing:
		return f.resync(b)
	}
	return Piece{Kind: Abandoned, Drop: len(b)}, false
}

// enter changes the mode at the octet that comes next.
func (f *Framer) enter(m framerMode) {
	f.mode = m
	f.scanned, f.line, f.lines, f.body, f.junk = 0, 0, 0, 0, 0
	f.midline = false
}

// sync takes keep-alives and junk off the stream and wants a start line then.
func (f *Framer) sync(b []byte) (Piece, bool) {
	if len(b) == 0 {
		return Piece{}, false
	}
	switch b[0] {
	case '\r', '\n':
		return f.syncLineEnd(b)
	case 0, ' ':
		if f.junk < 4 {
			f.junk++
			return Piece{Drop: 1}, true
		}
	}
	line, v := scanOpening(b, false)
	if v == yes && line.score < acceptScore && runsIntoMethod(b[:line.end]) {
		v = no // the end of a body of which Content-Length did not tell
	}
	switch v {
	case more:
		return Piece{}, false
	case no:
		f.enter(resyncing)
		return Piece{}, true
	}
	f.Known = true
	f.enter(inHeaders)
	f.scanned, f.line = line.end, line.end
	return Piece{}, true
}

// syncLineEnd tells pings from pongs by what follows.
func (f *Framer) syncLineEnd(b []byte) (Piece, bool) {
	const ping = "\r\n\r\n"
	n := 0
	for n < len(ping) && n < len(b) && b[n] == ping[n] {
		n++
	}
	switch {
	case n == len(ping):
		return Piece{Kind: Ping, Drop: n}, false
	case n == len(b):
		return Piece{}, false
	case n >= 2:
		return Piece{Kind: Pong, Drop: 2}, false
	}
	return Piece{Drop: 1}, true
}

// headers looks for the empty line: CRLFCRLF, or LF in place of any CRLF.
func (f *Framer) headers(b []byte) (Piece, bool) {
	window := b[:min(len(b), maxHeaderOctets)]
	for {
		i := bytes.IndexByte(window[f.scanned:], '\n')
		if i < 0 {
			break
		}
		lf := f.scanned + i
		empty := lf == f.line || lf == f.line+1 && b[f.line] == '\r'
		f.scanned, f.line = lf+1, lf+1
		if empty {
			f.body = lf + 1
			f.lengths = contentLengths(b[:f.body])
			return f.startBody()
		}
		if f.lines++; f.lines > maxHeaderLines {
			return f.oversized(lf + 1)
		}
	}
	f.scanned = len(window)
	if len(window) == maxHeaderOctets {
		return f.oversized(maxHeaderOctets)
	}
	return Piece{}, false
}

// oversized gives up a message whose header block does not end.
func (f *Framer) oversized(n int) (Piece, bool) {
	f.Oversized++
	f.Skipped += uint64(n)
	midline := f.line != n
	f.enter(resyncing)
	f.midline = midline
	return Piece{Drop: n}, true
}

// startBody decides what Content-Length means. A body that is too long to
// wait for is left to the search for the next message.
func (f *Framer) startBody() (Piece, bool) {
	if f.lengths.n == 0 && f.lengths.tooLarge {
		end := f.body
		f.enter(resyncing)
		return Piece{Kind: Framed, End: end, Length: end, Drop: end}, false
	}
	f.mode = inBody
	return Piece{}, true
}

// wait hands out the message when its body is there.
func (f *Framer) wait(b []byte) (Piece, bool) {
	n, v := f.bodyLength(b[f.body:])
	if v == more {
		return Piece{}, false
	}
	end := f.body + n
	f.enter(syncing)
	return Piece{Kind: Framed, End: end, Length: end, Drop: end}, false
}

// bodyLength chooses among the Content-Length values: the first, unless
// there are several and only another one leads to a start line.
func (f *Framer) bodyLength(b []byte) (int, verdict) {
	first := f.lengths.first()
	if len(b) < first {
		return 0, more
	}
	if f.lengths.n < 2 {
		return first, yes
	}
	for _, n := range f.lengths.values[:f.lengths.n] {
		if len(b) < n {
			return 0, more
		}
		switch v := messageFollows(b[n:]); v {
		case yes:
			return n, yes
		case more:
			return 0, more
		}
	}
	return first, yes
}

// messageFollows reports whether b starts with a start line that leaves no
// doubt, behind line ends.
func messageFollows(b []byte) verdict {
	i := 0
	for i < len(b) && i < 8 && (b[i] == '\r' || b[i] == '\n') {
		i++
	}
	line, v := scanOpening(b[i:], false)
	if v == yes && line.score < acceptScore {
		return no
	}
	return v
}

// Cut says that no octet will follow b: octets are missing behind it or the
// stream is over. A message whose headers are complete is returned with the
// body that there is, as Framed; with partial, so is one whose headers are
// not. The Framer then searches for the next message.
func (f *Framer) Cut(b []byte, partial bool) Piece {
	p := Piece{Drop: len(b)}
	switch {
	case f.mode == inBody:
		p.Kind, p.Length = Framed, f.body+f.lengths.first()
		p.End = min(len(b), p.Length)
		p.Cut = p.End < p.Length
	case f.mode == inHeaders && partial:
		p.Kind, p.End, p.Length, p.Cut = Framed, len(b), len(b), true
	case f.mode == syncing && len(b) >= 2 && b[0] == '\r' && b[1] == '\n':
		p.Kind = Pong
	case f.mode == abandoned:
		p.Kind = Abandoned
		return p
	default:
		f.Skipped += uint64(len(b))
	}
	f.enter(resyncing)
	return p
}
