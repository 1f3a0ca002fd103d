package srtp

import (
	"strings"

	"github.com/pion/srtp/v3"
)

// A Suite is a way to protect RTP: a cipher, its key length and the length
// of the authentication tag.
type Suite uint8

// The suites of RFC 4568, RFC 6188 and RFC 7714, and those of DTLS-SRTP that
// do not encrypt (RFC 5764).
const (
	UnknownSuite Suite = iota
	AES128CM80
	AES128CM32
	AES192CM80
	AES192CM32
	AES256CM80
	AES256CM32
	F8
	AES128GCM
	AES256GCM
	Null80
	Null32
	suiteCount
)

// suite is what a Suite stands for. Lengths are octets; profile is 0 when
// packets of the suite cannot be opened.
type suite struct {
	name            string
	key, salt       int
	tag, controlTag int
	profile         srtp.ProtectionProfile
	twin            Suite // the same with the other length of tag
}

var suites = [suiteCount]suite{
	AES128CM80: {"AES_CM_128_HMAC_SHA1_80", 16, 14, 10, 10, srtp.ProtectionProfileAes128CmHmacSha1_80, AES128CM32},
	AES128CM32: {"AES_CM_128_HMAC_SHA1_32", 16, 14, 4, 10, srtp.ProtectionProfileAes128CmHmacSha1_32, AES128CM80},
	AES192CM80: {"AES_192_CM_HMAC_SHA1_80", 24, 14, 10, 10, 0, 0},
	AES192CM32: {"AES_192_CM_HMAC_SHA1_32", 24, 14, 4, 10, 0, 0},
	AES256CM80: {"AES_256_CM_HMAC_SHA1_80", 32, 14, 10, 10, srtp.ProtectionProfileAes256CmHmacSha1_80, AES256CM32},
	AES256CM32: {"AES_256_CM_HMAC_SHA1_32", 32, 14, 4, 10, srtp.ProtectionProfileAes256CmHmacSha1_32, AES256CM80},
	F8:         {"F8_128_HMAC_SHA1_80", 16, 14, 10, 10, 0, 0},
	AES128GCM:  {"AEAD_AES_128_GCM", 16, 12, 16, 16, srtp.ProtectionProfileAeadAes128Gcm, 0},
	AES256GCM:  {"AEAD_AES_256_GCM", 32, 12, 16, 16, srtp.ProtectionProfileAeadAes256Gcm, 0},
	Null80:     {"NULL_HMAC_SHA1_80", 16, 14, 10, 10, srtp.ProtectionProfileNullHmacSha1_80, Null32},
	Null32:     {"NULL_HMAC_SHA1_32", 16, 14, 4, 10, srtp.ProtectionProfileNullHmacSha1_32, Null80},
}

// String is the name of the suite in SDP, "" for UnknownSuite.
func (s Suite) String() string { return s.properties().name }

func (s Suite) properties() *suite {
	if s >= suiteCount {
		s = UnknownSuite
	}
	return &suites[s]
}

// Supported reports whether packets of the suite can be opened.
func (s Suite) Supported() bool { return s.properties().profile != 0 }

// KeyLength and SaltLength are those of the master key, in octets.
func (s Suite) KeyLength() int { return s.properties().key }

// SaltLength see KeyLength.
func (s Suite) SaltLength() int { return s.properties().salt }

// TagLength is how many octets authentication adds to an RTP packet.
func (s Suite) TagLength() int { return s.properties().tag }

// SuiteNamed finds a suite by its name in SDP. The second spelling of the
// 192 and 256 bit suites is that of a draft, and still in use.
func SuiteNamed(name string) Suite {
	name = strings.ToUpper(name)
	for _, length := range [...]string{"192", "256"} {
		if rest, ok := strings.CutPrefix(name, "AES_CM_"+length+"_"); ok {
			name = "AES_" + length + "_CM_" + rest
		}
	}
	for s := range suiteCount {
		if s != UnknownSuite && suites[s].name == name {
			return s
		}
	}
	return UnknownSuite
}

// SuiteOfProfile finds a suite by its protection profile in the use_srtp
// extension of DTLS (RFC 5764 §4.1.2, RFC 7714 §14.2).
func SuiteOfProfile(id uint16) Suite {
	for s := range suiteCount {
		if p := suites[s].profile; p != 0 && uint16(p) == id {
			return s
		}
	}
	return UnknownSuite
}
