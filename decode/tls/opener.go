package tls

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/des" //nolint:gosec // the protocol demands it
	"encoding/binary"

	"golang.org/x/crypto/chacha20poly1305"
)

// An opener takes the protection off the records of one direction.
type opener interface {
	// open decrypts a record with the given sequence number and appends it
	// to dst. It may be called several times for one record.
	open(dst []byte, seq uint64, h Header, fragment []byte) opened

	// advance says that the record is done with, and gap that others are
	// missing in front of the next one.
	advance(fragment []byte)
	gap()
}

// opened is what came of a record.
type opened struct {
	plain     []byte
	kind      uint8 // content type
	ok        bool  // the octets make sense
	authentic bool  // and their code of authentication fits
}

// sealed opens the records of AEAD ciphers.
type sealed struct {
	aead     cipher.AEAD
	iv       [12]byte // the first 4 octets when the rest is explicit
	explicit bool     // 8 octets of the nonce stand in front (RFC 5288 §3)
	v13      bool     // the layout of RFC 8446 §5.2

	nonce      [12]byte
	additional [13]byte
}

// newSealed returns the opener for an AEAD suite.
func newSealed(s *suite, key, iv []byte, v13 bool) opener {
	o := &sealed{aead: newAEAD(s, key), explicit: !v13 && s.salt() == 4, v13: v13}
	if o.aead == nil {
		return nil
	}
	copy(o.iv[:], iv)
	return o
}

func newAEAD(s *suite, key []byte) cipher.AEAD {
	if s.cipher == cipherChaCha {
		if a, err := chacha20poly1305.New(key); err == nil {
			return a
		}
		return nil
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil
	}
	switch s.cipher {
	case cipherCCM:
		return &ccm{block, 16}
	case cipherCCM8:
		return &ccm{block, 8}
	}
	a, err := cipher.NewGCM(block)
	if err != nil {
		return nil
	}
	return a
}

func (o *sealed) open(dst []byte, seq uint64, h Header, fragment []byte) (r opened) {
	o.nonce = o.iv
	if o.explicit {
		if len(fragment) < 8 {
			return r
		}
		copy(o.nonce[4:], fragment)
		fragment = fragment[8:]
	} else {
		binary.BigEndian.PutUint64(o.nonce[4:], binary.BigEndian.Uint64(o.iv[4:])^seq)
	}
	if len(fragment) < o.aead.Overhead() {
		return r
	}
	plain, err := o.aead.Open(dst, o.nonce[:], fragment, o.associated(seq, h, len(fragment)-o.aead.Overhead()))
	if err != nil {
		return r
	}
	r = opened{plain: plain[len(dst):], kind: h.Type, ok: true, authentic: true}
	if o.v13 {
		r.unpad()
	}
	return r
}

// associated is the additional data of a record of n octets.
func (o *sealed) associated(seq uint64, h Header, n int) []byte {
	if o.v13 {
		return putHeader(o.additional[:0], h.Type, h.Version, h.Length)
	}
	return putHeader(binary.BigEndian.AppendUint64(o.additional[:0], seq), h.Type, h.Version, n)
}

func putHeader(b []byte, kind uint8, version uint16, n int) []byte {
	return append(b, kind, byte(version>>8), byte(version), byte(n>>8), byte(n))
}

// unpad takes off the zeros and the content type behind the content of a
// record of TLS 1.3.
func (r *opened) unpad() {
	n := len(r.plain)
	for n > 0 && r.plain[n-1] == 0 {
		n--
	}
	if n == 0 {
		*r = opened{}
		return
	}
	r.kind, r.plain = r.plain[n-1], r.plain[:n-1]
}

func (o *sealed) advance([]byte) {}
func (o *sealed) gap()           {}

// chained opens the records of block ciphers in CBC mode.
type chained struct {
	block cipher.Block
	mac   recordMAC
	etm   bool // the code stands behind what is encrypted (RFC 7366)

	// implicit says that the initialisation vector is the end of the record
	// before (TLS 1.0); iv is nil when that one is missing.
	implicit bool
	iv       []byte
}

func newBlock(s *suite, key []byte) cipher.Block {
	var b cipher.Block
	var err error
	switch s.cipher {
	case cipherDES:
		b, err = des.NewCipher(key) //nolint:gosec // the protocol demands it
	case cipher3DES:
		b, err = des.NewTripleDESCipher(key) //nolint:gosec // the protocol demands it
	default:
		b, err = aes.NewCipher(key)
	}
	if err != nil {
		return nil
	}
	return b
}

func (o *chained) open(dst []byte, seq uint64, h Header, fragment []byte) (r opened) {
	size, authentic := o.block.BlockSize(), false
	if o.etm {
		n := len(fragment) - o.mac.size
		if n < 0 {
			return r
		}
		authentic = o.mac.fits(seq, h, fragment[:n], fragment[n:])
		fragment = fragment[:n]
	}
	iv := o.iv
	if !o.implicit && len(fragment) >= size {
		iv, fragment = fragment[:size], fragment[size:]
	}
	if len(iv) != size || len(fragment) == 0 || len(fragment)%size != 0 {
		return r
	}
	n := len(dst)
	dst = append(dst, fragment...)
	plain := dst[n:]
	cipher.NewCBCDecrypter(o.block, iv).CryptBlocks(plain, plain)
	if plain = withoutPadding(plain); plain == nil {
		return r
	}
	r = opened{plain: plain, kind: h.Type, ok: true, authentic: authentic}
	if !o.etm {
		r.checkMAC(&o.mac, seq, h)
	}
	return r
}

// withoutPadding takes off what filled the last block: n octets of value n,
// and n itself. It returns nil when they are not that.
func withoutPadding(b []byte) []byte {
	pad := int(b[len(b)-1])
	n := len(b) - 1 - pad
	if n < 0 {
		return nil
	}
	for _, c := range b[n:] {
		if int(c) != pad {
			return nil
		}
	}
	return b[:n]
}

// checkMAC takes off the code of authentication at the end and checks it.
func (r *opened) checkMAC(m *recordMAC, seq uint64, h Header) {
	n := len(r.plain) - m.size
	if n < 0 {
		*r = opened{}
		return
	}
	r.authentic = m.fits(seq, h, r.plain[:n], r.plain[n:])
	r.plain = r.plain[:n]
}

func (o *chained) advance(fragment []byte) {
	if !o.implicit {
		return
	}
	if o.etm {
		fragment = fragment[:max(len(fragment)-o.mac.size, 0)]
	}
	o.iv = nil
	if size := o.block.BlockSize(); len(fragment) >= size {
		o.iv = append([]byte(nil), fragment[len(fragment)-size:]...)
	}
}

func (o *chained) gap() {
	if o.implicit {
		o.iv = nil
	}
}
