package tls

import (
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/md5"  //nolint:gosec // the protocol demands it
	"crypto/sha1" //nolint:gosec // the protocol demands it
	"crypto/sha256"
	"crypto/sha512"
	"hash"
)

func (k hashKind) new() hash.Hash {
	switch k {
	case hashMD5:
		return md5.New() //nolint:gosec // the protocol demands it
	case hashSHA1:
		return sha1.New() //nolint:gosec // the protocol demands it
	case hashSHA384:
		return sha512.New384()
	}
	return sha256.New()
}

func (k hashKind) size() int {
	if k == hashNone {
		return 0
	}
	return k.new().Size()
}

// prf is the pseudorandom function of TLS 1.2 with the given hash
// (RFC 5246 §5), or that of TLS 1.0 and 1.1 (RFC 2246 §5).
func prf(version uint16, h hashKind, secret []byte, label string, seed []byte, n int) []byte {
	out := make([]byte, n)
	seed = append([]byte(label), seed...)
	if version >= TLS12 {
		expand(out, h, secret, seed)
		return out
	}
	half := (len(secret) + 1) / 2
	expand(out, hashMD5, secret[:half], seed)
	other := make([]byte, n)
	expand(other, hashSHA1, secret[len(secret)-half:], seed)
	for i := range out {
		out[i] ^= other[i]
	}
	return out
}

// expand is P_hash of RFC 5246 §5.
func expand(out []byte, h hashKind, secret, seed []byte) {
	mac := hmac.New(h.new, secret)
	sum := func(parts ...[]byte) []byte {
		mac.Reset()
		for _, p := range parts {
			mac.Write(p)
		}
		return mac.Sum(nil)
	}
	for a := sum(seed); len(out) > 0; a = sum(a) {
		out = out[copy(out, sum(a, seed)):]
	}
}

// expandLabel is HKDF-Expand-Label of RFC 8446 §7.1 with an empty context.
func expandLabel(h hashKind, secret []byte, label string, n int) []byte {
	label = "tls13 " + label
	info := append([]byte{byte(n >> 8), byte(n), byte(len(label))}, label...)
	out, err := hkdf.Expand(h.new, secret, string(append(info, 0)), n)
	if err != nil { // only when n were beyond 255 hashes
		return make([]byte, n)
	}
	return out
}
