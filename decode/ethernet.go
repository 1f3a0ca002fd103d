package decode

import "encoding/binary"

// The EtherTypes that lead to IP (spec §1.2).
const (
	etherIPv4          = 0x0800
	etherTRILL         = 0x22f3
	etherTransparent   = 0x6558 // an Ethernet frame, in GRE and GENEVE
	etherVLAN          = 0x8100
	etherIPv6          = 0x86dd
	etherPPP           = 0x880b
	etherMPLS          = 0x8847
	etherMPLSMulticast = 0x8848
	etherPPPoE         = 0x8864
	etherServiceVLAN   = 0x88a8
	etherMACsec        = 0x88e5
	etherCiscoMetadata = 0x8909
	etherVNTag         = 0x8926
	etherETag          = 0x893f
	etherNSH           = 0x894f
	etherQinQ1         = 0x9100
	etherQinQ2         = 0x9200
	etherQinQ3         = 0x9300
)

// leastEtherType is where EtherTypes begin; below stands the length of an
// IEEE 802.3 frame.
const leastEtherType = 0x0600

// ethernet reads destination 6, source 6 and an EtherType or a length.
func (d *Decoder) ethernet(b []byte, wire int) {
	if len(b) < 14 {
		d.drop(truncatedLink)
		return
	}
	d.walk.mac = macsOf(b)
	t := binary.BigEndian.Uint16(b[12:])
	if t == etherIPv4 {
		d.ipv4(b[14:], wire-14)
		return
	}
	if t >= leastEtherType {
		d.etherType(t, b[14:], wire-14)
		return
	}
	b, wire = b[14:], wire-14
	if n := int(t); n < wire {
		b, wire = b[:min(n, len(b))], n
	}
	d.llc(b, wire)
}

// macsOf folds both addresses of an Ethernet frame together.
func macsOf(b []byte) uint64 {
	return binary.LittleEndian.Uint64(b) ^ uint64(binary.LittleEndian.Uint32(b[8:]))<<24
}

// The service access points of IEEE 802.2 that lead to IP.
const (
	sapIP   = 0x06
	sapSNAP = 0xaa
)

// llc reads an IEEE 802.2 header, with or without SNAP:
//
//	DSAP 1, SSAP 1, control 1 [, organisation 3, EtherType 2]
func (d *Decoder) llc(b []byte, wire int) {
	if len(b) < 3 {
		d.drop(truncatedLink)
		return
	}
	if b[0] == sapIP && b[1] == sapIP {
		d.rawIP(b[3:], wire-3)
		return
	}
	if b[0]&^1 != sapSNAP || b[1]&^1 != sapSNAP {
		d.drop(notIP)
		return
	}
	if len(b) < 8 {
		d.drop(truncatedLink)
		return
	}
	switch organisation := binary.BigEndian.Uint32(b[2:]) & 0xffffff; organisation {
	case 0, 0x0000f8: // RFC 1042, and IEEE 802.1H bridge tunnels
		d.etherType(binary.BigEndian.Uint16(b[6:]), b[8:], wire-8)
	default:
		d.drop(notIP)
	}
}

// etherType goes on with what an EtherType announces, through any tags.
func (d *Decoder) etherType(t uint16, b []byte, wire int) {
	for {
		switch t {
		case etherIPv4:
			d.ipv4(b, wire)
			return
		case etherIPv6:
			d.ipv6(b, wire)
			return
		case etherMPLS, etherMPLSMulticast:
			d.mpls(b, wire)
			return
		case etherPPPoE:
			d.pppoe(b, wire)
			return
		case etherPPP:
			d.ppp(b, wire)
			return
		case etherTransparent:
			d.ethernet(b, wire)
			return
		case etherNSH:
			d.nsh(b, wire)
			return
		case etherTRILL:
			d.trill(b, wire)
			return
		}
		n := d.tag(t, b)
		if n == 0 {
			return
		}
		t = binary.BigEndian.Uint16(b[n-2:])
		b, wire = b[n:], wire-n
	}
}

// tag reads a tag that ends in the EtherType of what follows. It returns the
// octets of the tag with that EtherType, or 0 when the frame ends here.
func (d *Decoder) tag(t uint16, b []byte) int {
	n := 0
	switch t {
	case etherVLAN, etherServiceVLAN, etherQinQ1, etherQinQ2, etherQinQ3, etherVNTag, etherETag, etherCiscoMetadata, etherMACsec:
		n = tagLength(t, b)
	default:
		d.drop(notIP)
		return 0
	}
	switch {
	case n > len(b):
		d.drop(truncatedLink)
		return 0
	case !d.deeper():
		return 0
	case t == etherMACsec && b[0]&macsecIsEncrypted != 0:
		d.drop(macsecEncrypted)
		return 0
	case isVLAN(t):
		d.vlan(binary.BigEndian.Uint16(b) & 0x0fff)
	}
	return n
}

