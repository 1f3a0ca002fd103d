package srtp

import "bytes"

// ExportLength is how many octets DTLS has to export for a protection
// profile, 0 when packets of the profile cannot be opened.
func ExportLength(profile uint16) int {
	s := SuiteOfProfile(profile)
	return 2 * (s.KeyLength() + s.SaltLength())
}

// KeysOfExport cuts what DTLS exported into the keys of both sides
// (RFC 5764 §4.2): client key, server key, client salt, server salt. mki is
// that of the use_srtp extension.
func KeysOfExport(profile uint16, exported, mki []byte) (client, server *Context, err error) {
	s := SuiteOfProfile(profile)
	k, n := s.KeyLength(), s.SaltLength()
	if s == UnknownSuite || len(exported) != 2*(k+n) {
		return nil, nil, &CryptoError{"suite_unsupported", "the DTLS profile"}
	}
	exported = bytes.Clone(exported)
	salts := exported[2*k:]
	key := func(key, salt []byte) Key {
		return Key{Suite: s, Origin: DTLS, MasterKey: MasterKey{Key: key, Salt: salt, MKI: bytes.Clone(mki)}}
	}
	if client, err = NewContext(key(exported[:k:k], salts[:n:n])); err == nil {
		server, err = NewContext(key(exported[k:2*k:2*k], salts[n:]))
	}
	return client, server, err
}
