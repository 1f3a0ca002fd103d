package dtls

import "golang.org/x/crypto/cryptobyte"

// The extensions that matter.
const (
	extUseSRTP  = 14 // RFC 5764 §4.1
	extVersions = 43 // RFC 8446 §4.2.1
)

// A hello is what a ClientHello or a ServerHello says.
type hello struct {
	version  uint16
	random   [32]byte
	suite    uint16   // of the server's
	profiles []uint16 // of use_srtp; one in the server's
	mki      []byte   // of use_srtp, borrowed
}

const maxProfiles = 16

// readClientHello reads a ClientHello without its header (RFC 6347 §4.2.1).
func readClientHello(b []byte) (h hello, ok bool) {
	s := cryptobyte.String(b)
	var session, cookie, suites, compressions cryptobyte.String
	if !s.ReadUint16(&h.version) || !s.CopyBytes(h.random[:]) || !s.ReadUint8LengthPrefixed(&session) ||
		!s.ReadUint8LengthPrefixed(&cookie) || !s.ReadUint16LengthPrefixed(&suites) || !s.ReadUint8LengthPrefixed(&compressions) {
		return h, false
	}
	h.readExtensions(s, true)
	return h, h.sound()
}

// readServerHello reads a ServerHello without its header (RFC 5246 §7.4.1.3).
func readServerHello(b []byte) (h hello, ok bool) {
	s := cryptobyte.String(b)
	var session cryptobyte.String
	var compression uint8
	if !s.ReadUint16(&h.version) || !s.CopyBytes(h.random[:]) || !s.ReadUint8LengthPrefixed(&session) ||
		!s.ReadUint16(&h.suite) || !s.ReadUint8(&compression) {
		return h, false
	}
	h.readExtensions(s, false)
	return h, h.sound()
}

func (h *hello) sound() bool { return h.version>>8 == 0xFE }

// readExtensions reads what follows; a hello may have none.
func (h *hello) readExtensions(s cryptobyte.String, client bool) {
	var all cryptobyte.String
	if !s.ReadUint16LengthPrefixed(&all) {
		return
	}
	for !all.Empty() {
		var number uint16
		var value cryptobyte.String
		if !all.ReadUint16(&number) || !all.ReadUint16LengthPrefixed(&value) {
			return
		}
		switch {
		case number == extUseSRTP:
			h.readProfiles(value)
		case number == extVersions && !client:
			value.ReadUint16(&h.version)
		}
	}
}

// readProfiles reads use_srtp: the protection profiles and an MKI.
func (h *hello) readProfiles(s cryptobyte.String) {
	var list, mki cryptobyte.String
	if !s.ReadUint16LengthPrefixed(&list) {
		return
	}
	for len(h.profiles) < maxProfiles {
		var p uint16
		if !list.ReadUint16(&p) {
			break
		}
		h.profiles = append(h.profiles, p)
	}
	if s.ReadUint8LengthPrefixed(&mki) {
		h.mki = mki
	}
}

// firstCertificate returns the first of the certificates in a Certificate
// message without its header, nil when there is none.
func firstCertificate(b []byte) []byte {
	s := cryptobyte.String(b)
	var list, first cryptobyte.String
	if !s.ReadUint24LengthPrefixed(&list) || !list.ReadUint24LengthPrefixed(&first) {
		return nil
	}
	return first
}
