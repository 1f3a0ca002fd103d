package tls

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// A chunk is what one side wrote at once.
type chunk struct {
	from int
	b    []byte
}

// A recording is everything that two sides wrote, in order.
type recording struct {
	mu     sync.Mutex
	chunks []chunk
}

// A recorder is a connection of which what is written is recorded.
type recorder struct {
	net.Conn
	to   *recording
	from int
}

func (r recorder) Write(b []byte) (int, error) {
	r.to.mu.Lock()
	r.to.chunks = append(r.to.chunks, chunk{r.from, bytes.Clone(b)})
	r.to.mu.Unlock()
	return r.Conn.Write(b)
}

// An identity is a certificate with its key, made once for all tests.
type identity struct {
	certificate tls.Certificate
	pem         []byte // of the key, PKCS #8
}

// newIdentity makes a certificate for sip.example.com.
func newIdentity(t testing.TB, useRSA bool) identity {
	t.Helper()
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "sip.example.com", Organization: []string{"Example"}},
		NotBefore: time.Unix(0, 0), NotAfter: time.Unix(1<<33, 0),
		DNSNames: []string{"sip.example.com", "proxy.example.com"}, IPAddresses: []net.IP{net.IPv4(192, 0, 2, 1)},
	}
	var key any
	var public any
	if useRSA {
		k, err := rsa.GenerateKey(rand.Reader, 2048)
		if err != nil {
			t.Fatal(err)
		}
		key, public = k, k.Public()
	} else {
		k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		key, public = k, k.Public()
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, public, key)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return identity{
		certificate: tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key},
		pem:         pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private}),
	}
}

// A session is a connection to be recorded.
type session struct {
	server, client *tls.Config
	said           [2][]string // what each side says, in turns
}

const (
	fromClient = 0
	fromServer = 1
)

// record lets two sides talk over loopback and records what they write.
func (s session) record(t testing.TB) *recording {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	to := &recording{}
	done := make(chan error, 1)
	go func() {
		raw, err := l.Accept()
		if err != nil {
			done <- err
			return
		}
		defer raw.Close()
		done <- s.speak(tls.Server(recorder{raw, to, fromServer}, s.server), fromServer)
	}()
	raw, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer raw.Close()
	if err := s.speak(tls.Client(recorder{raw, to, fromClient}, s.client), fromClient); err != nil {
		t.Fatal("client:", err)
	}
	if err := <-done; err != nil {
		t.Fatal("server:", err)
	}
	return to
}

// speak says and hears the parts of one side. The client begins each turn.
func (s session) speak(c *tls.Conn, side int) error {
	if err := c.Handshake(); err != nil {
		return err
	}
	hear := func(text string) error {
		got := make([]byte, len(text))
		if _, err := io.ReadFull(c, got); err != nil || string(got) != text {
			return fmt.Errorf("heard %q: %w", got, err)
		}
		return nil
	}
	for turn := range s.said[fromClient] {
		for _, who := range []int{fromClient, fromServer} {
			var err error
			if text := s.said[who][turn]; who == side {
				_, err = c.Write([]byte(text))
			} else {
				err = hear(text)
			}
			if err != nil {
				return err
			}
		}
	}
	return c.Close()
}

// heardBy is what an observer made of a recording.
type heardBy struct {
	conn     *Conn
	said     [2]string
	verdicts map[Verdict]int
}

// records cuts what was written into records, in the order of their ends.
func (r *recording) records(t testing.TB) []chunk {
	t.Helper()
	var all []chunk
	var rest [2][]byte
	for _, c := range r.chunks {
		b := append(rest[c.from], c.b...)
		for {
			h, v := ReadHeader(b)
			if v == HeaderBroken {
				t.Fatalf("no record: %x", b[:min(len(b), 16)])
			}
			if v != HeaderRead || len(b) < HeaderSize+h.Length {
				break
			}
			all = append(all, chunk{c.from, b[:HeaderSize+h.Length]})
			b = b[HeaderSize+h.Length:]
		}
		rest[c.from] = b
	}
	return all
}

