// Package wire builds packets and frames for tests, from the layouts in the
// RFCs, independently of the code that takes them apart.
package wire

import "encoding/binary"

// Join concatenates octets: numbers of one octet, strings and slices.
func Join(parts ...any) []byte {
	var b []byte
	for _, p := range parts {
		switch v := p.(type) {
		case int:
			b = append(b, byte(v))
		case uint16:
			b = binary.BigEndian.AppendUint16(b, v)
		case uint32:
			b = binary.BigEndian.AppendUint32(b, v)
		case string:
			b = append(b, v...)
		case []byte:
			b = append(b, v...)
		default:
			panic("wire: unknown part")
		}
	}
	return b
}

// Zeros are n octets of zero.
func Zeros(n int) []byte { return make([]byte, n) }
