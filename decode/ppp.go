package decode

import "encoding/binary"

// The PPP protocol numbers that lead to IP.
const (
	pppIPv4          = 0x0021
	pppIPv6          = 0x0057
	pppMPLS          = 0x0281
	pppMPLSMulticast = 0x0283
)

// ppp reads a PPP frame: the address and control octets ff 03 when they were
// not compressed away, and the protocol, one octet long when its low bit is
// set (RFC 1661 §2 and §6.5).
func (d *Decoder) ppp(b []byte, wire int) {
	if len(b) >= 2 && b[0] == 0xff && b[1] == 0x03 {
		b, wire = b[2:], wire-2
	}
	if len(b) < 2 {
		d.drop(truncatedLink)
		return
	}
	protocol, n := binary.BigEndian.Uint16(b), 2
	if b[0]&1 != 0 {
		protocol, n = uint16(b[0]), 1
	}
	switch protocol {
	case pppIPv4, pppIPv6:
		d.rawIP(b[n:], wire-n)
	case pppMPLS, pppMPLSMulticast:
		d.mpls(b[n:], wire-n)
	default:
		d.drop(notIP)
	}
}

// The address octets with which Cisco HDLC frames on a serial line begin.
const (
	hdlcUnicast   = 0x0f
	hdlcMulticast = 0x8f
)

// pppSerial reads a frame of a serial line, which is PPP or Cisco HDLC.
func (d *Decoder) pppSerial(b []byte, wire int) {
	if len(b) >= 2 && b[1] == 0 && (b[0] == hdlcUnicast || b[0] == hdlcMulticast) {
		d.ciscoHDLC(b, wire)
		return
	}
	d.ppp(b, wire)
}

// pppEther reads what was captured on a PPPoE device: with the PPPoE header
// on some systems, from the PPP frame on on others.
func (d *Decoder) pppEther(b []byte, wire int) {
	if len(b) >= 2 && b[0] == pppoeVersion && b[1] == 0 {
		d.pppoe(b, wire)
		return
	}
	d.ppp(b, wire)
}

// pppoeVersion is the first octet of every PPPoE header: version 1, type 1.
const pppoeVersion = 0x11

// pppoe reads a PPPoE session header (RFC 2516 §4): version and type 1, code
// 1, session 2, length 2 of the PPP frame behind it.
func (d *Decoder) pppoe(b []byte, wire int) {
	if !d.deeper() {
		return
	}
	if len(b) < 6 {
		d.drop(truncatedLink)
		return
	}
	if b[1] != 0 { // discovery
		d.drop(notIP)
		return
	}
	d.ppp(b[6:], wire-6)
}
