package tls

import "encoding/binary"

// HeaderSize is the number of octets in front of each record's fragment:
// type 1, version 2, length 2 (RFC 8446 §5.1).
const HeaderSize = 5

// The content types of records.
const (
	TypeChangeCipherSpec = 20
	TypeAlert            = 21
	TypeHandshake        = 22
	TypeApplicationData  = 23
	TypeHeartbeat        = 24
)

// The versions of TLS, as on the wire.
const (
	SSL30 = 0x0300
	TLS10 = 0x0301
	TLS11 = 0x0302
	TLS12 = 0x0303
	TLS13 = 0x0304
)

// draft is the first octet of the versions of the drafts of TLS 1.3.
const draft = 0x7f

// maxFragment is the longest fragment that any version allows, in octets.
const maxFragment = 1<<14 + 2048

// A Header is what stands in front of a record.
type Header struct {
	Type    uint8
	Version uint16
	Length  int // octets of the fragment
}

// A HeaderVerdict says what came of reading a header.
type HeaderVerdict uint8

// The verdicts of ReadHeader.
const (
	HeaderMore   HeaderVerdict = iota // so far it may be one
	HeaderRead                        // it is one
	HeaderBroken                      // it cannot be one
)

// ReadHeader reads the header of a record at the start of b.
func ReadHeader(b []byte) (h Header, v HeaderVerdict) {
	if len(b) > 0 && (b[0] < TypeChangeCipherSpec || b[0] > TypeHeartbeat) ||
		len(b) > 1 && b[1] != 3 || len(b) > 2 && b[2] > 4 {
		return h, HeaderBroken
	}
	if len(b) < HeaderSize {
		return h, HeaderMore
	}
	h.Type, h.Version, h.Length = b[0], binary.BigEndian.Uint16(b[1:]), int(binary.BigEndian.Uint16(b[3:]))
	if h.Length > maxFragment || h.Length == 0 && h.Type != TypeApplicationData {
		return h, HeaderBroken
	}
	return h, HeaderRead
}

// Resync searches octets of which the beginning of a record is not known for
// two headers in a row (spec §1.9). It returns how many octets can be passed
// over, and whether a record starts there. At the end of a stream one header
// is enough when its record ends there.
func Resync(b []byte, end bool) (skip int, found bool) {
	for ; skip < len(b); skip++ {
		h, v := ReadHeader(b[skip:])
		switch v {
		case HeaderBroken:
			continue
		case HeaderMore:
			return skip, false
		}
		next := skip + HeaderSize + h.Length
		if end && next == len(b) {
			return skip, true
		}
		if next > len(b) {
			if end {
				continue
			}
			return skip, false
		}
		switch _, v := ReadHeader(b[next:]); v {
		case HeaderRead:
			return skip, true
		case HeaderMore:
			if !end {
				return skip, false
			}
		}
	}
	return skip, false
}
