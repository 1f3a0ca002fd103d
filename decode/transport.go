package decode

import (
	"encoding/binary"
	"net/netip"
)

// udp reads the header of UDP (RFC 768) and of UDP-Lite (RFC 3828): ports 2
// each, length 2 (for UDP-Lite what the checksum covers), checksum 2.
func (d *Decoder) udp(protocol uint8, b []byte, wire int) {
	if len(b) < 8 {
		d.drop(truncatedTransport)
		return
	}
	src, dst := binary.BigEndian.Uint16(b), binary.BigEndian.Uint16(b[2:])
	if length := int(binary.BigEndian.Uint16(b[4:])); protocol == protocolUDP && length != 0 {
		if length < 8 {
			d.drop(malformedTransport)
			return
		}
		wire = min(wire, length)
		b = b[:min(wire, len(b))]
	}
	payload := b[8:]
	if mayTunnel(payload) && d.udpTunnel(src, dst, payload, wire-8) {
		return
	}
	p := &d.packet
	d.recogniseUDP(b)
	p.Transport = UDP
	p.Payload, p.WireLength = payload, wire-8
	p.OverheadIP += 8
	d.setEnds(src, dst)
	if len(payload) < p.WireLength {
		p.Cut = cutSnaplen
	}
	if d.walk.cut == cutFragmentLost && !surfaces(p) {
		return
	}
	d.stats.UDP++
	d.datagram(p)
}

// The reasons of Packet.Cut that arise below the transport.
const (
	cutSnaplen      = "snaplen"
	cutFragmentLost = "ip_fragment_lost"
)

// setEnds fills in the addresses of the packet. A dual-stack socket's form of
// an IPv4 address is shown as what it stands for.
func (d *Decoder) setEnds(src, dst uint16) {
	if a := d.walk.addresses; len(a) == 8 {
		d.packet.Src = netip.AddrPortFrom(netip.AddrFrom4([4]byte(a[:4])), src)
		d.packet.Dst = netip.AddrPortFrom(netip.AddrFrom4([4]byte(a[4:8])), dst)
		return
	}
	a, b := d.walk.ends()
	d.packet.Src, d.packet.Dst = netip.AddrPortFrom(a, src), netip.AddrPortFrom(b, dst)
}

// ends returns the addresses of the innermost IP header.
func (w *walk) ends() (src, dst netip.Addr) {
	a, _ := netip.AddrFromSlice(w.addresses[:len(w.addresses)/2])
	b, _ := netip.AddrFromSlice(w.addresses[len(w.addresses)/2:])
	return a.Unmap(), b.Unmap()
}

// tcp reads a TCP header (RFC 9293 §3.1).
func (d *Decoder) tcp(b []byte, wire int) {
	if len(b) < 20 {
		d.drop(truncatedTransport)
		return
	}
	header := int(b[12]>>4) * 4
	if header < 20 || header > wire {
		d.drop(malformedTransport)
		return
	}
	if d.walk.cut != "" {
		d.drop(truncatedTransport) // the length is not known
		return
	}
	d.recogniseTCP(b, header)
	p, s := &d.packet, &d.segment
	p.Transport = TCP
	p.Payload, p.WireLength = b[min(header, len(b)):], wire-header
	p.OverheadIP += uint16(header)
	d.setEnds(binary.BigEndian.Uint16(b), binary.BigEndian.Uint16(b[2:]))
	*s = tcpSegment{
		Seq: binary.BigEndian.Uint32(b[4:]), Ack: binary.BigEndian.Uint32(b[8:]),
		Flags: b[13], Window: binary.BigEndian.Uint16(b[14:]), HasAck: b[13]&tcpAck != 0,
		Payload: p.Payload, WireLength: p.WireLength,
	}
	d.stats.TCP++
	d.sight(p)
	d.streams.segment(p, s)
}

// sight tells of a packet whose payload is part of a stream.
func (d *Decoder) sight(p *Packet) {
	if d.config.Segments == nil {
		return
	}
	payload := p.Payload
	p.Payload = nil
	d.config.Segments(p)
	p.Payload = payload
}

// tcpAck is the flag that makes the acknowledgement number of a segment valid.
const tcpAck = 0x10

// sctpPacket reads the ports of an SCTP packet (RFC 9260 §3.1) and hands on
// the whole of it.
func (d *Decoder) sctpPacket(b []byte, wire int) {
	if len(b) < 12 {
		d.drop(truncatedTransport)
		return
	}
	if d.walk.cut != "" {
		d.drop(truncatedTransport) // the length is not known
		return
	}
	d.recogniseSCTP(b)
	p := &d.packet
	p.Transport = SCTP
	p.Payload, p.WireLength = b, wire
	p.OverheadIP += 12
	d.setEnds(binary.BigEndian.Uint16(b), binary.BigEndian.Uint16(b[2:]))
	d.stats.SCTP++
	d.sight(p)
	d.sctp.packet(p, b)
}
