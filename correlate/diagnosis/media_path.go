package diagnosis

import (
	"fmt"

	"sipsniff/correlate"
	"sipsniff/internal/amount"
)

func mediaPathRules() []*Rule {
	return []*Rule{{
		Code: "MED-35", Name: "ice-failed", Title: "No working path between the two ends was found",
		Severity: correlate.Critical, Confidence: correlate.Strong,
		Needs: NeedSDP, When: TraitDescribed,
		Means:      "ICE: binding requests went out seven times or more on every pair of addresses, none was answered, and no media flow.",
		Advice:     "Check whether a TURN server is configured and reachable, and whether firewalls let UDP through.",
		Hides:      []string{"MED-01", "MED-02", "MED-03", "MED-36", "MED-40"},
		References: []string{"RFC 8445 §7", "RFC 8489 §6.2.1"},
		Thresholds: []Threshold{{"requests", 7, "", "on each pair"}},
		Check:      iceFailed,
	}, {
		Code: "MED-36", Name: "dtls-failed", Title: "Media encryption could not start",
		Severity: correlate.Critical, Confidence: correlate.Proven,
		Needs: NeedSDP, When: TraitDescribed,
		Means:      "The DTLS handshake for the media has three ClientHello messages or more and no answer, ends in a fatal alert, or shows a certificate that the description of its side does not name.",
		Advice:     "Compare a=setup of both ends (one has to be active), a=fingerprint with the certificate in use, and what stands between the ends.",
		Hides:      []string{"MED-01", "MED-02", "MED-03", "MED-25"},
		References: []string{"RFC 5763 §5", "RFC 8122 §5"},
		Thresholds: []Threshold{{"hellos", 3, "", "without an answer"}},
		Check:      dtlsFailed,
	}}
}

func iceFailed(c *Case) {
	list := c.Call.PathChecks
	if len(list) == 0 || c.flows() {
		return
	}
	tried := 0
	for i := range list {
		p := &list[i]
		switch {
		case p.Successes > 0:
			return
		case p.Requests >= uint64(c.Number("requests")):
			tried++
		case !c.Passed(p.Last + 10*second): // it may go on
			return
		}
	}
	if tried == 0 {
		return
	}
	var requests uint64
	for i := range list {
		requests += list[i].Requests
	}
	d := c.Find("The ends tried %s of addresses with %s checks (ICE), and none was answered: no sound can flow.", amount.Of(len(list), "pair"), amount.Grouped(requests))
	for i := range list {
		p := &list[i]
		d.Frame(p.Frame, p.First, "%s from %s to %s, no success", amount.Of(p.Requests, "check"), p.Src, p.Dst)
	}
	d.Absent(list[0].Dst.Addr(), list[0].Src.Addr(), list[0].Last)
}

// flows reports whether the call has media worth the name.
func (c *Case) flows() bool {
	for _, s := range c.Streams {
		if s.Packets >= 100 {
			return true
		}
	}
	return false
}

func dtlsFailed(c *Case) {
	for i := range c.Call.Handshakes {
		h := &c.Call.Handshakes[i]
		switch {
		case h.Alerted && !h.Sealed:
			d := c.Find("The DTLS handshake between %s and %s was given up: %s. The sound could not be encrypted, and so not be heard.", h.Client, h.Server, alertWords(h.Alert))
			d.Frame(h.AlertFrame, h.Last, "fatal alert %d: %s", h.Alert, alertWords(h.Alert)).Frame(h.Frames[0], h.First, "ClientHello of %s", c.sideName(h.ClientFromCaller))
		case !h.Answered && h.Hellos >= int(c.Number("hellos")):
			d := c.Find("%s began the DTLS handshake %s times within %s, %s did not answer: the sound could not be encrypted, and so not be heard.",
				c.sideFirst(h.ClientFromCaller), amount.Grouped(h.Hellos), span(h.Last-h.First), c.sideName(!h.ClientFromCaller))
			d.Frame(h.Frames[1], h.Last, "ClientHello number %d from %s to %s", h.Hellos, h.Client, h.Server).Frame(h.Frames[0], h.First, "the first ClientHello")
			d.Absent(h.Server.Addr(), h.Client.Addr(), h.Last)
		case h.ClientStranger || h.ServerStranger:
			caller := h.ClientFromCaller == h.ClientStranger
			d := c.Find("The certificate that %s shows in the DTLS handshake is none of those that its description names (a=fingerprint): the other end has to refuse it.", c.sideName(caller))
			d.Frame(h.Frames[0], h.First, "the handshake between %s and %s", h.Client, h.Server)
			for _, m := range c.described(caller) {
				d.Message(m.Message, "the fingerprint that %s names", c.sideName(caller))
				break
			}
		default:
			continue
		}
		return
	}
}

// alertWords names the fatal alerts of TLS (RFC 8446 §6.2).
func alertWords(alert uint8) string {
	words := map[uint8]string{
		10: "unexpected message", 20: "bad record", 22: "record overflow", 40: "handshake failure: nothing in common", 42: "bad certificate",
		43: "unsupported certificate", 44: "certificate revoked", 45: "certificate expired", 46: "certificate unknown", 47: "illegal parameter",
		48: "unknown authority", 49: "access denied", 50: "decode error", 51: "decrypt error", 70: "version of the protocol not supported",
		71: "security not sufficient", 80: "internal error", 86: "inappropriate fallback", 90: "cancelled by the user", 110: "unsupported extension",
		112: "unknown name", 116: "certificate required", 120: "no application protocol in common",
	}[alert]
	if words == "" {
		words = fmt.Sprintf("alert %d", alert)
	}
	return words
}
