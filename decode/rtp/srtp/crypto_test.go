package srtp

import (
	"bytes"
	"errors"
	"strings"
	"testing"
)

// Base64 of the octets 0, 1, 2 … in the lengths of the suites.
const (
	inline30 = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwd"
	inline46 = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLQ=="
	inline28 = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGw=="
	inline44 = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKis="
)

func counting(from, n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(from + i)
	}
	return b
}

func TestParseCrypto(t *testing.T) {
	tests := []struct {
		name, value string
		tag         int
		suite       Suite
		key, salt   int // octets
		lifetime    uint64
		mki         []byte
	}{
		{"plain", "1 AES_CM_128_HMAC_SHA1_80 inline:" + inline30, 1, AES128CM80, 16, 14, 0, nil},
		{"lifetime", "2 AES_CM_128_HMAC_SHA1_32 inline:" + inline30 + "|2^20", 2, AES128CM32, 16, 14, 1 << 20, nil},
		{"lifetime and identifier", "3 AES_CM_128_HMAC_SHA1_80 inline:" + inline30 + "|1000|66:2", 3, AES128CM80, 16, 14, 1000, []byte{0, 66}},
		{"identifier alone", "4 AES_CM_128_HMAC_SHA1_80 inline:" + inline30 + "|1:4", 4, AES128CM80, 16, 14, 0, []byte{0, 0, 0, 1}},
		{"256 bits", "5 AES_256_CM_HMAC_SHA1_80 inline:" + inline46, 5, AES256CM80, 32, 14, 0, nil},
		{"256 bits in the words of a draft", "5 AES_CM_256_HMAC_SHA1_32 inline:" + inline46, 5, AES256CM32, 32, 14, 0, nil},
		{"GCM", "6 AEAD_AES_128_GCM inline:" + inline28, 6, AES128GCM, 16, 12, 0, nil},
		{"GCM 256 without padding", "7 AEAD_AES_256_GCM inline:" + strings.TrimRight(inline44, "="), 7, AES256GCM, 32, 12, 0, nil},
		{"lower case, more space", "8  aes_cm_128_hmac_sha1_80   inline:" + inline30 + "  -FOO=1", 8, AES128CM80, 16, 14, 0, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c, err := ParseCrypto(tt.value)
			if err != nil {
				t.Fatal(err)
			}
			if c.Tag != tt.tag || c.Suite != tt.suite || len(c.Keys) != 1 {
				t.Fatalf("got %+v", c)
			}
			k := c.Keys[0]
			if !bytes.Equal(k.Key, counting(0, tt.key)) || !bytes.Equal(k.Salt, counting(tt.key, tt.salt)) {
				t.Errorf("key %x, salt %x", k.Key, k.Salt)
			}
			if k.Lifetime != tt.lifetime || !bytes.Equal(k.MKI, tt.mki) {
				t.Errorf("lifetime %d, MKI %x", k.Lifetime, k.MKI)
			}
		})
	}
}

func TestParseCryptoParameters(t *testing.T) {
	c, err := ParseCrypto("1 AES_CM_128_HMAC_SHA1_80 inline:" + inline30 + " UNENCRYPTED_SRTP UNENCRYPTED_SRTCP UNAUTHENTICATED_SRTP KDR=0 WSH=64")
	if err != nil || !c.Unencrypted || !c.UnencryptedControl || !c.Unauthenticated {
		t.Errorf("got %+v, %v", c, err)
	}
	c, err = ParseCrypto("1 AES_CM_128_HMAC_SHA1_80 inline:" + inline30 + "|2^20|1:1;inline:" + inline30 + "|2^21|2:1")
	if err != nil || len(c.Keys) != 2 || c.Keys[1].Lifetime != 1<<21 || !bytes.Equal(c.Keys[1].MKI, []byte{2}) {
		t.Errorf("two keys: got %+v, %v", c, err)
	}
}

