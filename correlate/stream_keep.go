package correlate

import (
	"bytes"
	"slices"

	"sipsniff/correlate/quality"
	"sipsniff/decode"
	"sipsniff/decode/rtp"
)

const (
	maxKept    = 512      // packets kept of one candidate: ten seconds of speech
	maxKeptAll = 16 << 20 // octets of them, of all candidates
)

// A keptPacket is a packet of a candidate, whole, for the observer.
type keptPacket struct {
	frame, wireLength int
	nanos             int64
	octets            []byte // its own
	class             quality.Class
}

// listens reports whether somebody wants what packets carry.
func (t *streamTable) listens() bool { return t.observe != nil || t.levels }

// keep copies a packet of a candidate when somebody wants what it carries: a
// description may yet say how to read it. The latest packets are kept.
func (t *streamTable) keep(f *flow, p *decode.Packet, b []byte, wireLength int, class quality.Class) {
	if !t.listens() {
		return
	}
	if len(f.kept) == maxKept {
		for i := range f.kept[:maxKept/2] {
			t.waiting.octets -= len(f.kept[i].octets)
		}
		f.kept = slices.Delete(f.kept, 0, maxKept/2)
	}
	if t.waiting.octets+len(b) > t.mayKeep() {
		t.letGo(f)
		return
	}
	t.waiting.octets += len(b)
	f.kept = append(f.kept, keptPacket{frame: p.Frame, nanos: p.Nanos, wireLength: wireLength, octets: bytes.Clone(b), class: class})
}

// mayKeep is how many octets of all candidates may be kept.
func (t *streamTable) mayKeep() int {
	if t.maxMemory == 0 {
		return maxKeptAll
	}
	return int(min(maxKeptAll, t.maxMemory/8))
}

// letGo drops what was kept of a candidate.
func (t *streamTable) letGo(f *flow) {
	for i := range f.kept {
		t.waiting.octets -= len(f.kept[i].octets)
	}
	f.kept = nil
}

// showKept gives the observer the packets from before the description.
func (t *streamTable) showKept(f *flow) {
	kept := f.kept
	t.letGo(f)
	current := t.header
	for i := range kept {
		k := &kept[i]
		if rtp.Parse(k.octets, k.wireLength, &t.header) == nil {
			t.open(f, &decode.Packet{Frame: k.frame, Nanos: k.nanos}, k.octets, k.wireLength, k.class)
		}
	}
	t.header = current
}
