package decode

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	gotls "crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"sipsniff/decode/tls"
)

// A flight is what one side of a TLS connection wrote at once.
type flight struct {
	from int
	b    []byte
}

// recorded is a TLS connection and its key log.
type recorded struct {
	flights []flight
	log     string
}

// flightRecorder records what is written to a connection.
type flightRecorder struct {
	net.Conn
	from int
	mu   *sync.Mutex
	to   *[]flight
}

func (r flightRecorder) Write(b []byte) (int, error) {
	r.mu.Lock()
	*r.to = append(*r.to, flight{r.from, bytes.Clone(b)})
	r.mu.Unlock()
	return r.Conn.Write(b)
}

// recordTLS lets a client and a server say texts to each other in turns.
func recordTLS(t testing.TB, version uint16, turns ...[2]string) recorded {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "sip.example.com"}, NotAfter: time.Unix(1<<33, 0)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	var r recorded
	var mu sync.Mutex
	var log bytes.Buffer
	a, b := net.Pipe()
	speakers := [2]*gotls.Conn{
		client: gotls.Client(flightRecorder{a, client, &mu, &r.flights}, &gotls.Config{
			InsecureSkipVerify: true, ServerName: "sip.example.com", KeyLogWriter: &log, MinVersion: version, MaxVersion: version, NextProtos: []string{"sip"},
		}),
		server: gotls.Server(flightRecorder{b, server, &mu, &r.flights}, &gotls.Config{
			Certificates: []gotls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}, NextProtos: []string{"sip"}, SessionTicketsDisabled: true,
		}),
	}
	done := make(chan error, 2)
	for side, c := range speakers {
		go func() { done <- speak(c, side, turns) }()
	}
	for range speakers {
		if err := <-done; err != nil {
			t.Fatal(err)
		}
	}
	r.log = log.String()
	return r
}

