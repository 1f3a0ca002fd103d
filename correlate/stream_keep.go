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
		t.dropKept(f)
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

// dropKept drops what was kept of a candidate.
func (t *streamTable) dropKept(f *flow) {
	for i := range f.kept {
		t.waiting.octets -= len(f.kept[i].octets)
	}
	f.kept = nil
}

// showKept gives the observer what was kept of a flow that now has a call.
// The packets of an orphan were shown before, but without the call.
func (t *streamTable) showKept(f *flow, orphan bool) {
	kept := f.kept
	t.dropKept(f)
	format, latest, extended := f.format, f.class, f.extended
	t.replay(kept, func(k *keptPacket, p *decode.Packet) {
		f.reread(k, &t.header)
		class := k.class
		if orphan && !f.secure {
			class = quality.Duplicate // how loud it is was measured
		}
		t.open(f, p, k.octets, k.wireLength, class)
	})
	f.format, f.class, f.extended = format, latest, extended
}

// reread makes a kept packet the one at hand. Frames were counted when the flow
// was released.
func (f *flow) reread(k *keptPacket, h *rtp.Header) {
	f.format, _ = f.lookup(h.PayloadType)
	if f.format.content = f.wanted(); f.format.content == contentVideo {
		f.format.content = contentNone
	}
	f.class = k.class
	f.extended, _ = f.account.Locate(h.SequenceNumber)
}

// replay puts the header of each packet in t.header, as when it came.
func (t *streamTable) replay(kept []keptPacket, each func(*keptPacket, *decode.Packet)) {
	current := t.header
	for i := range kept {
		k := &kept[i]
		if rtp.Parse(k.octets, k.wireLength, &t.header) == nil {
			each(k, &decode.Packet{Frame: k.frame, Nanos: k.nanos})
		}
	}
	t.header = current
}

// overhearKept gives the observer what was kept of a candidate that became an
// orphan. It is kept on: a call may claim it.
func (t *streamTable) overhearKept(f *flow) {
	t.replay(f.kept, func(k *keptPacket, p *decode.Packet) { t.overhear(f, p, k.octets, k.wireLength, k.class) })
	if t.observe == nil {
		t.dropKept(f)
	}
}

// overhear follows a packet of an orphan, whose keys would come with a call.
func (t *streamTable) overhear(f *flow, p *decode.Packet, b []byte, wireLength int, class quality.Class) {
	if f.secure {
		b = nil
	}
	t.hear(f, b, wireLength, &t.header, class)
	if t.observe != nil {
		t.show(f, p, b, wireLength, &t.header)
	}
}
