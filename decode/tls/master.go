package tls

import "bytes"

// opensRSA reports whether an RSA key exchange may be followed.
func (s *Secrets) opensRSA() bool { return len(s.private) > 0 || len(s.premaster.m) > 0 }

// hopeful reports whether there is or will be anything to open records with.
func (s *Secrets) hopeful() bool {
	return s.Awaited || len(s.entries) > 0 || s.opensRSA() || len(s.byID.m) > 0 || len(s.byTicket.m) > 0
}

// openers12 makes the openers of a handshake up to TLS 1.2, if its master
// secret is known.
func (c *Conn) openers12(h *handshake) bool {
	if h.openers[0] != nil {
		return true
	}
	now := stamp{c.keys.Generation(), c.progress}
	if h.master == nil && h.tried != now {
		h.master, h.tried = c.master(h), now
		c.rememberSession(h)
	}
	switch {
	case h.master != nil:
		h.openers = keyBlock12(h.version, &h.suite, h.master, h.clientRandom[:], h.serverRandom[:], h.clientEtM && h.serverEtM)
	case h.suite.cipher == cipherNull:
		mac := recordMAC{size: h.suite.mac.size()}
		h.openers = [2]opener{&streamed{mac: mac}, &streamed{mac: mac}}
	}
	return h.openers[0] != nil
}

// master finds the master secret: in a key log, from the key exchange, or
// from the session that is resumed.
func (c *Conn) master(h *handshake) []byte {
	if m := c.keys.lookup(h.clientRandom, masterSecret); m != nil {
		return m
	}
	if h.suite.rsa && h.exchange != nil {
		return c.exchangedMaster(h)
	}
	if h.full {
		return nil
	}
	if len(h.chosenID) > 0 && bytes.Equal(h.chosenID, h.offeredID) {
		if m := c.keys.byID.get(string(h.chosenID)); m != nil {
			return m
		}
	}
	if h.offeredTicket != nil {
		return c.keys.byTicket.get(*h.offeredTicket)
	}
	return nil
}

// exchangedMaster follows an RSA key exchange (RFC 5246 §8.1, RFC 7627 §4).
func (c *Conn) exchangedMaster(h *handshake) []byte {
	label, seed := "master secret", append(append([]byte{}, h.clientRandom[:]...), h.serverRandom[:]...)
	if h.extended() {
		if label, seed = "extended master secret", h.sessionHash(); seed == nil {
			return nil
		}
	}
	if now := c.keys.Generation(); h.premaster == nil && h.decrypted != now {
		h.decrypted = now
		h.premaster = c.keys.premasterOf(h.exchange, h.offered, h.modulus)
	}
	if h.premaster == nil {
		return nil
	}
	return prf(h.version, h.suite.prf, h.premaster, label, seed, 48)
}

// rememberSession keeps the master secret for connections that resume the
// session.
func (c *Conn) rememberSession(h *handshake) {
	if h.master == nil || c.keys == nil {
		return
	}
	if len(h.chosenID) > 0 {
		c.keys.byID.put(string(h.chosenID), h.master)
	}
	if h.newTicket != nil {
		c.keys.byTicket.put(*h.newTicket, h.master)
	}
}
