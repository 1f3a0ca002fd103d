package diagnosis

import (
	"strings"

	"sipsniff/correlate"
	"sipsniff/decode/sdp"
	"sipsniff/internal/amount"
)

func protectionRules() []*Rule {
	return []*Rule{{
		Code: "MED-25", Name: "media-encrypted", Title: "Sound is encrypted: content checks are off",
		Severity: correlate.Info, Confidence: correlate.Proven,
		Needs: NeedMedia, When: TraitMedia,
		Means:      "Streams are SRTP by their description, and no key fits that the capture or a key log gives.",
		Advice:     "Give a key log (-k) for DTLS-SRTP, or capture the signalling in clear for the keys of SDES. Loss, jitter and the estimate of quality need no keys.",
		References: []string{"RFC 3711", "RFC 4568", "RFC 5764"},
		Check:      encryptedMedia,
	}, {
		Code: "MED-26", Name: "encryption-one-sided", Title: "One side encrypts, the other does not: noise or silence",
		Severity: correlate.Critical, Confidence: correlate.Proven,
		Needs: NeedBothMedia, When: TraitMedia | TraitDescribed,
		Means:      "The packets of one direction are longer than their codec makes them by 4, 10 or 16 octets, those of the other are not; or an offer of SRTP only (SAVP) was answered with plain RTP (AVP) or the other way round.",
		Advice:     "Set both ends to the same policy for SRTP; look at what rewrites descriptions in between.",
		References: []string{"RFC 3711 §3.1", "RFC 4568 §7.1.2"},
		Thresholds: []Threshold{{"packets", 50, "", "of either direction"}},
		Check:      oneSidedEncryption,
	}}
}

func encryptedMedia(c *Case) {
	var closed []*correlate.Stream
	for _, s := range c.Streams {
		if s.Secure && s.Packets > 0 && (s.Protection == nil || s.Protection.Key == "") {
			closed = append(closed, s)
		}
	}
	if len(closed) == 0 {
		return
	}
	why := ""
	if p := closed[0].Protection; p != nil && p.Problem != "" {
		why = ": " + keyProblem(p.Problem)
	}
	d := c.Find("%s of this call cannot be opened%s. What was said, silence and key presses in the sound are not known.", amount.Of(len(closed), "stream"), why)
	for _, s := range closed {
		d.Stream(s, "encrypted audio: %s", ends(s))
	}
}

// keyProblem puts the problem of a correlate.Protection into words.
func keyProblem(problem string) string {
	switch problem {
	case "key_refused":
		return "the key that signalling tells does not fit"
	case "no_key":
		return "nobody tells a key"
	case "dtls_no_handshake":
		return "the DTLS handshake is not in the capture"
	case "dtls_no_answer":
		return "the DTLS handshake was not answered"
	case "dtls_no_secret":
		return "the key log has no secret for the DTLS handshake"
	}
	return strings.ReplaceAll(problem, "_", " ")
}

func oneSidedEncryption(c *Case) {
	k := c.Talk()
	if a, b := k.main(true), k.main(false); a != nil && b != nil {
		x, knownX := c.surplus(a)
		y, knownY := c.surplus(b)
		if knownX && knownY && (x == 0) != (y == 0) {
			sealed, open, more := a, b, x
			if x == 0 {
				sealed, open, more = b, a, y
			}
			d := c.Find("%s sends encrypted audio (each packet is %d octets longer than %s needs), %s sends plain audio: each hears noise or nothing of the other.",
				c.sideFirst(sealed.FromCaller), more, sealed.Codec, c.sideName(open.FromCaller))
			d.Stream(sealed, "%d octets in a packet: %s", sealed.PayloadSize, ends(sealed)).Stream(open, "%d octets in a packet: %s", open.PayloadSize, ends(open))
			return
		}
	}
	if !k.up {
		return
	}
	for _, offer := range c.described(true) {
		for _, answer := range c.described(false) {
			a, b := audioLine(offer.SDP), audioLine(answer.SDP)
			if a == nil || b == nil || !pairs(offer, answer) || a.Secure() == b.Secure() || !c.accepted(answer) && !c.accepted(offer) || optional(a) || optional(b) {
				continue
			}
			d := c.Find("The caller's description says %s, the callee's %s: one side encrypts, the other does not.", a.Protocol, b.Protocol)
			d.Message(offer.Message, "audio over %s", a.Protocol).Message(answer.Message, "audio over %s", b.Protocol)
			return
		}
	}
}

// optional reports whether a plain line tells keys all the same: encryption is
// left open, and the other side may choose.
func optional(m *sdp.Media) bool { return !m.Secure() && (len(m.Crypto) > 0 || m.Fingerprint != "") }

// surplus is how many octets the packets of a stream have more than its codec
// makes: 0, or the length of an authentication tag. It is not known when the
// codec has no fixed size.
func (c *Case) surplus(s *correlate.Stream) (octets int, known bool) {
	if s.Packets < uint64(c.Number("packets")) || s.PayloadSize == 0 || s.Quality.PTime == 0 {
		return 0, false
	}
	var plain float64
	switch p := s.Quality.PTime; strings.ToUpper(s.Codec) {
	case "PCMU", "PCMA", "G722":
		plain = 8 * p
	case "G729":
		plain = p
	case "GSM":
		plain = 33 * p / 20
	case "G726-32":
		plain = 4 * p
	default:
		return 0, false
	}
	switch more := int(s.PayloadSize) - int(plain); more {
	case 0, 4, 10, 16:
		return more, true
	}
	return 0, false
}
