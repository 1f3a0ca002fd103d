package tls

import (
	"bytes"
	"crypto/hmac"
	"crypto/rc4" //nolint:gosec // the protocol demands it
	"encoding/binary"
	"hash"
)

// A recordMAC is the code of authentication of the suites that are not AEAD
// (RFC 5246 §6.2.3.1).
type recordMAC struct {
	hash hash.Hash // nil when the key is not known: everything fits
	size int       // octets
}

func newRecordMAC(k hashKind, key []byte) recordMAC {
	return recordMAC{hash: hmac.New(k.new, key), size: k.size()}
}

// fits reports whether code is that of the octets in a record.
func (m *recordMAC) fits(seq uint64, h Header, b, code []byte) bool {
	if m.hash == nil {
		return true
	}
	var head [13]byte
	m.hash.Reset()
	m.hash.Write(putHeader(binary.BigEndian.AppendUint64(head[:0], seq), h.Type, h.Version, len(b)))
	m.hash.Write(b)
	return bytes.Equal(m.hash.Sum(nil), code)
}

// streamed opens the records of RC4, and those of suites that encrypt
// nothing.
type streamed struct {
	mac       recordMAC
	encrypted bool
	lost      bool // octets of the key stream are unknown
	now, next rc4.Cipher
}

func (o *streamed) open(dst []byte, seq uint64, h Header, fragment []byte) (r opened) {
	if o.lost {
		return r
	}
	n := len(dst)
	dst = append(dst, fragment...)
	r = opened{plain: dst[n:], kind: h.Type, ok: true}
	if o.encrypted {
		o.next = o.now
		o.next.XORKeyStream(r.plain, r.plain)
	}
	r.checkMAC(&o.mac, seq, h)
	return r
}

func (o *streamed) advance([]byte) { o.now = o.next }
func (o *streamed) gap()           { o.lost = o.encrypted }

func newStreamed(s *suite, key []byte, mac recordMAC) opener {
	o := &streamed{mac: mac}
	if s.cipher == cipherRC4 {
		c, err := rc4.NewCipher(key) //nolint:gosec // the protocol demands it
		if err != nil {
			return nil
		}
		o.encrypted, o.now, o.next = true, *c, *c
	}
	return o
}