// observe follows records with the secrets at hand. Those that are nil are
// missing.
func observe(keys *Secrets, records []chunk) *heardBy {
	o := &heardBy{conn: NewConn(keys), verdicts: map[Verdict]int{}}
	for _, r := range records {
		if r.b == nil {
			o.conn.Gap(r.from)
			continue
		}
		h, _ := ReadHeader(r.b)
		fragment := bytes.Clone(r.b[HeaderSize:])
		if !o.conn.Reads(r.from, h) {
			o.conn.Pass(r.from, h)
			o.verdicts[Unreadable]++
			continue
		}
		b, v := o.conn.Record(r.from, h, fragment)
		o.said[r.from] += string(b)
		o.verdicts[v]++
		if v == WaitSecret || v == WaitHandshake {
			o.conn.Pass(r.from, h)
		}
		for i := range fragment {
			fragment[i] = '#' // what was borrowed is gone now
		}
	}
	return o
}

// keysOf reads a key log.
func keysOf(log string) *Secrets {
	s := NewSecrets()
	k := NewKeyLog(s)
	k.Write([]byte(log))
	k.Close()
	return s
}

// talk is something for both sides to say, with records of many sizes.
func talk() (said [2][]string) {
	for i, n := range []int{1, 15, 16, 17, 400, 5000, 40_000, 0, 3} {
		said[fromClient] = append(said[fromClient], fmt.Sprintf("request %d%s\r\n", i, strings.Repeat("c", n)))
		said[fromServer] = append(said[fromServer], fmt.Sprintf("response %d%s\r\n", i, strings.Repeat("s", n/2)))
	}
	return said
}

// newSession returns a session with the given suite; log gets the secrets.
func newSession(id identity, version, suite uint16, log io.Writer) session {
	suites := []uint16{suite}
	if version == tls.VersionTLS13 {
		suites = nil
	}
	return session{
		server: &tls.Config{Certificates: []tls.Certificate{id.certificate}, MinVersion: version, MaxVersion: version, CipherSuites: suites, NextProtos: []string{"sip"}},
		client: &tls.Config{
			InsecureSkipVerify: true, ServerName: "sip.example.com", MinVersion: version, MaxVersion: version, CipherSuites: suites,
			NextProtos: []string{"x", "sip"}, KeyLogWriter: log,
		},
		said: talk(),
	}
}

// check asserts that everything said was heard.
func (o *heardBy) check(t *testing.T, said [2][]string) {
	t.Helper()
	for side := range said {
		if want := strings.Join(said[side], ""); o.said[side] != want {
			t.Errorf("side %d: %d octets heard of %d, verdicts %v", side, len(o.said[side]), len(want), o.verdicts)
		}
	}
	if o.conn.Failed+o.conn.Forged != 0 || o.conn.Decrypted != o.conn.Protected || o.conn.Reason() != (Reason{}) {
		t.Errorf("%+v, %v", o.conn.Facts, o.conn.Reason())
	}
}

