package decode

import (
	"slices"

	"sipsniff/decode/hep"
)

// hepReader is what reading HEP needs to remember from one packet to the next.
type hepReader struct {
	packet   hep.Packet
	inflater hep.Inflater
	report   []byte // RTCP made of JSON

	// seen are the hashes of the latest packets. Their times have
	// microseconds, so that an agent makes no two alike; but one may arrive
	// where we listen and on an interface that we capture on.
	seen recent[struct{}]
}

// mostHEP is how many packets of HEP are remembered.
const mostHEP = 1 << 14

// hep reads a HEP packet on its way from an agent to its collector (spec §8)
// and reports whether b is one. onPort says that one of the ports is that of
// HEP, without which only version 3 is recognised.
func (d *Decoder) hep(onPort bool, b []byte) bool {
	h := &d.hepReader.packet
	if !onPort && !hep.IsVersion3(b) || hep.Parse(h, b, d.packet.Nanos) != nil {
		return false
	}
	d.recogniseHEP(b)
	if !d.enter(tunnelHEP) {
		return true
	}
	payload := d.hepPayload(h)
	if payload == nil {
		return true
	}
	d.unpackHEP(h, payload)
	d.datagram(&d.packet)
	return true
}

// unpackHEP makes the packet at hand the one that the agent reported.
func (d *Decoder) unpackHEP(h *hep.Packet, payload []byte) {
	p := &d.packet
	p.Agent, p.Correlation = d.agent(h), h.Correlation
	p.Src, p.Dst, p.Transport = h.Src, h.Dst, hepTransport(h.Protocol)
	p.Payload, p.WireLength = payload, len(payload)
}

// recogniseHEP compares all octets: the headers of an agent's packets are much
// alike.
func (d *Decoder) recogniseHEP(b []byte) {
	if !d.hepReader.packet.HasTime {
		d.mark(hashOctets(d.walk.key, b), 0, false)
		return
	}
	d.recogniseReport(b)
}

// recogniseReport compares a packet that has its agent's time.
func (d *Decoder) recogniseReport(b []byte) {
	if _, known := d.hepReader.seen.at(hashOctets(1, b)); known && !d.packet.Duplicate {
		d.packet.Duplicate = true
		d.stats.Duplicates++
	}
}

// hepPort reports whether one of the ports is one of HEP.
func (d *Decoder) hepPort(src, dst uint16) bool {
	return src == hep.Port || dst == hep.Port || slices.Contains(d.config.HEPPorts, dst)
}

// hepPayload is what a packet carried, nil when that is neither SIP nor media.
func (d *Decoder) hepPayload(h *hep.Packet) []byte {
	payload := h.Payload
	if h.Compressed {
		var err error
		if payload, err = d.hepReader.inflater.Inflate(payload); err != nil {
			d.drop(hepCompressed)
			return nil
		}
	}
	switch h.Kind {
	case hep.SIP, hep.RTP:
		return payload
	case hep.RTCP, hep.RTCPPacket:
		return d.hepControl(h, payload)
	case hep.FullReport, hep.ShortReport, hep.ReportText, hep.ReportText2:
		d.hepQuality(h, payload)
	default:
		d.drop(hepOther)
	}
	return nil
}

// hepControl is an RTCP packet, which agents send as it is or as JSON. JSON
// without a report in the sense of RTCP may be one of quality.
func (d *Decoder) hepControl(h *hep.Packet, payload []byte) []byte {
	if payload[0]>>6 == 2 {
		return payload
	}
	report, ok := hep.AppendRTCP(d.hepReader.report[:0], payload)
	d.hepReader.report = report
	if !ok {
		d.hepQuality(h, payload)
		return nil
	}
	return report
}

// hepTransport is what carried the payload. Messages of streams arrive framed.
func hepTransport(protocol uint8) Transport {
	switch protocol {
	case hep.TCP:
		return TCP
	case hep.SCTP:
		return SCTP
	case hep.Secure:
		return TLS
	}
	return UDP
}

// agent tells agents apart, by their number, their name and their address:
// many are left with the number they were delivered with. It is never 0.
func (d *Decoder) agent(h *hep.Packet) uint64 {
	a := d.packet.TunnelSrc.As16()
	return hashOctets(hashOctets(uint64(h.Agent), h.AgentName), a[:]) | 1
}
