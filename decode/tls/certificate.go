package tls

import (
	"encoding/asn1"
	"math/big"
	"net/netip"
	"slices"

	"golang.org/x/crypto/cryptobyte"
	tag "golang.org/x/crypto/cryptobyte/asn1"
)

// A leaf is what is of interest in the certificate of a server.
type leaf struct {
	names   []string // common name, then the alternative names
	modulus *big.Int // of an RSA key, nil otherwise
}

// parseCertificates reads the first certificate of a Certificate message
// without its header (RFC 5246 §7.4.2, RFC 8446 §4.4.2).
func parseCertificates(b []byte, v13 bool) (l leaf) {
	s := cryptobyte.String(b)
	var context, list, first cryptobyte.String
	if v13 && !s.ReadUint8LengthPrefixed(&context) {
		return l
	}
	if s.ReadUint24LengthPrefixed(&list) && list.ReadUint24LengthPrefixed(&first) {
		l.read(first)
	}
	return l
}

// read walks through a certificate (RFC 5280 §4.1) as far as it is in order.
func (l *leaf) read(der cryptobyte.String) {
	var outer, body, subject, key, skipped cryptobyte.String
	if !der.ReadASN1(&outer, tag.SEQUENCE) || !outer.ReadASN1(&body, tag.SEQUENCE) {
		return
	}
	body.SkipOptionalASN1(tag.Tag(0).Constructed().ContextSpecific()) // version
	for _, t := range []tag.Tag{tag.INTEGER, tag.SEQUENCE, tag.SEQUENCE, tag.SEQUENCE} {
		if !body.ReadASN1(&skipped, t) { // serial number, algorithm, issuer, validity
			return
		}
	}
	if !body.ReadASN1(&subject, tag.SEQUENCE) || !body.ReadASN1(&key, tag.SEQUENCE) {
		return
	}
	l.readSubject(subject)
	l.readKey(key)
	body.SkipOptionalASN1(tag.Tag(1).ContextSpecific())
	body.SkipOptionalASN1(tag.Tag(2).ContextSpecific())
	var extensions, all cryptobyte.String
	if body.ReadASN1(&extensions, tag.Tag(3).Constructed().ContextSpecific()) && extensions.ReadASN1(&all, tag.SEQUENCE) {
		l.readExtensions(all)
	}
}

// add appends a name that is not there yet.
func (l *leaf) add(b []byte) {
	name := text(b)
	if len(b) > 0 && len(l.names) < maxNames && !slices.Contains(l.names, name) {
		l.names = append(l.names, name)
	}
}

// readSubject takes the common name (2.5.4.3).
func (l *leaf) readSubject(s cryptobyte.String) {
	var set, pair, value cryptobyte.String
	for s.ReadASN1(&set, tag.SET) {
		for set.ReadASN1(&pair, tag.SEQUENCE) {
			var id asn1.ObjectIdentifier
			var t tag.Tag
			if pair.ReadASN1ObjectIdentifier(&id) && id.Equal(asn1.ObjectIdentifier{2, 5, 4, 3}) && pair.ReadAnyASN1(&value, &t) {
				l.add(value)
			}
		}
	}
}

// readKey takes the modulus of an RSA key.
func (l *leaf) readKey(s cryptobyte.String) {
	var algorithm, key cryptobyte.String
	var id asn1.ObjectIdentifier
	if !s.ReadASN1(&algorithm, tag.SEQUENCE) || !algorithm.ReadASN1ObjectIdentifier(&id) ||
		!id.Equal(asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 1}) {
		return
	}
	var bits []byte
	if !s.ReadASN1BitStringAsBytes(&bits) {
		return
	}
	inner := cryptobyte.String(bits)
	modulus := new(big.Int)
	if inner.ReadASN1(&key, tag.SEQUENCE) && key.ReadASN1Integer(modulus) {
		l.modulus = modulus
	}
}

// readExtensions takes the alternative names (2.5.29.17).
func (l *leaf) readExtensions(s cryptobyte.String) {
	var extension, value, names cryptobyte.String
	for s.ReadASN1(&extension, tag.SEQUENCE) {
		var id asn1.ObjectIdentifier
		if !extension.ReadASN1ObjectIdentifier(&id) || !id.Equal(asn1.ObjectIdentifier{2, 5, 29, 17}) {
			continue
		}
		extension.SkipOptionalASN1(tag.BOOLEAN)
		if !extension.ReadASN1(&value, tag.OCTET_STRING) || !value.ReadASN1(&names, tag.SEQUENCE) {
			return
		}
		l.readAlternatives(names)
	}
}

// readAlternatives takes DNS names (2), URIs (6) and addresses (7).
func (l *leaf) readAlternatives(s cryptobyte.String) {
	var value cryptobyte.String
	var t tag.Tag
	for s.ReadAnyASN1(&value, &t) {
		switch t {
		case tag.Tag(2).ContextSpecific(), tag.Tag(6).ContextSpecific():
			l.add(value)
		case tag.Tag(7).ContextSpecific():
			if a, ok := netip.AddrFromSlice(value); ok {
				l.add([]byte(a.String()))
			}
		}
	}
}
