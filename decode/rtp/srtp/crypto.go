package srtp

import (
	"encoding/base64"
	"fmt"
	"math/big"
	"strconv"
	"strings"
)

// A Crypto is an a=crypto attribute of SDP (RFC 4568 §9): the keys that
// protect what the sender of the description sends.
type Crypto struct {
	Tag       int
	Suite     Suite
	SuiteName string // as written
	Keys      []MasterKey

	Unencrypted        bool  // UNENCRYPTED_SRTP
	UnencryptedControl bool  // UNENCRYPTED_SRTCP
	Unauthenticated    bool  // UNAUTHENTICATED_SRTP
	DerivationRate     uint8 // KDR: session keys change every 2^n packets; 0 is never
}

// A MasterKey is one inline key of a Crypto.
type MasterKey struct {
	Key, Salt []byte
	Lifetime  uint64 // packets, 0 when it was not said
	MKI       []byte // what packets of the key carry in front of their tag; nil for nothing
}

// A CryptoError says why an a=crypto attribute cannot open packets. Problem
// is one of "syntax", "suite_unknown", "suite_unsupported", "key_encoding",
// "key_length" and "kdr_unsupported".
type CryptoError struct {
	Problem string
	Detail  string
}

func (e *CryptoError) Error() string { return "a=crypto: " + e.Problem + ": " + e.Detail }

// Bounds of what is read of one attribute.
const (
	maxTagDigits = 9
	maxKeys      = 8
	maxMKI       = 128 // octets, RFC 4568 §6.1
	maxRate      = 24  // RFC 3711 §4.3.1
)

// ParseCrypto reads the value of an a=crypto attribute:
//
//	tag suite inline:key||salt[|lifetime][|MKI:length][;inline:…] [parameter …]
//
// With an error the tag and the suite are those that could be read.
func ParseCrypto(value string) (Crypto, error) {
	var c Crypto
	words := strings.Fields(value)
	if len(words) < 3 {
		return c, &CryptoError{"syntax", "tag, suite and key are needed"}
	}
	tag, err := strconv.ParseUint(words[0], 10, 32)
	if err != nil || len(words[0]) > maxTagDigits {
		return c, &CryptoError{"syntax", "the tag is no number"}
	}
	c.Tag, c.SuiteName = int(tag), words[1]
	c.Suite = SuiteNamed(words[1])
	switch {
	case c.Suite == UnknownSuite:
		return c, &CryptoError{"suite_unknown", strconv.Quote(words[1])}
	case !c.Suite.Supported():
		return c, &CryptoError{"suite_unsupported", c.Suite.String()}
	}
	if err := c.readParameters(words[3:]); err != nil {
		return c, err
	}
	return c, c.readKeys(words[2])
}

// readParameters reads the session parameters (RFC 4568 §6.3). Those that
// have no influence on what packets look like are passed over.
func (c *Crypto) readParameters(words []string) error {
	for _, w := range words {
		name, number, _ := strings.Cut(strings.TrimPrefix(strings.ToUpper(w), "-"), "=")
		switch name {
		case "UNENCRYPTED_SRTP":
			c.Unencrypted = true
		case "UNENCRYPTED_SRTCP":
			c.UnencryptedControl = true
		case "UNAUTHENTICATED_SRTP":
			c.Unauthenticated = true
		case "KDR":
			n, err := strconv.ParseUint(number, 10, 8)
			if err != nil || n > maxRate {
				return &CryptoError{"syntax", "KDR is no number up to 24"}
			}
			c.DerivationRate = uint8(n)
		}
	}
	if c.DerivationRate != 0 {
		return &CryptoError{"kdr_unsupported", fmt.Sprintf("session keys change every 2^%d packets", c.DerivationRate)}
	}
	return nil
}

func (c *Crypto) readKeys(text string) error {
	for part := range strings.SplitSeq(text, ";") {
		if len(c.Keys) == maxKeys {
			return nil
		}
		k, err := c.readKey(part)
		if err != nil {
			return err
		}
		c.Keys = append(c.Keys, k)
	}
	return nil
}

func (c *Crypto) readKey(text string) (MasterKey, error) {
	var k MasterKey
	method, info, ok := strings.Cut(text, ":")
	if !ok || !strings.EqualFold(method, "inline") {
		return k, &CryptoError{"syntax", "the key is not inline"}
	}
	fields := strings.Split(info, "|")
	b, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(fields[0], "="))
	if err != nil {
		return k, &CryptoError{"key_encoding", "the key is not base64"}
	}
	n := c.Suite.KeyLength()
	if want := n + c.Suite.SaltLength(); len(b) != want {
		return k, &CryptoError{"key_length", fmt.Sprintf("key and salt of %s are %d octets, not %d", c.Suite, want, len(b))}
	}
	k.Key, k.Salt = b[:n:n], b[n:]
	for i, f := range fields[1:] {
		if value, length, isMKI := strings.Cut(f, ":"); isMKI {
			k.MKI, err = readMKI(value, length)
		} else if i == 0 {
			k.Lifetime, err = readLifetime(f)
		} else {
			err = &CryptoError{"syntax", "too many fields after the key"}
		}
		if err != nil {
			return k, err
		}
	}
	return k, nil
}

// readLifetime reads a number of packets, or a power of two of them.
func readLifetime(s string) (uint64, error) {
	if power, ok := strings.CutPrefix(s, "2^"); ok {
		n, err := strconv.ParseUint(power, 10, 8)
		if err != nil || n > 48 {
			return 0, &CryptoError{"syntax", "the lifetime is above 2^48"}
		}
		return 1 << n, nil
	}
	n, err := strconv.ParseUint(s, 10, 48)
	if err != nil {
		return 0, &CryptoError{"syntax", "the lifetime is no number"}
	}
	return n, nil
}

// readMKI makes the octets of a master key identifier.
func readMKI(value, length string) ([]byte, error) {
	const digits = 309 // of 128 octets
	n, err := strconv.ParseUint(length, 10, 8)
	if err != nil || n == 0 || n > maxMKI || len(value) > digits {
		return nil, &CryptoError{"syntax", "the MKI has no length from 1 to 128"}
	}
	v, ok := new(big.Int).SetString(value, 10)
	if !ok || v.Sign() < 0 || v.BitLen() > 8*int(n) {
		return nil, &CryptoError{"syntax", "the MKI does not fit into its length"}
	}
	return v.FillBytes(make([]byte, n)), nil
}

// Contexts prepares the keys for use, in their order.
func (c *Crypto) Contexts() ([]*Context, error) {
	contexts := make([]*Context, len(c.Keys))
	for i, k := range c.Keys {
		var err error
		contexts[i], err = NewContext(Key{Suite: c.Suite, MasterKey: k, Origin: SDES,
			Unencrypted: c.Unencrypted, UnencryptedControl: c.UnencryptedControl, Unauthenticated: c.Unauthenticated})
		if err != nil {
			return nil, err
		}
	}
	return contexts, nil
}
