package dtls

import "encoding/binary"

// The content types of records, and the versions as on the wire.
const (
	typeChangeCipherSpec = 20
	typeAlert            = 21
	typeHandshake        = 22
	typeLast             = 25 // connection identifiers, RFC 9146

	Version10 = 0xFEFF
	Version12 = 0xFEFD
	Version13 = 0xFEFC
)

const recordHead = 13 // type 1, version 2, epoch 2, sequence number 6, length 2

// A record is a DTLS record of TLS 1.2 or before (RFC 6347 §4.1).
type record struct {
	kind     uint8
	epoch    uint16
	sequence uint64 // 48 bits
	fragment []byte
	cut      bool // the capture has less of the fragment than its length
}

// readRecord reads the record at the start of b and returns its octets, 0
// when there is none.
func readRecord(b []byte) (r record, n int) {
	if len(b) < recordHead || !isRecord(b) {
		return r, 0
	}
	length := int(binary.BigEndian.Uint16(b[11:]))
	r.kind, r.epoch = b[0], binary.BigEndian.Uint16(b[3:])
	r.sequence = binary.BigEndian.Uint64(b[3:]) & (1<<48 - 1)
	r.cut = recordHead+length > len(b)
	n = min(recordHead+length, len(b))
	r.fragment = b[recordHead:n]
	return r, n
}

func isRecord(b []byte) bool {
	return b[0] >= typeChangeCipherSpec && b[0] <= typeLast && b[1] == 0xFE && (b[2] == 0xFF || b[2] == 0xFD)
}

// Is reports whether a datagram begins with a record of DTLS. What DTLS 1.3
// sends after its handshake has another header, which looks like much else;
// see IsUnified.
func Is(b []byte) bool { return len(b) >= recordHead && isRecord(b) }

// IsUnified reports whether a datagram may be DTLS 1.3 after the handshake
// (RFC 9147 §4), supposed that its addresses speak DTLS.
func IsUnified(b []byte) bool { return len(b) > 0 && b[0]>>5 == 0b001 }

// IsHandshake reports whether a datagram begins with a record that can tell
// something: all but what is encrypted after the handshake.
func IsHandshake(b []byte) bool { return Is(b) && b[0] <= typeHandshake }

// IsClientHello reports whether a datagram begins with a ClientHello, or the
// first fragment of one.
func IsClientHello(b []byte) bool {
	r, n := readRecord(b)
	return n > 0 && r.kind == typeHandshake && r.epoch == 0 && len(r.fragment) >= messageHead && r.fragment[0] == clientHello
}
