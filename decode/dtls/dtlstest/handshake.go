// Package dtlstest makes the messages of DTLS handshakes for tests.
package dtlstest

import "encoding/binary"

const typeHandshake = 22

// Counting returns n octets that count up from the first.
func Counting(from, n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(from + i)
	}
	return b
}

// ClientHello is the body of a ClientHello of DTLS 1.2 whose random counts up
// from the given octet, with use_srtp when there are profiles.
func ClientHello(random byte, profiles ...uint16) []byte {
	b := append([]byte{0xFE, 0xFD}, Counting(int(random), 32)...)
	b = append(b, 0, 0)                   // session, cookie
	b = append(b, 0, 2, 0xC0, 0x2B, 1, 0) // suites, compressions
	return append(b, extensions(profiles, []byte{7, 8})...)
}

// ServerHello is the body of a ServerHello likewise.
func ServerHello(random byte, suite uint16, profiles ...uint16) []byte {
	return ServerHelloMKI(random, suite, []byte{7, 8}, profiles...)
}

// ServerHelloMKI is a ServerHello with a given MKI in use_srtp.
func ServerHelloMKI(random byte, suite uint16, mki []byte, profiles ...uint16) []byte {
	b := append([]byte{0xFE, 0xFD}, Counting(int(random), 32)...)
	b = append(b, 0)
	b = append(binary.BigEndian.AppendUint16(b, suite), 0)
	return append(b, extensions(profiles, mki)...)
}

func extensions(profiles []uint16, mki []byte) []byte {
	if len(profiles) == 0 {
		return nil
	}
	value := binary.BigEndian.AppendUint16(nil, uint16(2*len(profiles)))
	for _, p := range profiles {
		value = binary.BigEndian.AppendUint16(value, p)
	}
	value = append(append(value, byte(len(mki))), mki...)
	b := []byte{0, 23, 0, 0, 0, 14}
	b = append(binary.BigEndian.AppendUint16(b, uint16(len(value))), value...)
	return append(binary.BigEndian.AppendUint16(nil, uint16(len(b))), b...)
}

// Certificate is the body of a Certificate message with one certificate.
func Certificate(der []byte) []byte {
	n := len(der)
	b := []byte{0, byte((n + 3) >> 8), byte(n + 3), 0, byte(n >> 8), byte(n)}
	return append(b, der...)
}

// Message is a fragment of a handshake message with its header.
func Message(kind byte, sequence int, body []byte, from, to int) []byte {
	n := len(body)
	b := []byte{kind, byte(n >> 16), byte(n >> 8), byte(n), byte(sequence >> 8), byte(sequence),
		byte(from >> 16), byte(from >> 8), byte(from), 0, byte((to - from) >> 8), byte(to - from)}
	return append(b, body[from:to]...)
}

// Record is a record of DTLS 1.2.
func Record(kind byte, epoch uint16, fragment []byte) []byte {
	b := []byte{kind, 0xFE, 0xFD, byte(epoch >> 8), byte(epoch), 0, 0, 0, 0, 0, 0, byte(len(fragment) >> 8), byte(len(fragment))}
	return append(b, fragment...)
}

// Whole is a record with a whole handshake message.
func Whole(kind byte, sequence int, body []byte) []byte {
	return Record(typeHandshake, 0, Message(kind, sequence, body, 0, len(body)))
}
