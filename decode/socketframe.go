package decode

import "encoding/binary"

// The opcodes of WebSocket frames (RFC 6455 §5.2).
const (
	opContinuation = 0
	opText         = 1
	opBinary       = 2
	opClose        = 8
	opPing         = 9
	opPong         = 10
)

// A socketFrame is the header of a WebSocket frame:
// FIN 1 bit, RSV 3, opcode 4; MASK 1, length 7; length 16 or 64; key 32.
type socketFrame struct {
	fin    bool
	rsv    byte // RSV1 is 4
	opcode byte
	masked bool
	key    [4]byte
	header int
	length uint64
}

// readSocketFrame reads the header of a frame.
func readSocketFrame(b []byte) (h socketFrame, v socketVerdict) {
	if len(b) < 2 {
		return h, socketMore
	}
	h.fin, h.rsv, h.opcode = b[0]&0x80 != 0, b[0]>>4&7, b[0]&15
	h.masked, h.length, h.header = b[1]&0x80 != 0, uint64(b[1]&0x7f), 2
	switch h.length {
	case 126:
		h.header += 2
	case 127:
		h.header += 8
	}
	if h.masked {
		h.header += 4
	}
	if len(b) < h.header {
		return h, socketMore
	}
	switch h.length {
	case 126:
		h.length = uint64(binary.BigEndian.Uint16(b[2:]))
	case 127:
		h.length = binary.BigEndian.Uint64(b[2:])
	}
	if h.masked {
		copy(h.key[:], b[h.header-4:])
	}
	if !h.sound() {
		return h, socketBroken
	}
	return h, socketFrameRead
}

// A socketVerdict says what came of reading a frame header.
type socketVerdict uint8

const (
	socketMore socketVerdict = iota
	socketFrameRead
	socketBroken
)

// sound reports whether the header can be that of a frame.
func (h *socketFrame) sound() bool {
	control := h.opcode >= opClose
	switch {
	case h.rsv&3 != 0, h.length>>63 != 0:
		return false
	case control:
		return h.opcode <= opPong && h.fin && h.rsv == 0 && h.length <= 125
	}
	return h.opcode <= opBinary && (h.rsv == 0 || h.opcode != opContinuation)
}

// mayBeSocketFrame reports whether a data frame may start with the octet. The
// first of several compressed frames is left out: 0x41 and 0x42 are letters
// that methods start with.
func mayBeSocketFrame(c byte) bool {
	switch c {
	case 0x01, 0x02, 0x81, 0x82, 0xc1, 0xc2:
		return true
	}
	return false
}

// unmask appends the payload to dst (RFC 6455 §5.3).
func (h *socketFrame) unmask(dst, payload []byte) []byte {
	if !h.masked {
		return append(dst, payload...)
	}
	n := len(dst)
	dst = append(dst, payload...)
	for i := range dst[n:] {
		dst[n+i] ^= h.key[i&3]
	}
	return dst
}
