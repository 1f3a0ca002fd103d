package gen

import (
	"encoding/binary"
	"math/rand/v2"
	"time"
)

// A connection carries the SIP of one exchange over TCP, both ways.
type connection struct {
	random *rand.Rand
	sides  [2]side // caller's, callee's
	open   bool
}

// A side is one sender of a connection.
type side struct {
	path     path
	sequence uint32 // of the next octet
}

const (
	flagFIN = 1
	flagSYN = 2
	flagPSH = 8
	flagACK = 16

	handshakeTime = 400 * time.Microsecond // from SYN to the first message
	closeDelay    = 50 * time.Millisecond  // from the last message to FIN
	tcpHeader     = 20
)

func newConnection(x *exchange) *connection {
	return &connection{random: x.random, sides: [2]side{
		{path: x.up, sequence: x.random.Uint32()},
		{path: x.down, sequence: x.random.Uint32()},
	}}
}

// segment writes one segment of side i that begins at a sequence number.
func (c *connection) segment(g *generator, at int64, i int, sequence uint32, flags byte, payload []byte) (int64, error) {
	be, p := binary.BigEndian, &c.sides[i].path
	b := p.appendEthernet(nil)
	b = p.appendIP(b, tcpHeader+len(payload), protocolTCP, dscpSignal)
	start := len(b)
	b = be.AppendUint16(b, p.source.Port())
	b = be.AppendUint16(b, p.destination.Port())
	b = be.AppendUint32(b, sequence)
	acknowledged := uint32(0)
	if flags&flagACK != 0 {
		acknowledged = c.sides[1-i].sequence
	}
	b = be.AppendUint32(b, acknowledged)
	b = append(b, tcpHeader/4<<4, flags, 0xfa, 0xf0, 0, 0, 0, 0)
	b = append(b, payload...)
	be.PutUint16(b[start+16:], ^fold(sum(b[start:], p.pseudoSum(len(b)-start, protocolTCP))))
	g.truth.Totals.TCPSegments++
	return g.write(at, b)
}

func (c *connection) handshake(g *generator, now int64) error {
	c.open = true
	for n, flags := range []byte{flagSYN, flagSYN | flagACK, flagACK} {
		i := n % 2
		if _, err := c.segment(g, now+int64(n)*100_000, i, c.sides[i].sequence, flags, nil); err != nil {
			return err
		}
		if n < 2 {
			c.sides[i].sequence++
		}
	}
	return nil
}

// send writes text in segments from the caller (up) or the callee, then the
// other side's acknowledgement, and returns the time of the first octet.
func (c *connection) send(g *generator, now int64, up bool, text []byte) (int64, error) {
	i := 1
	if up {
		i = 0
	}
	pieces := c.cut(g, i, text)
	c.sides[i].sequence += uint32(len(text))
	first, at := now, now
	for _, piece := range pieces {
		var err error
		if at, err = c.segment(g, at, i, piece.sequence, flagACK|flagPSH, piece.payload); err != nil {
			return at, err
		}
		if piece.first {
			first = at
		}
		at += 1000
	}
	_, err := c.segment(g, at+40_000, 1-i, c.sides[1-i].sequence, flagACK, nil)
	return first, err
}

// A piece is the payload of one segment.
type piece struct {
	sequence uint32
	payload  []byte
	first    bool // of what is sent at once
}

// cut makes pieces of text, some of them swapped or there twice.
func (c *connection) cut(g *generator, i int, text []byte) []piece {
	size := min(g.o.SegmentSize, g.o.MTU-tcpHeader-c.sides[i].path.ipHeaderLength())
	var pieces []piece
	for offset := 0; offset < len(text); offset += size {
		end := min(offset+size, len(text))
		pieces = append(pieces, piece{c.sides[i].sequence + uint32(offset), text[offset:end], offset == 0})
		if g.o.Resend > 0 && !c.sides[i].path.v6() && c.random.Float64() < g.o.Resend {
			again := pieces[len(pieces)-1]
			again.first = false
			pieces = append(pieces, again)
		}
	}
	for n := 1; n < len(pieces); n++ {
		if g.o.SwapSegments > 0 && c.random.Float64() < g.o.SwapSegments {
			pieces[n-1], pieces[n] = pieces[n], pieces[n-1]
			n++
		}
	}
	return pieces
}

// close ends both directions with FIN.
func (c *connection) close(g *generator, now int64) error {
	for n, flags := range []byte{flagFIN | flagACK, flagFIN | flagACK, flagACK} {
		i := n % 2
		if _, err := c.segment(g, now+int64(n)*100_000, i, c.sides[i].sequence, flags, nil); err != nil {
			return err
		}
		if n < 2 {
			c.sides[i].sequence++
		}
	}
	return nil
}
