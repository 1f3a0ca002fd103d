package diagnosis

import (
	"fmt"
	"slices"
	"strings"

	"sipsniff/correlate"
	"sipsniff/decode/sdp"
	"sipsniff/decode/sip"
	"sipsniff/internal/amount"
)

// A Negotiation is one offer of media with what became of it (RFC 3264).
type Negotiation struct {
	Offer, Answer *correlate.Message // Answer is nil when there was none, or it was refused
	Refusal       *correlate.Message // the final response that refused it; nil when none did
	Preview       bool               // the answer is that of a provisional response, which the 2xx repeats or not
	Lines         []MediaLine
	Faults        []string // of the answer as a whole: "m-line count", "missing answer"
}

// A MediaLine is one m= line of an offer beside that of the answer.
type MediaLine struct {
	Type            string   // "audio"
	Common          []string // codecs that both have, in the order of the answer
	Offered         []string
	Answered        []string // nil without an answer
	PTime           [2]float64
	Direction       [2]sdp.Direction // of the offer and of the answer
	Protocol        [2]string
	Keys            [2]string // "none", "SDES", "DTLS"
	ICE             [2]bool
	Refused         bool // port 0 in the answer
	Faults          []string
	Address, Target string // where each side wants it, "192.0.2.1:4000"
}

// maxAhead bounds how far behind a request its responses are looked for.
const maxAhead = 200

// Negotiations are the offers of a call with their answers, in order of time,
// on the link nearest to the caller.
func Negotiations(c *correlate.Call) (list []Negotiation) {
	eachNegotiation(c, func(n *Negotiation) {
		n.compare()
		list = append(list, *n)
	})
	return list
}

// eachNegotiation pairs offers and answers. It costs little when nobody looks at
// the lines.
func eachNegotiation(c *correlate.Call, yield func(*Negotiation)) {
	for i, m := range c.Messages() {
		if m.Method != "INVITE" && m.Method != "UPDATE" || m.Retransmission || m.Duplicate || m.Cut != "" ||
			m.Src.Addr() != c.Source.Addr() && m.Dst.Addr() != c.Source.Addr() {
			continue
		}
		rest := c.Messages()[i+1:]
		rest = rest[:min(len(rest), maxAhead)]
		var n Negotiation
		if m.SDP != nil {
			n = answerTo(m, rest)
		} else if m.Method == "INVITE" {
			n = lateOffer(m, rest)
		}
		if n.Offer != nil {
			yield(&n)
		}
	}
}

// answerTo finds the answer to an offer in a request.
func answerTo(m *correlate.Message, rest []*correlate.Message) Negotiation {
	n := Negotiation{Offer: m}
	for _, r := range rest {
		if !answersTo(r, m) || r.StatusCode <= 100 {
			continue
		}
		switch {
		case r.StatusCode >= 300:
			if n.Answer == nil || n.Preview {
				n.Refusal = r
			}
			return n
		case r.StatusCode >= 200 && r.SDP == nil:
			if r.Cut == "" && !strings.Contains(r.Text(), "application/sdp") && (n.Answer == nil || n.Preview) {
				n.Faults = append(n.Faults, "missing answer")
				if n.Answer == nil {
					n.Answer, n.Preview = r, false
				}
			}
			return n
		case r.StatusCode >= 200:
			n.Answer, n.Preview = r, false
			return n
		case r.SDP != nil && n.Answer == nil:
			n.Answer, n.Preview = r, !r.Headers.Has(sip.HeaderRSeq)
		}
	}
	return n
}

// answersTo reports whether r is a response to the request on the same link.
func answersTo(r, m *correlate.Message) bool {
	return r.Method == "" && r.CSeq.Number == m.CSeq.Number && r.CSeq.Method == m.Method && r.Branch == m.Branch && r.Dst.Addr() == m.Src.Addr() && !r.Duplicate && !r.Retransmission
}

