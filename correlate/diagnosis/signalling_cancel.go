package diagnosis

import (
	"fmt"

	"sipsniff/correlate"
	"sipsniff/internal/amount"
)

func cancelRules() []*Rule {
	return []*Rule{{
		Code: "SIG-17", Name: "cancel-unmatched", Title: "Giving up did not reach the other side",
		Severity: correlate.Warning, Confidence: correlate.Strong, Needs: NeedRequests | NeedResponses, When: TraitCancel,
		Graded: "error and proven when the call was answered after the CANCEL and nobody hung up",
		Means: "A CANCEL without a final response to its INVITE within 32 s; one that was sent at least three times without being answered, or answered with 408 or 481; " +
			"or a 2xx to the INVITE after the CANCEL, and no BYE within 10 s.",
		Advice:     "Compare the CANCEL with the INVITE: branch, sent-by of the Via, Request-URI and route have to be the same, or the server finds no match.",
		References: []string{"RFC 3261 §9", "RFC 3261 §17.2.3"},
		Thresholds: []Threshold{
			{"wait", 32, "s", "for the final response to the INVITE"}, {"bye", 10, "s", "for the BYE of a call that was answered all the same"},
			{"copies", 3, "", "CANCELs without an answer"},
		},
		Check: cancelUnmatched,
	}, {
		Code: "SIG-31", Name: "two-answers", Title: "Two devices answered, one leg stays open",
		Severity: correlate.Warning, Confidence: correlate.Strong, Needs: NeedRequests | NeedResponses, When: TraitSeveral,
		Means:      "2xx with different To tags to one INVITE, and one of the dialogs but the last has no BYE within 32 s.",
		Advice:     "Look at the proxy that forks: it has to cancel the other branches as soon as one answers.",
		References: []string{"RFC 3261 §13.2.2.4"},
		Thresholds: []Threshold{{"wait", 32, "s", "for the BYE"}},
		Check:      twoAnswers,
	}}
}

func cancelUnmatched(c *Case) {
	for _, x := range c.firstCancels() {
		invite := c.cancelled(x)
		if invite == nil {
			continue
		}
		switch answer := successOf(invite); {
		case answer != nil && answer.Nanos > x.Requests[0].Nanos:
			c.openAfterCancel(x, answer)
		case invite.Final == nil && c.Passed(x.Requests[0].Nanos+int64(c.Number("wait")*1e9)):
			d := c.Find("%s gave up with %s, but %s did not end the INVITE in %s; perhaps the other side kept ringing.", x.Client, cancels(len(x.Requests)), x.Server, span(int64(c.Number("wait")*1e9)))
			c.cancelEvidence(d, invite, x)
			d.Absent(x.Server.Addr(), x.Client.Addr(), x.Last().Nanos)
		case c.cancelRefused(x):
			d := c.Find("%s.", c.refusalOfCancel(x))
			c.cancelEvidence(d, invite, x)
			if x.Final == nil {
				d.Absent(x.Server.Addr(), x.Client.Addr(), x.Last().Nanos)
			}
		}
	}
}

func cancels(n int) string {
	if n == 1 {
		return "a CANCEL"
	}
	return fmt.Sprintf("%s CANCELs", amount.Grouped(n))
}

// firstCancels are the CANCELs of the call, of several hops the first.
func (c *Case) firstCancels() (list []*Exchange) {
	for _, x := range c.Exchanges() {
		if x.Method != "CANCEL" || len(x.Requests) == 0 {
			continue
		}
		known := false
		for _, o := range list {
			known = known || o.Number == x.Number
		}
		if !known {
			list = append(list, x)
		}
	}
	return list
}

// cancelled is the INVITE that a CANCEL takes back: that of its branch, else
// the one on the same hop with its number.
func (c *Case) cancelled(x *Exchange) *Exchange {
	var found *Exchange
	for _, o := range c.Exchanges() {
		if o.Method != "INVITE" || o.Number != x.Number || o.Client.Addr() != x.Client.Addr() || o.Server.Addr() != x.Server.Addr() || len(o.Requests) == 0 {
			continue
		}
		if found == nil || o.Branch == x.Branch {
			found = o
		}
	}
	return found
}

// successOf is the first 2xx of an exchange, nil when there is none.
func successOf(x *Exchange) *correlate.Message {
	for _, m := range x.Responses {
		if m.StatusCode/100 == 2 {
			return m
		}
	}
	return nil
}

func (c *Case) openAfterCancel(x *Exchange, answer *correlate.Message) {
	if c.byeSince(answer.Nanos) || c.Call.Ended != 0 || c.otherAnswer(x) || !c.Passed(answer.Nanos+int64(c.Number("bye")*1e9)) {
		return
	}
	d := c.Find("%s gave up, but %s answered %s later with %d, and nobody hung up: the call stayed open.", x.Client, answer.Src, span(answer.Nanos-x.Requests[0].Nanos), answer.StatusCode)
	d.Severity, d.Confidence = correlate.Error, correlate.Proven
	d.Title = "The caller gave up, the call stayed open"
	d.Message(x.Requests[0], "CANCEL")
	d.Message(answer, "%d after it", answer.StatusCode)
	d.Absent(answer.Dst.Addr(), answer.Src.Addr(), answer.Nanos)
}

