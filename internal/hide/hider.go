package hide

import (
	"bytes"
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
	fragments fragments
	// frameNumber is that of the frame at hand.
	frameNumber int
	left        [reasonCount]int
	marks       []byte             // what was done with the text at hand
	detected    map[endpoints]bool // carried SIP
	ports       map[uint16]bool    // that media was announced for
	typed       map[uint16]bool    // that text was announced for
	numbered    map[mediaSource]*sequence
}

// New returns a Hider that knows nothing yet.
func New(what What) *Hider {
	var s secret
	_, _ = rand.Read(s[:]) // it never fails
	return newHider(what, s)
}

func newHider(what What, s secret) *Hider {
	h := &Hider{what: what, secret: s, learning: true, detected: map[endpoints]bool{}, ports: map[uint16]bool{}, typed: map[uint16]bool{}, numbered: map[mediaSource]*sequence{}}
	h.names, h.addresses = newNames(&h.secret), newAddresses(&h.secret)
	return h
}

// covers reports whether one of several is to be hidden.
func (h *Hider) covers(what What) bool { return h.what&what != 0 }

// settle ends the learning.
func (h *Hider) settle() {
	h.fragments.join(h)
	h.streams.join(h)
	h.addresses.settle()
	h.names.settle()
	h.learning = false
	h.streams.mask(h)
	h.fragments.mask(h)
}

// CallID is what a Call-ID is behind the mask.
func (h *Hider) CallID(id string) string {
	b := []byte(" " + id + "\r\n")
	marks := make([]byte, len(b))
	h.addressesIn(b, marks)
	h.people(b, marks, false)
	return string(b[1 : len(b)-2])
}

// text masks SIP messages in place, as many as there are. Of one that was cut off the last line is not known.
func (h *Hider) text(b []byte, cut bool) {
	if !h.covers(Numbers | Addresses | Auth) {
		return
	}
	if cut {
		b = h.cutOff(b)
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

// cutOff blanks the line that was cut, and returns what stands in front of it.
func (h *Hider) cutOff(b []byte) []byte {
	at := len(b)
	for {
		at = bytes.LastIndexByte(b[:at], '\n') + 1
		if at == 0 || at == len(b) || b[at] != ' ' && b[at] != '\t' {
			break
		}
		at-- // it is folded
	}
	if line := b[at:]; !bytes.HasPrefix(line, []byte("m=")) {
		h.blank(line[bytes.IndexAny(line, ":=")+1:])
	}
	return b[:at]
}

// blank overwrites what cannot be understood; line ends and spaces tell nothing.
func (h *Hider) blank(b []byte) {
	if h.learning || !h.covers(Numbers|Addresses|Auth) {
		return
	}
	for i, c := range b {
		if c != '\r' && c != '\n' && c != ' ' && c != 0 {
			b[i] = 'x'
		}
	}
}
