package tls

import (
	"bytes"
	"crypto/aes"
	"encoding/hex"
	"os/exec"
	"strconv"
	"strings"
	"testing"
)

func unhex(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(strings.ReplaceAll(s, " ", ""))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// count returns n octets from first upwards.
func count(first, n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(first + i)
	}
	return b
}

func same(t *testing.T, what string, got []byte, want string) {
	t.Helper()
	if hex.EncodeToString(got) != want {
		t.Errorf("%s is %x, want %s", what, got, want)
	}
}

// The client's handshake secret of RFC 8448 §3.
func TestSecretsOfTLS13(t *testing.T) {
	secret := unhex(t, "b3eddb126e067f35a780b3abf45e2d8f3b1a950738f52e9600746a0e27a55a21")
	same(t, "key", expandLabel(hashSHA256, secret, "key", 16), "dbfaa693d1762c5b666af5d950258d01")
	same(t, "iv", expandLabel(hashSHA256, secret, "iv", 12), "5bd3c71b836e0b76bb73265f")
	same(t, "finished key", expandLabel(hashSHA256, secret, "finished", 32), "b80ad01015fb2f0bd65ff7d4da5d6bf83f84821d1f87fdc7d3c75b5a7b42d9c4")
	u := suiteOf(0x1301)
	same(t, "next secret", nextSecret(&u, secret), "7c1b48380af13a741e2e8b2f6ab3defd71d3b82a83107f8e21289cc8384dfbe7")
}

// The key block of the specification: the order of the randoms and of the
// slices.
func TestKeyBlock(t *testing.T) {
	u := suiteOf(0xC02F)
	o := keyBlock12(TLS12, &u, count(0, 48), count(0x40, 32), count(0x80, 32), false)
	for role, want := range [2]struct{ key, salt string }{
		{"a1c8bdbce8830007e5719b5f9764ae0c", "3e5667ef"},
		{"42c3a103d08d01b711b292bfd1f33247", "1f21ed64"},
	} {
		s := o[role].(*sealed)
		same(t, "salt", s.iv[:4], want.salt)
		// A cipher does not give its key away, but opens what another one
		// with the same key has sealed.
		nonce := count(1, 12)
		plain, err := s.aead.Open(nil, nonce, newAEAD(&u, unhex(t, want.key)).Seal(nil, nonce, []byte("x"), nil), nil)
		if err != nil || string(plain) != "x" {
			t.Errorf("role %d has another key than %s", role, want.key)
		}
	}
}

// The pseudorandom function of TLS 1.2 with SHA-256: the well-known test
// values that were published for it.
func TestPRF(t *testing.T) {
	secret, seed := unhex(t, "9bbe436ba940f017b17652849a71db35"), unhex(t, "a0ba9f936cda311827a6f796ffd5198c")
	same(t, "prf", prf(TLS12, hashSHA256, secret, "test label", seed, 100),
		"e3f229ba727be17b8d122620557cd453c2aab21d07c3d495329b52d4e61edb5a6b301791e90d35c9c9a46b4e14baf9af0fa022f7077def17abfd3797c0564bab4fbc91666e9def9b97fce34f796789baa48082d122ee42c5a72e5a5110fff70187347b66")
}

// Example 3 of NIST SP 800-38C.
func TestCCM(t *testing.T) {
	block, err := aes.NewCipher(count(0x40, 16))
	if err != nil {
		t.Fatal(err)
	}
	c := &ccm{block, 8}
	nonce, additional, plain := count(0x10, 12), count(0, 20), count(0x20, 24)
	sealed := c.Seal(nil, nonce, plain, additional)
	same(t, "sealed", sealed, "e3b201a9f5b71a7a9b1ceaeccd97e70b6176aad9a4428aa5484392fbc1b09951")
	got, err := c.Open([]byte("in front"), nonce, sealed, additional)
	if err != nil || !bytes.Equal(got, append([]byte("in front"), plain...)) {
		t.Errorf("opened %x, %v", got, err)
	}
	for i := range sealed {
		sealed[i] ^= 1
		if _, err := c.Open(nil, nonce, sealed, additional); err == nil {
			t.Errorf("opened with octet %d changed", i)
		}
		sealed[i] ^= 1
	}
	if _, err := c.Open(nil, nonce, sealed[:7], additional); err == nil {
		t.Error("opened less than a tag")
	}
}

// The names and with them the meanings of the suites agree with OpenSSL's
// list.
func TestSuiteNames(t *testing.T) {
	out, err := exec.Command("openssl", "ciphers", "-stdname", "-V", "ALL:COMPLEMENTOFALL:@SECLEVEL=0").Output()
	if err != nil {
		t.Skip("no openssl here:", err)
	}
	checked := 0
	for line := range strings.Lines(string(out)) {
		f := strings.Fields(line) // 0xC0,0x30 - NAME - …
		if len(f) < 3 || !strings.HasPrefix(f[2], "TLS_") {
			continue
		}
		code, err := strconv.ParseUint(strings.ReplaceAll(strings.ReplaceAll(f[0], "0x", ""), ",", ""), 16, 16)
		if err != nil {
			t.Fatal(err)
		}
		if name := SuiteName(uint16(code)); name == f[2] {
			checked++
		} else if !strings.HasPrefix(name, "0x") {
			t.Errorf("%04x is %s, want %s", code, name, f[2])
		}
	}
	if checked < 60 {
		t.Errorf("only %d suites of %d lines are known", checked, strings.Count(string(out), "\n"))
	}
}
