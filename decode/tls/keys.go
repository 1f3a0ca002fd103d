package tls

// The directions of a connection, as the key block orders them.
const (
	toServer = 0
	toClient = 1
)

// keyBlock12 makes the openers of both directions from the master secret
// (RFC 5246 §6.3). They are nil when the suite is not supported.
func keyBlock12(version uint16, s *suite, master, clientRandom, serverRandom []byte, etm bool) (o [2]opener) {
	mac, iv := s.mac.size(), s.salt()
	if version < TLS11 {
		iv = s.block()
	}
	seed := append(append([]byte{}, serverRandom...), clientRandom...)
	b := prf(version, s.prf, master, "key expansion", seed, 2*(mac+s.key+iv))
	take := func(n int) (both [2][]byte) {
		both[toServer], both[toClient] = b[:n], b[n:2*n]
		b = b[2*n:]
		return both
	}
	macs, keys, ivs := take(mac), take(s.key), take(iv)
	for i := range o {
		o[i] = newOpener12(version, s, macs[i], keys[i], ivs[i], etm)
	}
	return o
}

func newOpener12(version uint16, s *suite, mac, key, iv []byte, etm bool) opener {
	switch {
	case s.cipher == cipherUnsupported:
		return nil
	case s.aead():
		return newSealed(s, key, iv, false)
	case s.block() > 0:
		block := newBlock(s, key)
		if block == nil {
			return nil
		}
		return &chained{block: block, mac: newRecordMAC(s.mac, mac), etm: etm, implicit: version < TLS11, iv: iv}
	}
	return newStreamed(s, key, newRecordMAC(s.mac, mac))
}

// opener13 makes the opener of one direction from a traffic secret
// (RFC 8446 §7.3); nil when the secret is not for the suite.
func opener13(s *suite, secret []byte) opener {
	if !s.aead() || len(secret) != s.prf.size() {
		return nil
	}
	return newSealed(s, expandLabel(s.prf, secret, "key", s.key), expandLabel(s.prf, secret, "iv", 12), true)
}

// nextSecret is the traffic secret after a KeyUpdate (RFC 8446 §7.2).
func nextSecret(s *suite, secret []byte) []byte {
	return expandLabel(s.prf, secret, "traffic upd", len(secret))
}
