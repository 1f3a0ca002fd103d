package tls

// open12 decrypts a record of TLS up to 1.2.
func (c *Conn) open12(from int, hand *handshake, h Header, fragment []byte) (opened, Verdict) {
	s := &c.sides[from]
	if !s.sealed { // the ChangeCipherSpec is missing
		s.seal(hand)
	}
	if s.opener == nil {
		if c.keys == nil {
			c.keys = NewSecrets() // to read what is not encrypted takes none
		}
		if !c.openers12(hand) {
			return opened{}, c.waitFor(hand)
		}
		s.opener = hand.openers[c.role(from)]
		if s.passed > 0 {
			s.opener.gap()
		}
	}
	r, seq := s.search(s.opener, c.keys.buffer(), s.seq, s.unsure, h, fragment)
	s.opener.advance(fragment)
	if !r.ok {
		s.seq++
		s.missed()
		return r, Failed
	}
	s.found(seq)
	return r, Data
}

// waitFor says what a record waits for whose keys are not known.
func (c *Conn) waitFor(h *handshake) Verdict {
	if h.suite.rsa && h.exchange == nil && c.keys.opensRSA() {
		return WaitHandshake
	}
	return WaitSecret
}

// role orders the directions as the key block does.
func (c *Conn) role(from int) int {
	if from == c.client {
		return toServer
	}
	return toClient
}

// start13 readies both directions for the key schedule of TLS 1.3.
func (c *Conn) start13() {
	for i := range c.sides {
		s := &c.sides[i]
		*s = half{in: s.in, passed: s.passed, unsure: s.unsure, phase: phaseHandshake}
		if i == c.client && c.hand.early && !c.hand.retried {
			s.phase = phaseEarly
		}
	}
}

// labelOf names the secret of a phase.
func (c *Conn) labelOf(from int, p phase) label {
	switch {
	case p == phaseEarly:
		return clientEarly
	case p == phaseHandshake && from == c.client:
		return clientHandshake
	case p == phaseHandshake:
		return serverHandshake
	case from == c.client:
		return clientTraffic
	}
	return serverTraffic
}

// open13 decrypts a record of TLS 1.3 with the keys of the phase that the
// direction is in, or of a later one: records may be missing, and so may the
// secrets of the handshake.
func (c *Conn) open13(from int, hand *handshake, h Header, fragment []byte) (opened, Verdict) {
	s := &c.sides[from]
	skipped := false // a secret that comes before the application's is missing
	for p := s.phase; p <= phaseApplication; p++ {
		t := c.attempt13(from, hand, p)
		if t.opener == nil {
			skipped = true
			if p == phaseApplication {
				return c.missing13(hand, t.secret)
			}
			continue
		}
		r, seq := s.search(t.opener, c.keys.buffer(), t.seq, t.unsure, h, fragment)
		if r.ok {
			s.phase, s.secret, s.opener = p, t.secret, t.opener
			s.found(seq)
			return r, Data
		}
	}
	if r, ok := c.updated13(hand, s, h, fragment); ok {
		return r, Data
	}
	if s.proven {
		s.seq++
	}
	if skipped && s.skipped < maxSkipped {
		s.skipped++
		return opened{}, Nothing
	}
	s.missed()
	return opened{}, Failed
}

// An attempt is what a record of TLS 1.3 is tried with.
type attempt struct {
	secret      []byte
	opener      opener
	seq, unsure uint64
}

// attempt13 returns what there is for a phase.
func (c *Conn) attempt13(from int, hand *handshake, p phase) (t attempt) {
	s := &c.sides[from]
	if s.opener != nil && p == s.phase {
		return attempt{s.secret, s.opener, s.seq, s.unsure}
	}
	t.secret = c.keys.lookup(hand.clientRandom, c.labelOf(from, p))
	if t.secret != nil {
		t.opener = opener13(&hand.suite, t.secret)
	}
	ahead := min(s.passed, maxAhead)
	t.seq, t.unsure = s.passed-ahead, s.unsure+ahead
	return t
}

// missing13 says what a record waits for when there is no key for the
// application's data.
func (c *Conn) missing13(hand *handshake, secret []byte) (opened, Verdict) {
	if secret != nil { // of another length than the suite demands
		return opened{}, Failed
	}
	return opened{}, WaitSecret
}

// updated13 tries the secrets after the current one: a KeyUpdate may be among
// the records that are missing.
func (c *Conn) updated13(hand *handshake, s *half, h Header, fragment []byte) (opened, bool) {
	if s.unsure == 0 || s.phase != phaseApplication || s.secret == nil {
		return opened{}, false
	}
	secret := nextSecret(&hand.suite, s.secret)
	o := opener13(&hand.suite, secret)
	r, seq := s.search(o, c.keys.buffer(), 0, s.unsure, h, fragment)
	if !r.ok {
		return r, false
	}
	s.secret, s.opener = secret, o
	s.found(seq)
	return r, true
}

// buffer returns room for what is decrypted, empty.
func (s *Secrets) buffer() []byte {
	if s.scratch == nil {
		s.scratch = make([]byte, 0, maxFragment+256)
	}
	return s.scratch[:0]
}
