package diagnosis

import (
	"fmt"
	"slices"
	"strings"

	"sipsniff/correlate"
	"sipsniff/decode/sdp"
	"sipsniff/decode/sip"
)

func negotiationRules() []*Rule {
	return []*Rule{{
		Code: "SIG-11", Name: "no-common-codec", Title: "Both ends found no common way to send audio",
		Severity: correlate.Error, Confidence: correlate.Proven,
		Graded: "warning when the call was up and went on as before; info when a later attempt was answered",
		Needs:  NeedResponses | NeedSDP, When: TraitFailure,
		Means:      "488, 606 or 415 to an INVITE or UPDATE, or another 4xx to one with a Warning of 304 to 307.",
		Advice:     "Compare the codecs, the SRTP policy and the transport (RTP/AVP, SAVP, AVPF) of both ends, and whether a transcoder should stand between them.",
		Hides:      []string{"SIG-23"},
		References: []string{"RFC 3261 §21.4.26", "RFC 3264 §6"},
		Check:      noCommonCodec,
	}, {
		Code: "SIG-12", Name: "bad-answer", Title: "The reply to the media proposal is not allowed",
		Severity: correlate.Error, Confidence: correlate.Proven, Needs: NeedSDP, When: TraitDescribed,
		Graded: "a warning when the answer is only in a provisional response and not in the 2xx, which most devices forgive",
		Means: "The answer has other media lines than the offer, a direction that does not fit (sendonly needs recvonly or inactive), no codec of the offer, or there is none in the 2xx " +
			"(of an offer in a 2xx, in the ACK). Codecs that were not offered, beside one that was, are allowed (RFC 3264 §6.1).",
		Advice:     "Look at the firmware of the device that answered, and at the rules of border controllers that change SDP.",
		References: []string{"RFC 3264 §6"},
		Check:      badAnswer,
	}}
}

func badAnswer(c *Case) {
	var told map[string]*Draft // by fault: a refresh of the session repeats it
	eachNegotiation(c.Call, func(n *Negotiation) {
		if !n.faulty() {
			return
		}
		n.compare()
		faults := n.Faults
		for i := range n.Lines {
			faults = append(faults, n.Lines[i].Faults...)
		}
		what := fmt.Sprintf("%s answered the offer of %s against the rules: %s.", n.Answer.Src, n.Offer.Src, strings.Join(faults, "; "))
		if d := told[what]; d != nil {
			d.Message(n.Answer, "the same again")
			return
		}
		d := c.Find("%s", what)
		if told == nil {
			told = make(map[string]*Draft)
		}
		told[what] = d
		d.Message(n.Offer, "offer: %s", offerWords(n.Offer))
		d.Message(n.Answer, "answer")
		d.Nanos = n.Answer.Nanos
		if slices.Equal(faults, []string{"missing answer"}) && n.Preview {
			d.Severity = correlate.Warning
		}
	})
}

func noCommonCodec(c *Case) {
	for _, x := range c.Refusals(func(x *Exchange) bool {
		return (x.Method == "INVITE" || x.Method == "UPDATE") && c.refusesMedia(x.Final)
	}) {
		d := c.Find("%s was refused with %d %s: %s.%s", offerWords(x.Request()), x.Status(), x.Final.Reason, whyRefused(c, x), c.peerOffers(x))
		d.refusedWith(x)
		if m := x.Request(); x.InDialog() && m != nil && m.SDP != nil && oddLine(m.SDP) == onlyFax {
			d.Title = "Fax by T.38 was refused"
			d.Explanation = fmt.Sprintf("T.38 was refused with %d %s; the call stayed with %s.", x.Status(), x.Final.Reason, c.audioBefore(m))
			d.Severity = correlate.Warning
			continue
		}
		switch {
		case x.InDialog():
			d.Severity, d.Title = correlate.Warning, "A change of the media was refused"
		case c.answered():
			d.Severity = correlate.Info
		}
	}
}

// refusesMedia reports whether a response says that the media do not fit.
func (c *Case) refusesMedia(m *correlate.Message) bool {
	switch m.StatusCode {
	case 415, 488, 606:
		return true
	}
	if m.StatusCode < 400 || m.StatusCode >= 500 {
		return false
	}
	for _, code := range c.warnings(m) {
		if code >= 304 && code <= 307 {
			return true
		}
	}
	return false
}

