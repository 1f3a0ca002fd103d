package tls

import (
	"bytes"
	"crypto/sha256"
	"math/big"

	"golang.org/x/crypto/cryptobyte"
)

// maxTranscript bounds the messages kept of one handshake, in octets.
const maxTranscript = 64 << 10

// A handshake is what two sides have agreed on, or are about to. A
// renegotiation starts another one.
type handshake struct {
	client, server           bool // their hellos were seen
	clientRandom             Random
	serverRandom             Random
	offered                  uint16 // version of the ClientHello's second field, which RSA encryption protects
	version                  uint16 // 0 until the server has chosen
	suite                    suite
	compressed               bool
	clientEtM, serverEtM     bool
	clientLong, serverLong   bool   // extended master secret (RFC 7627)
	early                    bool   // the client may send early data
	retried                  bool   // the server has asked for another ClientHello, and refused early data
	offeredID, chosenID      []byte // session identifiers
	offeredTicket, newTicket *[32]byte
	full                     bool     // keys are exchanged: no session is resumed
	modulus                  *big.Int // of the server's certificate
	exchange                 []byte   // ClientKeyExchange without its header

	// transcript has the messages that the extended master secret depends
	// on: the ClientHello, those of the server, those of the client after
	// that. kept is their length; they are kept only for RSA key exchange.
	transcript [3][]byte
	keep       bool
	done       bool // the server has sent all of them

	premaster []byte
	decrypted uint64 // generation of the secrets with which its decryption was tried last: that takes long
	master    []byte
	tried     stamp // when the search for it ended in vain
	openers   [2]opener
}

// A stamp says what was known when something was tried.
type stamp struct{ generation, progress uint64 }

func (h *handshake) extended() bool { return h.clientLong && h.serverLong }

// unsupported says why records cannot be opened with any secret; "" when
// they can.
func (h *handshake) unsupported() string {
	switch {
	case h.version == 0:
		return ""
	case h.version < TLS10 || h.version > TLS13:
		return "its protocol version, " + VersionName(h.version) + ", is not one that can be decrypted"
	case h.compressed:
		return "it is compressed inside TLS, which is not supported"
	case h.suite.cipher == cipherUnsupported, h.version == TLS13 && !h.suite.aead():
		return "its cipher suite, " + h.suite.name + ", is not one that can be decrypted"
	}
	return ""
}

// remember keeps a message for the transcript.
func (h *handshake) remember(part int, message []byte) {
	if !h.keep || h.exchange != nil {
		return
	}
	n := len(message)
	for _, t := range h.transcript {
		n += len(t)
	}
	if n > maxTranscript {
		h.keep, h.transcript = false, [3][]byte{}
		return
	}
	h.transcript[part] = append(h.transcript[part], message...)
}

// sessionHash is the hash of the messages up to the ClientKeyExchange
// (RFC 7627 §3); nil when they are not all there.
func (h *handshake) sessionHash() []byte {
	if !h.keep || !h.done || h.exchange == nil {
		return nil
	}
	kinds := []hashKind{h.suite.prf}
	if h.version < TLS12 {
		kinds = []hashKind{hashMD5, hashSHA1}
	}
	var sum []byte
	for _, k := range kinds {
		d := k.new()
		for _, t := range h.transcript {
			d.Write(t)
		}
		sum = d.Sum(sum)
	}
	return sum
}

// message takes a handshake message with its header.
func (c *Conn) message(from int, m []byte) {
	body := m[4:]
	switch m[0] {
	case clientHello:
		c.clientHello(from, m)
		return
	case serverHello:
		c.serverHello(from, m)
		return
	}
	h := c.hand
	if h == nil {
		return
	}
	switch m[0] {
	case certificate:
		c.certificate(from, body)
	case encryptedExtension:
		c.encryptedExtensions(body)
	case newSessionTicket:
		c.ticket(body)
	case serverHelloDone:
		h.done, h.full = true, true
		c.progress++
	case keyUpdate:
		c.sides[from].keyUpdate(&h.suite)
	case endOfEarlyData:
		c.sides[from].next(phaseHandshake)
	case finished:
		if h.version == TLS13 {
			c.sides[from].next(phaseApplication)
		}
		return
	}
	c.record(from, m)
}