func TestSessions(t *testing.T) {
	ids := map[bool]identity{true: newIdentity(t, true), false: newIdentity(t, false)}
	for _, c := range []struct {
		version, suite uint16
	}{
		{tls.VersionTLS10, tls.TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA},
		{tls.VersionTLS10, tls.TLS_RSA_WITH_3DES_EDE_CBC_SHA},
		{tls.VersionTLS11, tls.TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA},
		{tls.VersionTLS11, tls.TLS_RSA_WITH_RC4_128_SHA},
		{tls.VersionTLS12, tls.TLS_RSA_WITH_AES_128_CBC_SHA},
		{tls.VersionTLS12, tls.TLS_RSA_WITH_AES_128_CBC_SHA256},
		{tls.VersionTLS12, tls.TLS_RSA_WITH_AES_256_GCM_SHA384},
		{tls.VersionTLS12, tls.TLS_RSA_WITH_AES_128_GCM_SHA256},
		{tls.VersionTLS12, tls.TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256},
		{tls.VersionTLS12, tls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256},
		{tls.VersionTLS12, tls.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384},
		{tls.VersionTLS12, tls.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256},
		{tls.VersionTLS12, tls.TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA},
		{tls.VersionTLS12, tls.TLS_ECDHE_RSA_WITH_RC4_128_SHA},
		{tls.VersionTLS13, 0},
	} {
		name := VersionName(c.version) + " " + SuiteName(c.suite)
		t.Run(name, func(t *testing.T) {
			id := ids[!strings.Contains(SuiteName(c.suite), "ECDSA")]
			var log bytes.Buffer
			s := newSession(id, c.version, c.suite, &log)
			records := s.record(t).records(t)
			o := observe(keysOf(log.String()), records)
			o.check(t, s.said)
			f := o.conn.Facts
			if f.ServerName != "sip.example.com" || f.Protocol != "sip" || f.Version != c.version || c.suite != 0 && f.Suite != c.suite ||
				!slices.Equal(f.Names, []string{"sip.example.com", "proxy.example.com", "192.0.2.1"}) || !slices.Equal(f.Offered, []string{"x", "sip"}) {
				t.Errorf("%+v", f)
			}
			checkWithout(t, id, c.version, c.suite, records, s.said)
		})
	}
}

// checkWithout observes the session without a key log: with the private key
// or without any secret.
func checkWithout(t *testing.T, id identity, version, suite uint16, records []chunk, said [2][]string) {
	t.Helper()
	private := NewSecrets()
	keys, err := ParsePrivateKeys("key.pem", id.pem)
	isRSA := strings.HasPrefix(SuiteName(suite), "TLS_RSA_")
	if err == nil {
		private.AddPrivateKeys(keys...)
	}
	o := observe(private, records)
	if isRSA {
		o.check(t, said)
	} else if o.conn.Decrypted != 0 || o.conn.Reason().Code != NoKey || !strings.Contains(o.conn.Reason().Text, "forward secrecy") {
		t.Errorf("with the private key: %+v, %v", o.conn.Facts, o.conn.Reason())
	}
	for _, keys := range []*Secrets{nil, NewSecrets()} {
		o = observe(keys, records)
		random := fmt.Sprintf("%x", o.conn.Random)
		want := "forward secrecy – a private key cannot decrypt; supply a key log line CLIENT_RANDOM " + random
		switch {
		case version == tls.VersionTLS13:
			want = "forward secrecy – a private key cannot decrypt; supply a key log line CLIENT_TRAFFIC_SECRET_0 " + random + " (and SERVER_TRAFFIC_SECRET_0)"
		case isRSA:
			want = "needs the RSA private key of sip.example.com or a key log with CLIENT_RANDOM " + random
		}
		if r := o.conn.Reason(); r.Code != NoKey || r.Text != want || o.conn.Protected == 0 || o.said != [2]string{} {
			t.Errorf("without keys: %v", r)
		}
	}
}

// The suites of TLS 1.3 cannot be chosen in Go's implementation, but which of
// them it prefers depends on the client's list; see openssl_test.go for all.

