package correlate

import (
	"encoding/hex"
	"fmt"
	"testing"

	"sipsniff/decode/dtls/dtlstest"
	"sipsniff/decode/rtp/srtp"
	"sipsniff/decode/rtp/srtp/srtptest"
)

// The keys of the specification §5.15: what DTLS exports for profile 1 from
// the master secret 00 01 … 2f, the client random 40 41 … 5f and the server
// random 80 81 … 9f with SHA-256.
const (
	clientKey, serverKey   = "0153f7ee77ea9cc39eeb256d8b0d14c8", "7f4114eda964aa1c654af1f364fb648c"
	clientSalt, serverSalt = "e2c97614b368a0c1ab1fac011465", "1c7badd4dc8fc24b62b264b474cb"
	clientRandom           = "404142434445464748494a4b4c4d4e4f505152535455565758595a5b5c5d5e5f"
)

func exportedKey(t testing.TB, key, salt string) srtp.Key {
	t.Helper()
	k, err := hex.DecodeString(key)
	if err != nil {
		t.Fatal(err)
	}
	s, err := hex.DecodeString(salt)
	if err != nil {
		t.Fatal(err)
	}
	return srtp.Key{Suite: srtp.AES128CM80, MasterKey: srtp.MasterKey{Key: k, Salt: s}}
}

// keyLog is a key log with the master secret of one random.
type keyLog struct {
	random     string // in hexadecimal
	generation uint64
}

func (k *keyLog) Master(random [32]byte) []byte {
	if hex.EncodeToString(random[:]) == k.random {
		return dtlstest.Counting(0, 48)
	}
	return nil
}

func (k *keyLog) Generation() uint64 { return k.generation }

// webrtc is a description of one audio line that wants DTLS.
func webrtc(at string) string {
	return describe(at, "m=audio PORT UDP/TLS/RTP/SAVPF 0", "a=fingerprint:sha-256 00:01", "a=rtcp-mux")
}

// shake sends the hellos between two addresses.
func (s *scene) shake(client, server string, nanos int64) {
	s.table.datagram(s.packet(client, server, nanos, dtlstest.Whole(1, 0, dtlstest.ClientHello(0x40, 1))))
	s.table.datagram(s.packet(server, client, nanos, dtlstest.Whole(2, 0, dtlstest.ServerHelloMKI(0x80, 0xC02B, nil, 1))))
}

func TestHandshakeKeys(t *testing.T) {
	const elsewhere = "203.0.113.77:7000"
	tests := []struct {
		name           string
		client, server string // of the handshake
		src, dst       string // of the media
		fromClient     bool
	}{
		{"client sends", alice, bob, alice, bob, true},
		{"server sends", alice, bob, bob, alice, false},
		{"client is the callee", bob, alice, bob, alice, true},
		{"media on another path", alice, bob, elsewhere, bob, true},
		{"media on another path, of the server", bob, alice, elsewhere, bob, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := newScene(t)
			s.table.secrets = &keyLog{random: clientRandom}
			seen := s.watch()
			s.describes(1, caller, 0, webrtc(alice))
			s.describes(1, callee, 0, webrtc(bob))
			s.shake(tt.client, tt.server, sec)
			key := exportedKey(t, serverKey, serverSalt)
			if tt.fromClient {
				key = exportedKey(t, clientKey, clientSalt)
			}
			m := &source{src: tt.src, dst: tt.dst, ssrc: 7}
			samePayloads(t, *seen, nil)
			sent := s.talkSealed(m, srtptest.NewSender(t, key, 7, 0), 2*sec, 20)
			samePayloads(t, *seen, sent)
			p := s.only().Protection
			if p.Key != "dtls" || p.Suite != suite80 || p.Decrypted != 20 || p.Failed != 0 || p.Problem != "" {
				t.Errorf("protection %+v", p)
			}
		})
	}
}

