package health

import (
	"maps"
	"slices"

	"sipsniff/capture"
	"sipsniff/decode"
)

// Counts are what a Watch has seen.
type Counts struct {
	// Cut are the frames that the snapshot length cut, CutOctets what they
	// miss.
	Cut, CutOctets uint64

	// CutMessages are the SIP messages that are incomplete, by the reason in
	// decode.Packet.Cut, every copy counted.
	CutMessages map[string]uint64

	Steps      Steps
	OutOfOrder uint64  // frames older than the one before, or that came late
	Untimed    uint64  // frames whose time is 0
	Times      []Range // of each source
}

// A Watch sees all frames and what they carried. It is used by one goroutine;
// the zero value is ready.
type Watch struct {
	counts Counts
	clocks []clock // by source

	source int // of the frame at hand
	clock  *clock
	marks  [markedStreams]mark
}

// maxSources bounds the sources that are told apart; no command line is that
// long.
const maxSources = 1 << 16

// Frame takes a frame before it is decoded.
func (w *Watch) Frame(f *capture.Frame) {
	if missing := f.Length - len(f.Data); missing > 0 {
		w.counts.Cut++
		w.counts.CutOctets += uint64(missing)
	}
	w.source = min(max(f.Source, 0), maxSources-1)
	if w.source >= len(w.clocks) {
		w.clocks = append(w.clocks, make([]clock, w.source+1-len(w.clocks))...)
	}
	w.clock = &w.clocks[w.source]
	w.time(w.clock, f)
}

// Message takes a SIP message.
func (w *Watch) Message(p *decode.Packet) {
	if w.clock != nil {
		w.clock.message = max(w.clock.message, p.LastFrame)
	}
	if p.Cut == "" {
		return
	}
	if w.counts.CutMessages == nil {
		w.counts.CutMessages = make(map[string]uint64)
	}
	w.counts.CutMessages[p.Cut]++
}

// Flush is called at the end of the capture.
func (w *Watch) Flush() {
	for i := range w.clocks {
		if c := &w.clocks[i]; c.fallen != nil {
			w.counts.Steps.add(c.fallen.nanos-c.fallen.before, c.fallen.frame)
			c.fallen = nil
		}
	}
}

// Counts returns what was seen so far. It does not change afterwards.
func (w *Watch) Counts() Counts {
	c := w.counts
	c.CutMessages = maps.Clone(c.CutMessages)
	c.Times = slices.Grow([]Range(nil), len(w.clocks))
	for i := range w.clocks {
		c.Times = append(c.Times, w.clocks[i].times)
	}
	return c
}
