package correlate

import (
	"net/netip"
	"slices"

	"sipsniff/correlate/quality"
)

// segments is how a stream is joined to those before and after it, and what it
// falls into by itself (spec §5.2).
type segments struct {
	number  uint16 // the first sequence number
	before  *flow  // whose source may go on as this stream; nil when none, or published
	ended   int64  // when another SSRC took its place between the same addresses; 0 when none did
	earlier int    // ID of before, once it is known

	pauses int
	spoken []turn // the payload types of media in turn, the first maxTurns
}

// maxTurns is how many changes of the codec are remembered.
const maxTurns = 8

// A turn is a payload type from the time on when it came first after another.
type turn struct {
	since       int64
	payloadType uint8
}

// speak notes the payload type of a packet of media.
func (s *segments) speak(p *quality.Packet) {
	n := len(s.spoken)
	if n == maxTurns || n > 0 && s.spoken[n-1].payloadType == p.PayloadType {
		return
	}
	s.spoken = append(s.spoken, turn{p.Arrival, p.PayloadType})
}

// A CodecTurn is a codec that a stream went over to.
type CodecTurn struct {
	Since       int64 // Unix ns, of the first packet
	PayloadType uint8
	Codec       string // encoding name, "" when unknown
	ClockRate   uint32 // Hz, 0 when unknown
}

// turns lists the codecs of a stream in turn, nil when there was one only.
func (f *flow) turns() []CodecTurn {
	s := &f.segments
	if len(s.spoken) < 2 {
		return nil
	}
	list := make([]CodecTurn, len(s.spoken))
	for i, t := range s.spoken {
		known, _ := f.lookup(t.payloadType)
		list[i] = CodecTurn{Since: t.since, PayloadType: t.payloadType, Codec: known.name, ClockRate: known.clock}
	}
	return list
}

// describedSrc is where the description of the sender says that it receives,
// when packets come from elsewhere: behind a NAT, or from a relay. It is
// invalid when they come from there, or there is no description of it.
func (f *flow) describedSrc() netip.AddrPort {
	l := f.sender
	if l == nil || len(l.addrs) == 0 || slices.Contains(l.addrs, f.key.src) {
		return netip.AddrPort{}
	}
	return l.addrs[0]
}

const (
	interleaved = 500e6 // ns for which two SSRCs may overlap although one follows the other
	maxContinue = 3000  // numbers that get lost while the addresses change
)

// segment joins a new stream to those before it.
func (t *streamTable) segment(f *flow) {
	if old := t.settled(t.pairs[pair{f.key.src, f.key.dst}]); old != nil && old.key.ssrc != f.key.ssrc && old.last <= f.first+interleaved {
		old.segments.ended = f.first
		t.touch(old)
	}
	if old := t.settled(t.newest[f.key.ssrc]); old != nil && old != f && old.key != f.key && f.continuesFrom(old) {
		f.segments.before = old
	}
	t.newest[f.key.ssrc] = f
}

// continuesFrom reports whether the source of another stream may have gone on
// as f from or to another address: NAT, ICE or a re-INVITE moved it.
func (f *flow) continuesFrom(old *flow) bool {
	ahead := f.segments.number - old.account.Newest()
	return old.call == f.call && ahead > 0 && ahead <= maxContinue && f.first-old.last <= idleStream && old.last <= f.first+interleaved
}

// continues is the ID of the stream that f continues, 0 when it continues
// none: that one has to have stopped.
func (f *flow) continues() int {
	s := &f.segments
	if old := s.before; old != nil {
		s.earlier = old.id
		if old.last > f.first+interleaved {
			s.earlier, s.before = 0, nil
		} else if old.gone {
			s.before = nil
		}
	}
	return s.earlier
}

// ending is how the stream ended, "" when it just stopped or goes on.
func (f *flow) ending() string {
	switch {
	case f.left:
		return "bye"
	case f.segments.ended != 0 && f.last <= f.segments.ended+interleaved:
		return "ssrc_change"
	}
	return ""
}

// EndedBy says how the stream ended: "bye" (RTCP), "ssrc_change", "call_end",
// "idle", or "" while it goes on. ended is when its call ended, 0 when it has
// none or goes on; last is the time of the last packet of the capture.
func (s *Stream) EndedBy(ended, last int64) string {
	switch {
	case s.Ending != "":
		return s.Ending
	case ended != 0:
		return "call_end"
	case last-s.Last > idleStream:
		return "idle"
	}
	return ""
}
