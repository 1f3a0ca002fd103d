package tls

import (
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"strings"
	"testing"
)

// A script is what a fuzz test reads: records, each with an octet in front
// that says from which side it is (bit 0) and whether some are missing in
// front of it (bit 1).
type script []byte

func (s script) record(from int, kind uint8, fragment []byte) script {
	return append(putHeader(append(s, byte(from)), kind, TLS12, len(fragment)), fragment...)
}

// handshakeMessage puts the header in front of a message.
func handshakeMessage(kind uint8, body []byte) []byte {
	return append([]byte{kind, byte(len(body) >> 16), byte(len(body) >> 8), byte(len(body))}, body...)
}

// hello writes a ClientHello, or a ServerHello that chooses the suite.
func helloMessage(kind uint8, random []byte, suite uint16, v13 bool) []byte {
	b := append([]byte{3, 3}, random...)
	b = append(b, 0)
	if kind == clientHello {
		b = append(b, 0, 2, byte(suite>>8), byte(suite), 1, 0)
	} else {
		b = append(b, byte(suite>>8), byte(suite), 0)
	}
	if v13 {
		version := []byte{0, extVersions, 0, 2, 3, 4}
		if kind == clientHello {
			version = []byte{0, extVersions, 0, 3, 2, 3, 4}
		}
		b = append(binary.BigEndian.AppendUint16(b, uint16(len(version))), version...)
	}
	return handshakeMessage(kind, b)
}

// sealed13 encrypts a record of TLS 1.3 with AES-128-GCM.
func sealed13(secret []byte, seq uint64, kind uint8, content []byte) []byte {
	u := suiteOf(0x1301)
	o := opener13(&u, secret).(*sealed)
	nonce := o.iv
	binary.BigEndian.PutUint64(nonce[4:], binary.BigEndian.Uint64(o.iv[4:])^seq)
	plain := append(append([]byte{}, content...), kind, 0, 0)
	return o.aead.Seal(nil, nonce[:], plain, putHeader(nil, TypeApplicationData, TLS12, len(plain)+16))
}

// fixed is the key log of the scripts.
func fixed() (log string, client, server []byte) {
	client, server = count(0xa0, 32), count(0xc0, 32)
	for _, l := range []string{"CLIENT_TRAFFIC_SECRET_0", "CLIENT_HANDSHAKE_TRAFFIC_SECRET", "CLIENT_EARLY_TRAFFIC_SECRET"} {
		log += fmt.Sprintf("%s %x %x\n", l, count(0, 32), client)
	}
	for _, l := range []string{"SERVER_TRAFFIC_SECRET_0", "SERVER_HANDSHAKE_TRAFFIC_SECRET"} {
		log += fmt.Sprintf("%s %x %x\n", l, count(0, 32), server)
	}
	return log + fmt.Sprintf("CLIENT_RANDOM %x %s\n", count(0, 32), hex.EncodeToString(count(0x30, 48))), client, server
}

// script13 is a connection of TLS 1.3: the encrypted handshake, data, a key
// update, more data.
func script13() script {
	_, client, server := fixed()
	var s script
	s = s.record(0, TypeHandshake, helloMessage(clientHello, count(0, 32), 0x1301, true))
	s = s.record(1, TypeHandshake, helloMessage(serverHello, count(1, 32), 0x1301, true))
	s = s.record(1, TypeChangeCipherSpec, []byte{1})
	s = s.record(1, TypeApplicationData, sealed13(server, 0, TypeHandshake, append(handshakeMessage(encryptedExtension, []byte{0, 0}), handshakeMessage(finished, count(0, 32))...)))
	s = s.record(0, TypeApplicationData, sealed13(client, 0, TypeHandshake, handshakeMessage(finished, count(0, 32))))
	s = s.record(0, TypeApplicationData, sealed13(client, 0, TypeApplicationData, []byte("OPTIONS sip:a SIP/2.0\r\n\r\n")))
	s = s.record(0, TypeApplicationData, sealed13(client, 1, TypeHandshake, handshakeMessage(keyUpdate, []byte{0})))
	u := suiteOf(0x1301)
	s = s.record(0, TypeApplicationData, sealed13(nextSecret(&u, client), 0, TypeApplicationData, []byte("more")))
	return s.record(1, TypeApplicationData, sealed13(server, 0, TypeAlert, []byte{2, 40}))
}

// script12 is a connection of TLS 1.2 with a suite.
func script12(code uint16) script {
	var s script
	s = s.record(0, TypeHandshake, helloMessage(clientHello, count(0, 32), code, false))
	s = s.record(1, TypeHandshake, helloMessage(serverHello, count(1, 32), code, false))
	s = s.record(1, TypeHandshake, append(handshakeMessage(certificate, []byte{0, 0, 3, 0, 0, 0}), handshakeMessage(serverHelloDone, nil)...))
	s = s.record(0, TypeHandshake, handshakeMessage(clientKeyExchange, append([]byte{1, 0}, count(0, 256)...)))
	for from := range 2 {
		s = s.record(from, TypeChangeCipherSpec, []byte{1})
		s = s.record(from, TypeHandshake, count(0, 48))
		s = s.record(from, TypeApplicationData, count(9, 64))
	}
	return s
}

