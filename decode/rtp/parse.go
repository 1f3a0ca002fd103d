package rtp

import (
	"encoding/binary"
	"errors"

	"github.com/pion/rtp"
)

// Why octets are not an RTP packet.
var (
	ErrVersion   = errors.New("not RTP version 2")
	ErrTruncated = errors.New("truncated")
)

// A ParseError says where in a packet decoding stopped.
type ParseError struct {
	Protocol string // "RTP" or "RTCP"
	Offset   int    // octets from the start of the packet
	Err      error
}

func (e *ParseError) Error() string { return e.Protocol + ": " + e.Err.Error() }

// Unwrap returns ErrVersion, ErrTruncated or what pion found.
func (e *ParseError) Unwrap() error { return e.Err }

// The errors of Parse are made once, because hostile datagrams come at the
// rate of media.
var (
	errVersion   = &ParseError{Protocol: "RTP", Err: ErrVersion}
	errFixed     = &ParseError{Protocol: "RTP", Offset: 0, Err: ErrTruncated}
	errCSRC      = &ParseError{Protocol: "RTP", Offset: fixedSize, Err: ErrTruncated}
	errExtension = &ParseError{Protocol: "RTP", Offset: fixedSize, Err: ErrTruncated}
)

const (
	fixedSize    = 12 // octets of the header without CSRCs and extension
	versionBits  = 0xC0
	version2     = 0x80
	paddingBit   = 0x20
	extensionBit = 0x10
	csrcBits     = 0x0F
)

// Parse reads the RTP header at the start of b into h (RFC 3550 §5.1).
//
//	 0                   1                   2                   3
//	|V=2|P|X|  CC   |M|     PT      |       sequence number         |
//	|                           timestamp                           |
//	|           synchronization source (SSRC) identifier            |
//	|         CSRC identifiers, CC times; header extension          |
//
// wireLength is the length of the packet on the wire; it may exceed len(b)
// when the capture cut the packet. The fixed header has to be in b, the rest
// has to fit on the wire. Padding is taken off the payload when its count is
// there and possible (spec §5.3); in SRTP the count is encrypted, so callers
// that know a packet to be SRTP use wireLength less PayloadOffset. Nothing of
// b is kept. An error is a *ParseError.
//
// pion reads the fixed header. It gets a copy without the X and CC bits,
// because it would accept any version, allocate for every extension element,
// and refuse packets whose extension elements are damaged but which count all
// the same.
func Parse(b []byte, wireLength int, h *Header) error {
	wireLength = max(wireLength, len(b))
	if len(b) < fixedSize {
		return errFixed
	}
	if b[0]&versionBits != version2 {
		return errVersion
	}
	offset, err := payloadOffset(b, wireLength)
	if err != nil {
		return err
	}
	copy(h.fixed[:], b)
	h.fixed[0] &= versionBits | paddingBit
	var fixed rtp.Header
	if _, err := fixed.Unmarshal(h.fixed[:]); err != nil {
		return &ParseError{Protocol: "RTP", Err: err}
	}
	h.SSRC = fixed.SSRC
	h.Timestamp = fixed.Timestamp
	h.SequenceNumber = fixed.SequenceNumber
	h.PayloadType = fixed.PayloadType
	h.Marker = fixed.Marker
	h.Padding = fixed.Padding
	h.Extension = b[0]&extensionBit != 0
	h.CSRCCount = b[0] & csrcBits
	h.PayloadOffset = offset
	h.PayloadLength = wireLength - offset - padding(b, wireLength, offset)
	return nil
}

// payloadOffset finds the end of the CSRC list and the header extension.
func payloadOffset(b []byte, wireLength int) (int, error) {
	offset := fixedSize + 4*int(b[0]&csrcBits)
	if offset > wireLength {
		return 0, errCSRC
	}
	if b[0]&extensionBit == 0 {
		return offset, nil
	}
	offset += 4
	if offset > wireLength {
		return 0, errExtension
	}
	if offset > len(b) { // its length was cut off by the capture
		return offset, nil
	}
	offset += 4 * int(binary.BigEndian.Uint16(b[offset-2:]))
	if offset > wireLength {
		return 0, errExtension
	}
	return offset, nil
}

// padding returns the octets of padding at the end of b, 0 when there are
// none, when the capture cut them off, or when their count cannot be true.
func padding(b []byte, wireLength, offset int) int {
	if b[0]&paddingBit == 0 || len(b) < wireLength || wireLength <= offset {
		return 0
	}
	if n := int(b[wireLength-1]); n >= 1 && n <= wireLength-offset {
		return n
	}
	return 0
}
