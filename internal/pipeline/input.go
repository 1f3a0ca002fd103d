package pipeline

import (
	"sipsniff/correlate"
	"sipsniff/internal/health"
	"sipsniff/internal/keylog"
)

// inputOf is what the diagnosis has to know of the capture.
func inputOf(s *Status) correlate.Input {
	h := &s.Health
	in := correlate.Input{
		Frames: s.Frames, Decode: s.Decode, Encrypted: s.Encrypted, KeyFaults: keylog.Warnings(s.Keys), Connections: s.connections, CutMessages: h.CutMessages,
		Clock: correlate.ClockFaults{Steps: h.Steps.Count, Largest: h.Steps.Largest, FirstFrame: h.Steps.FirstFrame, OutOfOrder: h.OutOfOrder, Untimed: h.Untimed},
	}
	in.Unwatched = s.unwatched
	drops := s.Drops
	if drops == nil {
		drops = health.Drops(s.Sources)
	}
	if drops != nil {
		in.Dropped = correlate.Dropped{Kernel: drops.Kernel, Interface: drops.Interface, Queue: drops.Queue}
	}
	return in
}

// interfaceName names where a packet was captured. The tracker asks for it.
func (p *Pipeline) interfaceName(source int, index int32) string {
	info := p.relay.described()
	if info == nil {
		info = p.config.Source.Info()
	}
	if source < 0 || source >= len(info) {
		return ""
	}
	return info[source].InterfaceName(int(index))
}
