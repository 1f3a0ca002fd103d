package decode

import (
	"encoding/binary"

	"sipsniff/capture"
)

// Where the headers are in the packets that Media reads.
const (
	directUDP     = 20
	directPayload = directUDP + 8
	leastDirect   = directPayload + 12 // with the header of RTP
)

// The lengths of the link headers that Media reads.
const (
	ethernetHeader = 14
	cookedHeader   = 16
	cooked2Header  = 20
)

// Media decodes a frame that is nothing but an Ethernet frame, or one of a capture
// on all interfaces (SLL, SLL2), with all of an IPv4 packet without options, and in
// it a datagram that begins as RTP without padding, extension and contributing
// sources does (RFC 3550 §5.1). It refills q as Frame refills a Packet, and the
// handler is not called. For any other frame, also for one that may have been
// captured before or for which something waits that comes first, it reports false
// and has done nothing: it is one for Frame.
func (d *Decoder) Media(f *capture.Frame, q *Plain) bool {
	b, l, ok := directLink(f)
	if !ok || uint(f.Source) > 0xffff || f.Nanos >= d.streams.deadline || d.fragments.due(max(d.now, f.Nanos), &d.config) {
		return false
	}
	total, length := int(binary.BigEndian.Uint16(b[2:])), int(binary.BigEndian.Uint16(b[directUDP+4:]))
	if b[0] != 0x45 || b[9] != protocolUDP || binary.BigEndian.Uint16(b[6:])&0x3fff != 0 ||
		b[directPayload] != 0x80 || isControl(b[directPayload:directPayload+8]) ||
		len(b) < total || total-20 < length || length < 8+12 {
		return false
	}
	id := binary.BigEndian.Uint16(b[4:])
	udp := b[directUDP : directUDP+length]
	key, checksum := udpKey(ipv4Key(b), udp)
	if d.duplicates.find(key) != nil {
		return false
	}
	d.stats.Frames++
	d.stats.UDP++
	d.now = max(d.now, f.Nanos)
	e := d.duplicates.latest(key)
	e.key, e.nanos, e.spot, e.place = key, f.Nanos, spotOf(l.iface, l.direction, f.Source), placeOf(f.Source, l.iface)
	e.mac, e.carrier, e.checksum, e.ttl, e.used = macOf(l.mac), id, checksum, b[8], true

	q.Nanos, q.Frame, q.Payload, q.WireLength, q.Interface = f.Nanos, f.Number, udp[8:], int32(length-8), l.iface
	q.Source, q.IPID, q.Overhead = uint16(f.Source), id, 20+8
	q.SrcPort, q.DstPort = binary.BigEndian.Uint16(udp), binary.BigEndian.Uint16(udp[2:])
	q.Src, q.Dst = [4]byte(b[12:]), [4]byte(b[16:])
	q.TTL, q.DSCP, q.Link, q.Duplicate = b[8], b[1]>>2, l.direction, false
	return true
}

// A linkSight is what a link header says of where a frame was captured.
type linkSight struct {
	mac       uint64
	iface     int32
	direction uint8
}

// directLink reads the link header of a frame and returns what stands behind it. It
// reports false when that is no IPv4 packet that Media could read.
func directLink(f *capture.Frame) (b []byte, l linkSight, ok bool) {
	b = f.Data
	switch {
	case f.LinkType == linkEthernet && len(b) >= ethernetHeader+leastDirect:
		l = linkSight{macsOf(b), int32(f.Interface), noDirection}
		return b[ethernetHeader:], l, binary.BigEndian.Uint16(b[12:]) == etherIPv4
	case f.LinkType == linkSLL2 && len(b) >= cooked2Header+leastDirect:
		l = linkSight{binary.BigEndian.Uint64(b[12:]), int32(binary.BigEndian.Uint32(b[4:])), b[10]}
		return b[cooked2Header:], l, binary.BigEndian.Uint16(b) == etherIPv4 && binary.BigEndian.Uint16(b[8:]) != arphrdNetlink
	case f.LinkType == linkSLL && len(b) >= cookedHeader+leastDirect:
		l = linkSight{binary.BigEndian.Uint64(b[6:]), int32(f.Interface), b[1]}
		return b[cookedHeader:], l, binary.BigEndian.Uint16(b[14:]) == etherIPv4 && binary.BigEndian.Uint16(b[2:]) != arphrdNetlink
	}
	return nil, l, false
}
