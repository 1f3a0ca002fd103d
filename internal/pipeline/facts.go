package pipeline

import (
	"sipsniff/correlate"
	"sipsniff/internal/health"
)

// captureFacts is what the diagnosis has to know of the capture. Connections
// are listed as often as connections lists them.
func (p *Pipeline) captureFacts(s *Status) *correlate.CaptureFacts {
	h, d := &s.Health, &s.Decode
	f := &correlate.CaptureFacts{
		Frames: s.Frames, Duplicates: d.Duplicates, CutMessages: h.CutMessages,
		FragmentsLost: d.FragmentsLost, FragmentsHeadless: d.FragmentsHeadless,
		TCPGaps: d.Signalling.Gaps, TCPGapOctets: d.Signalling.GapOctets,
		ClockSteps: h.Steps.Count, ClockLargest: h.Steps.Largest, ClockFirst: h.Steps.FirstFrame,
		OutOfOrder: h.OutOfOrder, UntimedFrames: h.Untimed,
		Connections: p.tcp, Encrypted: s.Encrypted,
	}
	drops := s.Drops
	if drops == nil {
		drops = health.Drops(s.Sources)
	}
	if drops != nil {
		f.DropsKnown = true
		f.DroppedKernel, f.DroppedInterface, f.DroppedQueue = drops.Kernel, drops.Interface, drops.Queue
	}
	return f
}

// interfaceName names where a packet was captured.
func (p *Pipeline) interfaceName(source int, index int32) string {
	info := p.config.Source.Info()
	if source < 0 || source >= len(info) {
		return ""
	}
	return info[source].InterfaceName(int(index))
}
