package diagnosis

import (
	"fmt"
	"net/netip"

	"sipsniff/correlate"
	"sipsniff/decode/sip"
)

func acknowledgementRules() []*Rule {
	return []*Rule{{
		Code: "SIG-02", Name: "ack-missing", Title: "The answer was never confirmed",
		Severity: correlate.Error, Confidence: correlate.Strong, Needs: NeedRequests | NeedResponses, When: TraitAnswered,
		Graded:     "info and suspect when the 2xx was not sent again: then the ACK did arrive, on a way that is not captured",
		Means:      "At least three copies of the same 2xx to an INVITE, and no ACK to its sender with the same CSeq number. That it goes on sending shows that none reached it.",
		Advice:     "Look at Contact and Record-Route of the 200: does the ACK know where to go? NAT, an ALG, and a change between UDP and TCP are the usual reasons.",
		Hides:      []string{"SIG-03", "MED-04"},
		References: []string{"RFC 3261 §13.3.1.4"},
		Thresholds: []Threshold{{"copies", 3, "", "copies of the 2xx"}},
		Check:      ackMissing,
	}, {
		Code: "SIG-03", Name: "cut-after-32-s", Title: "The call was cut after half a minute",
		Severity: correlate.Error, Confidence: correlate.Strong, Needs: NeedRequests | NeedResponses, When: TraitAnswered,
		Means:      "The sender of a 2xx that it repeated at least three times sends BYE 32 s after the first of them, give or take 2 s.",
		Advice:     "Find out why the answer was not confirmed, as in SIG-02.",
		References: []string{"RFC 3261 §13.3.1.4"},
		Thresholds: []Threshold{{"tolerance", 2, "s", "around 32 s"}},
		Check:      cutAfterTimeout,
	}, {
		Code: "SIG-04", Name: "ack-not-accepted", Title: "The confirmation of the answer was not taken",
		Severity: correlate.Error, Confidence: correlate.Strong, Needs: NeedRequests | NeedResponses, When: TraitAnswered,
		Means:      "An ACK to the 2xx went to its sender, which sends the 2xx at least twice more, later than a round trip and 0.5 s after the ACK.",
		Advice:     "Compare the ACK with the 200: is its Request-URI the Contact, has it the route set, a branch of its own, the CSeq number of the INVITE? Then look at the next hop.",
		Hides:      []string{"SIG-03", "SIG-25"},
		References: []string{"RFC 3261 §13.2.2.4"},
		Thresholds: []Threshold{{"copies", 2, "", "copies of the 2xx after the ACK"}},
		Check:      ackNotAccepted,
	}}
}

// An answering is a 2xx to an INVITE on one hop, with its copies and the ACKs
// that its sender got.
type answering struct {
	exchange *Exchange
	copies   []*correlate.Message
	acks     []*correlate.Message // to the address that sent it
	astray   *correlate.Message   // an ACK that went elsewhere, nil when none did
}

// answerings are the repeated answers of the call, one for each To tag: of
// several hops the one nearest to the callee.
func (c *Case) answerings() []*answering {
	if !c.Has(TraitRepeated) || c.flagged("messages_dropped") {
		return nil
	}
	type answer struct {
		number uint32
		tag    string
	}
	best := make(map[answer]*answering)
	var order []answer
	for _, x := range c.Exchanges() {
		if x.Method != "INVITE" {
			continue
		}
		for _, m := range x.Responses {
			if m.StatusCode/100 != 2 {
				continue
			}
			key := answer{x.Number, m.ToTag}
			a := best[key]
			if a == nil || a.exchange != x && m.Nanos < a.copies[0].Nanos {
				if a == nil {
					order = append(order, key)
				}
				a = &answering{exchange: x}
				best[key] = a
			}
			if a.exchange == x {
				a.copies = append(a.copies, m)
			}
		}
	}
	list := make([]*answering, 0, len(order))
	for _, key := range order {
		a := best[key]
		c.acknowledge(a)
		list = append(list, a)
	}
	return list
}

// acknowledge finds the ACKs to an answer.
func (c *Case) acknowledge(a *answering) {
	server := a.copies[0].Src.Addr()
	for _, x := range c.Exchanges() {
		if x.Method != "ACK" || x.Number != a.exchange.Number || x.First().ToTag != a.copies[0].ToTag {
			continue
		}
		if x.Server.Addr() == server {
			a.acks = append(a.acks, x.Requests...)
		} else if a.astray == nil {
			a.astray = x.Requests[0]
		}
	}
}

func ackMissing(c *Case) {
	if c.flagged("ack_not_seen") && !c.flagged("no_ack") && !c.Has(TraitRepeated) {
		c.ackNotSeen()
		return
	}
	for _, a := range c.answerings() {
		if float64(len(a.copies)) < c.Number("copies") || len(a.acks) > 0 {
			continue
		}
		first, last := a.copies[0], a.copies[len(a.copies)-1]
		d := c.Find("%s answered with %d %s and sent that %s in %s, but the confirmation (ACK) never came to it; the call will drop after about 32 s.",
			first.Src, first.StatusCode, first.Reason, times(len(a.copies)), span(last.Nanos-first.Nanos))
		for i, m := range a.copies {
			d.Message(m, "%s from %s", nth(i, fmt.Sprint(m.StatusCode)), m.Src)
		}
		if a.astray != nil && !c.onTheWay(a) {
			d.Message(a.astray, "ACK that went to %s instead", a.astray.Dst)
			d.Likely = fmt.Sprintf("The ACK went to %s and not to %s.", a.astray.Dst, first.Src)
		} else if host := c.contactHost(first); host != "" && host != first.Src.Addr().String() {
			d.Likely = fmt.Sprintf("The 200 names %s as Contact, which is not where it came from: the ACK went astray.", host)
		}
		if last.Nanos-first.Nanos < 15*second {
			d.Absent(first.Dst.Addr(), first.Src.Addr(), last.Nanos)
		}
	}
}