func TestParseCryptoErrors(t *testing.T) {
	tests := []struct{ value, problem string }{
		{"", "syntax"},
		{"1 AES_CM_128_HMAC_SHA1_80", "syntax"},
		{"one AES_CM_128_HMAC_SHA1_80 inline:" + inline30, "syntax"},
		{"1234567890 AES_CM_128_HMAC_SHA1_80 inline:" + inline30, "syntax"},
		{"1 ROT13 inline:" + inline30, "suite_unknown"},
		{"1 F8_128_HMAC_SHA1_80 inline:" + inline30, "suite_unsupported"},
		{"1 AES_192_CM_HMAC_SHA1_80 inline:" + inline30, "suite_unsupported"},
		{"1 AES_CM_192_HMAC_SHA1_32 inline:" + inline30, "suite_unsupported"},
		{"1 AES_CM_128_HMAC_SHA1_80 inline:" + inline30[:20], "key_length"},
		{"1 AES_CM_128_HMAC_SHA1_80 inline:" + inline46, "key_length"},
		{"1 AES_CM_128_HMAC_SHA1_80 inline:" + inline30[:39] + "!", "key_encoding"},
		{"1 AES_CM_128_HMAC_SHA1_80 uri:http://a", "syntax"},
		{"1 AES_CM_128_HMAC_SHA1_80 inline:" + inline30 + "|2^49", "syntax"},
		{"1 AES_CM_128_HMAC_SHA1_80 inline:" + inline30 + "|long", "syntax"},
		{"1 AES_CM_128_HMAC_SHA1_80 inline:" + inline30 + "|1:0", "syntax"},
		{"1 AES_CM_128_HMAC_SHA1_80 inline:" + inline30 + "|1:129", "syntax"},
		{"1 AES_CM_128_HMAC_SHA1_80 inline:" + inline30 + "|256:1", "syntax"},
		{"1 AES_CM_128_HMAC_SHA1_80 inline:" + inline30 + "|-1:1", "syntax"},
		{"1 AES_CM_128_HMAC_SHA1_80 inline:" + inline30 + " KDR=25", "syntax"},
		{"1 AES_CM_128_HMAC_SHA1_80 inline:" + inline30 + " KDR=16", "kdr_unsupported"},
	}
	for _, tt := range tests {
		_, err := ParseCrypto(tt.value)
		var problem *CryptoError
		if !errors.As(err, &problem) || problem.Problem != tt.problem {
			t.Errorf("%q: %v, want %s", tt.value, err, tt.problem)
		}
	}
	if c, _ := ParseCrypto("4 F8_128_HMAC_SHA1_80 inline:" + inline30); c.Tag != 4 || c.Suite != F8 || c.SuiteName != "F8_128_HMAC_SHA1_80" {
		t.Errorf("of a suite that is not supported %+v is left", c)
	}
}

func TestSuites(t *testing.T) {
	for id, want := range map[uint16]Suite{1: AES128CM80, 2: AES128CM32, 5: Null80, 6: Null32, 7: AES128GCM, 8: AES256GCM, 0: UnknownSuite, 9: UnknownSuite} {
		if got := SuiteOfProfile(id); got != want {
			t.Errorf("profile %d is %v, want %v", id, got, want)
		}
	}
	if suiteCount.String() != "" || suiteCount.Supported() {
		t.Error("a suite beyond the last is something")
	}
}

func FuzzCrypto(f *testing.F) {
	for _, s := range []string{
		"1 AES_CM_128_HMAC_SHA1_80 inline:" + inline30 + "|2^20|1:4 UNENCRYPTED_SRTCP",
		"2 AEAD_AES_256_GCM inline:" + inline44 + "|66:2;inline:" + inline44 + "|67:2 WSH=64",
		"3 F8_128_HMAC_SHA1_80 inline:" + inline30 + " KDR=3",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, value string) {
		c, err := ParseCrypto(value)
		if err != nil {
			var problem *CryptoError
			if !errors.As(err, &problem) {
				t.Fatalf("error %T", err)
			}
			return
		}
		if len(c.Keys) == 0 || len(c.Keys) > maxKeys {
			t.Fatalf("%d keys", len(c.Keys))
		}
		for _, k := range c.Keys {
			if len(k.Key) != c.Suite.KeyLength() || len(k.Salt) != c.Suite.SaltLength() || len(k.MKI) > maxMKI {
				t.Fatalf("%+v", k)
			}
		}
		if _, err := c.Contexts(); err != nil {
			t.Fatal(err)
		}
	})
}
