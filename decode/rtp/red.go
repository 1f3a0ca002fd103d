package rtp

import "encoding/binary"

// MaxBlocks is how many blocks of a packet with redundancy are read.
const MaxBlocks = 16

// A Block is one payload of a packet with redundant ones (RFC 2198).
type Block struct {
	PayloadType uint8
	Offset      uint16 // timestamp units before that of the packet; 0 for the last block, the primary one
	Data        []byte // borrowed; shorter than it was when the capture cut it
	Primary     bool
}

// ParseRED appends the blocks of a payload to list; the primary one is the
// last. length is that of the payload on the wire. ok is false when the
// headers do not end or the blocks do not fit.
//
//	 0                   1                    2                   3
//	|F|   block PT  |  timestamp offset         |   block length    |
func ParseRED(list []Block, payload []byte, length int) (blocks []Block, ok bool) {
	lengths := [MaxBlocks]int{}
	first, at := len(list), 0
	for ; ; at += 4 {
		if at >= len(payload) || len(list)-first >= MaxBlocks {
			return list[:first], false
		}
		if payload[at]&0x80 == 0 {
			break
		}
		if at+4 > len(payload) {
			return list[:first], false
		}
		word := binary.BigEndian.Uint32(payload[at:])
		lengths[len(list)-first] = int(word & 0x3FF)
		list = append(list, Block{PayloadType: uint8(word >> 24 & 0x7F), Offset: uint16(word >> 10 & 0x3FFF)})
	}
	list = append(list, Block{PayloadType: payload[at] & 0x7F, Primary: true})
	at++
	for i := first; i < len(list); i++ {
		n := lengths[i-first]
		if list[i].Primary {
			n = length - at
		}
		if n < 0 || at+n > length {
			return list[:first], false
		}
		list[i].Data = payload[min(at, len(payload)):min(at+n, len(payload))]
		at += n
	}
	return list, true
}