// The bits in the first octet of a MACsec tag (IEEE 802.1AE).
const (
	macsecIsEncrypted = 0x08 // E
	macsecHasChannel  = 0x20 // SC: an eight-octet channel identifier follows
)

// tagLength is the length of a tag with the EtherType at its end.
func tagLength(t uint16, b []byte) int {
	switch t {
	case etherVNTag:
		return 4 + 2
	case etherETag, etherCiscoMetadata:
		return 6 + 2
	case etherMACsec:
		if len(b) > 0 && b[0]&macsecHasChannel != 0 {
			return 14 + 2
		}
		return 6 + 2
	}
	return 2 + 2
}

// isVLAN reports whether an EtherType announces a VLAN tag.
func isVLAN(t uint16) bool {
	return t == etherVLAN || t == etherServiceVLAN || t == etherQinQ1 || t == etherQinQ2 || t == etherQinQ3
}

// vlan remembers the number of a VLAN, outermost first.
func (d *Decoder) vlan(id uint16) {
	if d.packet.VLANCount < MaxVLANs {
		d.packet.VLANs[d.packet.VLANCount] = id
		d.packet.VLANCount++
	}
}

// mpls reads a stack of labels (RFC 3032) down to the one with the bottom bit
// set. What follows is not announced: it is IP when it looks like IP, and an
// Ethernet frame otherwise, often with a control word in front whose first
// four bits are zero (RFC 4385).
func (d *Decoder) mpls(b []byte, wire int) {
	if !d.deeper() {
		return
	}
	for {
		if len(b) < 4 {
			d.drop(truncatedLink)
			return
		}
		bottom := b[2]&1 != 0
		b, wire = b[4:], wire-4
		if bottom {
			break
		}
	}
	switch {
	case len(b) == 0:
		d.drop(truncatedLink)
	case looksLikeIP(b, wire):
		d.rawIP(b, wire)
	case b[0]>>4 == 0 && len(b) >= 4 && (leadsOn(b[4:]) || !leadsOn(b)):
		d.ethernet(b[4:], wire-4)
	default:
		d.ethernet(b, wire)
	}
}

// leadsOn reports whether b is an Ethernet frame of a type that is followed.
// The first octet of many Ethernet addresses looks like that of a control
// word.
func leadsOn(b []byte) bool {
	return len(b) >= 14 && isTunnelled(binary.BigEndian.Uint16(b[12:]))
}

// The next protocols of NSH (RFC 8300 §2.2) and of VXLAN-GPE.
const (
	nextIPv4     = 1
	nextIPv6     = 2
	nextEthernet = 3
	nextNSH      = 4
	nextMPLS     = 5
)

// nsh reads a network service header: two octets of which the low six bits
// are the length in words of four octets, then one octet with the metadata
// type and one with the next protocol.
func (d *Decoder) nsh(b []byte, wire int) {
	if !d.deeper() {
		return
	}
	if len(b) < 8 {
		d.drop(truncatedLink)
		return
	}
	n := int(binary.BigEndian.Uint16(b)&0x3f) * 4
	if n < 8 {
		d.drop(malformedTunnel)
		return
	}
	if n > len(b) {
		d.drop(truncatedLink)
		return
	}
	d.nextProtocol(b[3], b[n:], wire-n)
}

// nextProtocol goes on with what NSH or VXLAN-GPE announce.
func (d *Decoder) nextProtocol(next uint8, b []byte, wire int) {
	switch next {
	case nextIPv4, nextIPv6:
		d.rawIP(b, wire)
	case nextEthernet:
		d.ethernet(b, wire)
	case nextNSH:
		d.nsh(b, wire)
	case nextMPLS:
		d.mpls(b, wire)
	default:
		d.drop(notIP)
	}
}

// trill reads a TRILL header (RFC 6325 §3.1): two octets with the length of
// the options in words, two nicknames; an Ethernet frame follows.
func (d *Decoder) trill(b []byte, wire int) {
	if !d.deeper() {
		return
	}
	if len(b) < 6 {
		d.drop(truncatedLink)
		return
	}
	n := 6 + int(binary.BigEndian.Uint16(b)>>6&0x1f)*4
	if n > len(b) {
		d.drop(truncatedLink)
		return
	}
	d.ethernet(b[n:], wire-n)
}
