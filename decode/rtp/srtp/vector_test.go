package srtp

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/sha1"
	"encoding/binary"
	"encoding/hex"
	"testing"
)

// unhex reads octets in hexadecimal.
func unhex(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// session are the keys that RFC 3711 appendix B.3 derives from its master
// key, in the words of the specification §5.15.
type session struct{ cipher, auth, salt []byte }

func appendixB3(t testing.TB) (k Key, media, control session) {
	k = Key{Suite: AES128CM80, MasterKey: MasterKey{
		Key:  unhex(t, "E1F97A0D3E018BE0D64FA32C06DE4139"),
		Salt: unhex(t, "0EC675AD498AFEEBB6960B3AABE6")}}
	media = session{unhex(t, "c61e7a93744f39ee10734afe3ff7a087"), unhex(t, "cebe321f6ff7716b6fd4ab49af256a156d38baa4"),
		unhex(t, "30cbbc08863d8c85d49db34a9ae1")}
	control = session{unhex(t, "4c1aa45a81f73d61c800bbb00fbb1eaa"), unhex(t, "8d54534feb49ae8e7993a6bd0b844fc323a93dfd"),
		unhex(t, "9581c7ad87b3e530bf3e4454a8b3")}
	return k, media, control
}

// counterMode encrypts as RFC 3711 §4.1.1 says, without any of the code
// under test: IV = salt·2^16 xor SSRC·2^64 xor index·2^16.
func (s *session) counterMode(t testing.TB, text []byte, ssrc uint32, index uint64) []byte {
	var iv [16]byte
	copy(iv[:], s.salt)
	var x [16]byte
	binary.BigEndian.PutUint32(x[4:], ssrc)
	x[8], x[9] = byte(index>>40), byte(index>>32)
	binary.BigEndian.PutUint32(x[10:], uint32(index))
	for i := range iv {
		iv[i] ^= x[i]
	}
	block, err := aes.NewCipher(s.cipher)
	if err != nil {
		t.Fatal(err)
	}
	out := make([]byte, len(text))
	cipher.NewCTR(block, iv[:]).XORKeyStream(out, text)
	return out
}

func (s *session) tag(parts ...[]byte) []byte {
	h := hmac.New(sha1.New, s.auth)
	for _, p := range parts {
		h.Write(p)
	}
	return h.Sum(nil)
}

func TestVectorRTP(t *testing.T) {
	k, media, _ := appendixB3(t)
	c, err := NewContext(k)
	if err != nil {
		t.Fatal(err)
	}
	for _, roc := range []uint32{0, 1, 0xFFFFFFFF} {
		const ssrc, sequence = 0xCAFEBABE, 0x1234
		header := unhex(t, "80"+"00"+"1234"+"DECAFBAD"+"CAFEBABE")
		payload := counting(7, 160)
		index := uint64(roc)<<16 | sequence
		sealed := append(bytes.Clone(header), media.counterMode(t, payload, ssrc, index)...)
		sealed = append(sealed, media.tag(sealed, binary.BigEndian.AppendUint32(nil, roc))[:10]...)

		got, err := c.DecryptRTP(make([]byte, 0, len(sealed)), sealed, roc)
		if err != nil {
			t.Fatalf("counter %d: %v", roc, err)
		}
		if want := append(bytes.Clone(header), payload...); !bytes.Equal(got, want) {
			t.Errorf("counter %d: got %x, want %x", roc, got, want)
		}
		if _, err := c.DecryptRTP(nil, sealed, roc+1); err == nil {
			t.Errorf("opens with counter %d, made with %d", roc+1, roc)
		}
	}
}

func TestVectorRTCP(t *testing.T) {
	k, _, control := appendixB3(t)
	c, err := NewContext(k)
	if err != nil {
		t.Fatal(err)
	}
	const ssrc, index = 0xCAFEBABE, 77
	head, rest := unhex(t, "80C90001CAFEBABE"), unhex(t, "81CB0001CAFEBABE")
	encrypted := append(bytes.Clone(head), control.counterMode(t, rest, ssrc, index)...)
	encrypted = binary.BigEndian.AppendUint32(encrypted, 1<<31|index)
	plain := binary.BigEndian.AppendUint32(append(bytes.Clone(head), rest...), index) // E is 0
	for name, sealed := range map[string][]byte{"encrypted": encrypted, "not encrypted": plain} {
		sealed = append(sealed, control.tag(sealed)[:10]...)
		got, err := c.DecryptRTCP(nil, sealed)
		if want := append(bytes.Clone(head), rest...); err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s: got %x, %v; want %x", name, got, err, want)
		}
		sealed[9] ^= 1
		if _, err := c.DecryptRTCP(nil, sealed); err == nil {
			t.Errorf("%s: opens although it was changed", name)
		}
	}
}

// TestVectorGCM makes the packet as RFC 7714 §8.1 and §11 say: the session
// keys come from the same derivation with a salt of twelve octets, the IV is
// (0 || SSRC || counter || sequence) xor salt, and the header is the AAD.
func TestVectorGCM(t *testing.T) {
	for _, s := range []Suite{AES128GCM, AES256GCM} {
		k := Key{Suite: s, MasterKey: MasterKey{Key: counting(1, s.KeyLength()), Salt: counting(99, 12)}}
		c, err := NewContext(k)
		if err != nil {
			t.Fatal(err)
		}
		block, err := aes.NewCipher(derive(t, k, 0, len(k.Key)))
		if err != nil {
			t.Fatal(err)
		}
		aead, err := cipher.NewGCM(block)
		if err != nil {
			t.Fatal(err)
		}
		header, payload := unhex(t, "8000"+"1234"+"DECAFBAD"+"CAFEBABE"), counting(0, 50)
		iv := unhex(t, "0000"+"CAFEBABE"+"00000005"+"1234")
		for i, b := range derive(t, k, 2, 12) {
			iv[i] ^= b
		}
		sealed := aead.Seal(bytes.Clone(header), iv, payload, header)
		got, err := c.DecryptRTP(nil, sealed, 5)
		if want := append(bytes.Clone(header), payload...); err != nil || !bytes.Equal(got, want) {
			t.Errorf("%v: got %x, %v; want %x", s, got, err, want)
		}
	}
}

// derive is the key derivation of RFC 3711 §4.3 with a rate of 0.
func derive(t testing.TB, k Key, label byte, n int) []byte {
	block, err := aes.NewCipher(k.Key)
	if err != nil {
		t.Fatal(err)
	}
	var iv [16]byte
	copy(iv[:], k.Salt)
	iv[7] ^= label
	out := make([]byte, n)
	cipher.NewCTR(block, iv[:]).XORKeyStream(out, out)
	return out
}