// warnings are the codes of the Warning headers of a message.
func (c *Case) warnings(m *correlate.Message) (codes []int) {
	if !m.Headers.Has(sip.HeaderWarning) {
		return nil
	}
	for value := range c.SIP(m).Values(sip.HeaderWarning) {
		codes = append(codes, sip.ParseWarning(value).Code)
	}
	return codes
}

// offerWords says what a request offered.
func offerWords(request *correlate.Message) string {
	if request == nil || request.SDP == nil {
		return "The offer of media"
	}
	lines := make([]string, 0, len(request.SDP.Media))
	for i := range request.SDP.Media {
		lines = append(lines, lineWords(&request.SDP.Media[i]))
	}
	return "The offer of " + strings.Join(lines, "; ")
}

// maxNames bounds the codecs that a text names.
const maxNames = 12

// lineWords says what one media line is: "audio with PCMU, PCMA over RTP/AVP".
func lineWords(m *sdp.Media) string {
	return fmt.Sprintf("%s with %s over %s", m.Type, strings.Join(codecNames(m), ", "), m.Protocol)
}

// codecNames are the codecs of a media line, in its order.
func codecNames(m *sdp.Media) (names []string) {
	for i := range m.Codecs {
		name := m.Codecs[i].Name
		if name == "" {
			name = "payload type " + fmt.Sprint(m.Codecs[i].PayloadType)
		}
		if len(names) < maxNames && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		return m.Formats[:min(len(m.Formats), maxNames)]
	}
	return names
}

// warningMeanings are those of RFC 3261 §20.43 that are about media.
var warningMeanings = map[int]string{
	304: "a kind of media is not available there", 305: "a media format is not available there",
	306: "the other side does not understand an attribute of the description", 307: "the other side does not understand a parameter of the description",
	300: "the network protocol is not compatible", 301: "the address format is not compatible", 302: "the transport protocol is not compatible", 303: "the bandwidth unit is not understood",
	330: "multicast is not available there", 331: "unicast is not available there", 370: "the bandwidth is not sufficient",
}

// whyRefused says why, by the Warning header and by what both sides describe.
func whyRefused(c *Case, x *Exchange) string {
	for _, code := range c.warnings(x.Final) {
		if words := warningMeanings[code]; words != "" {
			return words + fmt.Sprintf(" (Warning %d)", code)
		}
	}
	offer := x.Request()
	if x.Status() == 415 {
		return "the other side does not take this type of body"
	}
	if offer != nil && offer.SDP != nil {
		if words := oddLine(offer.SDP); words != "" {
			return words
		}
	}
	return "nothing of it suits the other side"
}

const onlyFax = "it is a fax (T.38) and no audio"

// audioBefore names the audio codecs of the latest description before a message.
func (c *Case) audioBefore(m *correlate.Message) string {
	names := "its audio"
	for _, o := range c.Messages() {
		if o.Nanos >= m.Nanos {
			break
		}
		if o.SDP == nil {
			continue
		}
		for i := range o.SDP.Media {
			if l := &o.SDP.Media[i]; l.Type == "audio" && l.Port != 0 && len(l.Codecs) > 0 {
				names = l.Codecs[0].Name
			}
		}
	}
	if names == "PCMU" || names == "PCMA" {
		return "G.711 (" + names + ")"
	}
	return names
}

// oddLine names what of an offer many devices cannot do.
func oddLine(s *sdp.Session) string {
	audio := slices.IndexFunc(s.Media, func(m sdp.Media) bool { return m.Type == "audio" && m.Port != 0 })
	switch {
	case audio < 0 && slices.ContainsFunc(s.Media, func(m sdp.Media) bool { return m.Type == "image" }):
		return onlyFax
	case audio < 0:
		return "there is no audio in it"
	case strings.Contains(s.Media[audio].Protocol, "SAVP"):
		return "it asks for encrypted audio (" + s.Media[audio].Protocol + "), which the other side may not do"
	case strings.HasSuffix(s.Media[audio].Protocol, "AVPF"):
		return "it asks for feedback (" + s.Media[audio].Protocol + "), which the other side may not do"
	}
	return ""
}

// peerOffers says what the other side describes itself, in the refusal or
// elsewhere in the call.
func (c *Case) peerOffers(x *Exchange) string {
	own := x.Final.SDP
	if own == nil {
		for _, m := range c.Messages() {
			if m.SDP != nil && m.Src.Addr() == x.Server.Addr() {
				own = m.SDP
				break
			}
		}
	}
	if own == nil || len(own.Media) == 0 {
		return ""
	}
	return fmt.Sprintf(" %s itself can do %s.", x.Server.Addr(), lineWords(&own.Media[0]))
}
