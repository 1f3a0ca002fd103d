package hide

import (
	"cmp"
	"encoding/binary"
	"slices"

	"sipsniff/decode/sip"
)

// mostStreamed is how many octets of streams are held to be masked; frames of what is beyond are left out.
const mostStreamed = 512 << 20

// streams are the directions of TCP connections. What they carry is put together first and masked as a whole, for a
// name may begin in one segment and end in the next.
type streams struct {
	table  map[endpoints]*lane
	octets int
}

// A lane is one direction between two ports: one stream after the other.
type lane struct {
	list []*stream
	at   int // the one at hand
}

// A stream is one direction of a connection.
type stream struct {
	first  uint32 // sequence number that offsets count from
	pieces []piece
	runs   []run
}

// A piece is what a segment brought, by its place.
type piece struct {
	at   int64
	data []byte
}

// A run is octets without a gap. clear are the parts that were understood, and masked: all else is left out.
type run struct {
	piece
	clear []span
	why   reason
}

type span struct{ from, to int }

const flagSYN = 2

// tcp masks a segment.
func (h *Hider) tcp(p packet, l layer) reason {
	if len(l.b) < 20 || int(l.b[12]>>4)*4 < 20 || int(l.b[12]>>4)*4 > len(l.b) {
		return foreign
	}
	p.ports(l.b)
	seq, syn := binary.BigEndian.Uint32(l.b[4:]), l.b[13]&flagSYN != 0
	if syn {
		seq++
	}
	data := l.b[int(l.b[12]>>4)*4:]
	s := h.streams.of(p.ends, seq, syn, h.learning)
	r := fine
	if len(data) > 0 {
		at := int64(int32(seq - s.first))
		if h.learning {
			h.streams.keep(s, at, data)
		} else {
			r = s.copyTo(data, at)
		}
	}
	h.seal(protocolTCP, p, l, 16)
	return r
}

// of finds the stream of a segment. A SYN with another number begins one.
func (t *streams) of(e endpoints, seq uint32, syn, learning bool) *stream {
	x := t.table[e]
	switch {
	case x == nil:
		x = &lane{list: []*stream{{first: seq}}}
		if t.table == nil {
			t.table = map[endpoints]*lane{}
		}
		t.table[e] = x
	case syn && x.list[x.at].first != seq:
		if learning {
			x.list = append(x.list, &stream{first: seq})
		}
		x.at = min(x.at+1, len(x.list)-1)
	}
	return x.list[x.at]
}

func (t *streams) keep(s *stream, at int64, data []byte) {
	if t.octets += len(data); t.octets <= mostStreamed {
		s.pieces = append(s.pieces, piece{at, slices.Clone(data)})
	}
}

// join puts the pieces of all streams together and learns what is in them.
func (t *streams) join(h *Hider) {
	for _, x := range t.table {
		x.at = 0
		for _, s := range x.list {
			s.join()
			for i := range s.runs {
				s.runs[i].read(h)
			}
		}
	}
}

// mask masks what was put together.
func (t *streams) mask(h *Hider) {
	for _, x := range t.table {
		for _, s := range x.list {
			for i := range s.runs {
				r := &s.runs[i]
				for _, c := range r.clear {
					h.streamed(r.data[c.from:c.to])
				}
			}
		}
	}
}

// streamed masks or learns a part that was understood: a message, or a keep-alive.
func (h *Hider) streamed(b []byte) {
	if !onlyLineEnds(b) {
		h.text(b)
	}
}

// join makes runs of the pieces. Of octets that came twice the first stay.
func (s *stream) join() {
	slices.SortStableFunc(s.pieces, func(a, b piece) int { return cmp.Compare(a.at, b.at) })
	for _, p := range s.pieces {
		n := len(s.runs)
		if n == 0 || p.at > s.runs[n-1].end() {
			s.runs = append(s.runs, run{piece: p})
			continue
		}
		last := &s.runs[n-1]
		if have := last.end() - p.at; have < int64(len(p.data)) {
			last.data = append(last.data, p.data[have:]...)
		}
	}
	s.pieces = nil
}

func (p *piece) end() int64 { return p.at + int64(len(p.data)) }

// read finds the messages in a run and learns what is in them. What stands before the first in a run that does not
// begin with one is the end of something of which nobody saw the beginning.
func (r *run) read(h *Hider) {
	r.why = incomplete
	if len(r.data) > 2 && r.data[0] >= 20 && r.data[0] <= 23 && r.data[1] == 3 {
		r.why = encrypted
		return
	}
	f := sip.Framer{Known: true, Budget: len(r.data) + 1}
	for at := 0; at < len(r.data); {
		p := f.Next(r.data[at:])
		if p.Kind == sip.More {
			at += p.Drop
			r.take(h, f.Cut(r.data[at:], true), at)
			break
		}
		r.take(h, p, at)
		if p.Drop == 0 {
			break
		}
		at += p.Drop
	}
	if len(r.clear) == 0 {
		r.why = foreign
	}
}

// take notes a piece that the framer found.
func (r *run) take(h *Hider, p sip.Piece, at int) {
	switch p.Kind {
	case sip.Framed:
		r.understood(h, at+p.Start, at+p.End)
	case sip.Ping, sip.Pong:
		r.understood(h, at+p.Start, at+max(p.Drop, p.End))
	}
}

func (r *run) understood(h *Hider, from, to int) {
	if from >= to {
		return
	}
	r.clear = append(r.clear, span{from, to})
	h.streamed(r.data[from:to])
}

// copyTo puts what was masked in the place of what a segment brought.
func (s *stream) copyTo(data []byte, at int64) reason {
	i, found := slices.BinarySearchFunc(s.runs, at, func(r run, at int64) int { return cmp.Compare(r.at, at) })
	if !found {
		i--
	}
	if i < 0 || at+int64(len(data)) > s.runs[i].end() {
		return incomplete
	}
	r := &s.runs[i]
	from := int(at - r.at)
	to := from + len(data)
	if !r.holds(from, to) {
		return r.why
	}
	copy(data, r.data[from:to])
	return fine
}

// holds reports whether everything between two places was understood; line ends between messages are.
func (r *run) holds(from, to int) bool {
	for _, c := range r.clear {
		if c.to <= from {
			continue
		}
		if c.from > from && !onlyLineEnds(r.data[from:min(c.from, to)]) {
			return false
		}
		if from = c.to; from >= to {
			return true
		}
	}
	return from >= to || onlyLineEnds(r.data[from:to])
}
