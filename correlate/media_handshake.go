package correlate

import (
	"net/netip"
	"slices"
	"strings"

	"sipsniff/decode"
	"sipsniff/decode/dtls"
)

// A MediaHandshake is the DTLS between two addresses of a call, by which the
// ends agree on keys for SRTP (RFC 5764).
type MediaHandshake struct {
	Client, Server   netip.AddrPort
	ClientFromCaller bool

	Hellos   int  // ClientHello messages since the last answer, those sent again counted
	Answered bool // a ServerHello came
	Sealed   bool // both ends came to send encrypted
	Alerted  bool // a fatal alert ended it
	Alert    uint8

	// ClientStranger and ServerStranger are set when the certificate of that
	// end is none of those that the descriptions of its side name.
	ClientStranger, ServerStranger bool

	First, Last int64 // Unix ns, of the hellos
	Frames      [2]int
	AlertFrame  int
}

// follow notes what a datagram of a handshake changed, and finds its call.
func (t *streamTable) followHandshake(p *decode.Packet, h *handshake, before dtls.Association) {
	greeted := h.Hellos != before.Hellos || h.Handshakes != before.Handshakes
	if greeted {
		if before.Answered || h.first == 0 {
			h.first, h.frames[0], h.asked = p.Nanos, p.Frame, 0
			h.alertFrame = 0
		}
		h.asked++
		h.last, h.frames[1] = p.Nanos, p.Frame
	}
	if h.Alerted && !before.Alerted {
		h.alertFrame = p.Frame
	}
	if c := h.media; c != nil && c.ended && greeted && p.Nanos > c.endedAt { // the addresses were given to another call
		h.media = nil
		c.greetings = slices.DeleteFunc(slices.Clone(c.greetings), func(o *handshake) bool { return o == h })
	}
	if h.media == nil && h.Hellos > 0 {
		t.claimHandshake(p, h)
	}
	if h.media != nil {
		t.move(h.media)
	}
}

// claimHandshake finds the call whose descriptions explain the addresses of a
// handshake, answered or not.
func (t *streamTable) claimHandshake(p *decode.Packet, h *handshake) {
	client, server := h.sides()
	m, ok := t.match(sought{src: client, dst: server, nanos: p.Nanos})
	if !ok || len(m.party().call.greetings) >= maxCallHandshakes {
		return
	}
	h.media, h.clientIsCaller = m.party().call, m.fromCaller()
	h.media.greetings = append(h.media.greetings, h)
}

// sides are the addresses of the client and of the server.
func (h *handshake) sides() (client, server netip.AddrPort) {
	if h.Client == 1 {
		return h.ends.dst, h.ends.src
	}
	return h.ends.src, h.ends.dst
}

// handshakesOf are the handshakes of a call in the order in which they began.
func (t *streamTable) handshakesOf(callIndex int) []MediaHandshake {
	c := t.calls[callIndex]
	if c == nil || len(c.greetings) == 0 {
		return nil
	}
	list := make([]MediaHandshake, 0, len(c.greetings))
	for _, h := range c.greetings {
		m := MediaHandshake{
			ClientFromCaller: h.clientIsCaller, Hellos: h.asked, Answered: h.Answered, Sealed: h.Association.Sealed[0] && h.Association.Sealed[1],
			Alerted: h.Alerted, Alert: h.Alert, First: h.first, Last: h.last, Frames: h.frames, AlertFrame: h.alertFrame,
		}
		m.Client, m.Server = h.sides()
		m.ClientStranger = c.stranger(h, h.Client, h.clientIsCaller)
		m.ServerStranger = c.stranger(h, 1-h.Client, !h.clientIsCaller)
		list = append(list, m)
	}
	return list
}

// stranger reports whether the certificate of an end is known, and none of the
// descriptions of its side names it.
func (c *callMedia) stranger(h *handshake, of dtls.Side, fromCaller bool) bool {
	compared := false
	for _, p := range c.parties {
		if p.fromCaller != fromCaller {
			continue
		}
		for _, value := range p.fingerprints() {
			match, known := h.Fingerprint(of, value)
			if match {
				return false
			}
			compared = compared || known
		}
	}
	return compared
}

// fingerprints are all a=fingerprint values of a description: an end may list
// several of one certificate.
func (p *party) fingerprints() []string {
	var list []string
	take := func(attributes []string) {
		for _, a := range attributes {
			if value, ok := strings.CutPrefix(a, "fingerprint:"); ok {
				list = append(list, strings.TrimSpace(value))
			}
		}
	}
	take(p.session.Attributes)
	for i := range p.session.Media {
		take(p.session.Media[i].Attributes)
	}
	return list
}
