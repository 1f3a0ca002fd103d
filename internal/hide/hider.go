package hide

import (
	"crypto/rand"

	"sipsniff/decode/sip"
)

// A Hider masks what it is asked to. It is shown everything first, then it masks; see Learn and NewSource.
type Hider struct {
	what      What
	secret    secret
	learning  bool
	names     *names
	addresses *addresses
	streams   streams
	left      [reasonCount]int
	marks     []byte             // what was done with the text at hand
	detected  map[endpoints]bool // carried SIP
	ports     map[uint16]bool    // that media was announced for
	numbered  map[mediaSource]*sequence
}

// New returns a Hider that knows nothing yet.
func New(what What) *Hider {
	var s secret
	_, _ = rand.Read(s[:]) // it never fails
	return newHider(what, s)
}

func newHider(what What, s secret) *Hider {
	h := &Hider{what: what, secret: s, learning: true, detected: map[endpoints]bool{}, ports: map[uint16]bool{}, numbered: map[mediaSource]*sequence{}}
	h.names, h.addresses = newNames(&h.secret), newAddresses(&h.secret)
	return h
}

// covers reports whether one of several is to be hidden.
func (h *Hider) covers(what What) bool { return h.what&what != 0 }

// settle ends the learning.
func (h *Hider) settle() {
	h.streams.join(h)
	h.addresses.settle()
	h.names.settle()
	h.learning = false
	h.streams.mask(h)
}

// CallID is what a Call-ID is behind the mask.
func (h *Hider) CallID(id string) string {
	b := []byte(" " + id + "\r\n")
	marks := make([]byte, len(b))
	h.addressesIn(b, marks)
	h.people(b, marks)
	return string(b[1 : len(b)-2])
}

// text masks SIP messages in place, as many as there are.
func (h *Hider) text(b []byte) {
	if !h.covers(Numbers | Addresses | Auth) {
		return
	}
	if cap(h.marks) < len(b) {
		h.marks = make([]byte, len(b))
	}
	marks := h.marks[:len(b)]
	clear(marks)
	h.addressesIn(b, marks)
	for len(b) > 0 {
		n := h.message(b, marks)
		b, marks = b[n:], marks[n:]
		if class, start := sip.Detect(b, sip.Hint{Known: true, Port: true}); class == sip.IsMessage {
			h.blank(b[:start])
			b, marks = b[start:], marks[start:]
			continue
		}
		h.blank(b) // behind the message; nobody knows what it is
		return
	}
}

// blank overwrites what cannot be understood; line ends and spaces tell nothing.
func (h *Hider) blank(b []byte) {
	if h.learning || !h.covers(Numbers|Addresses) {
		return
	}
	for i, c := range b {
		if c != '\r' && c != '\n' && c != ' ' && c != 0 {
			b[i] = 'x'
		}
	}
}