// ackNotSeen remarks on an answer without its ACK that nobody missed.
func (c *Case) ackNotSeen() {
	for _, m := range c.Messages() {
		if m.Method != "" || m.StatusCode/100 != 2 || m.CSeq.Method != "INVITE" || !c.Passed(m.Nanos+second) {
			continue
		}
		d := c.Find("The ACK to the answer (%d) of %s is missing in this capture. The answer was not sent again, so that it probably arrived on another way.", m.StatusCode, m.Src)
		d.Severity, d.Confidence, d.Title = correlate.Info, correlate.Suspect, "ACK missing in the capture"
		d.Message(m, "%d %s", m.StatusCode, m.Reason)
		d.Absent(m.Dst.Addr(), m.Src.Addr(), m.Nanos)
		return
	}
}

// onTheWay reports whether an ACK went to a hop before the sender of the
// answer, so that it may be the one that this hop did not pass on.
func (c *Case) onTheWay(a *answering) bool {
	return a.astray.Dst.Addr() == a.exchange.Client.Addr()
}

// contactHost is the host in the Contact of a message, "" when there is none.
func (c *Case) contactHost(m *correlate.Message) string {
	for a := range c.SIP(m).Addresses(sip.HeaderContact) {
		return sip.ParseURI(a.URI).Host
	}
	return ""
}

func cutAfterTimeout(c *Case) {
	for _, a := range c.answerings() {
		if len(a.copies) < 3 {
			continue
		}
		first := a.copies[0]
		for _, x := range c.Exchanges() {
			m := x.Request()
			if x.Method != "BYE" || m == nil || m.Src.Addr() != first.Src.Addr() || m.Dst.Addr() != first.Dst.Addr() {
				continue
			}
			late := float64(m.Nanos-first.Nanos)/1e9 - 32
			if late < -c.Number("tolerance") || late > c.Number("tolerance") {
				continue
			}
			d := c.Find("%s cut the call %s after its answer, which it had sent %s without being satisfied with a confirmation (ACK).", first.Src, span(m.Nanos-first.Nanos), times(len(a.copies)))
			d.Message(first, "%d, sent %s", first.StatusCode, times(len(a.copies)))
			d.Message(m, "BYE of the same side")
			d.Nanos = m.Nanos
			if len(a.acks) == 0 {
				d.Absent(first.Dst.Addr(), first.Src.Addr(), first.Nanos)
			}
			break
		}
	}
}

func ackNotAccepted(c *Case) {
	for _, a := range c.answerings() {
		if len(a.acks) == 0 {
			continue
		}
		ack := a.acks[0]
		limit := ack.Nanos + roundTrip(a.exchange) + second/2
		var later []*correlate.Message
		for _, m := range a.copies {
			if m.Nanos > limit {
				later = append(later, m)
			}
		}
		if float64(len(later)) < c.Number("copies") {
			continue
		}
		d := c.Find("%s got the confirmation (ACK) of its answer %s after it, but sent the answer %s more.", a.copies[0].Src, span(ack.Nanos-a.copies[0].Nanos), times(len(later)))
		d.Message(a.copies[0], "%d %s", a.copies[0].StatusCode, a.copies[0].Reason)
		d.Message(ack, "ACK")
		for _, m := range later {
			d.Message(m, "%d again", m.StatusCode)
		}
		d.Nanos = ack.Nanos
		d.Likely = c.oddAck(a, ack)
	}
}

// roundTrip is about how long a message and its response take on a hop: the
// 100 or ringing after the INVITE, a second at most; a fifth of one when only a
// final response came, which may have waited for people.
func roundTrip(x *Exchange) int64 {
	if len(x.Requests) == 0 || len(x.Responses) == 0 || x.Responses[0].StatusCode >= 200 {
		return second / 5
	}
	return min(max(x.Responses[0].Nanos-x.Requests[0].Nanos, 0), second)
}

// oddAck says what of an ACK does not fit the 2xx that it is for.
func (c *Case) oddAck(a *answering, ack *correlate.Message) string {
	uri := sip.ParseURI(c.SIP(ack).RequestURI)
	contact := c.contactHost(a.copies[0])
	switch {
	case ack.Branch != "" && ack.Branch == a.exchange.Branch:
		return "The ACK has the branch of the INVITE, which only an ACK to a failure may have (RFC 3261 §17.1.1.3)."
	case contact != "" && uri.Host != contact && sameFamily(uri.Host, contact):
		return fmt.Sprintf("The ACK is for %s, the Contact of the answer is %s.", uri.Host, contact)
	}
	return ""
}

// sameFamily reports whether both hosts are addresses, so that they can be
// compared.
func sameFamily(a, b string) bool {
	x, err := netip.ParseAddr(a)
	y, err2 := netip.ParseAddr(b)
	return err == nil && err2 == nil && x.Is4() == y.Is4()
}
