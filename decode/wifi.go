package decode

import "encoding/binary"

// The fields of an IEEE 802.11 frame control octet pair.
const (
	wifiTypeMask   = 0x0c
	wifiTypeData   = 0x08
	wifiNoData     = 0x40 // subtype: a null frame
	wifiQoS        = 0x80 // subtype: a QoS control field follows the addresses
	wifiToFrom     = 0x03 // flags: between access points, with a fourth address
	wifiMore       = 0x04 // flags: more fragments follow
	wifiProtected  = 0x40 // flags: the body is encrypted
	wifiOrder      = 0x80 // flags: in QoS frames, an HT control field follows
	wifiAggregated = 0x80 // QoS control: several frames in one (A-MSDU)
)

// wifi reads an IEEE 802.11 frame. padded says that the header is filled up to
// a multiple of four octets.
func (d *Decoder) wifi(b []byte, wire int, padded bool) {
	if len(b) < 24 {
		d.drop(truncatedLink)
		return
	}
	d.wifiFrame(b[0], b[1], b, wire, padded)
}

// wifiFrame reads a frame of at least 24 octets, of which only data frames
// that are not encrypted are of use.
func (d *Decoder) wifiFrame(control, flags uint8, b []byte, wire int, padded bool) {
	switch {
	case control&wifiTypeMask != wifiTypeData || control&wifiNoData != 0:
		d.drop(wifiNotData)
		return
	case flags&wifiProtected != 0:
		d.drop(wifiEncrypted)
		return
	case flags&wifiMore != 0 || b[22]&0x0f != 0:
		d.drop(wifiFragment)
		return
	}
	d.walk.mac = binary.LittleEndian.Uint64(b[4:]) ^ uint64(binary.LittleEndian.Uint32(b[12:]))<<24
	n := wifiHeader(control, flags)
	if padded {
		n = (n + 3) &^ 3
	}
	if n > len(b) {
		d.drop(truncatedLink)
		return
	}
	if control&wifiQoS != 0 && b[qosOffset(flags)]&wifiAggregated != 0 {
		d.wifiAggregate(b[n:])
		return
	}
	d.llc(b[n:], wire-n)
}

// wifiAggregate reads the frames of an A-MSDU, each with destination 6,
// source 6 and length 2, and padded to four octets (IEEE 802.11 §9.3.2.2).
func (d *Decoder) wifiAggregate(b []byte) {
	if len(b) < 14 {
		d.drop(truncatedLink)
		return
	}
	packet, walk := d.packet, d.walk
	for len(b) >= 14 {
		n := 14 + int(binary.BigEndian.Uint16(b[12:]))
		d.packet, d.walk = packet, walk
		d.llc(b[14:min(n, len(b))], n-14)
		b = b[min((n+3)&^3, len(b)):]
	}
}

// qosOffset is where the QoS control field stands, if there is one.
func qosOffset(flags uint8) int {
	if flags&wifiToFrom == wifiToFrom {
		return 30
	}
	return 24
}

// wifiHeader is the length of a data frame's header.
func wifiHeader(control, flags uint8) int {
	n := qosOffset(flags)
	if control&wifiQoS != 0 {
		n += 2
		if flags&wifiOrder != 0 {
			n += 4
		}
	}
	return n
}

// The radiotap fields that are of interest, by their bits in the bitmap.
const (
	radiotapTime     = 0 // eight octets, aligned to eight
	radiotapFlags    = 1 // one octet
	radiotapExtended = 31
)

// radiotapPadded is the bit of the radiotap flags that says that the 802.11
// header is filled up to a multiple of four octets.
const radiotapPadded = 0x20

// radiotap reads the header that capture drivers put in front of 802.11:
// version 1, padding 1, length 2, bitmaps 4 each, fields; all little-endian.
func (d *Decoder) radiotap(b []byte, wire int) {
	if len(b) < 8 {
		d.drop(truncatedLink)
		return
	}
	n := int(binary.LittleEndian.Uint16(b[2:]))
	if n < 8 || n > len(b) {
		d.drop(truncatedLink)
		return
	}
	d.wifi(b[n:], wire-n, radiotapFlagsOf(b[:n])&radiotapPadded != 0)
}

// radiotapFlagsOf returns the flags field of a radiotap header, 0 when there
// is none.
func radiotapFlagsOf(b []byte) uint8 {
	present := binary.LittleEndian.Uint32(b[4:])
	at := 8
	for word := present; word>>radiotapExtended != 0 && at+4 <= len(b); at += 4 {
		word = binary.LittleEndian.Uint32(b[at:])
	}
	if present>>radiotapTime&1 != 0 {
		at = (at+7)&^7 + 8
	}
	if present>>radiotapFlags&1 == 0 || at >= len(b) {
		return 0
	}
	return b[at]
}
