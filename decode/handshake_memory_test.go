package decode

import (
	"bytes"
	"net/netip"
	"strings"
	"testing"
	"unsafe"

	"sipsniff/decode/tls"
	"sipsniff/internal/allowance"
	"sipsniff/internal/wire"
)

// prefixed puts the length of what follows in front of it, in octets octets.
func prefixed(octets int, what ...any) []byte {
	b := wire.Join(what...)
	length := wire.Join(uint32(len(b)))
	return wire.Join(length[4-octets:], b)
}

// handshakeRecord is a TLS record with one handshake message (RFC 8446 §4).
func handshakeRecord(kind int, body []byte) string {
	return string(wire.Join(22, uint16(0x0303), prefixed(2, kind, prefixed(3, body))))
}

// helloRecord is a ClientHello or, with another kind, the ServerHello that
// answers it with the suite TLS_RSA_WITH_AES_128_CBC_SHA.
func helloRecord(kind int, extensions ...any) string {
	random := bytes.Repeat([]byte{byte(kind)}, 32)
	suites := wire.Join(uint16(2), uint16(0x002f), 1, 0)
	if kind == 2 {
		suites = wire.Join(uint16(0x002f), 0)
	}
	return handshakeRecord(kind, wire.Join(uint16(0x0303), random, 0, suites, prefixed(2, extensions...)))
}

// numbered gives a hello a random value of its own, which begins behind the
// headers of record and message and the version.
func numbered(hello string, n int) string {
	return hello[:11] + string(wire.Join(uint32(n))) + hello[15:]
}

// longNames are the extensions with as much text as is kept: a server name
// (RFC 6066 §3) and application protocols (RFC 7301 §3.1).
func longNames() []byte {
	name := prefixed(2, prefixed(2, 0, prefixed(2, strings.Repeat("n", 255))))
	protocols := prefixed(2, prefixed(2, bytes.Repeat(prefixed(1, strings.Repeat("p", 255)), 16)))
	return wire.Join(uint16(0), name, uint16(16), protocols, uint16(23), uint16(0))
}

// TestHandshakesFlood opens more TLS connections than are remembered, none of
// which gets to its end. What they occupy stays within the limits: so many
// octets of unfinished pieces, connections, and entries of the list of
// encrypted connections.
func TestHandshakesFlood(t *testing.T) {
	flood := 100_000
	if allowance.RaceDetector {
		flood = 12_000 // it looks for something else, and takes ten times as long
	}
	secrets := secretsOf("CLIENT_RANDOM " + strings.Repeat("ab", 32) + " " + strings.Repeat("cd", 48) + "\n")
	premaster := secretsOf("RSA " + strings.Repeat("ab", 8) + " " + strings.Repeat("cd", 48) + "\n")
	short, long, answer := helloRecord(1), helloRecord(1, longNames()), helloRecord(2)
	certificate := string(wire.Join(22, uint16(0x0303), prefixed(2, 11, 0, uint16(20000), strings.Repeat("x", 900))))
	sealed := "\x14\x03\x03\x00\x01\x01" + string(wire.Join(23, uint16(0x0303), prefixed(2, strings.Repeat("x", 900))))
	for _, c := range []struct {
		name    string
		secrets *tls.Secrets
		say     func(s *talk, n int)
	}{
		{"hello", nil, func(s *talk, n int) { s.send(client, 0, numbered(short, n)) }},
		{"hello, with a key log", secrets, func(s *talk, n int) { s.send(client, 0, numbered(short, n)) }},
		{"long names", secrets, func(s *talk, n int) { s.send(client, 0, numbered(long, n)) }},
		{"long names, with RSA secrets", premaster, func(s *talk, n int) { s.send(client, 0, numbered(long, n)) }},
		{"half a record", secrets, func(s *talk, n int) { s.send(client, 0, numbered(long, n)[:1400]) }},
		{"half a message", secrets, func(s *talk, n int) {
			s.send(client, 0, numbered(short, n))
			s.send(server, 0, numbered(answer, n)+certificate)
		}},
		{"records that wait", secrets, func(s *talk, n int) {
			s.send(client, 0, numbered(short, n))
			s.send(server, 0, numbered(answer, n))
			s.send(client, len(short), sealed)
			s.send(server, len(answer), sealed)
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newSecretTalk(t, c.secrets)
			before := heap()
			for n := range flood {
				s.client = netip.AddrPortFrom(netip.AddrFrom4([4]byte{10, byte(n >> 14), byte(n >> 7 & 0x7f), 1}), uint16(n&0x7f)+1024)
				s.segment(client, 0, tcpSyn, "", 0)
				c.say(s, n)
			}
			used := heap() - before
			table := s.d.streams
			t.Logf("%d connections, %d KiB held, %d listed, %d KiB of memory", table.connections.count, table.held>>10, len(s.d.Encrypted()), used>>10)
			if table.held > maxHeld || table.connections.count > maxConnections {
				t.Errorf("%d octets held by %d connections", table.held, table.connections.count)
			}
			if used > encryptedCeiling {
				t.Errorf("%d MiB of memory, the limits make %d", used>>20, int64(encryptedCeiling)>>20)
			}
			s.d.Flush()
			if n := table.stats.TLS; n != uint64(flood) {
				t.Errorf("%d connections were recognised as TLS", n)
			}
		})
	}
}

// encryptedCeiling is what the limits sum up to: what is unfinished, the
// connections with their place in the map, and the list of encrypted ones,
// each with at most 33 texts of 255 octets.
const encryptedCeiling = maxHeld*5/4 + maxConnections*(int64(unsafe.Sizeof(connection{}))+64) +
	10_000*(int64(unsafe.Sizeof(tlsEntry{}))+33*(16+255))
