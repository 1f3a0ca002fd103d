package tls

import (
	"crypto/cipher"
	"crypto/subtle"
	"encoding/binary"
	"errors"
)

var errOpen = errors.New("message authentication failed")

// ccm is the mode CCM (RFC 3610) with a nonce of 12 octets, so that three are
// left for the length of the message.
type ccm struct {
	block cipher.Block
	tag   int // octets: 16 or 8
}

func (c *ccm) NonceSize() int { return 12 }
func (c *ccm) Overhead() int  { return c.tag }

// Seal encrypts and authenticates.
func (c *ccm) Seal(dst, nonce, plain, additional []byte) []byte {
	tag := c.authenticate(nonce, plain, additional)
	n := len(dst)
	dst = append(dst, plain...)
	dst = append(dst, tag[:c.tag]...)
	c.crypt(dst[n:len(dst)-c.tag], dst[len(dst)-c.tag:], nonce)
	return dst
}

// Open decrypts and verifies. dst must not overlap sealed.
func (c *ccm) Open(dst, nonce, sealed, additional []byte) ([]byte, error) {
	if len(sealed) < c.tag || len(nonce) != 12 {
		return nil, errOpen
	}
	n := len(dst)
	dst = append(dst, sealed...)
	plain, got := dst[n:len(dst)-c.tag], dst[len(dst)-c.tag:]
	c.crypt(plain, got, nonce)
	want := c.authenticate(nonce, plain, additional)
	if subtle.ConstantTimeCompare(got, want[:c.tag]) != 1 {
		return nil, errOpen
	}
	return dst[:len(dst)-c.tag], nil
}

// crypt applies the key stream: block 0 to the tag, the others to the text.
func (c *ccm) crypt(text, tag, nonce []byte) {
	var counter [16]byte
	counter[0] = 2 // the length of the length, less one
	copy(counter[1:13], nonce)
	stream := cipher.NewCTR(c.block, counter[:])
	var first [16]byte
	copy(first[:], tag)
	stream.XORKeyStream(first[:], first[:])
	copy(tag, first[:])
	stream.XORKeyStream(text, text)
}

// authenticate is the CBC-MAC of RFC 3610 §2.2.
func (c *ccm) authenticate(nonce, plain, additional []byte) (mac [16]byte) {
	mac[0] = byte((c.tag-2)/2<<3 | 2)
	if len(additional) > 0 {
		mac[0] |= 0x40
	}
	copy(mac[1:13], nonce)
	mac[13], mac[14], mac[15] = byte(len(plain)>>16), byte(len(plain)>>8), byte(len(plain))
	c.block.Encrypt(mac[:], mac[:])
	if len(additional) > 0 {
		head := binary.BigEndian.AppendUint16(nil, uint16(len(additional)))
		c.absorb(&mac, append(head, additional...))
	}
	c.absorb(&mac, plain)
	return mac
}

// absorb adds octets, padded with zeros to whole blocks.
func (c *ccm) absorb(mac *[16]byte, b []byte) {
	for len(b) > 0 {
		n := subtle.XORBytes(mac[:], mac[:], b[:min(len(b), 16)])
		b = b[n:]
		c.block.Encrypt(mac[:], mac[:])
	}
}
