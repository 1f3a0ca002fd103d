package diagnosis

import (
	"sipsniff/correlate"
	"sipsniff/decode"
)

// secrecyRules are about what anybody on the way can read.
func secrecyRules() []*Rule {
	return []*Rule{{
		Code: "SEC-09", Name: "keys-in-clear", Title: "The keys of the sound can be read on the way",
		Severity: correlate.Warning, Confidence: correlate.Proven, Needs: NeedSDP, When: TraitDescribed,
		Means:      "A description with keys (a=crypto) goes over UDP, TCP or WebSocket without TLS: who can read it can decrypt the sound.",
		Advice:     "Use TLS for SIP on the whole way, or DTLS-SRTP.",
		References: []string{"RFC 4568 §8.2"},
		Check:      keysInClear,
	}}
}

// keysInClear is SEC-09.
func keysInClear(c *Case) {
	for _, m := range c.Messages() {
		if m.SDP == nil || m.Transport == decode.TLS || m.Transport == decode.WSS {
			continue
		}
		for i := range m.SDP.Media {
			if media := &m.SDP.Media[i]; len(media.Crypto) > 0 && media.Port != 0 {
				c.Find("%s sent the keys of the %s to %s over %s, where everybody on the way can read them.", m.Src, media.Type, m.Dst, m.Transport).
					Message(m, "keys for %s in the clear", media.Type)
				return
			}
		}
	}
}
