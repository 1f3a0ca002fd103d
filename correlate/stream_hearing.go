package correlate

import (
	"sipsniff/decode"
	"sipsniff/decode/rtp"
)

// A hearing is one RTCP packet at work: where it belongs, and what its parts
// say to the streams.
type hearing struct {
	t                *streamTable
	p                *decode.Packet
	call             *callMedia
	receiver, sender *mediaLine // of the packet; nil where unknown
}

// direct is whether a stream runs with an RTCP packet or against it.
type direct bool

const (
	ours   direct = true  // from the sender of the packet
	theirs direct = false // to the sender of the packet
)

// take hears one packet of the compound.
func (h *hearing) take(c *rtp.Control) {
	if !c.Complete {
		return
	}
	switch c.Type {
	case rtp.SenderReport:
		h.senderReport(c)
		h.blocks(c)
	case rtp.ReceiverReport:
		h.blocks(c)
	case rtp.SourceDescription:
		if f := h.find(c.SSRC, ours); f != nil && c.CNAME != "" {
			h.t.controlOf(f).name(c.CNAME)
		}
	case rtp.Goodbye:
		h.goodbye(c)
	case rtp.ApplicationData:
		if f := h.find(c.SSRC, ours); f != nil {
			h.t.controlOf(f).apps++
		}
	case rtp.TransportFeedback, rtp.PayloadFeedback:
		h.feedback(c)
	case rtp.ExtendedReport:
		h.extended(c)
	}
}

func (h *hearing) senderReport(c *rtp.Control) {
	h.t.voices.of(h.p, c.SSRC).reports.add(rtp.Middle(c.Info.NTP), h.p.Nanos)
	f := h.find(c.SSRC, ours)
	if f == nil && c.Info.Packets > 0 {
		f = h.report(c.SSRC, ours)
	}
	if f != nil {
		h.t.controlOf(f).sender(&c.Info, f)
		h.touch(f)
	}
}

func (h *hearing) blocks(c *rtp.Control) {
	for i := range c.Blocks {
		b := &c.Blocks[i]
		f := h.find(b.SSRC, theirs)
		if f == nil && b.Highest != 0 && b.SSRC != c.SSRC {
			f = h.report(b.SSRC, theirs)
		}
		if f == nil {
			continue
		}
		h.t.controlOf(f).block(b, f, c.SSRC, h.p.Nanos, h.p.Frame)
		h.answer(c.SSRC, b, f)
		h.touch(f)
	}
}

func (h *hearing) goodbye(c *rtp.Control) {
	for _, ssrc := range c.Sources {
		if f := h.find(ssrc, ours); f != nil {
			f.left = true
			if c.Reason != "" {
				h.t.controlOf(f).goodbye = controlText(c.Reason)
			}
			h.touch(f)
		}
	}
}

// feedback counts what a receiver asks for. Full pictures name their sources
// one by one.
func (h *hearing) feedback(c *rtp.Control) {
	q := c.Feedback
	if f := h.find(q.Media, theirs); f != nil && (q.Missing > 0 || q.Pictures > 0) {
		n := &h.t.controlOf(f).feedback
		if q.Missing > 0 {
			n.NACKs++
		}
		n.Missing += uint64(q.Missing)
		n.PLIs += uint64(q.Pictures)
		h.touch(f)
	}
	for _, ssrc := range q.Intra {
		if f := h.find(ssrc, theirs); f != nil {
			h.t.controlOf(f).feedback.FIRs++
			h.touch(f)
		}
	}
}

// extended hears an extended report. Its blocks are counted at the stream that
// the sender of the report receives, as far as one of them or its reports
// name it.
func (h *hearing) extended(c *rtp.Control) {
	x := c.Extended
	if x.Reference != 0 {
		v := h.t.voices.of(h.p, c.SSRC)
		if v.references == nil {
			v.references = new(passed)
		}
		v.references.add(rtp.Middle(x.Reference), h.p.Nanos)
	}
	for i := range x.Delays {
		h.answerReference(c.SSRC, &x.Delays[i])
	}
	var about *flow
	for i := range x.Summaries {
		if f := h.find(x.Summaries[i].SSRC, theirs); f != nil {
			about = f
			summary := x.Summaries[i] // without those beside it
			h.t.controlOf(f).summary = &summary
		}
	}
	for i := range x.VoIP {
		f := h.find(x.VoIP[i].SSRC, theirs)
		if f == nil && x.VoIP[i].SSRC != c.SSRC {
			f = h.report(x.VoIP[i].SSRC, theirs)
		}
		if f != nil {
			about = f
			voip := x.VoIP[i]
			h.t.controlOf(f).voip = &voip
		}
	}
	if about == nil {
		about = h.back()
	}
	if about == nil {
		return
	}
	s := h.t.controlOf(about)
	for kind, n := range x.Blocks {
		s.extended[kind] += uint64(n)
	}
	h.touch(about)
}

// back is the newest stream that runs against the packet.
func (h *hearing) back() *flow {
	for _, ends := range beside(h.p) {
		if f := h.t.pairs[pair{ends.dst, ends.src}]; f != nil && f.call == h.call {
			return h.t.settled(f)
		}
	}
	return nil
}

// touch marks a stream for the next publish.
func (h *hearing) touch(f *flow) {
	if f.reports != nil && f.reports.only {
		f.first, f.last = min(f.first, h.p.Nanos), max(f.last, h.p.Nanos)
		f.lastFrame = max(f.lastFrame, h.p.Frame)
	}
	h.t.touch(f)
}

// name notes the CNAME of the sender.
func (s *controlState) name(cname string) {
	if s.cname != cname {
		s.cname = controlText(cname)
	}
}
