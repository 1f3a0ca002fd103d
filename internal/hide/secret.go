package hide

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
)

// A secret is what masks are made with: who does not have it cannot tell from a mask what is behind it. It is made
// anew for each file and kept nowhere.
type secret [32]byte

// stream returns numbers that follow from the secret and a text.
func (s *secret) stream(kind byte, text []byte) func() uint32 {
	text = bytes.Clone(text) // the mask takes its place
	var block []byte
	var count [5]byte
	count[4] = kind
	return func() uint32 {
		if len(block) < 4 {
			binary.BigEndian.PutUint32(count[:], binary.BigEndian.Uint32(count[:])+1)
			h := hmac.New(sha256.New, s[:])
			h.Write(count[:])
			h.Write(text)
			block = h.Sum(block[:0])
		}
		n := binary.BigEndian.Uint32(block)
		block = block[4:]
		return n
	}
}

// blur puts another letter in the place of each letter and another digit in that of each digit. What is written in
// hexadecimal stays so.
func (s *secret) blur(b []byte) {
	next, hex := s.stream('b', b), isHex(b)
	for i, c := range b {
		n := next()
		switch {
		case hex && c >= 'A' && c <= 'F':
			b[i] = turn(c, 'A', 6, n)
		case hex && c >= 'a' && c <= 'f':
			b[i] = turn(c, 'a', 6, n)
		case isDigit(c):
			b[i] = turn(c, '0', 10, n)
		case c >= 'A' && c <= 'Z':
			b[i] = turn(c, 'A', 26, n)
		case c >= 'a' && c <= 'z':
			b[i] = turn(c, 'a', 26, n)
		case c >= 0x80:
			b[i] = 'a' + byte(n%26)
		}
	}
}

// turn moves c to another place in its alphabet of size characters.
func turn(c, first byte, size, by uint32) byte {
	return first + byte((uint32(c-first)+1+by%(size-1))%size)
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// isWord reports whether c is part of a word: letters, digits and all that is not ASCII.
func isWord(c byte) bool {
	return isDigit(c) || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= 0x80
}

func isHexDigit(c byte) bool {
	return isDigit(c) || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F'
}

func isHex(b []byte) bool {
	for _, c := range b {
		if !isHexDigit(c) {
			return false
		}
	}
	return true
}

func allDigits(b []byte) bool {
	for _, c := range b {
		if !isDigit(c) {
			return false
		}
	}
	return len(b) > 0
}
