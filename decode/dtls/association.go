package dtls

import (
	"bytes"
	"crypto/sha1" //nolint:gosec // a=fingerprint may name it
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"strings"

	"sipsniff/decode/tls"
)

// The handshake messages that say something in clear.
const (
	clientHello = 1
	serverHello = 2
	certificate = 11
)

const messageHead = 12 // type 1, length 3, message_seq 2, fragment_offset 3, fragment_length 3

// A Side is one end of an association. The caller gives both ends a number,
// 0 and 1, by which it knows them again.
type Side = int

// An Association is what is known of the DTLS between two addresses. When
// they shake hands again, it is about the newest handshake.
type Association struct {
	Hellos   int    // ClientHello messages that came, those sent again counted
	Answered bool   // a ServerHello came: what follows is known
	Client   Side   // who sent the ClientHello; meaningful iff Hellos > 0
	Version  uint16 // the server's choice
	Suite    uint16 // likewise
	Profile  uint16 // likewise, of use_srtp; 0 when it chose none
	MKI      []byte // of use_srtp
	Offered  []uint16

	ClientRandom, ServerRandom [32]byte

	// Sealed says of each side that it sends encrypted: its part of the
	// handshake is done.
	Sealed [2]bool

	// Alerted is set when an alert ended the handshake or the association;
	// Alert is its number (RFC 5246 §7.2).
	Alerted bool
	Alert   uint8

	Handshakes int // that began, each with another random

	sides [2]side
}

// side is what is remembered of one end.
type side struct {
	hello, certificate pieces
	sha1               [20]byte // of the certificate
	sha256             [32]byte
	certified          bool
}

// Datagram takes the records of a datagram that an end sent. It keeps nothing
// of b.
func (a *Association) Datagram(from Side, b []byte) {
	const maxRecords = 64
	for range maxRecords {
		r, n := readRecord(b)
		if n == 0 {
			return
		}
		b = b[n:]
		switch {
		case r.epoch > 0:
			a.Sealed[from] = a.Sealed[from] || r.kind == typeHandshake && a.Answered
		case r.kind == typeHandshake:
			a.handshake(from, r.fragment)
		case r.kind == typeAlert && !r.cut:
			a.alert(r.fragment)
		}
	}
}

func (a *Association) alert(b []byte) {
	const fatal = 2
	if len(b) == 2 && b[0] == fatal && a.Hellos > 0 {
		a.Alerted, a.Alert = true, b[1]
	}
}

// handshake takes the fragments of messages in one record.
func (a *Association) handshake(from Side, b []byte) {
	for len(b) >= messageHead {
		kind := b[0]
		length, offset, n := uint24(b[1:]), uint24(b[6:]), uint24(b[9:])
		sequence := binary.BigEndian.Uint16(b[4:])
		b = b[messageHead:]
		if n > len(b) || offset+n > length {
			return // cut, or none at all
		}
		a.fragment(from, kind, sequence, length, offset, b[:n])
		b = b[n:]
	}
}

func uint24(b []byte) int { return int(b[0])<<16 | int(b[1])<<8 | int(b[2]) }

func (a *Association) fragment(from Side, kind uint8, sequence uint16, length, offset int, b []byte) {
	s := &a.sides[from]
	switch kind {
	case clientHello:
		if m := s.hello.add(sequence, length, offset, b); m != nil {
			a.greet(from, m)
		}
	case serverHello:
		if m := s.hello.add(sequence, length, offset, b); m != nil {
			a.answer(from, m)
		}
	case certificate:
		if m := s.certificate.add(sequence, length, offset, b); m != nil {
			s.certify(firstCertificate(m))
		}
	}
}

// greet takes a ClientHello. One with another random begins a new handshake.
func (a *Association) greet(from Side, b []byte) {
	h, ok := readClientHello(b)
	if !ok {
		return
	}
	if a.Hellos == 0 || h.random != a.ClientRandom {
		*a = Association{Handshakes: a.Handshakes + 1, ClientRandom: h.random, Client: from}
	}
	a.Hellos++
	a.Offered = h.profiles
}

// answer takes a ServerHello.
func (a *Association) answer(from Side, b []byte) {
	h, ok := readServerHello(b)
	if !ok || a.Hellos == 0 || from == a.Client {
		return
	}
	a.Answered = true
	a.ServerRandom, a.Version, a.Suite = h.random, h.version, h.suite
	a.Profile, a.MKI = 0, nil
	if len(h.profiles) > 0 {
		a.Profile, a.MKI = h.profiles[0], bytes.Clone(h.mki)
	}
}

func (s *side) certify(der []byte) {
	if len(der) == 0 {
		return
	}
	s.sha1, s.sha256, s.certified = sha1.Sum(der), sha256.Sum256(der), true //nolint:gosec // see above
}

// Fingerprint compares the certificate of an end with the value of an
// a=fingerprint attribute (RFC 8122 §5), such as "sha-256 4A:AD:…". known is
// false when there is no certificate in clear or the hash is another one.
func (a *Association) Fingerprint(of Side, attribute string) (match, known bool) {
	s := &a.sides[of]
	name, digest, _ := strings.Cut(attribute, " ")
	want, err := hex.DecodeString(strings.ReplaceAll(strings.TrimSpace(digest), ":", ""))
	if err != nil || !s.certified {
		return false, false
	}
	switch strings.ToLower(name) {
	case "sha-1":
		return bytes.Equal(want, s.sha1[:]), true
	case "sha-256":
		return bytes.Equal(want, s.sha256[:]), true
	}
	return false, false
}

// exporterLabel is that of DTLS-SRTP (RFC 5764 §4.2).
const exporterLabel = "EXTRACTOR-dtls_srtp"

// Export returns n octets of keys for SRTP, nil when the handshake was not
// seen or its version needs other secrets than a master secret.
func (a *Association) Export(master []byte, n int) []byte {
	if !a.Answered || len(master) == 0 {
		return nil
	}
	switch a.Version {
	case Version12:
		return tls.Export(tls.TLS12, a.Suite, master, exporterLabel, a.ClientRandom, a.ServerRandom, n)
	case Version10:
		return tls.Export(tls.TLS11, a.Suite, master, exporterLabel, a.ClientRandom, a.ServerRandom, n)
	}
	return nil
}

// Cost is about the memory that the association holds besides itself, in octets.
func (a *Association) Cost() int {
	n := 2*cap(a.Offered) + cap(a.MKI)
	for i := range a.sides {
		n += a.sides[i].hello.cost() + a.sides[i].certificate.cost()
	}
	return n
}
