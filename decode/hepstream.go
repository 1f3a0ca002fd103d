package decode

import (
	"encoding/binary"

	"sipsniff/decode/hep"
	"sipsniff/decode/sip"
)

// This file is about HEP on TCP, on its way from an agent to its collector:
// packets of version 3 back to back, framed by the length they begin with
// (spec §8).

// hepHeads is how many octets the header of a packet and that of its first
// chunk take.
const hepHeads = 6 + 6

// startsHEP reports whether a direction starts with a packet of HEP: its mark,
// a length, and a chunk that fits in.
func startsHEP(b []byte) bool {
	if len(b) < hepHeads || !hep.IsVersion3(b) {
		return false
	}
	chunk := int(binary.BigEndian.Uint16(b[10:]))
	return chunk >= 6 && 6+chunk <= int(binary.BigEndian.Uint16(b[4:]))
}

// mayReport reports whether a direction that was not captured from its
// beginning goes to a collector of HEP: by the port, unless it is SIP.
func (t *streamTable) mayReport(f *flow) bool {
	if !t.d.hepPort(0, f.head.Dst.Port()) {
		return false
	}
	class, _ := sip.Detect(f.b, sip.Hint{})
	return class != sip.IsMessage
}

// readHEP reads the next packet of a stream of HEP.
func (t *streamTable) readHEP(c *connection, from int, f *flow, p *Packet) bool {
	skip, n := hep.Cut(f.b)
	f.drop(skip)
	if f.strange += skip; f.strange > searchBudget {
		t.ignore(c, from)
		return false
	}
	if n == 0 {
		return false
	}
	f.strange = 0
	out := t.compose(f, p, f.at(0), f.at(n-1), Packet{Transport: TCP})
	t.d.hepReported(out, f.b[:n])
	f.drop(n)
	return true
}

// hepReported hands on what an agent reported in a packet of a stream. p has
// the headers of the segments around it.
func (d *Decoder) hepReported(p *Packet, b []byte) {
	packet, walk := d.packet, d.walk // of the frame at hand, which may be of another connection
	d.packet, d.walk.cut = *p, ""
	d.stats.Signalling.HEPPackets++
	if h := &d.hepReader.packet; hep.Parse(h, b, p.Nanos) != nil {
		d.drop(malformedTunnel)
	} else {
		if h.HasTime {
			d.recogniseReport(b)
		}
		d.packet.Tunnel = tunnelHEP
		if !d.packet.TunnelSrc.IsValid() {
			d.packet.TunnelSrc, d.packet.TunnelDst = p.Src.Addr(), p.Dst.Addr()
		}
		if payload := d.hepPayload(h); payload != nil {
			d.unpackHEP(h, payload)
			d.classify(&d.packet)
		}
	}
	d.packet, d.walk = packet, walk
}
