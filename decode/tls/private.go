package tls

import (
	"crypto/rsa"
	"crypto/x509"
	"encoding/binary"
	"encoding/pem"
	"errors"
	"math/big"
)

// A PrivateKey is the RSA key of a server.
type PrivateKey struct {
	Name string // as the user gave it
	key  *rsa.PrivateKey
}

// Errors of ParsePrivateKeys.
var (
	ErrNoKey     = errors.New("no private key in PEM form")
	ErrEncrypted = errors.New("the private key is protected by a passphrase")
	ErrNotRSA    = errors.New("the private key is not an RSA key")
)

// ParsePrivateKeys returns the RSA keys among PEM blocks (PKCS #1 or
// PKCS #8). Certificates beside them are passed over.
func ParsePrivateKeys(name string, text []byte) ([]PrivateKey, error) {
	var keys []PrivateKey
	failure := ErrNoKey
	for {
		var block *pem.Block
		if block, text = pem.Decode(text); block == nil {
			break
		}
		key, err := parsePrivateKey(block)
		switch {
		case key != nil:
			keys = append(keys, PrivateKey{Name: name, key: key})
		case err != nil:
			failure = err
		}
	}
	if len(keys) == 0 {
		return nil, failure
	}
	return keys, nil
}

// parsePrivateKey reads one block; both results are nil for what is no key.
func parsePrivateKey(block *pem.Block) (*rsa.PrivateKey, error) {
	switch block.Type {
	case "RSA PRIVATE KEY":
		if block.Headers["DEK-Info"] != "" {
			return nil, ErrEncrypted
		}
		return x509.ParsePKCS1PrivateKey(block.Bytes)
	case "PRIVATE KEY":
		key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
		if err != nil {
			return nil, err
		}
		if r, ok := key.(*rsa.PrivateKey); ok {
			return r, nil
		}
		return nil, ErrNotRSA
	case "EC PRIVATE KEY", "DSA PRIVATE KEY":
		return nil, ErrNotRSA
	case "ENCRYPTED PRIVATE KEY":
		return nil, ErrEncrypted
	}
	return nil, nil
}

// AddPrivateKeys adds the keys of servers; more than 64 are left out.
func (s *Secrets) AddPrivateKeys(keys ...PrivateKey) {
	s.private = append(s.private, keys[:min(len(keys), maxPrivateKeys-len(s.private))]...)
	s.generation++
}

// premasterOf finds the premaster secret that a ClientKeyExchange carries:
// its length in 2 octets and what is encrypted for the key of the certificate
// (RFC 5246 §7.4.7.1). modulus is that of the certificate, nil when unknown.
func (s *Secrets) premasterOf(exchange []byte, version uint16, modulus *big.Int) []byte {
	if len(exchange) < 2 || int(binary.BigEndian.Uint16(exchange)) != len(exchange)-2 || len(exchange) < 10 {
		return nil
	}
	encrypted := exchange[2:]
	if p := s.premaster.get([8]byte(encrypted[:8])); p != nil {
		return p
	}
	for _, k := range s.private {
		if modulus != nil && k.key.N.Cmp(modulus) != 0 || len(encrypted) != k.key.Size() {
			continue
		}
		p, err := rsa.DecryptPKCS1v15(nil, k.key, encrypted) //nolint:staticcheck // the protocol demands it, and nobody outside learns the outcome
		if err == nil && len(p) == 48 && binary.BigEndian.Uint16(p) == version {
			return p
		}
	}
	return nil
}