// TestLateSecret has the key log grow after media began.
func TestLateSecret(t *testing.T) {
	s := newScene(t)
	s.table.openAll = true
	log := &keyLog{}
	s.table.secrets = log
	s.describes(1, caller, 0, webrtc(alice))
	s.describes(1, callee, 0, webrtc(bob))
	s.shake(alice, bob, sec)
	m := &source{src: alice, dst: bob, ssrc: 7}
	by := srtptest.NewSender(t, exportedKey(t, clientKey, clientSalt), 7, 0)
	s.talkSealed(m, by, 2*sec, 20)
	if p := s.only().Protection; p.Problem != "dtls_no_secret" || p.ClientRandom != clientRandom || p.Decrypted != 0 || p.Key != "" {
		t.Errorf("without the secret: %+v", p)
	}
	log.random, log.generation = clientRandom, 1
	s.talkSealed(m, by, 3*sec, 20)
	if p := s.only().Protection; p.Problem != "" || p.ClientRandom != "" || p.Decrypted != 20 || p.Key != "dtls" {
		t.Errorf("with the secret: %+v", p)
	}
}

func TestHandshakeProblems(t *testing.T) {
	server13 := append(dtlstest.ServerHello(0x80, 0x1301), 0, 6, 0, 43, 0, 2, 0xFE, 0xFC)
	tests := []struct {
		name, problem string
		answer        []byte // body of the ServerHello
	}{
		{"no answer", "dtls_no_answer", nil},
		{"no profile", "dtls_no_profile", dtlstest.ServerHello(0x80, 0xC02B)},
		{"unknown profile", "dtls_profile_unsupported", dtlstest.ServerHello(0x80, 0xC02B, 99)},
		{"DTLS 1.3", "dtls_version_unsupported", server13},
		{"no secret", "dtls_no_secret", dtlstest.ServerHello(0x80, 0xC02B, 7)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := newScene(t)
			s.describes(1, caller, 0, webrtc(alice))
			s.describes(1, callee, 0, webrtc(bob))
			s.table.datagram(s.packet(alice, bob, sec, dtlstest.Whole(1, 0, dtlstest.ClientHello(0x40, 1))))
			if tt.answer != nil {
				s.table.datagram(s.packet(bob, alice, sec, dtlstest.Whole(2, 0, tt.answer)))
			}
			s.talk(&source{src: alice, dst: bob, ssrc: 7}, 2*sec, 50)
			if p := s.only().Protection; p.Problem != tt.problem || p.Key != "" {
				t.Errorf("protection %+v, want %s", p, tt.problem)
			}
		})
	}
}

// TestHandshakesAreBounded has strangers begin handshakes without end.
func TestHandshakesAreBounded(t *testing.T) {
	s := newScene(t)
	body := make([]byte, 16000)
	for n := range 3 * maxHandshakes {
		at := fmt.Sprintf("192.0.2.1:%d", 1+n)
		s.table.datagram(s.packet(at, bob, sec, dtlstest.Whole(1, 0, dtlstest.ClientHello(0x40, 1))))
		s.table.datagram(s.packet(at, bob, sec, dtlstest.Record(22, 0, dtlstest.Message(11, 1, body, 0, 100))))
		x := &s.table.handshakes
		if len(x.between) > maxHandshakes || x.octets > maxHandshakeOctets {
			t.Fatalf("%d handshakes, %d octets", len(x.between), x.octets)
		}
	}
	if n := s.table.datagrams.DTLSHandshakes; n != 3*maxHandshakes {
		t.Errorf("%d handshakes counted", n)
	}
	x, listed, octets := &s.table.handshakes, 0, 0
	for h := x.oldest; h != nil; h = h.newer {
		listed++
		octets += h.cost
	}
	if listed != len(x.between) || octets != x.octets {
		t.Errorf("%d in the list, %d in the table; %d octets of %d", listed, len(x.between), octets, x.octets)
	}
}