// lateOffer finds the offer in the 2xx to an INVITE without one, and the answer
// in the ACK.
func lateOffer(m *correlate.Message, rest []*correlate.Message) (n Negotiation) {
	for _, r := range rest {
		switch {
		case answersTo(r, m) && r.StatusCode/100 == 2 && r.SDP != nil && n.Offer == nil:
			n.Offer = r
		case n.Offer != nil && r.Method == "ACK" && r.CSeq.Number == m.CSeq.Number && r.ToTag == n.Offer.ToTag && r.Src.Addr() == m.Src.Addr():
			if r.SDP != nil {
				n.Answer = r
			} else if r.Cut == "" && !strings.Contains(r.Text(), "application/sdp") {
				n.Answer, n.Faults = r, append(n.Faults, "missing answer")
			}
			return n
		}
	}
	return n
}

// compare fills in the lines.
func (n *Negotiation) compare() {
	offer := n.Offer.SDP
	var answer *sdp.Session
	if n.Answer != nil {
		answer = n.Answer.SDP
	}
	if fault := countFault(offer, answer); fault != "" {
		n.Faults = append(n.Faults, fault)
	}
	for i := range offer.Media {
		o := &offer.Media[i]
		l := MediaLine{
			Type: o.Type, Offered: codecNames(o), PTime: [2]float64{o.PTime}, Direction: [2]sdp.Direction{o.Direction}, Protocol: [2]string{o.Protocol},
			Keys: [2]string{keysOf(o)}, ICE: [2]bool{len(o.Candidates) > 0}, Address: fmt.Sprintf("%s:%d", o.Address, o.Port),
		}
		if answer != nil && i < len(answer.Media) {
			l.answer(o, &answer.Media[i])
		}
		n.Lines = append(n.Lines, l)
	}
}

func (l *MediaLine) answer(o, a *sdp.Media) {
	l.Answered, l.Refused = codecNames(a), a.Port == 0
	l.PTime[1], l.Direction[1], l.Protocol[1], l.Keys[1], l.ICE[1] = a.PTime, a.Direction, a.Protocol, keysOf(a), len(a.Candidates) > 0
	l.Target = fmt.Sprintf("%s:%d", a.Address, a.Port)
	for i := range a.Codecs {
		if name := a.Codecs[i].Name; has(o, &a.Codecs[i]) && !slices.Contains(l.Common, name) {
			l.Common = append(l.Common, name)
		}
	}
	if l.Common == nil && !o.RTP() {
		for _, f := range a.Formats {
			if slices.Contains(o.Formats, f) {
				l.Common = append(l.Common, f)
			}
		}
	}
	if f := lineFault(o, a); f != "" {
		l.Faults = append(l.Faults, f)
	}
}

func keysOf(m *sdp.Media) string {
	switch {
	case len(m.Crypto) > 0:
		return "SDES"
	case m.Fingerprint != "":
		return "DTLS"
	}
	return "none"
}

// countFault says whether the answer has other lines than the offer.
func countFault(offer, answer *sdp.Session) string {
	if answer == nil {
		return ""
	}
	if len(answer.Media) != len(offer.Media) {
		return fmt.Sprintf("the answer has %s, the offer %d", amount.Of(len(answer.Media), "media line"), len(offer.Media))
	}
	for i := range answer.Media {
		if answer.Media[i].Type != offer.Media[i].Type {
			return fmt.Sprintf("line %d of the offer is %s, that of the answer %s", i+1, offer.Media[i].Type, answer.Media[i].Type)
		}
	}
	return ""
}

// lineFault says what of an accepted line does not fit its offer.
func lineFault(o, a *sdp.Media) string {
	if a.Port == 0 || o.Port == 0 {
		return ""
	}
	if !directionFits(o.Direction, a.Direction) {
		return fmt.Sprintf("%s offered as %s was answered as %s", o.Type, DirectionName(o.Direction), DirectionName(a.Direction))
	}
	if o.RTP() && a.RTP() && len(o.Codecs) > 0 && len(a.Codecs) > 0 && !anyCommon(o, a) {
		return fmt.Sprintf("none of the codecs of the answer, %s, is in the offer", strings.Join(codecNames(a), ", "))
	}
	return ""
}

