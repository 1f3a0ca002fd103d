package rtp

import "encoding/binary"

// UDPTL reports whether b has the shape of a UDPTL packet (ITU-T T.38 §9.1):
// a sequence number, the length and octets of the primary packet, then a
// choice of redundant packets (0x00) or forward error correction (0x80).
// RTP has that shape only by chance. wireLength may exceed len(b).
func UDPTL(b []byte, wireLength int) bool {
	if len(b) < 4 {
		return false
	}
	end := 3 + int(b[2])
	if b[2]&0x80 != 0 { // a length of 14 bits
		end = 4 + int(binary.BigEndian.Uint16(b[2:])&0x3FFF)
	}
	if b[2] == 0 || end >= wireLength {
		return false
	}
	if end >= len(b) { // the rest was cut by the capture
		return true
	}
	return b[end] == 0x00 || b[end] == 0x80
}
