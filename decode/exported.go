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
	dissector        []byte
	src, dst         netip.Addr
	srcPort, dstPort uint16
	transport        Transport
	octets           int // of all tags
	foundEnd         bool
}

// upperPDU reads a PDU that was cut out of its packets and stored with tags
// that say where it came from: type 2, length 2, value; the last of type 0.
func (d *Decoder) upperPDU(b []byte, wire int) {
	e := exportedTags(b)
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
	if !e.src.IsValid() || !e.dst.IsValid() {
		d.drop(notIP)
		return
	}
	d.packet.Src = netip.AddrPortFrom(e.src.Unmap(), e.srcPort)
	d.packet.Dst = netip.AddrPortFrom(e.dst.Unmap(), e.dstPort)
	d.unpacked(e.transport, b[e.octets:], wire-e.octets)
}

// exportedTags reads the tags.
func exportedTags(b []byte) (e exported) {
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
		e.tag(kind, b[e.octets:e.octets+length])
		e.octets += length
	}
	return e
}

func (e *exported) tag(kind uint16, v []byte) {
	switch kind {
	case exportedDissector:
		e.dissector = v
		for len(e.dissector) > 0 && e.dissector[len(e.dissector)-1] == 0 {
			e.dissector = e.dissector[:len(e.dissector)-1]
		}
	case exportedIPv4Src, exportedIPv6Src:
		e.src, _ = netip.AddrFromSlice(v)
	case exportedIPv4Dst, exportedIPv6Dst:
		e.dst, _ = netip.AddrFromSlice(v)
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
// Its ends are set already.
func (d *Decoder) unpacked(t Transport, payload []byte, wire int) {
	p := &d.packet
	p.Transport, p.Payload, p.WireLength = t, payload, wire
	if len(payload) < wire {
		p.Cut = cutSnaplen
	}
	d.datagram(p)
}