// otherAnswer reports whether another INVITE of the call, which was not taken
// back, was answered: then the call goes on with that.
func (c *Case) otherAnswer(x *Exchange) bool {
	taken := make(map[uint32]bool)
	for _, o := range c.Exchanges() {
		if o.Method == "CANCEL" {
			taken[o.Number] = true
		}
	}
	for _, o := range c.Exchanges() {
		if o.Method == "INVITE" && (!taken[o.Number] || o.Branch != x.Branch && o.Number == x.Number) && successOf(o) != nil {
			return true
		}
	}
	return false
}

// byeSince reports whether there is a BYE after a moment.
func (c *Case) byeSince(nanos int64) bool {
	for _, m := range c.Messages() {
		if m.CSeq.Method == "BYE" && m.Nanos >= nanos {
			return true
		}
	}
	return false
}

// cancelRefused reports whether a CANCEL itself was not taken.
func (c *Case) cancelRefused(x *Exchange) bool {
	switch x.Status() {
	case 408, 481:
		return true
	case 0:
		return float64(len(x.Requests)) >= c.Number("copies") && c.Passed(x.Last().Nanos+4*second)
	}
	return false
}

func (c *Case) refusalOfCancel(x *Exchange) string {
	took := x.Last().Nanos - x.Requests[0].Nanos
	if x.Final == nil {
		return fmt.Sprintf("%s did not answer %s of %s in %s", x.Server, cancels(len(x.Requests)), x.Client, span(took))
	}
	took = x.Final.Nanos - x.Requests[0].Nanos
	return fmt.Sprintf("%s did not take %s of %s: it answered %d %s after %s", x.Server, cancels(len(x.Requests)), x.Client, x.Status(), x.Final.Reason, span(took))
}

// cancelEvidence shows the INVITE and the CANCEL, and what of them differs that
// has to be the same.
func (c *Case) cancelEvidence(d *Draft, invite, x *Exchange) {
	asked, taken := c.SIP(invite.Requests[0]), c.SIP(x.Requests[0])
	by := func(host string, port uint16) string {
		if port == 0 {
			return host
		}
		return fmt.Sprintf("%s:%d", host, port)
	}
	first, second := by(asked.Via.Host, asked.Via.Port), by(taken.Via.Host, taken.Via.Port)
	d.Message(invite.Requests[0], "INVITE, Via sent-by %q", first)
	d.Message(x.Requests[0], "CANCEL, Via sent-by %q", second)
	for i, m := range x.Requests[1:] {
		d.Message(m, "%s", nth(i+1, "CANCEL"))
	}
	if x.Final != nil {
		d.Message(x.Final, "%d %s to the CANCEL", x.Status(), x.Final.Reason)
	}
	d.Nanos = x.Requests[0].Nanos
	switch {
	case asked.Via.Branch != taken.Via.Branch:
		d.Likely = fmt.Sprintf("The branch of the CANCEL, %q, is not that of the INVITE, %q.", taken.Via.Branch, asked.Via.Branch)
	case first != second:
		d.Likely = fmt.Sprintf("The Via sent-by is %q in the INVITE (frame %d) and %q in the CANCEL (frame %d): a server that compares it finds no match (RFC 3261 §17.2.3).",
			first, invite.Requests[0].Frame, second, x.Requests[0].Frame)
	case asked.RequestURI != taken.RequestURI:
		d.Likely = fmt.Sprintf("The Request-URI of the CANCEL, %s, is not that of the INVITE.", taken.RequestURI)
	}
}

func twoAnswers(c *Case) {
	if !c.flagged("multiple_2xx") {
		return
	}
	answers := make(map[uint32][]*correlate.Message)
	var order []uint32
	for _, m := range c.Messages() {
		if m.Method != "" || m.StatusCode/100 != 2 || m.CSeq.Method != "INVITE" || m.Duplicate || m.Retransmission {
			continue
		}
		list := answers[m.CSeq.Number]
		known := false
		for _, o := range list {
			known = known || o.ToTag == m.ToTag
		}
		if !known {
			if list == nil {
				order = append(order, m.CSeq.Number)
			}
			answers[m.CSeq.Number] = append(list, m)
		}
	}
	for _, number := range order {
		list := answers[number]
		if len(list) < 2 {
			continue
		}
		var open []*correlate.Message
		for _, m := range list {
			if !c.byeFor(m.ToTag) {
				open = append(open, m)
			}
		}
		// One of them is the call itself, which may go on.
		if len(open) < 2 && (len(open) == 0 || c.Call.Ended == 0) || !c.Passed(list[len(list)-1].Nanos+int64(c.Number("wait")*1e9)) {
			continue
		}
		d := c.Find("%s devices answered the same call, and %s of these answers were never ended with a BYE.", amount.Grouped(len(list)), amount.Grouped(len(open)))
		for _, m := range list {
			d.Message(m, "%d from %s, To tag %s", m.StatusCode, m.Src, m.ToTag)
		}
		d.Nanos = list[1].Nanos
		for _, m := range open {
			d.Absent(m.Dst.Addr(), m.Src.Addr(), m.Nanos)
		}
	}
}

// byeFor reports whether a dialog was ended.
func (c *Case) byeFor(tag string) bool {
	for _, m := range c.Messages() {
		if m.CSeq.Method == "BYE" && (m.ToTag == tag || m.FromTag == tag) {
			return true
		}
	}
	return false
}
