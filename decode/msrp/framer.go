package msrp

import (
	"bytes"
	"strings"
)

// Limits of the headers of one frame.
const (
	maxHeaderOctets = 16 << 10
	maxHeaderLines  = 100
)

// A PieceKind is what a Framer found.
type PieceKind uint8

// What Framer.Next may find.
const (
	Wait   PieceKind = iota // nothing yet: call again with more octets
	Begun                   // the headers of a frame were read
	Framed                  // it is over: Framer.Frame has it
)

// A Piece is what Framer.Next found.
type Piece struct {
	Kind  PieceKind
	Start int // of the frame that Begun
	Drop  int // octets that are done with; the next call starts behind them
}

// A Framer finds the frames in one direction of a stream by their end-lines
// (RFC 4975 §7.1), and finds its way back when octets are missing. It holds
// no octets: the caller keeps those that Next has not dropped and hands them
// in again in front of the following ones. How the stream is cut into calls
// makes no difference to what is found.
type Framer struct {
	Frame Frame // the one that Next found last; valid until the next call

	Skipped uint64 // octets passed over in search of a frame
	Lost    uint64 // frames that were given up, or of which only the end-line was there

	mode    mode
	scanned int    // octets already examined for what the mode waits for
	line    int    // start of the header line being examined
	lines   int    // header lines so far
	tail    []byte // LF, dashes and the transaction of the present frame
	lead    int    // octets to come that belong to the line end in front of the body
	pending bool   // lost: a frame whose end may still come
	behind  uint64 // lost: octets that are its body in that case
	fresh   bool   // lost: the first octet may start a line
}

type mode uint8

const (
	between   mode = iota // frames
	inHeaders             // the start line was read
	inBody
	atEnd // the end-line is the next line
	lost
)

// Search makes the framer look for the first frame: the octets that come
// next are from the middle of a stream.
func (f *Framer) Search() { f.lose(true) }

// Next looks for the next piece at the start of b, which must begin with the
// octets that earlier calls did not drop. It is to be called until it
// returns Wait.
func (f *Framer) Next(b []byte) Piece {
	dropped := 0
	for {
		p, again := f.step(b[dropped:], false)
		p.Start = dropped
		dropped += p.Drop
		if !again {
			p.Drop = dropped
			return p
		}
	}
}

// step does what the mode demands. It asks to be called again when the mode
// has changed or octets were dropped without a piece.
func (f *Framer) step(b []byte, over bool) (p Piece, again bool) {
	switch f.mode {
	case between:
		return f.begin(b)
	case inHeaders:
		return f.headers(b, over)
	case inBody:
		return f.body(b, over)
	case atEnd:
		_, flag, n, _ := endLine(b, over)
		return f.finish(flag, n), false
	}
	return f.search(b, over)
}

// begin wants a start line, behind line ends that keep a connection open.
func (f *Framer) begin(b []byte) (Piece, bool) {
	switch {
	case len(b) == 0:
		return Piece{}, false
	case b[0] == '\r' || b[0] == '\n':
		return Piece{Drop: 1}, true
	}
	frame, n, v := startLine(b)
	switch v {
	case Undecided:
		return Piece{}, false
	case No:
		f.Lost++
		f.lose(false)
		return Piece{}, true
	}
	f.Frame = frame
	f.mode, f.scanned, f.line, f.lines = inHeaders, n, n, 0
	f.tail = append(append(f.tail[:0], "\n"+dashes...), frame.Transaction...)
	return Piece{}, true
}

// headers reads lines until the empty one, or until the end-line of a frame
// without a body.
func (f *Framer) headers(b []byte, over bool) (Piece, bool) {
	window := b[:min(len(b), maxHeaderOctets)]
	for {
		i := bytes.IndexByte(window[f.scanned:], '\n')
		if i < 0 {
			break
		}
		start, next := f.line, f.scanned+i+1
		f.scanned, f.line = next, next
		line := strings.TrimSuffix(string(window[start:next-1]), "\r")
		switch {
		case line == "":
			f.mode, f.scanned, f.Frame.Body = inBody, 0, true
			f.lead = next - start
			return Piece{Kind: Begun, Drop: start}, false
		case f.ends(b[start:next]):
			f.mode = atEnd
			return Piece{Kind: Begun, Drop: start}, false
		case f.lines == maxHeaderLines || !f.Frame.header(line):
			return f.giveUp(start)
		}
		f.lines++
	}
	f.scanned = len(window)
	switch {
	case len(window) == maxHeaderOctets:
		return f.giveUp(f.line)
	case over && f.ends(b[f.line:]):
		f.mode = atEnd
		return Piece{Kind: Begun, Drop: f.line}, false
	}
	return Piece{}, false
}

// ends reports whether a line is the end-line of the present frame.
func (f *Framer) ends(line []byte) bool {
	transaction, _, _, v := endLine(line, true)
	return v == Yes && transaction == f.Frame.Transaction
}

// giveUp passes over a frame whose headers are none.
func (f *Framer) giveUp(n int) (Piece, bool) {
	f.Lost++
	f.Skipped += uint64(n)
	f.lose(true)
	return Piece{Drop: n}, true
}

// body looks for the end-line and counts what is in front of it. The line
// end of the empty line may be the one that the end-line needs.
func (f *Framer) body(b []byte, over bool) (Piece, bool) {
	i := bytes.Index(b[f.scanned:], f.tail)
	if i < 0 {
		n := max(len(b)-len(f.tail), 0) // the CR in front of what may be a part of it
		f.count(n)
		return Piece{Drop: n}, false
	}
	i += f.scanned
	_, flag, n, v := endLine(b[i+1:], over)
	switch {
	case v == Undecided:
		f.scanned = i
		return Piece{}, false
	case v == No || !f.ends(b[i+1:i+1+n]):
		f.scanned = i + 1
		return Piece{}, true
	}
	text := i
	if i > 0 && b[i-1] == '\r' {
		text--
	}
	f.count(text)
	return f.finish(flag, i+1+n), false
}

// count counts n octets of the body as done with.
func (f *Framer) count(n int) {
	f.scanned = max(f.scanned-n, 0)
	skip := min(f.lead, n)
	f.lead -= skip
	f.Frame.Octets += uint64(n - skip)
}

// finish ends the present frame, and drops n octets.
func (f *Framer) finish(flag Flag, n int) Piece {
	f.Frame.Flag = flag
	f.mode, f.pending = between, false
	return Piece{Kind: Framed, Drop: n}
}