// The scripts say what they are meant to, so that fuzzing starts behind the
// handshake.
func TestScript(t *testing.T) {
	log, _, _ := fixed()
	c := play(t, keysOf(log), script13())
	if c.Decrypted != 6 || c.Failed != 0 || len(c.Alerts) != 1 || c.Alerts[0].Name() != "handshake_failure" {
		t.Errorf("%+v", c.Facts)
	}
	for code := range suiteNames {
		c := play(t, keysOf(log), script12(code))
		if c.Suite != code || c.Protected != 4 {
			t.Errorf("%s: %+v", SuiteName(code), c.Facts)
		}
	}
}

// impossible is TLS 1.3 with a suite that encrypts nothing, which it has not.
func impossible() script {
	var s script
	s = s.record(0, TypeHandshake, helloMessage(clientHello, count(0, 32), 0x0002, true))
	s = s.record(1, TypeHandshake, helloMessage(serverHello, count(1, 32), 0x0002, true))
	return s.record(1, TypeApplicationData, count(0, 40))
}

func TestImpossibleSuite(t *testing.T) {
	log, _, _ := fixed()
	for _, keys := range []*Secrets{nil, keysOf(log)} {
		if c := play(t, keys, impossible()); c.Decrypted != 0 || c.Reason().Code != Unsupported {
			t.Errorf("%+v, %v", c.Facts, c.Reason())
		}
	}
}

// play follows a script and asserts what must hold of any.
func play(t *testing.T, keys *Secrets, s script) *Conn {
	c := NewConn(keys)
	for len(s) > HeaderSize {
		from := int(s[0] & 1)
		if s[0]&2 != 0 {
			c.Gap(from)
		}
		h, v := ReadHeader(s[1:])
		if v != HeaderRead || len(s) < 1+HeaderSize+h.Length {
			break
		}
		fragment := s[1+HeaderSize:][:h.Length]
		s = s[1+HeaderSize+h.Length:]
		if !c.Reads(from, h) {
			c.Pass(from, h)
			continue
		}
		b, verdict := c.Record(from, h, fragment)
		if verdict == WaitHandshake || verdict == WaitSecret {
			c.Pass(from, h)
		}
		if verdict != Data && len(b) > 0 || len(b) > len(fragment) {
			t.Fatalf("%d octets of %d, verdict %d", len(b), len(fragment), verdict)
		}
	}
	if c.Decrypted+c.Failed > c.Protected || c.Forged > c.Decrypted || len(c.Alerts) > maxAlerts || len(c.Names) > maxNames || c.Cost() > 1<<20 {
		t.Fatalf("%+v", c.Facts)
	}
	c.Reason()
	return c
}

func FuzzTLS(f *testing.F) {
	log, _, _ := fixed()
	f.Add([]byte(script13()))
	for _, code := range []uint16{0x0002, 0x0005, 0x002F, 0x009C, 0xC02F, 0xC0A0, 0xCCA8} {
		f.Add([]byte(script12(code)))
	}
	gap := script13()
	gap[0] |= 2
	f.Add([]byte(gap))
	f.Add([]byte(impossible()))
	f.Fuzz(func(t *testing.T, b []byte) {
		b = b[:min(len(b), 16<<10)]
		play(t, keysOf(log), b)
		play(t, nil, b)
	})
}

// FuzzCertificate reads what certificates say of their owners.
func FuzzCertificate(f *testing.F) {
	id := newIdentity(f, true)
	der := id.certificate.Certificate[0]
	f.Add(der)
	f.Fuzz(func(t *testing.T, der []byte) {
		var l leaf
		l.read(der)
		if len(l.names) > maxNames {
			t.Fatalf("%d names", len(l.names))
		}
		for _, n := range l.names {
			if n == "" || len(n) > maxName {
				t.Fatalf("%q", n)
			}
		}
	})
}

// FuzzResync searches for records and has to say the same however much of the
// octets it sees first.
func FuzzResync(f *testing.F) {
	f.Add([]byte("xx\x17\x03\x03\x00\x01x\x17\x03\x03\x00\x01"), uint8(4))
	f.Add([]byte("\x16\x03\x01\x00\x05\x14\x03\x03\x00\x01\x15\x03\x03\x00\x02"), uint8(9))
	f.Fuzz(func(t *testing.T, b []byte, step uint8) {
		want, found := Resync(b, false)
		at := 0
		for n := 0; n <= len(b); n += int(step) + 1 {
			skip, ok := Resync(b[at:n], false)
			at += skip
			if ok {
				break
			}
		}
		if skip, ok := Resync(b[at:], false); at+skip != want || ok != found {
			t.Fatalf("%d %v in parts, %d %v at once", at+skip, ok, want, found)
		}
		if skip, ok := Resync(b, true); skip > len(b) || ok && skip == len(b) {
			t.Fatalf("%d of %d", skip, len(b))
		}
	})
}

// The drafts of TLS 1.3 are named, and not taken for another version.
func TestDraft(t *testing.T) {
	m := append([]byte{0x7f, 0x15}, count(1, 32)...)
	m = append(m, 0x13, 0x02, 0, 0)
	var s script
	s = s.record(0, TypeHandshake, helloMessage(clientHello, count(0, 32), 0x1302, true))
	s = s.record(1, TypeHandshake, handshakeMessage(serverHello, m))
	s = s.record(1, TypeApplicationData, count(0, 40))
	log, _, _ := fixed()
	c := play(t, keysOf(log), s)
	if r := c.Reason(); VersionName(c.Version) != "TLS 1.3 draft 21" || c.Suite != 0x1302 || r.Code != Unsupported || !strings.Contains(r.Text, "draft 21") {
		t.Errorf("%+v, %v", c.Facts, r)
	}
}
