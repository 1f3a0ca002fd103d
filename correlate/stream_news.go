package correlate

import (
	"encoding/binary"
	"net/netip"
)

// news tells the streams of calls that ended, whose addresses may belong to
// somebody else by now, when it is worth looking for a description again. It
// counts what signalling said of addresses and SSRCs, by a hash of each: two
// that share a counter cost a needless look and no more.
type news [1 << newsBits]uint32

const (
	newsBits = 14

	// lookAgain is after how long, in ns, a stream looks again without news:
	// what was said of other addresses may change which of several other
	// calls is the likeliest.
	lookAgain = 1e9

	golden = 0x9E3779B97F4A7C15 // 2^64 divided by the golden ratio
)

// A listener is what a stream remembers of the news.
type listener struct {
	places      [3]uint16 // of both addresses and the SSRC
	heard       uint32    // the sum of their counters
	from, until int64     // the match holds for packets of this time
}

func newsOfAddress(a netip.AddrPort) uint16 {
	b := a.Addr().As16()
	x := binary.BigEndian.Uint64(b[:8])*golden ^ binary.BigEndian.Uint64(b[8:])
	return newsOf(x + uint64(a.Port())<<48)
}

func newsOf(x uint64) uint16 { return uint16(x * golden >> (64 - newsBits)) }

func (n *news) of(l *listener) uint32 {
	return n[l.places[0]] + n[l.places[1]] + n[l.places[2]]
}

// listen notes that a stream was matched by what is known now.
func (t *streamTable) listen(f *flow, nanos int64) {
	l := &f.listener
	if l.until == 0 {
		l.places = [3]uint16{newsOfAddress(f.key.src), newsOfAddress(f.key.dst), newsOf(uint64(f.key.ssrc))}
	}
	l.heard = t.news.of(l)
	l.from, l.until = nanos, nanos+lookAgain
	for _, end := range [...]int64{f.call.endedAt, f.call.endedAt + endGrace} { // see windowAt
		if nanos <= end {
			l.until = min(l.until, end+1)
		}
	}
}

// holds reports whether the match of a stream still is the best for a packet.
func (t *streamTable) holds(f *flow, nanos int64) bool {
	l := &f.listener
	return f.epoch == f.call.epoch && nanos-f.last <= idleEnd &&
		(!f.call.ended || nanos >= l.from && nanos < l.until && t.news.of(l) == l.heard)
}

// tell makes news of a description: it came, went, or means something else.
func (t *streamTable) tell(p *party) {
	for _, e := range p.expectations {
		t.news[newsOfAddress(e.at)]++
	}
	for _, l := range p.lines {
		for _, ssrc := range l.media.SSRCs {
			t.news[newsOf(uint64(ssrc))]++
		}
	}
}

func (t *streamTable) tellAll(c *callMedia) {
	for _, p := range c.parties {
		t.tell(p)
	}
}

// tellFlow makes news of a stream that began or left: it explains the packets
// the other way.
func (t *streamTable) tellFlow(f *flow) {
	t.news[newsOfAddress(f.key.src)]++
	t.news[newsOfAddress(f.key.dst)]++
}
