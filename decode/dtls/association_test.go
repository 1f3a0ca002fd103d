package dtls

import (
	"bytes"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/hex"
	"math/rand/v2"
	"strings"
	"testing"

	"sipsniff/decode/dtls/dtlstest"
)

const aes128GCMSHA256, aes256GCMSHA384 = 0xC02B, 0xC02C

func shaken(profile uint16) *Association {
	var a Association
	a.Datagram(1, dtlstest.Whole(clientHello, 0, dtlstest.ClientHello(0x40, 7, 1)))
	a.Datagram(0, dtlstest.Whole(serverHello, 0, dtlstest.ServerHello(0x80, aes128GCMSHA256, profile)))
	return &a
}

func TestHandshake(t *testing.T) {
	a := shaken(1)
	if !a.Answered || a.Client != 1 || a.Version != Version12 || a.Suite != aes128GCMSHA256 || a.Profile != 1 || a.Hellos != 1 || a.Handshakes != 1 {
		t.Errorf("got %+v", a)
	}
	if !bytes.Equal(a.ClientRandom[:], dtlstest.Counting(0x40, 32)) || !bytes.Equal(a.ServerRandom[:], dtlstest.Counting(0x80, 32)) {
		t.Errorf("randoms %x, %x", a.ClientRandom, a.ServerRandom)
	}
	if len(a.Offered) != 2 || a.Offered[0] != 7 || !bytes.Equal(a.MKI, []byte{7, 8}) {
		t.Errorf("offered %v, MKI %x", a.Offered, a.MKI)
	}
	if a.Sealed != [2]bool{} {
		t.Error("sealed before the end of the handshake")
	}
	a.Datagram(1, append(dtlstest.Record(typeChangeCipherSpec, 0, []byte{1}), dtlstest.Record(typeHandshake, 1, dtlstest.Counting(0, 48))...))
	if a.Sealed != [2]bool{false, true} {
		t.Errorf("sealed %v after the client finished", a.Sealed)
	}
	a.Datagram(0, dtlstest.Record(typeAlert, 0, []byte{2, 40}))
	if !a.Alerted || a.Alert != 40 {
		t.Errorf("alert %v %d", a.Alerted, a.Alert)
	}
}

// TestExport is the vector of the specification §5.15.
func TestExport(t *testing.T) {
	const want = "0153f7ee77ea9cc39eeb256d8b0d14c8" + "7f4114eda964aa1c654af1f364fb648c" +
		"e2c97614b368a0c1ab1fac011465" + "1c7badd4dc8fc24b62b264b474cb"
	if got := hex.EncodeToString(shaken(1).Export(dtlstest.Counting(0, 48), 60)); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	var a Association
	if a.Export(dtlstest.Counting(0, 48), 60) != nil {
		t.Error("exports without a handshake")
	}
	a = *shaken(1)
	if a.Export(nil, 60) != nil {
		t.Error("exports without a master secret")
	}
	a.Version = Version13
	if a.Export(dtlstest.Counting(0, 48), 60) != nil {
		t.Error("exports for DTLS 1.3, which has other secrets")
	}
}

// TestFragments cuts the messages into fragments that come in any order, some
// twice, with the messages mixed.
func TestFragments(t *testing.T) {
	der := dtlstest.Counting(3, 3000)
	bodies := map[byte][]byte{serverHello: dtlstest.ServerHello(0x80, aes256GCMSHA384, 8), certificate: dtlstest.Certificate(der)}
	random := rand.New(rand.NewPCG(1, 2))
	for round := range 200 {
		var a Association
		client := dtlstest.ClientHello(0x40, 8)
		for from := 0; from < len(client); from += 10 { // in order
			a.Datagram(0, dtlstest.Record(typeHandshake, 0, dtlstest.Message(clientHello, 0, client, from, min(from+10, len(client)))))
		}
		var datagrams [][]byte
		for kind, body := range bodies {
			size := 40 + random.IntN(400)
			if kind == certificate {
				size = 150 + random.IntN(1000)
			}
			for from := 0; from < len(body); from += size {
				d := dtlstest.Record(typeHandshake, 0, dtlstest.Message(kind, int(kind), body, from, min(from+size, len(body))))
				datagrams = append(datagrams, d)
				if random.IntN(4) == 0 {
					datagrams = append(datagrams, d)
				}
			}
		}
		random.Shuffle(len(datagrams), func(i, j int) { datagrams[i], datagrams[j] = datagrams[j], datagrams[i] })
		for _, d := range datagrams {
			a.Datagram(1, d)
		}
		if !a.Answered || a.Profile != 8 || a.Suite != aes256GCMSHA384 {
			t.Fatalf("round %d: %+v", round, a)
		}
		digest := sha256.Sum256(der)
		if match, known := a.Fingerprint(1, "sha-256 "+colons(digest[:])); !match || !known {
			t.Fatalf("round %d: fingerprint match %v, known %v", round, match, known)
		}
	}
}

func colons(b []byte) string {
	var parts []string
	for _, c := range b {
		parts = append(parts, strings.ToUpper(hex.EncodeToString([]byte{c})))
	}
	return strings.Join(parts, ":")
}

