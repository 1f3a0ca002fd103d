package correlate

import (
	"errors"
	"net/netip"
	"slices"

	"sipsniff/decode/rtp/srtp"
)

const (
	maxCallKeys   = 64 // a=crypto attributes remembered of one call
	maxStreamKeys = 12 // keys that are tried on one stream
)

// A direction is who sends to whom: what decides about keys.
type direction struct {
	call             *callMedia
	receiver, sender *mediaLine // one of them at least is set
	fromCaller       bool
	src, dst         netip.AddrPort
}

func (f *flow) direction() direction {
	return direction{call: f.call, receiver: f.receiver, sender: f.sender, fromCaller: f.fromCaller, src: f.key.src, dst: f.key.dst}
}

// streamKeys are the keys that may fit, the likeliest first. When there are
// none problem says why.
type streamKeys struct {
	contexts []*srtp.Context
	problem  string
	random   *[32]byte
}

func (k *streamKeys) add(contexts ...*srtp.Context) {
	for _, c := range contexts {
		if len(k.contexts) < maxStreamKeys && !slices.Contains(k.contexts, c) {
			k.contexts = append(k.contexts, c)
		}
	}
}

// fail notes why there is no key, the first reason that was met.
func (k *streamKeys) fail(problem string) {
	if k.problem == "" {
		k.problem = problem
	}
}

// keysFor gathers the keys for one direction: those of a DTLS handshake
// between the addresses, then those of the sender's descriptions, because the
// key in a description protects what its sender sends (RFC 4568 §5.1.1), and
// last those of the receiver, for senders that have it the wrong way round.
func (t *streamTable) keysFor(d direction) (k streamKeys) {
	t.addHandshakeKeys(&k, &d)
	for _, l := range d.senderLines() {
		d.addDescribed(&k, l)
	}
	if d.receiver != nil {
		d.addDescribed(&k, d.receiver)
	}
	if len(k.contexts) > 0 {
		k.problem, k.random = "", nil
	} else {
		k.fail(d.missing())
	}
	return k
}

// missing names what would have told a key.
func (d *direction) missing() string {
	for _, l := range [...]*mediaLine{d.sender, d.receiver} {
		if l != nil && l.media.Fingerprint != "" {
			return "dtls_no_handshake"
		}
	}
	return "no_key"
}

// senderLines are the descriptions of the sender's side that stand at the
// same place: the one that explains the stream, then the newer ones.
func (d *direction) senderLines() []*mediaLine {
	var lines []*mediaLine
	if d.sender != nil {
		lines = append(lines, d.sender)
		for _, l := range d.sender.party.lines { // one key for all that share a transport
			if l != d.sender && l.bundled && d.sender.bundled {
				lines = append(lines, l)
			}
		}
	}
	at := d.sender
	if at == nil {
		at = d.receiver
	}
	for _, p := range slices.Backward(d.call.parties) {
		if p.fromCaller == d.fromCaller && at != nil && at.index < len(p.lines) && p.lines[at.index] != d.sender {
			lines = append(lines, p.lines[at.index])
		}
	}
	return lines
}

// addDescribed adds the keys of one description. When the other side chose
// among several, its choice comes first.
func (d *direction) addDescribed(k *streamKeys, l *mediaLine) {
	chosen := d.chosenTag(l)
	for _, first := range [...]bool{true, false} {
		for _, value := range l.media.Crypto {
			c := d.call.keyOf(value)
			if (c.tag == chosen) != first {
				continue
			}
			if c.problem != "" {
				k.fail("sdes_" + c.problem)
			}
			k.add(c.contexts...)
		}
	}
}

// chosenTag is the tag of the only key that the other side describes, which
// an answer takes from the offer (RFC 4568 §5.1.2); -1 when there is none.
func (d *direction) chosenTag(l *mediaLine) int {
	other := d.receiver
	if l == d.receiver {
		other = d.sender
	}
	if other == nil || len(other.media.Crypto) != 1 {
		return -1
	}
	return d.call.keyOf(other.media.Crypto[0]).tag
}

// A describedKey is an a=crypto attribute, ready for use.
type describedKey struct {
	tag      int
	contexts []*srtp.Context
	problem  string // why there are none
}

// keyOf reads an a=crypto attribute. The contexts are shared by all that use
// the same attribute in a call.
func (c *callMedia) keyOf(value string) describedKey {
	if k, ok := c.keys[value]; ok {
		return k
	}
	k := readDescribedKey(value)
	if c.keys == nil {
		c.keys = make(map[string]describedKey)
	}
	if len(c.keys) < maxCallKeys {
		c.keys[value] = k
	}
	return k
}

func readDescribedKey(value string) describedKey {
	crypto, err := srtp.ParseCrypto(value)
	k := describedKey{tag: crypto.Tag}
	if err == nil {
		k.contexts, err = crypto.Contexts()
	}
	var problem *srtp.CryptoError
	switch {
	case errors.As(err, &problem):
		k.problem = problem.Problem
	case err != nil:
		k.problem = "syntax"
	}
	return k
}
