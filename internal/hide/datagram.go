package hide

import (
	"encoding/binary"

	"sipsniff/decode/rtp"
	"sipsniff/decode/sip"
)

// udp masks a UDP packet.
func (h *Hider) udp(p packet, l layer) reason {
	if len(l.b) < 8 {
		return foreign
	}
	p.ports(l.b)
	if n := int(binary.BigEndian.Uint16(l.b[4:])); n >= 8 && n <= l.wire {
		inner := h.trimmed(l, n)
		l = inner
	}
	r := h.datagram(p, l.from(8))
	if binary.BigEndian.Uint16(l.b[6:]) != 0 { // 0: the sender made none
		h.seal(protocolUDP, p, l, 6)
	}
	return r
}

// datagram masks what UDP carried.
func (h *Hider) datagram(p packet, l layer) reason {
	b := l.b
	if len(b) == 0 {
		return fine
	}
	reversed := endpoints{p.ends.dst, p.ends.src}
	hint := sip.Hint{Known: h.detected[p.ends] || h.detected[reversed] || p.quoted, Port: isSIPPort(p.ends)}
	switch class, start := sip.Detect(b, hint); class {
	case sip.IsMessage:
		h.detected[p.ends] = true
		h.blank(b[:start])
		h.text(b[start:])
		return fine
	case sip.KeepAlive:
		if onlyLineEnds(b) {
			return fine
		}
	}
	switch rtp.Classify(b) {
	case rtp.RTP:
		return h.media(p.ends, b)
	case rtp.RTCP:
		return h.control(l)
	case rtp.DTLS:
		return encrypted
	case rtp.TURNChannel:
		return tunnelled
	case rtp.STUN:
		if h.what == Audio {
			return fine
		}
	}
	return foreign
}

// onlyLineEnds reports whether a datagram holds a binding open and says nothing.
func onlyLineEnds(b []byte) bool {
	for _, c := range b {
		if c != '\r' && c != '\n' && c != 0 && c != ' ' {
			return false
		}
	}
	return true
}

func isSIPPort(e endpoints) bool {
	for _, port := range [...]uint16{e.src.Port(), e.dst.Port()} {
		if port == 5060 || port == 5061 || port == 5080 {
			return true
		}
	}
	return false
}

// The packet types of RTCP that hold text.
const (
	controlSource = 202
	controlBye    = 203
	controlApp    = 204
)

// control masks the texts in a compound of RTCP. What is encrypted is left out.
func (h *Hider) control(l layer) reason {
	if !h.covers(Numbers | Addresses) {
		return fine
	}
	if !l.whole() || !rtp.ControlInClear(l.b) {
		return encrypted
	}
	if h.learning {
		return fine
	}
	for b := l.b; len(b) >= 4; {
		size := min(4+int(binary.BigEndian.Uint16(b[2:]))*4, len(b))
		switch b[1] {
		case controlSource:
			h.sources(b[4:size], int(b[0]&31))
		case controlBye:
			if at := 4 + int(b[0]&31)*4; at < size {
				h.secret.blur(b[at+1 : min(at+1+int(b[at]), size)])
			}
		case controlApp:
			if size > 12 {
				clear(b[12:size])
			}
		}
		b = b[size:]
	}
	return fine
}

// sources masks what sources call themselves: chunks of an SSRC and items, each a type, a length and a text, up to a
// type 0, padded to four octets (RFC 3550 §6.5).
func (h *Hider) sources(b []byte, chunks int) {
	at := 4
	for range chunks {
		for at+1 < len(b) && b[at] != 0 {
			end := min(at+2+int(b[at+1]), len(b))
			h.secret.blur(b[at+2 : end])
			at = end
		}
		at = (at+4)&^3 + 4
	}
}
