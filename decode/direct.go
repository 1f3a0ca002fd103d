package decode

import (
	"encoding/binary"

	"sipsniff/capture"
)

// Where the headers are in the frames that Media reads.
const (
	directIP      = 14
	directUDP     = directIP + 20
	directPayload = directUDP + 8
	leastDirect   = directPayload + 12 // with the header of RTP
)

// Media decodes a frame that is nothing but an Ethernet frame with all of an IPv4
// packet without options, and in it a datagram that begins as RTP without padding,
// extension and contributing sources does (RFC 3550 §5.1). It refills q as Frame
// refills a Packet, and the handler is not called. For any other frame, also for
// one that may have been captured before or for which something waits that comes
// first, it reports false and has done nothing: it is one for Frame.
func (d *Decoder) Media(f *capture.Frame, q *Plain) bool {
	b := f.Data
	if len(b) < leastDirect || f.LinkType != linkEthernet || uint(f.Source) > 0xffff || f.Nanos >= d.streams.deadline || d.fragments.due(max(d.now, f.Nanos), &d.config) {
		return false
	}
	total, length := int(binary.BigEndian.Uint16(b[directIP+2:])), int(binary.BigEndian.Uint16(b[directUDP+4:]))
	if binary.BigEndian.Uint16(b[12:]) != etherIPv4 || b[directIP] != 0x45 || b[directIP+9] != protocolUDP || binary.BigEndian.Uint16(b[directIP+6:])&0x3fff != 0 ||
		b[directPayload] != 0x80 || isControl(b[directPayload:directPayload+8]) ||
		len(b)-directIP < total || total-20 < length || length < 8+12 {
		return false
	}
	id := binary.BigEndian.Uint16(b[directIP+4:])
	udp := b[directUDP : directUDP+length]
	key, checksum := udpKey(ipv4Key(b[directIP:]), udp)
	if d.duplicates.find(key) != nil {
		return false
	}
	d.stats.Frames++
	d.stats.UDP++
	d.now = max(d.now, f.Nanos)
	iface := int32(f.Interface)
	e := d.duplicates.latest(key)
	e.key, e.nanos, e.spot, e.place = key, f.Nanos, spotOf(iface, noDirection, f.Source), placeOf(f.Source, iface)
	e.mac, e.carrier, e.checksum, e.ttl, e.used = macOf(macsOf(b)), id, checksum, b[directIP+8], true

	q.Nanos, q.Frame, q.Payload, q.WireLength, q.Interface = f.Nanos, f.Number, udp[8:], int32(length-8), iface
	q.Source, q.IPID, q.Overhead = uint16(f.Source), id, 20+8
	q.SrcPort, q.DstPort = binary.BigEndian.Uint16(udp), binary.BigEndian.Uint16(udp[2:])
	q.Src, q.Dst = [4]byte(b[directIP+12:]), [4]byte(b[directIP+16:])
	q.TTL, q.DSCP, q.Link, q.Duplicate = b[directIP+8], b[directIP+1]>>2, noDirection, false
	return true
}