func TestFingerprint(t *testing.T) {
	a := shaken(1)
	der := dtlstest.Counting(0, 500)
	old, digest := sha1.Sum(der), sha256.Sum256(der)
	if _, known := a.Fingerprint(0, "sha-256 "+colons(digest[:])); known {
		t.Error("known without a certificate")
	}
	a.Datagram(0, dtlstest.Whole(certificate, 1, dtlstest.Certificate(der)))
	tests := []struct {
		attribute    string
		match, known bool
	}{
		{"sha-256 " + colons(digest[:]), true, true},
		{"SHA-256 " + strings.ToLower(colons(digest[:])), true, true},
		{"sha-1 " + colons(old[:]), true, true},
		{"sha-256 " + colons(old[:]), false, true},
		{"sha-512 " + colons(digest[:]), false, false},
		{"sha-256 XY", false, false},
		{"", false, false},
	}
	for _, tt := range tests {
		if match, known := a.Fingerprint(0, tt.attribute); match != tt.match || known != tt.known {
			t.Errorf("%q: match %v, known %v", tt.attribute, match, known)
		}
	}
}

func TestNewHandshake(t *testing.T) {
	a := shaken(1)
	a.Datagram(1, dtlstest.Whole(clientHello, 0, dtlstest.ClientHello(0x40, 7, 1))) // sent again
	if a.Handshakes != 1 || a.Hellos != 2 || !a.Answered {
		t.Errorf("sent again: %+v", a)
	}
	a.Datagram(0, dtlstest.Whole(clientHello, 0, dtlstest.ClientHello(0x41, 7))) // anew, the other way round
	if a.Handshakes != 2 || a.Answered || a.Client != 0 || a.Profile != 0 {
		t.Errorf("anew: %+v", a)
	}
	a.Datagram(0, dtlstest.Whole(serverHello, 0, dtlstest.ServerHello(0x80, aes128GCMSHA256, 7)))
	if a.Answered {
		t.Error("the client answered itself")
	}
}

func TestServerVersion13(t *testing.T) {
	body := dtlstest.ServerHello(0x80, 0x1301)
	body = append(body, 0, 6, 0, 43, 0, 2, 0xFE, 0xFC)
	var a Association
	a.Datagram(0, dtlstest.Whole(clientHello, 0, dtlstest.ClientHello(0x40)))
	a.Datagram(1, dtlstest.Whole(serverHello, 0, body))
	if a.Version != Version13 {
		t.Errorf("version %x", a.Version)
	}
}

func TestIs(t *testing.T) {
	hello := dtlstest.Whole(clientHello, 0, dtlstest.ClientHello(0x40))
	data := dtlstest.Record(23, 1, dtlstest.Counting(0, 40))
	for _, tt := range []struct {
		b                                []byte
		is, unified, handshake, greeting bool
	}{
		{hello, true, false, true, true},
		{dtlstest.Whole(serverHello, 0, dtlstest.ServerHello(0x80, 1)), true, false, true, false},
		{data, true, false, false, false},
		{[]byte{0x2E, 1, 2, 3}, false, true, false, false},
		{nil, false, false, false, false},
		{[]byte{22, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}, false, false, false, false}, // TLS
		{hello[:12], false, false, false, false},
		{hello[:20], true, false, true, false},
	} {
		if Is(tt.b) != tt.is || IsUnified(tt.b) != tt.unified || IsHandshake(tt.b) != tt.handshake || IsClientHello(tt.b) != tt.greeting {
			t.Errorf("%x: %v %v %v %v", tt.b, Is(tt.b), IsUnified(tt.b), IsHandshake(tt.b), IsClientHello(tt.b))
		}
	}
}

// TestMemory has a stranger begin messages that never end.
func TestMemory(t *testing.T) {
	a := shaken(1)
	body := make([]byte, maxMessage)
	for n := range 20000 {
		from := n * 7 % (len(body) - 1)
		for _, kind := range []byte{clientHello, serverHello, certificate} {
			a.Datagram(n&1, dtlstest.Record(typeHandshake, 0, dtlstest.Message(kind, n, body, from, from+1)))
		}
		if c := a.Cost(); c > 5*maxMessage {
			t.Fatalf("%d octets are held", c)
		}
	}
	long := make([]byte, maxMessage+1)
	a.Datagram(0, dtlstest.Record(typeHandshake, 0, dtlstest.Message(certificate, 1, long, 0, 100)))
	for n := range 2 * maxSpans { // holes everywhere
		a.Datagram(0, dtlstest.Record(typeHandshake, 0, dtlstest.Message(certificate, 9, body, 10*n, 10*n+1)))
		if spans := len(a.sides[0].certificate.spans); spans > maxSpans {
			t.Fatalf("%d spans", spans)
		}
	}
}

func FuzzDTLS(f *testing.F) {
	f.Add(false, dtlstest.Whole(clientHello, 0, dtlstest.ClientHello(0x40, 7, 1)), dtlstest.Whole(serverHello, 0, dtlstest.ServerHello(0x80, aes128GCMSHA256, 1)))
	f.Add(true, dtlstest.Whole(certificate, 0, dtlstest.Certificate(dtlstest.Counting(0, 300))), dtlstest.Record(typeAlert, 0, []byte{2, 40}))
	body := dtlstest.ServerHello(0x80, aes256GCMSHA384, 8)
	f.Add(true, dtlstest.Record(typeHandshake, 0, dtlstest.Message(serverHello, 0, body, 20, 40)), dtlstest.Record(typeHandshake, 0, dtlstest.Message(serverHello, 0, body, 0, 30)))
	f.Fuzz(func(t *testing.T, afterHello bool, x, y []byte) {
		var a Association
		if afterHello {
			a = *shaken(1)
		}
		for range 2 {
			a.Datagram(0, x)
			a.Datagram(1, y)
		}
		if a.Cost() > 6*maxMessage+4*maxSpans*16+1000 {
			t.Fatalf("cost %d", a.Cost())
		}
		if len(a.Offered) > maxProfiles || len(a.MKI) > 255 {
			t.Fatalf("%+v", a)
		}
		a.Export(dtlstest.Counting(0, 48), 60)
		a.Fingerprint(0, "sha-1 00")
	})
}
