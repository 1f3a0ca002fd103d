package decode

import "encoding/binary"

// The flags of GRE, versions 0 (RFC 2784, 2890) and 1 (PPTP, RFC 2637 §4.1).
const (
	greChecksum    = 0x8000
	greRouting     = 0x4000
	greKey         = 0x2000
	greSequence    = 0x1000
	greAcknowledge = 0x0080 // version 1
	greVersion     = 0x0007
)

// The protocols of GRE that are not EtherTypes of anything else.
const (
	greERSPAN  = 0x88be // types I and II
	greERSPAN3 = 0x22eb
)

// gre reads a GRE header: flags 2, protocol 2, then as the flags say checksum
// and offset 4, key 4, sequence number 4, acknowledgement 4.
func (d *Decoder) gre(b []byte, wire int) {
	if len(b) < 4 {
		d.drop(truncatedIP)
		return
	}
	flags, protocol := binary.BigEndian.Uint16(b), binary.BigEndian.Uint16(b[2:])
	n, ok := greHeader(flags, b)
	switch {
	case flags&greVersion > 1:
		d.drop(greUnknown)
	case !ok || n > len(b):
		d.drop(truncatedIP)
	case protocol == greERSPAN:
		d.erspan2(flags, b[n:], wire-n)
	case protocol == greERSPAN3:
		d.erspan3(b[n:], wire-n)
	case !isTunnelled(protocol):
		d.drop(greUnknown)
	case d.enter(tunnelGRE):
		d.etherType(protocol, b[n:], wire-n)
	}
}

// greHeader is the length of a GRE header.
func greHeader(flags uint16, b []byte) (n int, ok bool) {
	n = 4
	if flags&(greChecksum|greRouting) != 0 {
		n += 4
	}
	if flags&greKey != 0 {
		n += 4
	}
	if flags&greSequence != 0 {
		n += 4
	}
	if flags&greVersion == 1 && flags&greAcknowledge != 0 {
		n += 4
	}
	if flags&greRouting == 0 {
		return n, true
	}
	for n+4 <= len(b) { // source routes: family 2, offset 1, length 1, to one of length 0
		length := int(b[n+3])
		if n += 4 + length; length == 0 {
			return n, true
		}
	}
	return n, false
}

// isTunnelled reports whether an EtherType announces something that leads to
// IP.
func isTunnelled(t uint16) bool {
	switch t {
	case etherIPv4, etherIPv6, etherTransparent, etherPPP, etherMPLS, etherMPLSMulticast,
		etherNSH, etherTRILL, etherPPPoE, etherVNTag, etherETag, etherCiscoMetadata, etherMACsec:
		return true
	}
	return isVLAN(t)
}

// erspan2 reads the ERSPAN header of a mirrored frame. Without a GRE sequence
// number it is type I, which has none; otherwise type II, of eight octets.
func (d *Decoder) erspan2(flags uint16, b []byte, wire int) {
	n := 0
	if flags&greSequence != 0 {
		n = 8
	}
	d.erspan(n, b, wire)
}

// erspan3 reads a header of type III: twelve octets, and eight more when the
// lowest bit is set.
func (d *Decoder) erspan3(b []byte, wire int) {
	n := 12
	if len(b) >= n && b[n-1]&1 != 0 {
		n += 8
	}
	d.erspan(n, b, wire)
}

func (d *Decoder) erspan(header int, b []byte, wire int) {
	if header > len(b) {
		d.drop(truncatedIP)
		return
	}
	if d.enter(tunnelERSPAN) {
		d.ethernet(b[header:], wire-header)
	}
}