func TestResumption(t *testing.T) {
	id := newIdentity(t, true)
	for _, c := range []struct {
		name           string
		version, suite uint16
	}{
		{"ticket, RSA", tls.VersionTLS12, tls.TLS_RSA_WITH_AES_128_GCM_SHA256},
		{"ticket, ECDHE", tls.VersionTLS12, tls.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256},
		{"TLS 1.3", tls.VersionTLS13, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			var log bytes.Buffer
			s := newSession(id, c.version, c.suite, &log)
			s.client.ClientSessionCache = tls.NewLRUClientSessionCache(8)
			first := s.record(t).records(t)
			firstLog := log.String()
			second := s.record(t).records(t)
			if len(second) == 0 || !resumed(second, first) {
				t.Fatal("the session was not resumed")
			}
			if c.version == tls.VersionTLS13 {
				observe(keysOf(log.String()), second).check(t, s.said)
				return
			}
			if log.String() != firstLog {
				t.Fatal("the second connection has a line of its own")
			}
			// The master secret is known from the first connection.
			keys := keysOf(firstLog)
			observe(keys, first).check(t, s.said)
			observe(keys, second).check(t, s.said)
			if c.suite == tls.TLS_RSA_WITH_AES_128_GCM_SHA256 {
				keys = NewSecrets()
				private, err := ParsePrivateKeys("", id.pem)
				if err != nil {
					t.Fatal(err)
				}
				keys.AddPrivateKeys(private...)
				observe(keys, first).check(t, s.said)
				observe(keys, second).check(t, s.said)
			}
			if r := observe(nil, second).conn.Reason(); r.Code != NoKey {
				t.Errorf("without keys: %v", r)
			}
		})
	}
}

// resumed reports whether the handshake is shorter than the first one: no
// certificate is sent.
func resumed(second, first []chunk) bool {
	octets := func(records []chunk) (n int) {
		for _, r := range records {
			if r.from == fromServer && r.b[0] == TypeHandshake || r.b[0] == TypeApplicationData {
				n += len(r.b)
			}
		}
		return n
	}
	return octets(second) < octets(first)-300
}

// The secrets of the handshake are not in the log: its records are skipped.
func TestTrafficSecretsOnly(t *testing.T) {
	var log bytes.Buffer
	s := newSession(newIdentity(t, false), tls.VersionTLS13, 0, &log)
	records := s.record(t).records(t)
	var traffic, handshake []string
	for line := range strings.Lines(log.String()) {
		if strings.Contains(line, "HANDSHAKE") {
			handshake = append(handshake, line)
		} else {
			traffic = append(traffic, line)
		}
	}
	o := observe(keysOf(strings.Join(traffic, "")), records)
	for side := range s.said {
		if want := strings.Join(s.said[side], ""); o.said[side] != want {
			t.Errorf("side %d: %d octets heard of %d, verdicts %v", side, len(o.said[side]), len(want), o.verdicts)
		}
	}
	if r := o.conn.Reason(); r != (Reason{}) {
		t.Error(r)
	}
	o = observe(keysOf(strings.Join(handshake, "")), records)
	if r := o.conn.Reason(); r.Code != PartialKey || !strings.Contains(r.Text, "missing is CLIENT_TRAFFIC_SECRET_0 ") || o.said != [2]string{} {
		t.Errorf("with the secrets of the handshake only: %v", r)
	}
}

func TestWrongKey(t *testing.T) {
	id := newIdentity(t, true)
	for _, version := range []uint16{tls.VersionTLS12, tls.VersionTLS13} {
		for _, suite := range []uint16{tls.TLS_RSA_WITH_AES_128_CBC_SHA, tls.TLS_RSA_WITH_AES_128_GCM_SHA256} {
			var log bytes.Buffer
			s := newSession(id, version, suite, &log)
			records := s.record(t).records(t)
			var wrong strings.Builder
			for line := range strings.Lines(log.String()) {
				f := strings.Fields(line)
				digits := []byte(f[2])
				digits[5] = "0123456789abcdef0"[strings.IndexByte("0123456789abcdef", digits[5])+1]
				fmt.Fprintln(&wrong, f[0], f[1], string(digits))
			}
			o := observe(keysOf(wrong.String()), records)
			if r := o.conn.Reason(); r.Code != WrongKey || o.said != [2]string{} || o.conn.Decrypted != 0 {
				t.Errorf("%s: %v, %+v", VersionName(version), r, o.conn.Facts)
			}
		}
	}
}