func anyCommon(o, a *sdp.Media) bool {
	for i := range a.Codecs {
		if has(o, &a.Codecs[i]) {
			return true
		}
	}
	return false
}

// has reports whether a media line has a codec: by its name and clock, or by
// its payload type when one of them has no name.
func has(m *sdp.Media, c *sdp.Codec) bool {
	for i := range m.Codecs {
		o := &m.Codecs[i]
		if c.Name == "" || o.Name == "" {
			if o.PayloadType == c.PayloadType {
				return true
			}
			continue
		}
		if strings.EqualFold(o.Name, c.Name) && (o.ClockRate == c.ClockRate || o.ClockRate == 0 || c.ClockRate == 0) {
			return true
		}
	}
	return false
}

// directionFits is the table of RFC 3264 §6.1.
func directionFits(offer, answer sdp.Direction) bool {
	switch offer {
	case sdp.SendOnly:
		return answer == sdp.RecvOnly || answer == sdp.Inactive
	case sdp.RecvOnly:
		return answer == sdp.SendOnly || answer == sdp.Inactive
	case sdp.Inactive:
		return answer == sdp.Inactive
	}
	return true
}

// DirectionName is a direction as SDP spells it.
func DirectionName(d sdp.Direction) string {
	return [...]string{"sendrecv", "sendonly", "recvonly", "inactive"}[d&3]
}

// faulty reports quickly whether compare would find a fault.
func (n *Negotiation) faulty() bool {
	if len(n.Faults) > 0 || n.Answer == nil || n.Answer.SDP == nil || n.Offer.SDP == n.Answer.SDP {
		return len(n.Faults) > 0
	}
	offer, answer := n.Offer.SDP, n.Answer.SDP
	if len(offer.Media) != len(answer.Media) {
		return true
	}
	for i := range offer.Media {
		o, a := &offer.Media[i], &answer.Media[i]
		if o.Type != a.Type || a.Port != 0 && o.Port != 0 && (!directionFits(o.Direction, a.Direction) || o.RTP() && a.RTP() && len(o.Codecs) > 0 && len(a.Codecs) > 0 && !anyCommon(o, a)) {
			return true
		}
	}
	return false
}

// Words tells a media line in a line of text.
func (l *MediaLine) Words() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: offered %s", l.Type, strings.Join(l.Offered, ", "))
	switch {
	case l.Answered == nil:
		return b.String() + ", no answer"
	case l.Refused:
		return b.String() + ", refused"
	}
	fmt.Fprintf(&b, ", answered %s; both have %s", strings.Join(l.Answered, ", "), orNone(strings.Join(l.Common, ", ")))
	if l.PTime[0] != l.PTime[1] && l.PTime[0] != 0 && l.PTime[1] != 0 {
		fmt.Fprintf(&b, "; ptime %g and %g ms", l.PTime[0], l.PTime[1])
	}
	if l.Direction != [2]sdp.Direction{} {
		fmt.Fprintf(&b, "; %s, %s", DirectionName(l.Direction[0]), DirectionName(l.Direction[1]))
	}
	if l.Protocol[0] != l.Protocol[1] {
		fmt.Fprintf(&b, "; %s, %s", l.Protocol[0], l.Protocol[1])
	}
	if l.Keys != [2]string{"none", "none"} {
		fmt.Fprintf(&b, "; keys %s, %s", l.Keys[0], l.Keys[1])
	}
	if l.ICE[0] || l.ICE[1] {
		fmt.Fprintf(&b, "; ICE %s, %s", yesNo(l.ICE[0]), yesNo(l.ICE[1]))
	}
	fmt.Fprintf(&b, "; %s, %s", l.Address, l.Target)
	for _, f := range l.Faults {
		b.WriteString("; " + f)
	}
	return b.String()
}

func orNone(s string) string {
	if s == "" {
		return "nothing"
	}
	return s
}

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}
