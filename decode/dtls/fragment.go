package dtls

import "slices"

// A span is a part of a message that came.
type span struct{ from, to int }

// pieces put one handshake message together from fragments in any order
// (RFC 6347 §4.2.3). One that was sent again fills the gaps of the first.
type pieces struct {
	sequence uint16 // message_seq
	b        []byte // as long as the whole message; nil when none is begun
	spans    []span // sorted, without overlap
}

const (
	maxMessage = 16 << 10 // octets of a message that is put together
	maxSpans   = 32
)

// add takes a fragment and returns the whole message when it is complete.
func (p *pieces) add(sequence uint16, length, offset int, fragment []byte) []byte {
	if offset == 0 && len(fragment) == length {
		*p = pieces{}
		return fragment
	}
	if length > maxMessage || offset+len(fragment) > length || len(fragment) == 0 {
		return nil
	}
	if p.b == nil || p.sequence != sequence || len(p.b) != length {
		*p = pieces{sequence: sequence, b: make([]byte, length)}
	}
	copy(p.b[offset:], fragment)
	p.cover(span{offset, offset + len(fragment)})
	if len(p.spans) != 1 || p.spans[0] != (span{0, length}) {
		return nil
	}
	whole := p.b
	*p = pieces{}
	return whole
}

// cover notes what came, joining it with what it touches.
func (p *pieces) cover(s span) {
	kept := p.spans[:0]
	for _, o := range p.spans {
		if o.to < s.from || o.from > s.to {
			kept = append(kept, o)
			continue
		}
		s.from, s.to = min(s.from, o.from), max(s.to, o.to)
	}
	p.spans = kept
	if len(p.spans) >= maxSpans {
		*p = pieces{}
		return
	}
	i, _ := slices.BinarySearchFunc(p.spans, s, func(a, b span) int { return a.from - b.from })
	p.spans = slices.Insert(p.spans, i, s)
}

// cost is the memory that is held, in octets.
func (p *pieces) cost() int { return cap(p.b) + cap(p.spans)*16 }
