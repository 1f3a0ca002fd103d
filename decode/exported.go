package decode

import (
	"encoding/binary"
	"net/netip"
)

// The tags of an exported PDU that are read (spec §1.2).
const (
	exportedEnd       = 0
	exportedDissector = 12
	exportedIPv4Src   = 20
	exportedIPv4Dst   = 21
	exportedIPv6Src   = 22
	exportedIPv6Dst   = 23
	exportedPortType  = 24
	exportedSrcPort   = 25
	exportedDstPort   = 26
)

// The port types of an exported PDU.
const (
	exportedSCTP = 1
	exportedTCP  = 2
)

// exported is what the tags in front of an exported PDU say.
type exported struct {
	dissector          []byte
	srcPort, dstPort   uint16
	transport          Transport
	octets             int // of all tags
	foundEnd, oversize bool
}

// upperPDU reads a PDU that was cut out of its packets and stored with tags
// that say where it came from: type 2, length 2, value; the last of type 0.
func (d *Decoder) upperPDU(b []byte, wire int) {
	d.walk.src, d.walk.dst = netip.Addr{}, netip.Addr{}
	e := d.exportedTags(b)
	if !e.foundEnd {
		d.drop(truncatedLink)
		return
	}
	switch string(e.dissector) {
	case "sip", "rtp", "rtcp":
	default:
		d.drop(notIP)
		return
	}
	if !d.walk.src.IsValid() || !d.walk.dst.IsValid() {
		d.drop(notIP)
		return
	}
	d.unpacked(e.transport, e.srcPort, e.dstPort, b[e.octets:], wire-e.octets)
}

// exportedTags reads the tags; the addresses go to the walk.
func (d *Decoder) exportedTags(b []byte) (e exported) {
	for len(b)-e.octets >= 4 {
		kind, length := binary.BigEndian.Uint16(b[e.octets:]), int(binary.BigEndian.Uint16(b[e.octets+2:]))
		e.octets += 4
		if kind == exportedEnd {
			e.foundEnd = true
			return e
		}
		if length > len(b)-e.octets {
			return e
		}
		d.exportedTag(&e, kind, b[e.octets:e.octets+length])
		e.octets += length
	}
	return e
}

func (d *Decoder) exportedTag(e *exported, kind uint16, v []byte) {
	switch kind {
	case exportedDissector:
		e.dissector = v
		for len(e.dissector) > 0 && e.dissector[len(e.dissector)-1] == 0 {
			e.dissector = e.dissector[:len(e.dissector)-1]
		}
	case exportedIPv4Src, exportedIPv6Src:
		d.walk.src, _ = netip.AddrFromSlice(v)
	case exportedIPv4Dst, exportedIPv6Dst:
		d.walk.dst, _ = netip.AddrFromSlice(v)
	case exportedPortType:
		e.transport = exportedTransport(number(v))
	case exportedSrcPort:
		e.srcPort = uint16(number(v))
	case exportedDstPort:
		e.dstPort = uint16(number(v))
	}
}

// number reads a value of four octets, 0 when it is shorter.
func number(v []byte) uint32 {
	if len(v) < 4 {
		return 0
	}
	return binary.BigEndian.Uint32(v)
}

func exportedTransport(kind uint32) Transport {
	switch kind {
	case exportedTCP:
		return TCP
	case exportedSCTP:
		return SCTP
	}
	return UDP
}

// unpacked hands on a message that came without the packets it was sent in.
func (d *Decoder) unpacked(t Transport, src, dst uint16, payload []byte, wire int) {
	p := &d.packet
	p.Transport, p.Payload, p.WireLength = t, payload, wire
	d.setEnds(src, dst)
	if len(payload) < wire {
		p.Cut = cutSnaplen
	}
	d.datagram(p)
}