// record keeps a message of a handshake up to TLS 1.2 for the transcript.
func (c *Conn) record(from int, m []byte) {
	h := c.hand
	if h.version == TLS13 || m[0] == newSessionTicket || m[0] == helloRequest {
		return
	}
	part := 1
	if from == c.client {
		part = 2
	}
	h.remember(part, m)
	if m[0] == clientKeyExchange && from == c.client {
		h.full, h.exchange = true, append([]byte{}, m[4:min(len(m), 4+2+1024)]...)
		c.progress++
	}
}

// clientHello starts a handshake.
func (c *Conn) clientHello(from int, m []byte) {
	hello, ok := parseClientHello(m[4:])
	if !ok || c.client >= 0 && c.client != from {
		return
	}
	c.client = from
	c.progress++
	c.ServerName, c.Offered = hello.serverName, hello.protocols
	c.Random, c.HasRandom = hello.random, true
	if c.Version == 0 {
		c.Version = max(hello.version, hello.selected)
	}
	switch h := c.hand; {
	case h != nil && h.client && h.clientRandom == hello.random:
		return // the server has asked for another one
	case h == nil || h.client:
		c.hand = c.newHandshake() // otherwise the server's direction was captured first
	}
	h := c.hand
	h.client, h.clientRandom, h.offered, h.offeredID = true, hello.random, hello.version, bytes.Clone(hello.session)
	h.clientEtM, h.clientLong, h.offeredTicket = hello.encryptMAC, hello.masterSecret, ticketKey(hello.ticket)
	h.remember(0, m)
	h.settle()
	if h.early = hello.early; h.early && h.version == TLS13 && !h.retried {
		c.sides[from].phase = phaseEarly
	}
}

func (c *Conn) newHandshake() *handshake {
	return &handshake{keep: c.keys != nil && c.keys.opensRSA()}
}

// settle lets the transcript go when both sides have agreed on something that
// does not need it.
func (h *handshake) settle() {
	if h.client && h.server && (h.version == TLS13 || !h.suite.rsa || !h.extended()) {
		h.keep, h.transcript = false, [3][]byte{}
	}
}

// serverHello says what the server has chosen.
func (c *Conn) serverHello(from int, m []byte) {
	hello, ok := parseServerHello(m[4:])
	if !ok || c.client == from {
		return
	}
	if c.hand == nil {
		c.hand = c.newHandshake()
	}
	h := c.hand
	c.client = 1 - from
	c.progress++
	h.version, h.suite = hello.version, suiteOf(hello.suite)
	if hello.selected != 0 {
		h.version = hello.selected
	}
	c.Version, c.Suite = h.version, hello.suite
	retry := hello.random == retryRandom
	h.retried = h.retried || retry
	if h.version == TLS13 {
		c.start13()
	}
	if retry {
		return
	}
	h.server, h.serverRandom, h.compressed = true, hello.random, hello.compressed
	h.chosenID = bytes.Clone(hello.session)
	h.serverEtM, h.serverLong = hello.encryptMAC, hello.masterSecret
	if len(hello.protocols) > 0 {
		c.Protocol = hello.protocols[0]
	}
	h.remember(1, m)
	h.settle()
}

// certificate takes the names in the certificate of the server.
func (c *Conn) certificate(from int, body []byte) {
	c.hand.full = true
	if from == c.client {
		return
	}
	l := parseCertificates(body, c.hand.version == TLS13)
	c.Names, c.hand.modulus = l.names, l.modulus
}

// encryptedExtensions tells which protocol the server has chosen.
func (c *Conn) encryptedExtensions(body []byte) {
	var h hello
	h.readExtensions(cryptobyte.String(body), false)
	if len(h.protocols) > 0 {
		c.Protocol = h.protocols[0]
	}
}

// ticket takes a NewSessionTicket of TLS up to 1.2 (RFC 5077 §3.3): lifetime
// 4, length 2, ticket. Those of TLS 1.3 lead to no secret of the past.
func (c *Conn) ticket(body []byte) {
	if c.hand.version == TLS13 || len(body) <= 6 {
		return
	}
	c.hand.newTicket = ticketKey(body[6:])
	c.rememberSession(c.hand)
}

func ticketKey(ticket []byte) *[32]byte {
	if len(ticket) == 0 {
		return nil
	}
	k := sha256.Sum256(ticket)
	return &k
}
