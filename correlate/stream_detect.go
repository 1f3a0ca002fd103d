package correlate

import (
	"sipsniff/correlate/detect"
	"sipsniff/correlate/quality"
)

// judgedAt are the numbers of packets at which a candidate is judged: soon
// after it began, and then ever more rarely.
func judgedAt(packets int) bool {
	switch packets {
	case 5, 6, 7, 8, 10, 12, 16, 20, 24, 32, 48, 64, 96, 128, 192, maxHeld:
		return true
	}
	return false
}

// maxJudged is how many packets are looked at, the newest.
const maxJudged = 32

// judge makes an orphan of a candidate that is RTP by the heuristic of spec
// §5.4.
func (t *streamTable) judge(f *flow) {
	if f.refused || f.orphan != nil || !judgedAt(len(f.held)) {
		return
	}
	packets := t.waiting.judged[:0]
	for i := range f.held[max(0, len(f.held)-maxJudged):] {
		packets = append(packets, f.held[max(0, len(f.held)-maxJudged)+i].judged())
	}
	t.waiting.judged = packets
	guess, ok := detect.Judge(packets, t.supportOf(f))
	if ok {
		t.accept(f, &guess)
	}
}

func (h *heldPacket) judged() detect.Packet {
	return detect.Packet{
		Arrival: h.arrival, Number: h.extended, Timestamp: h.timestamp, Head: h.head, Octets: int(h.octets),
		PayloadType: h.payloadType, Marker: h.marker,
		Repeated: h.class == quality.Duplicate, Jumped: h.class == quality.Probation,
	}
}

// supportOf gathers what else speaks for a candidate.
func (t *streamTable) supportOf(f *flow) detect.Support {
	return detect.Support{
		SSRC: f.key.ssrc, EvenPorts: evenPorts(f),
		Reverse: t.hasReverse(f), Report: t.early.names(f),
	}
}

func evenPorts(f *flow) bool { return f.key.src.Port()%2 == 0 && f.key.dst.Port()%2 == 0 }

// hasReverse reports whether a stream or a candidate of some packets comes
// the other way.
func (t *streamTable) hasReverse(f *flow) bool {
	if t.pairs[pair{f.key.dst, f.key.src}] != nil {
		return true
	}
	const looked, looseReverse = 8, 3
	n := 0
	for r := t.waiting.bySrc[f.key.dst]; r != nil && n < looked; r = r.links.src.next {
		if r.key.dst == f.key.src && len(r.held) >= looseReverse && !r.refused {
			return true
		}
		n++
	}
	return false
}
