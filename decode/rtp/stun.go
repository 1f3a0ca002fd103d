package rtp

import (
	"encoding/binary"
	"net/netip"
)

// A STUNClass is the class of a STUN message (RFC 8489 §5).
type STUNClass uint8

// The classes, with the values of the two bits.
const (
	STUNRequest STUNClass = iota
	STUNIndication
	STUNSuccess
	STUNError
)

// The methods of STUN and TURN that matter (RFC 8489 §18.2, RFC 8656 §17).
const (
	STUNBinding = 0x001
	turnSend    = 0x006
	turnData    = 0x007
)

const (
	stunHead          = 20
	attributeHead     = 4
	maxAttributes     = 64
	attributeData     = 0x0013 // RFC 8656 §18
	attributeMapped   = 0x0001 // MAPPED-ADDRESS, RFC 8489 §14.1
	attributeUsername = 0x0006 // RFC 8489 §14.3
	attributeXORAddr  = 0x0020 // XOR-MAPPED-ADDRESS, RFC 8489 §14.2
	familyIPv4        = 1
	familyIPv6        = 2
	addressHead       = 4 // reserved 1, family 1, port 2
	transactionOffset = 4 // of the 16 octets that IPv6 addresses are XORed with
)

// STUNType returns method and class of a STUN message. The bits of the class
// stand between those of the method.
func STUNType(b []byte) (method uint16, class STUNClass, ok bool) {
	if len(b) < stunHead || classifySTUN(b) != STUN {
		return 0, 0, false
	}
	t := binary.BigEndian.Uint16(b)
	class = STUNClass(t>>7&2 | t>>4&1)
	return t&0x3E00>>2 | t&0xE0>>1 | t&0xF, class, true
}

// STUNMapped returns the address that a server saw a client at, from the
// response to a binding request.
func STUNMapped(b []byte) (netip.AddrPort, bool) {
	method, class, ok := STUNType(b)
	if !ok || method != STUNBinding || class != STUNSuccess {
		return netip.AddrPort{}, false
	}
	if v, found, _ := attribute(b, attributeXORAddr); found {
		return mappedAddress(v, b[transactionOffset:stunHead])
	}
	if v, found, _ := attribute(b, attributeMapped); found {
		return mappedAddress(v, make([]byte, 16))
	}
	return netip.AddrPort{}, false
}

// STUNNamed reports whether a STUN message has a user name, as the
// connectivity checks of ICE do and requests to a server do not.
func STUNNamed(b []byte) bool {
	if len(b) < stunHead {
		return false
	}
	_, found, _ := attribute(b, attributeUsername)
	return found
}

// attribute returns the value of the first attribute of a type. length is
// that on the wire: more than what was captured when the capture cut it.
func attribute(b []byte, kind uint16) (value []byte, found bool, length int) {
	rest := b[stunHead:]
	for range maxAttributes {
		if len(rest) < attributeHead {
			break
		}
		length = int(binary.BigEndian.Uint16(rest[2:]))
		is := binary.BigEndian.Uint16(rest) == kind
		rest = rest[attributeHead:]
		if is {
			return rest[:min(length, len(rest))], true, length
		}
		rest = rest[min((length+3)&^3, len(rest)):]
	}
	return nil, false, 0
}

// mappedAddress reads an address that is XORed with the cookie and the
// transaction, or with zeros.
func mappedAddress(v, with []byte) (netip.AddrPort, bool) {
	n := 0
	switch {
	case len(v) >= addressHead+4 && v[1] == familyIPv4:
		n = 4
	case len(v) >= addressHead+16 && v[1] == familyIPv6:
		n = 16
	default:
		return netip.AddrPort{}, false
	}
	var octets [16]byte
	for i := range n {
		octets[i] = v[addressHead+i] ^ with[i]
	}
	addr, _ := netip.AddrFromSlice(octets[:n])
	port := binary.BigEndian.Uint16(v[2:]) ^ binary.BigEndian.Uint16(with)
	return netip.AddrPortFrom(addr.Unmap(), port), true
}
