package decode

import (
	"encoding/binary"

	"sipsniff/capture"
)

// The link types that can be read (spec §1.2), by their LINKTYPE_ numbers.
const (
	linkNull      capture.LinkType = 0
	linkEthernet  capture.LinkType = 1
	linkPPP       capture.LinkType = 9
	linkRaw12     capture.LinkType = 12 // DLT_RAW of most systems
	linkRaw14     capture.LinkType = 14 // DLT_RAW of OpenBSD
	linkPPPSerial capture.LinkType = 50
	linkPPPEther  capture.LinkType = 51
	linkRaw       capture.LinkType = 101
	linkCiscoHDLC capture.LinkType = 104
	linkWiFi      capture.LinkType = 105
	linkLoop      capture.LinkType = 108
	linkSLL       capture.LinkType = 113
	linkRadiotap  capture.LinkType = 127
	linkMPLS      capture.LinkType = 219
	linkIPv4      capture.LinkType = 228
	linkIPv6      capture.LinkType = 229
	linkNFLog     capture.LinkType = 239
	linkUpperPDU  capture.LinkType = 252
	linkSLL2      capture.LinkType = 276
)

// Every step of the walk takes b, the captured octets from its own header on,
// and wire, how many octets there were on the wire: wire ≥ len(b), and it is
// larger when the snapshot length cut the frame.

// link reads the link-layer header of a frame.
func (d *Decoder) link(t capture.LinkType, b []byte, wire int) {
	if t == linkEthernet {
		d.ethernet(b, wire)
		return
	}
	switch t {
	case linkSLL:
		d.cooked(b, wire)
	case linkSLL2:
		d.cooked2(b, wire)
	case linkRaw, linkRaw12, linkRaw14, linkIPv4, linkIPv6:
		d.rawIP(b, wire)
	case linkNull, linkLoop:
		d.loopback(b, wire)
	case linkPPP, linkPPPSerial:
		d.pppSerial(b, wire)
	case linkPPPEther:
		d.pppEther(b, wire)
	case linkCiscoHDLC:
		d.ciscoHDLC(b, wire)
	case linkWiFi:
		d.wifi(b, wire, false)
	case linkRadiotap:
		d.radiotap(b, wire)
	case linkMPLS:
		d.mpls(b, wire)
	case linkNFLog:
		d.nflog(b)
	case linkUpperPDU:
		d.upperPDU(b, wire)
	default:
		d.drop(linkTypeUnsupported)
	}
}

// rawIP tells IPv4 from IPv6 by the version in the first four bits.
func (d *Decoder) rawIP(b []byte, wire int) {
	if len(b) == 0 {
		d.drop(truncatedIP)
		return
	}
	switch b[0] >> 4 {
	case 4:
		d.ipv4(b, wire)
	case 6:
		d.ipv6(b, wire)
	default:
		d.drop(notIP)
	}
}

// loopback reads the four octets of an address family in front of the packet.
// They are in the byte order of the machine that captured (NULL) or in network
// byte order (LOOP); the families are small numbers, so trying both orders is
// unambiguous.
func (d *Decoder) loopback(b []byte, wire int) {
	if len(b) < 4 {
		d.drop(truncatedLink)
		return
	}
	family := binary.BigEndian.Uint32(b)
	if family > 0xffff {
		family = binary.LittleEndian.Uint32(b)
	}
	if !isIPFamily(family) {
		d.drop(notIP)
		return
	}
	d.rawIP(b[4:], wire-4)
}

// isIPFamily knows the numbers that systems give to AF_INET and AF_INET6:
// 2 everywhere; 10 Linux, 24 NetBSD and OpenBSD, 28 FreeBSD, 30 macOS.
func isIPFamily(family uint32) bool {
	switch family {
	case 2, 10, 24, 28, 30:
		return true
	}
	return false
}

// cooked reads the Linux "cooked" header, version 1:
//
//	pkttype 2, ARPHRD type 2, address length 2, address 8, protocol 2
func (d *Decoder) cooked(b []byte, wire int) {
	if len(b) < 16 {
		d.drop(truncatedLink)
		return
	}
	d.packet.LinkDirection = b[1]
	d.walk.mac = binary.BigEndian.Uint64(b[6:])
	d.cookedProtocol(binary.BigEndian.Uint16(b[2:]), binary.BigEndian.Uint16(b[14:]), b[16:], wire-16)
}

// cooked2 reads the Linux "cooked" header, version 2:
//
//	protocol 2, reserved 2, interface index 4, ARPHRD type 2, pkttype 1,
//	address length 1, address 8
func (d *Decoder) cooked2(b []byte, wire int) {
	if len(b) < 20 {
		d.drop(truncatedLink)
		return
	}
	d.packet.Interface = int32(binary.BigEndian.Uint32(b[4:]))
	d.packet.LinkDirection = b[10]
	d.walk.mac = binary.BigEndian.Uint64(b[12:])
	d.cookedProtocol(binary.BigEndian.Uint16(b[8:]), binary.BigEndian.Uint16(b), b[20:], wire-20)
}

// The hardware types whose cooked protocol field is not an EtherType.
const arphrdNetlink = 824

// The protocols of a cooked header below the EtherTypes.
const cookedLLC = 0x0004

// cookedProtocol goes on behind a cooked header.
func (d *Decoder) cookedProtocol(hardware, protocol uint16, b []byte, wire int) {
	switch {
	case hardware == arphrdNetlink:
		d.drop(notIP)
	case protocol == cookedLLC:
		d.llc(b, wire)
	default:
		d.etherType(protocol, b, wire)
	}
}

// ciscoHDLC reads address 1, control 1 and an EtherType.
func (d *Decoder) ciscoHDLC(b []byte, wire int) {
	if len(b) < 4 {
		d.drop(truncatedLink)
		return
	}
	d.etherType(binary.BigEndian.Uint16(b[2:]), b[4:], wire-4)
}

// nflogPayload is the type of the NFLOG attribute that holds the packet.
const nflogPayload = 9

// nflog reads the header of Linux netfilter logging (family 1, version 1,
// resource 2) and the attributes behind it: length 2 with these four octets,
// type 2, both in the byte order of the machine that captured; each attribute
// is padded to four octets.
func (d *Decoder) nflog(b []byte) {
	if len(b) < 4 {
		d.drop(truncatedLink)
		return
	}
	b = b[4:]
	for len(b) >= 4 {
		length, kind := nflogAttribute(b)
		if length < 4 {
			break
		}
		if kind == nflogPayload {
			d.rawIP(b[4:min(length, len(b))], length-4)
			return
		}
		b = b[min((length+3)&^3, len(b)):]
	}
	d.drop(truncatedLink)
}

// nflogAttribute reads length and type of an attribute. The types are below
// 256, which tells the byte orders apart.
func nflogAttribute(b []byte) (length int, kind uint16) {
	if b[2] == 0 && b[3] != 0 {
		return int(binary.BigEndian.Uint16(b)), uint16(b[3])
	}
	return int(binary.LittleEndian.Uint16(b)), binary.LittleEndian.Uint16(b[2:]) & 0x7fff
}
