package tls

import (
	"golang.org/x/crypto/cryptobyte"
)

// The numbers of the extensions that matter.
const (
	extServerName   = 0
	extALPN         = 16
	extEncryptMAC   = 22
	extMasterSecret = 23
	extTicket       = 35
	extEarlyData    = 42
	extVersions     = 43
)

// retryRandom is the random value of a ServerHello that is a
// HelloRetryRequest (RFC 8446 §4.1.3).
var retryRandom = Random{
	0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe, 0x1d, 0x8c, 0x02, 0x1e, 0x65, 0xb8, 0x91,
	0xc2, 0xa2, 0x11, 0x16, 0x7a, 0xbb, 0x8c, 0x5e, 0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c,
}

// Bounds of what is kept of texts that a stranger sends, in octets and in
// number.
const (
	maxName  = 255
	maxNames = 16
)

// A hello is what a ClientHello or a ServerHello says.
type hello struct {
	version    uint16
	random     Random
	session    []byte // borrowed
	suite      uint16 // of the server's
	compressed bool   // the server chose compression

	serverName   string
	protocols    []string // of ALPN
	ticket       []byte   // borrowed
	encryptMAC   bool
	masterSecret bool
	early        bool
	selected     uint16 // version of extension 43; of the client's the highest
}

// parseClientHello reads a message of this type without its header.
func parseClientHello(b []byte) (h hello, ok bool) {
	s := cryptobyte.String(b)
	var session, suites, compressions cryptobyte.String
	if !s.ReadUint16(&h.version) || !s.CopyBytes(h.random[:]) || !s.ReadUint8LengthPrefixed(&session) ||
		!s.ReadUint16LengthPrefixed(&suites) || !s.ReadUint8LengthPrefixed(&compressions) {
		return h, false
	}
	h.session = session
	h.readExtensions(s, true)
	return h, true
}

// parseServerHello reads a message of this type without its header.
func parseServerHello(b []byte) (h hello, ok bool) {
	s := cryptobyte.String(b)
	var session cryptobyte.String
	var compression uint8
	if len(b) > 0 && b[0] == draft { // those up to draft 21 had no more in front of the extensions
		ok = s.ReadUint16(&h.version) && s.CopyBytes(h.random[:]) && s.ReadUint16(&h.suite)
		h.readExtensions(s, false)
		return h, ok
	}
	if !s.ReadUint16(&h.version) || !s.CopyBytes(h.random[:]) || !s.ReadUint8LengthPrefixed(&session) ||
		!s.ReadUint16(&h.suite) || !s.ReadUint8(&compression) {
		return h, false
	}
	h.session, h.compressed = session, compression != 0
	h.readExtensions(s, false)
	return h, true
}

// readExtensions reads the extensions as far as they are in order.
func (h *hello) readExtensions(s cryptobyte.String, client bool) {
	var all, body cryptobyte.String
	if !s.ReadUint16LengthPrefixed(&all) {
		return
	}
	var kind uint16
	for all.ReadUint16(&kind) && all.ReadUint16LengthPrefixed(&body) {
		switch kind {
		case extServerName:
			h.serverName = readServerName(body)
		case extALPN:
			h.protocols = readProtocols(body)
		case extEncryptMAC:
			h.encryptMAC = true
		case extMasterSecret:
			h.masterSecret = true
		case extTicket:
			h.ticket = body
		case extEarlyData:
			h.early = true
		case extVersions:
			h.readVersions(body, client)
		}
	}
}

// readVersions reads the version that the server chose, or the highest of
// those that the client offers.
func (h *hello) readVersions(s cryptobyte.String, client bool) {
	var list cryptobyte.String
	if !client {
		s.ReadUint16(&h.selected)
		return
	}
	if !s.ReadUint8LengthPrefixed(&list) {
		return
	}
	for v := uint16(0); list.ReadUint16(&v); {
		if v <= TLS13 { // what is above is grease (RFC 8701) or a draft
			h.selected = max(h.selected, v)
		}
	}
}

// readServerName reads the host name of RFC 6066 §3.
func readServerName(s cryptobyte.String) string {
	var list, name cryptobyte.String
	var kind uint8
	if !s.ReadUint16LengthPrefixed(&list) {
		return ""
	}
	for list.ReadUint8(&kind) && list.ReadUint16LengthPrefixed(&name) {
		if kind == 0 {
			return text(name)
		}
	}
	return ""
}

// readProtocols reads the list of RFC 7301 §3.1.
func readProtocols(s cryptobyte.String) (names []string) {
	var list, name cryptobyte.String
	if !s.ReadUint16LengthPrefixed(&list) {
		return nil
	}
	for len(names) < maxNames && list.ReadUint8LengthPrefixed(&name) {
		names = append(names, text(name))
	}
	return names
}

// text copies a name of bounded length.
func text(b []byte) string { return string(b[:min(len(b), maxName)]) }
