package decode

import "encoding/binary"

// The names of the tunnels in Packet.Tunnel.
const (
	tunnelIP     = "ip-in-ip"
	tunnelGRE    = "gre"
	tunnelERSPAN = "erspan"
	tunnelVXLAN  = "vxlan"
	tunnelGENEVE = "geneve"
	tunnelGTP    = "gtp"
	tunnelL2TP   = "l2tp"
	tunnelTZSP   = "tzsp"
	tunnelTeredo = "teredo"
	tunnelCAPWAP = "capwap"
	tunnelESP    = "esp"
	tunnelHEP    = "hep"
)

// The UDP ports of tunnels (spec §1.3).
const (
	portL2TP       = 1701
	portGTP        = 2152
	portTeredo     = 3544
	portVXLAN      = 4789
	portVXLANGPE   = 4790
	portCAPWAP     = 5247
	portGENEVE     = 6081
	portVXLANLinux = 8472
	portTZSP       = 37008
)

// enter goes into a tunnel, remembers its outer ends and reports whether
// another layer is allowed.
func (d *Decoder) enter(name string) bool {
	if !d.deeper() {
		return false
	}
	p := &d.packet
	if !p.TunnelSrc.IsValid() {
		p.TunnelSrc, p.TunnelDst = d.walk.ends()
	}
	p.Tunnel = name
	return true
}

// mayTunnel rules out most of what is no tunnel, RTP above all: no header of a
// tunnel begins with its version, with one exception.
func mayTunnel(b []byte) bool {
	return len(b) >= 8 && (b[0]&0xc0 != 0x80 || b[0] == vxlanValid|vxlanGroupPolicy)
}

// udpTunnel goes into a tunnel on UDP and reports whether there is one. The
// port alone proves nothing, since media ports are chosen at random: what does
// not look like the tunnel's header is a datagram like any other. There are at
// least eight octets.
func (d *Decoder) udpTunnel(src, dst uint16, b []byte, wire int) bool {
	switch dst {
	case portVXLAN, portVXLANLinux:
		return d.vxlan(b, wire)
	case portVXLANGPE:
		return d.vxlanGPE(b, wire)
	case portGENEVE:
		return d.geneve(b, wire)
	case portTZSP:
		return d.tzsp(b, wire)
	case portGTP:
		return d.gtp(b, wire)
	case portL2TP:
		return d.l2tp(b, wire)
	case portTeredo:
		return d.teredo(b, wire)
	case portCAPWAP:
		return d.capwap(b, wire)
	}
	switch src {
	case portGTP:
		return d.gtp(b, wire)
	case portL2TP:
		return d.l2tp(b, wire)
	case portTeredo:
		return d.teredo(b, wire)
	case portCAPWAP:
		return d.capwap(b, wire)
	}
	return d.hep(d.hepPort(src, dst), b)
}

// The flags of VXLAN.
const (
	vxlanGroupPolicy = 0x80 // the group policy extension
	vxlanValid       = 0x08 // there is a network identifier
	vxlanProtocol    = 0x04 // the generic protocol extension says what follows
)

// vxlan reads a VXLAN header (RFC 7348 §5): flags 1, reserved 3, network
// identifier 3, reserved 1. The group policy extension uses the first flag
// bit and part of the reserved octets.
func (d *Decoder) vxlan(b []byte, wire int) bool {
	if b[0]&^vxlanGroupPolicy != vxlanValid || b[7] != 0 {
		return false
	}
	if d.enter(tunnelVXLAN) {
		d.ethernet(b[8:], wire-8)
	}
	return true
}

// vxlanGPE reads a VXLAN header with the generic protocol extension: the
// fourth octet says what follows. Senders without the extension leave it zero,
// and some set it without the flag for it.
func (d *Decoder) vxlanGPE(b []byte, wire int) bool {
	if b[0]&^vxlanProtocol != vxlanValid || b[7] != 0 {
		return false
	}
	if !d.enter(tunnelVXLAN) {
		return true
	}
	next := b[3]
	if next == 0 {
		next = nextEthernet
	}
	d.nextProtocol(next, b[8:], wire-8)
	return true
}

// geneve reads a GENEVE header (RFC 8926 §3.4): version and length of the
// options in words 1, flags 1, EtherType 2, network identifier 3, reserved 1.
func (d *Decoder) geneve(b []byte, wire int) bool {
	n := 8 + int(b[0]&0x3f)*4
	if b[0]>>6 != 0 || b[1]&0x3f != 0 || b[7] != 0 || n > wire {
		return false
	}
	if !d.enter(tunnelGENEVE) {
		return true
	}
	if n > len(b) {
		d.drop(truncatedLink)
		return true
	}
	d.etherType(binary.BigEndian.Uint16(b[2:]), b[n:], wire-n)
	return true
}

// gtp reads the header of a user packet in GTP-U (3GPP TS 29.281 §5.1): flags
// 1, message type 1, length 2, tunnel 4; with any of the flags E, S and PN
// sequence number 2, N-PDU number 1 and the type of the first extension 1.
func (d *Decoder) gtp(b []byte, wire int) bool {
	const version1, userPacket = 0x30, 255
	if b[0]&0xf0 != version1 || b[1] != userPacket {
		return false
	}
	n, ok := gtpHeader(b)
	if ok && len(b) > n && b[n]>>4 != 4 && b[n]>>4 != 6 {
		return false
	}
	if !d.enter(tunnelGTP) {
		return true
	}
	if !ok {
		d.drop(truncatedLink)
		return true
	}
	d.rawIP(b[n:], wire-n)
	return true
}