// Wherever records are missing, what comes behind them is found again.
func TestGaps(t *testing.T) {
	id := newIdentity(t, true)
	for _, c := range []struct{ version, suite uint16 }{
		{tls.VersionTLS10, tls.TLS_RSA_WITH_AES_128_CBC_SHA},
		{tls.VersionTLS12, tls.TLS_RSA_WITH_AES_128_CBC_SHA},
		{tls.VersionTLS12, tls.TLS_RSA_WITH_AES_128_GCM_SHA256},
		{tls.VersionTLS12, tls.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256},
		{tls.VersionTLS13, 0},
	} {
		t.Run(VersionName(c.version)+" "+SuiteName(c.suite), func(t *testing.T) {
			var log bytes.Buffer
			s := newSession(id, c.version, c.suite, &log)
			s.said = [2][]string{}
			for i := range 60 {
				s.said[0] = append(s.said[0], fmt.Sprintf("request %03d ", i))
				s.said[1] = append(s.said[1], fmt.Sprintf("response %03d ", i))
			}
			records := s.record(t).records(t)
			for _, lost := range []int{1, 7, 40} {
				for at := 6; at+lost+8 < len(records); at += 9 {
					cut := slices.Clone(records)
					for i := at; i < at+lost; i++ {
						cut[i].b = nil
					}
					o := observe(keysOf(log.String()), cut)
					for side := range o.said {
						want := s.said[side][59]
						if !strings.HasSuffix(o.said[side], want) {
							t.Errorf("%d records lost from %d on: side %d ends with %q, %v", lost, at, side, o.said[side][max(0, len(o.said[side])-30):], o.verdicts)
						}
					}
				}
			}
		})
	}
}

// Records that were passed over while no secret was known count: those behind
// them are opened when the secret has come.
func TestLateSecret(t *testing.T) {
	id := newIdentity(t, true)
	for _, version := range []uint16{tls.VersionTLS12, tls.VersionTLS13} {
		var log bytes.Buffer
		s := newSession(id, version, tls.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, &log)
		records := s.record(t).records(t)
		keys := NewSecrets()
		c := NewConn(keys)
		var said [2]string
		for i, r := range records {
			if i == len(records)-8 {
				k := NewKeyLog(keys)
				k.Write(log.Bytes())
			}
			h, _ := ReadHeader(r.b)
			b, v := c.Record(r.from, h, r.b[HeaderSize:])
			said[r.from] += string(b)
			if v == WaitSecret || v == WaitHandshake {
				c.Pass(r.from, h)
			}
		}
		for side := range said {
			if want := s.said[side][8]; !strings.HasSuffix(said[side], want) {
				t.Errorf("%s: side %d ends with %q", VersionName(version), side, said[side])
			}
		}
	}
}

func TestPrivateKeys(t *testing.T) {
	id, ec := newIdentity(t, true), newIdentity(t, false)
	block, _ := pem.Decode(id.pem)
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	pkcs1 := pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key.(*rsa.PrivateKey))})
	certificate := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: id.certificate.Certificate[0]})
	for _, c := range []struct {
		name string
		text []byte
		keys int
		err  error
	}{
		{"PKCS #8", id.pem, 1, nil},
		{"PKCS #1", pkcs1, 1, nil},
		{"both behind a certificate", slices.Concat(certificate, pkcs1, id.pem), 2, nil},
		{"elliptic", ec.pem, 0, ErrNotRSA},
		{"certificate", certificate, 0, ErrNoKey},
		{"nothing", nil, 0, ErrNoKey},
		{"passphrase", pem.EncodeToMemory(&pem.Block{Type: "ENCRYPTED PRIVATE KEY", Bytes: []byte{1}}), 0, ErrEncrypted},
	} {
		keys, err := ParsePrivateKeys("x", c.text)
		if len(keys) != c.keys || err != c.err {
			t.Errorf("%s: %d keys, %v", c.name, len(keys), err)
		}
	}
}
