package tls

// maxUnsure is how many sequence numbers are tried behind a place where
// records are missing (spec §1.9).
const maxUnsure = 4096

// maxAhead bounds the search for the first record that was not passed over:
// the records of a handshake are few.
const maxAhead = 64

// maxFailures is how many records in a row may fail before a direction is
// given up.
const maxFailures = 64

// maxSkipped is how many records in front of the application's may be skipped
// because only the secrets after them are known.
const maxSkipped = 16

// searchOctets bounds what is decrypted in vain in search of a sequence
// number, until a record is found.
const searchOctets = 64 << 20

// A phase is a stage of the key schedule of TLS 1.3 in one direction.
type phase uint8

const (
	phaseEarly phase = iota
	phaseHandshake
	phaseApplication
)

// A half is one direction of a connection.
type half struct {
	in messages

	// Up to TLS 1.2: sealed says that a ChangeCipherSpec was seen, hand is
	// the handshake that agreed on the keys in use.
	sealed bool
	hand   *handshake

	// TLS 1.3: the traffic secret in use and its phase.
	phase  phase
	secret []byte

	opener opener // nil until the keys are known
	seq    uint64 // of the next record
	unsure uint64 // how much higher it may be
	passed uint64 // records that were not read
	proven bool   // the opener has opened a record

	skipped  int // records of which the secret is not known, while later ones are
	failures int // records in a row
	spent    int // octets decrypted in vain
	dead     bool
}

// seal starts the protection that a handshake has agreed on.
func (s *half) seal(h *handshake) {
	s.sealed, s.hand = true, h
	s.in.reset()
	s.opener, s.seq, s.proven, s.failures, s.dead, s.passed = nil, 0, false, 0, false, 0
}

// next enters a phase of TLS 1.3.
func (s *half) next(p phase) {
	s.phase, s.secret, s.opener = p, nil, nil
	s.seq, s.unsure, s.passed, s.proven = 0, 0, 0, false
}

// keyUpdate replaces the traffic secret (RFC 8446 §7.2).
func (s *half) keyUpdate(u *suite) {
	if s.phase != phaseApplication || s.secret == nil {
		return
	}
	s.secret = nextSecret(u, s.secret)
	s.opener = opener13(u, s.secret)
	s.seq, s.unsure = 0, 0
}

// search tries the sequence numbers that are possible. A record whose code of
// authentication does not fit counts only when nothing better is found, for
// an opener that has proved to be right.
func (s *half) search(o opener, scratch []byte, first, unsure uint64, h Header, fragment []byte) (r opened, seq uint64) {
	for seq = first; ; seq++ {
		r = o.open(scratch[:0], seq, h, fragment)
		if r.ok && r.authentic {
			return r, seq
		}
		if seq-first >= unsure || s.spent > searchOctets {
			break
		}
		s.spent += len(fragment)
	}
	if s.proven {
		r = o.open(scratch[:0], first, h, fragment)
		return r, first
	}
	return opened{}, first
}

// found notes that a record was opened.
func (s *half) found(seq uint64) {
	s.seq, s.unsure, s.proven = seq+1, 0, true
	s.failures, s.spent, s.passed = 0, 0, 0
}

// missed notes that a record was not opened.
func (s *half) missed() {
	if s.failures++; s.failures >= maxFailures {
		s.dead = true
	}
}