// gtpHeader is the length of a GTP-U header with its extensions, each of which
// begins with its length in words and ends with the type of the next.
func gtpHeader(b []byte) (n int, ok bool) {
	const extended, sequence, number = 0x04, 0x02, 0x01
	n = 8
	if b[0]&(extended|sequence|number) == 0 {
		return n, true
	}
	n += 4
	if len(b) < n {
		return 0, false
	}
	if b[0]&extended == 0 {
		return n, true
	}
	for b[n-1] != 0 {
		if len(b) <= n || b[n] == 0 || len(b) < n+int(b[n])*4 {
			return 0, false
		}
		n += int(b[n]) * 4
	}
	return n, true
}

// l2tp reads the header of an L2TP data message (RFC 2661 §3.1): flags and
// version 2, then as the flags say length 2, tunnel and session 4, sequence
// numbers 4, size of the padding 2 and the padding.
func (d *Decoder) l2tp(b []byte, wire int) bool {
	const control, hasLength, hasSequence, hasOffset, version = 0x8000, 0x4000, 0x0800, 0x0200, 0x000f
	flags := binary.BigEndian.Uint16(b)
	if flags&control != 0 || flags&version != 2 {
		return false
	}
	n := 6
	if flags&hasLength != 0 {
		n += 2
	}
	if flags&hasSequence != 0 {
		n += 4
	}
	if flags&hasOffset != 0 {
		if n += 2; n <= len(b) {
			n += int(binary.BigEndian.Uint16(b[n-2:]))
		}
	}
	if n > wire {
		return false
	}
	if !d.enter(tunnelL2TP) {
		return true
	}
	if n > len(b) {
		d.drop(truncatedLink)
		return true
	}
	d.ppp(b[n:], wire-n)
	return true
}

// The protocols that TZSP can carry and that are followed.
const (
	tzspEthernet = 1
	tzspWiFi     = 18
)

// tzsp reads a TaZmen Sniffer header: version 1, type 1, protocol 2 and tags,
// of type 1, length 1 and value; padding and the end are a type only.
func (d *Decoder) tzsp(b []byte, wire int) bool {
	const pad, end = 0, 1
	if b[0] != 1 || b[1] != 0 {
		return false
	}
	if !d.enter(tunnelTZSP) {
		return true
	}
	n := 4
	for n < len(b) && b[n] != end {
		switch {
		case b[n] == pad:
			n++
		case n+1 < len(b):
			n += 2 + int(b[n+1])
		default:
			n = len(b)
		}
	}
	if n >= len(b) {
		d.drop(truncatedLink)
		return true
	}
	switch binary.BigEndian.Uint16(b[2:]) {
	case tzspEthernet:
		d.ethernet(b[n+1:], wire-n-1)
	case tzspWiFi:
		d.wifi(b[n+1:], wire-n-1, false)
	default:
		d.drop(notIP)
	}
	return true
}

// teredo reads the indications that may stand in front of an IPv6 packet on
// UDP (RFC 4380 §5.1.1): authentication, 0001, with two lengths, and origin,
// 0000, of eight octets.
func (d *Decoder) teredo(b []byte, wire int) bool {
	n := 0
	if binary.BigEndian.Uint16(b) == 1 {
		n = 4 + int(b[2]) + int(b[3]) + 9
	}
	if n+8 <= len(b) && binary.BigEndian.Uint16(b[n:]) == 0 {
		n += 8
	}
	if n >= len(b) || b[n]>>4 != 6 || !looksLikeIP(b[n:], wire-n) {
		return false
	}
	if d.enter(tunnelTeredo) {
		d.ipv6(b[n:], wire-n)
	}
	return true
}

// capwap reads the header of a CAPWAP data packet (RFC 5415 §4.3): version and
// type 1, then the length of the header in words (5 bits), radio (5), binding
// (5) and the flags T, F, L, W, M and K.
func (d *Decoder) capwap(b []byte, wire int) bool {
	const native, fragmentFlag, keepAlive = 0x0100, 0x0080, 0x0008
	n := int(b[1]>>3) * 4
	flags := binary.BigEndian.Uint16(b[2:])
	if b[0] != 0 || n < 8 || n > wire || flags&keepAlive != 0 {
		return false
	}
	if !d.enter(tunnelCAPWAP) {
		return true
	}
	switch {
	case flags&fragmentFlag != 0:
		d.drop(wifiFragment)
	case n > len(b):
		d.drop(truncatedLink)
	case flags&native != 0:
		d.capwapWiFi(b[n:], wire-n)
	default:
		d.ethernet(b[n:], wire-n)
	}
	return true
}

// capwapWiFi reads an 802.11 frame. Some controllers swap the two octets of
// the frame control.
func (d *Decoder) capwapWiFi(b []byte, wire int) {
	if len(b) >= 24 && b[0]&wifiTypeMask != wifiTypeData && b[1]&0x0f == wifiTypeData {
		d.wifiFrame(b[1], b[0], b, wire, false)
		return
	}
	d.wifi(b, wire, false)
}