func speak(c *gotls.Conn, side int, turns [][2]string) error {
	if err := c.Handshake(); err != nil {
		return err
	}
	for _, turn := range turns {
		for who, text := range turn {
			var err error
			if who == side {
				_, err = c.Write([]byte(text))
			} else {
				_, err = io.ReadFull(c, make([]byte, len(text)))
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// secretsOf reads a key log.
func secretsOf(log string) *tls.Secrets {
	s := tls.NewSecrets()
	addLog(s, log)
	return s
}

func addLog(s *tls.Secrets, log string) {
	k := tls.NewKeyLog(s)
	k.Write([]byte(log))
	k.Close()
}

// newSecretTalk is a talk in which what is encrypted can be read.
func newSecretTalk(t testing.TB, secrets *tls.Secrets) *talk {
	s := newTalk(t)
	s.d = New(Config{Secrets: secrets}, s)
	return s
}

// replay sends each flight in segments of at most size octets. It returns the
// frames of each flight.
func (s *talk) replay(flights []flight, size int) (frames [][2]int) {
	var offset [2]int
	for _, f := range flights {
		first := s.frame + 1
		for b := f.b; len(b) > 0; {
			n := min(size, len(b))
			s.send(f.from, offset[f.from], string(b[:n]))
			offset[f.from] += n
			b = b[n:]
		}
		frames = append(frames, [2]int{first, s.frame})
	}
	return frames
}

// dialogue is what the connections of these tests say: several messages at
// once, one in two parts, keep-alives.
var dialogue = [][2]string{
	{invite, ringng},
	{bye + invite, "\r\n"},
	{invite[:100], "\r\n"},
	{invite[100:], ringng + ringng},
	{"\r\n\r\n", "\r\n"},
}

// textsOf are the messages alone.
func textsOf(heard []heard) (out []string) {
	for _, h := range heard {
		out = append(out, h.Text)
	}
	return out
}

func TestTLS(t *testing.T) {
	for _, version := range []uint16{gotls.VersionTLS12, gotls.VersionTLS13} {
		t.Run(tls.VersionName(version), func(t *testing.T) {
			r := recordTLS(t, version, dialogue...)
			s := newSecretTalk(t, secretsOf(r.log))
			s.syn()
			frames := s.replay(r.flights, 700)
			s.d.Flush()
			said := r.flights[len(r.flights)-10:]
			at := frames[len(frames)-10:]
			if said[0].from != client || said[9].from != server {
				t.Fatal("the turns are not the last flights")
			}
			want := []heard{
				{Text: invite, Frame: at[0][0], LastFrame: at[0][1], From: 40000},
				{Text: ringng, Frame: at[1][0], LastFrame: at[1][1], From: 5060},
				{Text: bye, Frame: at[2][0], LastFrame: at[2][1], From: 40000},
				{Text: invite, Frame: at[2][0], LastFrame: at[2][1], From: 40000},
				{Text: invite, Frame: at[4][0], LastFrame: at[6][1], From: 40000},
				{Text: ringng, Frame: at[7][0], LastFrame: at[7][1], From: 5060},
				{Text: ringng, Frame: at[7][0], LastFrame: at[7][1], From: 5060},
			}
			for i := range want {
				want[i].Transport = TLS
			}
			if d := cmp.Diff(want, s.heard); d != "" {
				t.Error(d)
			}
			checkTLSFacts(t, s, version, r)
		})
	}
}

func checkTLSFacts(t *testing.T, s *talk, version uint16, r recorded) {
	t.Helper()
	all := s.d.Encrypted()
	if len(all) != 1 {
		t.Fatalf("%d connections", len(all))
	}
	c := all[0]
	var octets [2]uint64
	for _, f := range r.flights {
		octets[f.from] += uint64(len(f.b))
	}
	if c.Source != s.client || c.Destination != s.server || c.FirstFrame != 3 || c.LastFrame != s.frame || c.First != 3*millisecond ||
		c.Sent != octets[client] || c.Received != octets[server] || c.Version != version || c.ServerName != "sip.example.com" ||
		c.Protocol != "sip" || !slices.Equal(c.Names, []string{"sip.example.com"}) || c.Messages != uint64(len(s.heard)) ||
		c.Reason.Code != "" || !c.LooksLikeSIP() || c.Decrypted != c.Protected {
		t.Errorf("%+v, octets %v", c, octets)
	}
	if s.d.streams.held != 0 || s.d.stats.Signalling.TLS != 1 {
		t.Errorf("%d octets held", s.d.streams.held)
	}
}

// Whatever the segments are, what is heard is the same.
func TestTLSAnyCutting(t *testing.T) {
	r := recordTLS(t, gotls.VersionTLS13, dialogue...)
	whole := newSecretTalk(t, secretsOf(r.log))
	whole.syn()
	whole.replay(r.flights, 1<<20)
	whole.d.Flush()
	if len(whole.heard) != 7 {
		t.Fatalf("%d messages", len(whole.heard))
	}
	for _, size := range []int{1, 2, 5, 6, 100} {
		s := newSecretTalk(t, secretsOf(r.log))
		s.syn()
		s.replay(r.flights, size)
		s.d.Flush()
		if d := cmp.Diff(textsOf(whole.heard), textsOf(s.heard)); d != "" {
			t.Errorf("segments of %d octets: %s", size, d)
		}
	}
	var streams [2]string
	for _, f := range r.flights {
		streams[f.from] += string(f.b)
	}
	rapid.Check(t, func(rt *rapid.T) {
		s := newSecretTalk(t, secretsOf(r.log))
		s.syn()
		sent := [2]int{}
		cuts := [2]cutting{drawCutting(rt, len(streams[0])), drawCutting(rt, len(streams[1]))}
		for len(cuts[0])+len(cuts[1]) > 0 {
			from := rapid.IntRange(0, 1).Draw(rt, "from")
			if len(cuts[from]) == 0 {
				from = 1 - from
			}
			c := cuts[from][0]
			cuts[from] = cuts[from][1:]
			s.send(from, c.from, streams[from][c.from:c.to])
			sent[from]++
			checkStreams(t, s.d.streams)
		}
		s.d.Flush()
		for side, port := range []uint16{40000, 5060} {
			of := func(all []heard) (out []string) {
				for _, h := range all {
					if h.From == port {
						out = append(out, h.Text)
					}
				}
				return out
			}
			if d := cmp.Diff(of(whole.heard), of(s.heard)); d != "" {
				rt.Fatalf("side %d: %s", side, d)
			}
		}
		if s.d.streams.held != 0 || s.d.streams.sealed.octets != 0 {
			rt.Fatalf("%d octets held, %d sealed", s.d.streams.held, s.d.streams.sealed.octets)
		}
	})
}

// Secrets that come behind the records open them, in their order and with
// their frames.
func TestTLSLateSecrets(t *testing.T) {
	for _, version := range []uint16{gotls.VersionTLS12, gotls.VersionTLS13} {
		r := recordTLS(t, version, dialogue...)
		early := newSecretTalk(t, secretsOf(r.log))
		early.syn()
		early.replay(r.flights, 300)
		for _, end := range []bool{false, true} {
			secrets := tls.NewSecrets()
			secrets.Awaited = true
			s := newSecretTalk(t, secrets)
			s.syn()
			s.replay(r.flights, 300)
			if end {
				s.fin(client, len(joinFlights(r.flights, client)))
				s.fin(server, len(joinFlights(r.flights, server)))
			}
			checkStreams(t, s.d.streams)
			if len(s.heard) != 0 || s.d.streams.sealed.octets == 0 {
				t.Fatalf("%d messages, %d octets wait", len(s.heard), s.d.streams.sealed.octets)
			}
			addLog(secrets, r.log)
			s.d.UseSecrets()
			checkStreams(t, s.d.streams)
			s.d.Flush()
			if d := cmp.Diff(early.heard, s.heard); d != "" {
				t.Errorf("%s, ended %v: %s", tls.VersionName(version), end, d)
			}
			if c := s.d.Encrypted(); len(c) != 1 || c[0].Closed != end || c[0].Messages != 7 {
				t.Errorf("%+v", c)
			}
		}
	}
}

func joinFlights(flights []flight, from int) string {
	var b strings.Builder
	for _, f := range flights {
		if f.from == from {
			b.Write(f.b)
		}
	}
	return b.String()
}

// What waits for longer than 30 s or is more than 256 KiB is passed over, and
// what comes behind it is read.
func TestTLSTooLate(t *testing.T) {
	var turns [][2]string
	for range 400 {
		turns = append(turns, [2]string{sipOf("MESSAGE sip:b@h SIP/2.0", 900), ringng})
	}
	for _, version := range []uint16{gotls.VersionTLS12, gotls.VersionTLS13} {
		r := recordTLS(t, version, turns...)
		secrets := tls.NewSecrets()
		secrets.Awaited = true
		s := newSecretTalk(t, secrets)
		s.syn()
		s.replay(r.flights, 1460)
		sealed := s.d.streams.sealed.octets
		if sealed > 2*maxSealed || sealed < maxSealed {
			t.Errorf("%d octets wait", sealed)
		}
		addLog(secrets, r.log)
		s.d.UseSecrets()
		// A request takes some 1.1 KiB: of 400 some 230 are left.
		requests := 0
		for _, h := range s.heard {
			if h.From == 40000 && h.Cut == "" {
				requests++
			}
		}
		if requests < 200 || requests > 260 || len(s.heard) < requests+390 {
			t.Errorf("%s: %d requests, %d messages", tls.VersionName(version), requests, len(s.heard))
		}

		secrets = tls.NewSecrets()
		secrets.Awaited = true
		s = newSecretTalk(t, secrets)
		s.syn()
		var offset [2]int
		for i, f := range r.flights {
			if i == 20 {
				s.pass(31_000)
			}
			s.send(f.from, offset[f.from], string(f.b))
			offset[f.from] += len(f.b)
			if i == 40 {
				break
			}
		}
		addLog(secrets, r.log)
		s.d.UseSecrets()
		if n := len(s.heard); n < 18 || n > 23 || s.heard[0].Frame < 31_000 {
			t.Errorf("%s: %d messages", tls.VersionName(version), n)
		}
	}
}

// Behind a gap the records are found again, and the messages in them.
func TestTLSGap(t *testing.T) {
	var turns [][2]string
	for i := range 30 {
		turns = append(turns, [2]string{sipOf(fmt.Sprintf("MESSAGE sip:%d@h SIP/2.0", i), 300), ringng})
	}
	for _, version := range []uint16{gotls.VersionTLS12, gotls.VersionTLS13} {
		r := recordTLS(t, version, turns...)
		stream := joinFlights(r.flights, client)
		handshake := len(stream) - 30*(len(turns[0][0])+20)
		for lost := handshake; lost+2000 < len(stream)-1500; lost += 611 {
			s := newSecretTalk(t, secretsOf(r.log))
			s.syn()
			offset := [2]int{}
			for _, f := range r.flights {
				if f.from == server {
					s.send(server, offset[server], string(f.b))
					offset[server] += len(f.b)
				}
			}
			for at := 0; at < len(stream); at += 500 {
				end := min(at+500, len(stream))
				if at < lost || at >= lost+1000 {
					s.send(client, at, stream[at:end])
				} else {
					s.ack(server, end)
				}
			}
			s.d.Flush()
			requests := 0
			for _, h := range s.heard {
				if h.From == 40000 && strings.HasPrefix(h.Text, "MESSAGE") {
					requests++
				}
			}
			if last := turns[29][0]; requests < 25 || !slices.Contains(textsOf(s.heard), last) {
				t.Errorf("%s, gap at %d of %d: %d requests of 30", tls.VersionName(version), lost, len(stream), requests)
			}
			if s.d.streams.held != 0 {
				t.Errorf("%d octets held", s.d.streams.held)
			}
		}
	}
}

// WebSocket inside of TLS.
func TestTLSWebSocket(t *testing.T) {
	r := recordTLS(t, gotls.VersionTLS13,
		[2]string{upgradeRequest, upgradeResponse},
		[2]string{socketFrameOf(0x81, true, invite), socketFrameOf(0x81, false, ringng)},
	)
	s := newSecretTalk(t, secretsOf(r.log))
	s.syn()
	s.replay(r.flights, 1460)
	s.d.Flush()
	if len(s.heard) != 2 || s.heard[0].Text != invite || s.heard[1].Text != ringng || s.heard[0].Transport != WSS || s.heard[1].Transport != WSS {
		t.Errorf("%+v", s.heard)
	}
	if s.d.stats.Signalling.WebSockets != 1 {
		t.Errorf("%d WebSockets", s.d.stats.Signalling.WebSockets)
	}
}

// Without the beginning of the connection nothing can be decrypted, and what
// is known of it is said.
func TestTLSMidstream(t *testing.T) {
	r := recordTLS(t, gotls.VersionTLS12, dialogue...)
	s := newSecretTalk(t, secretsOf(r.log))
	late := r.flights[len(r.flights)-8:]
	late[0].b = late[0].b[20:]
	s.replay(late, 1460)
	s.d.Flush()
	all := s.d.Encrypted()
	if len(s.heard) != 0 || len(all) != 1 || all[0].Reason.Code != tls.NoHandshake || all[0].Sent == 0 || all[0].Source != s.client {
		t.Errorf("%+v, %+v", s.heard, all)
	}
	if !strings.Contains(all[0].Reason.Text, "tls_no_handshake") {
		t.Error(all[0].Reason)
	}
}

// What is inside and is not SIP is not kept.
func TestTLSOther(t *testing.T) {
	body := strings.Repeat("x", 200_000)
	r := recordTLS(t, gotls.VersionTLS13, [2]string{"GET / HTTP/1.1\r\n\r\n", "HTTP/1.1 200 OK\r\n\r\n" + body})
	s := newSecretTalk(t, secretsOf(r.log))
	s.syn()
	s.replay(r.flights, 1460)
	if held := s.d.streams.held; len(s.heard) != 0 || held > 8<<10 {
		t.Errorf("%d messages, %d octets held", len(s.heard), held)
	}
	if c := s.d.Encrypted(); len(c) != 1 || c[0].Messages != 0 || c[0].Received < 200_000 {
		t.Errorf("%+v", c)
	}
}

// SIP in the clear that TLS answers, and TLS that SIP answers.
func TestTLSMismatch(t *testing.T) {
	s := newTalk(t)
	s.syn()
	s.send(client, 0, invite)
	s.send(server, 0, "\x15\x03\x01\x00\x02\x02\x46")
	s.fin(server, 7)
	s.send(client, len(invite), bye)
	s.d.Flush()
	all := s.d.Encrypted()
	if len(all) != 1 || !all[0].Plain || !all[0].Closed || len(all[0].Alerts) != 1 || all[0].Alerts[0].Name() != "protocol_version" || len(s.heard) != 2 {
		t.Errorf("%+v, %+v", all, s.heard)
	}
	r := recordTLS(t, gotls.VersionTLS12)
	s = newTalk(t)
	s.syn()
	s.send(client, 0, string(r.flights[0].b))
	s.send(server, 0, ringng)
	s.d.Flush()
	if all = s.d.Encrypted(); len(all) != 1 || len(s.heard) != 1 || s.heard[0].Transport != TCP {
		t.Errorf("%+v, %+v", all, s.heard)
	}
}

// Half-open handshakes stay within the bounds, and so does the table of what
// is known of them.
func TestTLSFlood(t *testing.T) {
	r := recordTLS(t, gotls.VersionTLS12, dialogue...)
	hello := string(r.flights[0].b)
	for _, c := range []struct {
		name        string
		connections int
		flights     []flight
	}{
		{"hello", 100_000, []flight{{client, []byte(hello)}}},
		{"half a hello", 100_000, []flight{{client, []byte(hello[:len(hello)-20])}}},
		{"all but the secret", 20_000, r.flights[:len(r.flights)-2]},
	} {
		t.Run(c.name, func(t *testing.T) {
			secrets := tls.NewSecrets()
			secrets.Awaited = true
			s := newSecretTalk(t, secrets)
			before := heap()
			for n := range c.connections {
				s.client = netip.AddrPortFrom(netip.AddrFrom4([4]byte{10, byte(n >> 14), byte(n >> 7 & 0x7f), 1}), uint16(n&0x7f)+1024)
				s.segment(client, 0, tcpSyn, "", 0)
				s.replay(c.flights, 1460)
				s.frame = n / 10 // so that nothing waits for too long
			}
			used := heap() - before
			table := s.d.streams
			if table.held > maxHeld || table.sealed.octets > maxAllSealed || len(s.d.Encrypted()) > 10_000 {
				t.Errorf("%d octets held, %d wait, %d connections known", table.held, table.sealed.octets, len(s.d.Encrypted()))
			}
			if used > 256<<20 {
				t.Errorf("%d MiB of memory", used>>20)
			}
			t.Logf("%d connections: %d left, %d KiB held, %d KiB wait, %d known, %d MiB of memory", c.connections, table.connections.count, table.held>>10, table.sealed.octets>>10, table.encrypted.live.n+table.encrypted.ended.n, used>>20)
			checkStreams(t, table)
		})
	}
}

// FuzzTLSStream reads a script of segments while secrets are awaited: an octet
// says from which side (bit 0), whether octets are missing in front of it
// (bit 1), whether time passes (bit 2) and whether a secret comes (bit 3); the
// next is the length of what follows.
func FuzzTLSStream(f *testing.F) {
	random := strings.Repeat("\x01", 32)
	hello := "\x16\x03\x01\x00\x2d\x01\x00\x00\x29\x03\x03" + random + "\x00\x00\x02\xc0\x2f\x01\x00"
	answer := "\x16\x03\x03\x00\x2a\x02\x00\x00\x26\x03\x03" + random + "\x00\xc0\x2f\x00"
	start := "\x14\x03\x03\x00\x01\x01"
	data := "\x17\x03\x03\x00\x20" + strings.Repeat("d", 32)
	part := func(flags byte, s string) string { return string([]byte{flags, byte(len(s))}) + s }
	f.Add([]byte(part(0, hello) + part(1, answer) + part(1, start) + part(0, start+data) + part(1, data) + part(8, data+data)))
	f.Add([]byte(part(0, hello) + part(1, answer+start+data) + part(3, data+data) + part(5, data) + part(10, start+data[:9])))
	f.Add([]byte(part(1, data+data) + part(0, invite) + part(3, data+data)))
	f.Fuzz(func(t *testing.T, script []byte) {
		secrets := tls.NewSecrets()
		secrets.Awaited = true
		s := newSecretTalk(t, secrets)
		s.syn()
		var offset [2]int
		script = script[:min(len(script), 8<<10)]
		for len(script) > 2 {
			flags, n := script[0], min(int(script[1]), len(script)-2)
			from := int(flags & 1)
			if flags&2 != 0 {
				offset[from] += 7
				s.ack(1-from, offset[from])
			}
			if flags&4 != 0 {
				s.pass(20_000)
			}
			if flags&8 != 0 {
				addLog(secrets, fmt.Sprintf("CLIENT_RANDOM %x %096x\n", random, flags))
				s.d.UseSecrets()
			}
			s.send(from, offset[from], string(script[2:2+n]))
			offset[from] += n
			script = script[2+n:]
			checkStreams(t, s.d.streams)
		}
		s.d.Flush()
		if s.d.streams.held != 0 || s.d.streams.sealed.octets != 0 || s.d.streams.sealed.first != nil {
			t.Fatalf("%d octets held, %d wait", s.d.streams.held, s.d.streams.sealed.octets)
		}
		s.d.Encrypted()
	})
}
