package diagnosis

import (
	"fmt"
	"math"
	"net/netip"

	"sipsniff/correlate"
	"sipsniff/decode"
	"sipsniff/decode/sip"
	"sipsniff/internal/amount"
)

func noAnswerRules() []*Rule {
	return []*Rule{{
		Code: "SIG-01", Name: "no-answer", Title: "A request was sent and nobody answered",
		Severity: correlate.Error, Confidence: correlate.Strong,
		Graded: "proven when ICMP says that nobody is there; a warning when it was only OPTIONS, or when the call was answered after all",
		Needs:  NeedRequests | NeedResponses | NeedICMP, When: TraitUnanswered,
		Means: "A request other than ACK, CANCEL and BYE has no response at all with its branch: over UDP it was sent at least three times, over " +
			"TCP it is 4 s old; or ICMP says that the destination is unreachable. How often the client sent it shows by itself that nothing reached it.",
		Advice:     "Check whether the server runs and listens on this address and port, the firewall and the route to it, what its name resolves to, and whether large packets get through (SIG-26).",
		Hides:      []string{"SIG-20", "SIG-25"},
		References: []string{"RFC 3261 §17.1"},
		Thresholds: []Threshold{
			{"copies", 3, "", "times that a request is sent over UDP without an answer"},
			{"age", 4, "s", "without an answer over UDP or TCP"},
		},
		Check: noAnswer,
	}, {
		Code: "SIG-20", Name: "hop-timeout", Title: "A server gave up waiting for the next one",
		Severity: correlate.Error, Confidence: correlate.Strong, Needs: NeedResponses, When: TraitFailure,
		Means:      "408 or 504 ends the call or another request, and the client had not cancelled it, or its CANCEL was not taken.",
		Advice:     "Look at the server that did not answer, as in SIG-01: does it run, is it reachable, did the request get there.",
		References: []string{"RFC 3261 §21.4.9", "RFC 3261 §21.5.5"},
		Check:      hopTimeout,
	}, {
		Code: "SIG-38", Name: "bye-unanswered", Title: "Hanging up was not confirmed",
		Severity: correlate.Warning, Confidence: correlate.Strong, Needs: NeedRequests | NeedResponses, When: TraitUnanswered,
		Graded:     "error and proven when ICMP says that nobody is there any more",
		Means:      "A BYE was sent at least five times without any response, or ICMP says that its destination is unreachable. Billing on the other side may run on.",
		Advice:     "Check the route set of the BYE (Record-Route, Contact) and whether the other side still sends audio (MED-05).",
		References: []string{"RFC 3261 §15.1.1"},
		Thresholds: []Threshold{{"copies", 5, "", "times that the BYE is sent without an answer"}},
		Check:      byeUnanswered,
	}, {
		Code: "SIG-40", Name: "failover", Title: "Another server took over",
		Severity: correlate.Info, Confidence: correlate.Proven, Needs: NeedRequests | NeedResponses, When: TraitUnanswered | TraitFailure,
		Means:      "The same request went from the same client to another address after the first did not answer, answered 503, or was unreachable.",
		Advice:     "Look at the server that did not work.",
		References: []string{"RFC 3263 §4.3"},
		Check:      failover,
	}}
}

// unanswered are the exchanges with a request and no response at all. A
// response that answers the same request elsewhere, under another branch that
// somebody on the way made of it, is an answer too.
func (c *Case) unanswered() (list []*Exchange) {
	if c.flagged("messages_dropped") || !c.Call.HasCallID {
		return nil
	}
	answered := make(map[exchangeKey]bool)
	for _, x := range c.Exchanges() {
		if len(x.Responses) > 0 {
			answered[x.hop()] = true
		}
	}
	for _, x := range c.Exchanges() {
		if len(x.Requests) > 0 && len(x.Responses) == 0 && x.Method != "ACK" && !answered[x.hop()] {
			list = append(list, x)
		}
	}
	return list
}

// hop is what the exchanges of one request between two hosts have in common,
// whatever their branches.
func (x *Exchange) hop() exchangeKey {
	return exchangeKey{client: x.Client.Addr(), server: x.Server.Addr(), method: x.Method, number: x.Number}
}

// unreachable is what ICMP says of the requests of an exchange; nil when it
// says nothing.
func (c *Case) unreachable(x *Exchange) *correlate.NetworkError {
	for i := range c.Call.NetworkErrors {
		n := &c.Call.NetworkErrors[i]
		if n.Unreachable && n.Dst.Addr() == x.Server.Addr() && n.Src.Addr() == x.Client.Addr() && n.First >= x.Requests[0].Nanos-second {
			return n
		}
	}
	return nil
}

func noAnswer(c *Case) {
	var said map[exchangeKey]*fruitless
	for _, x := range c.unanswered() {
		if x.Method == "CANCEL" || x.Method == "BYE" || !sip.KnownMethod(x.Method) {
			continue
		}
		icmp := c.unreachable(x)
		if icmp == nil && !c.gaveUp(x) {
			continue
		}
		if f := said[x.hop()]; f != nil && f.proven == (icmp != nil) {
			f.more(x)
			continue
		}
		first, last := x.Requests[0], x.Last()
		d := c.Find("%s was sent %s to %s%s and nobody answered.", x.Method, times(len(x.Requests)), x.Server, c.during(first.Nanos, last.Nanos))
		for i, m := range x.Requests {
			d.Message(m, "%s to %s", nth(i, x.Method), x.Server)
		}
		if icmp != nil {
			d.Confidence = correlate.Proven
			d.Likely = fmt.Sprintf("Nothing listens there: %s says %q.", icmp.From, icmp.Text())
			d.Frame(firstOf(icmp.Frames), icmp.First, "ICMP %s from %s, %s", icmp.Text(), icmp.From, times(icmp.Count))
		} else if last.Nanos-first.Nanos < 15*second {
			d.Absent(x.Server.Addr(), x.Client.Addr(), last.Nanos)
		}
		if x.Method == "OPTIONS" || c.answered() && !x.InDialog() {
			d.Severity = correlate.Warning
		}
		if said == nil {
			said = make(map[exchangeKey]*fruitless)
		}
		said[x.hop()] = &fruitless{draft: d, text: d.Explanation, proven: icmp != nil}
	}
}

// A fruitless is a finding about a request that nobody answered, for all that a
// fork made of it for several ports of one host.
type fruitless struct {
	draft  *Draft
	text   string
	proven bool
	others int
}

// more adds another one.
func (f *fruitless) more(x *Exchange) {
	f.others++
	f.draft.Explanation = fmt.Sprintf("%s The same became of %s more that went to the same host.", f.text, amount.Grouped(f.others))
	for i, m := range x.Requests {
		f.draft.Message(m, "%s to %s", nth(i, x.Method), x.Server)
	}
}

func firstOf(frames []int) int {
	if len(frames) == 0 {
		return 0
	}
	return frames[0]
}

// gaveUp reports whether a request was sent so often, or is so old, that it
// counts as unanswered. Of the copies that say so the last had half a second to
// be answered.
func (c *Case) gaveUp(x *Exchange) bool {
	if !c.Passed(x.Requests[0].Nanos + int64(c.Number("age")*1e9)) {
		return false
	}
	copies := 1
	if x.Requests[0].Transport == decode.UDP {
		copies = max(1, int(math.Ceil(c.Number("copies"))))
	}
	return len(x.Requests) >= copies && c.Passed(x.Requests[copies-1].Nanos+second/2)
}

// during says in what time: to the end of what was seen, or 32 s at most.
func (c *Case) during(from, to int64) string {
	if c.Now >= from+32*second {
		to = max(to, from+32*second)
	}
	if to-from < second/10 {
		return ""
	}
	return " in " + span(to-from)
}

// nth names a copy of a request.
func nth(i int, method string) string {
	if i == 0 {
		return method
	}
	return fmt.Sprintf("%s again (%d.)", method, i+1)
}

func hopTimeout(c *Case) {
	for _, x := range c.Refusals(func(x *Exchange) bool {
		return (x.Status() == 408 || x.Status() == 504) && x.Method != "CANCEL" && x.Method != "BYE" && x.Method != ""
	}) {
		if c.cancelledBefore(x) || x.Method == "INVITE" && !x.InDialog() && c.answered() {
			continue
		}
		by := x.Final.Src
		d := c.Find("%s gave up: it answered %s with %d %s%s.", by, x.Method, x.Status(), x.Final.Reason, c.afterWords(x))
		if deepest := c.deepest(x); deepest != nil {
			d.Explanation = fmt.Sprintf("%s gave up waiting for %s: it answered %s with %d %s%s.", by, deepest.Server, x.Method, x.Status(), x.Final.Reason, c.afterWords(x))
			d.Message(deepest.Requests[0], "%s to %s, which did not answer", deepest.Method, deepest.Server)
		}
		d.refusedWith(x)
	}
}

// deepest is the hop behind the one that gave up on which nothing came back.
func (c *Case) deepest(x *Exchange) *Exchange {
	var found *Exchange
	for _, o := range c.Exchanges() {
		if o.Method == x.Method && o.Number == x.Number && o != x && o.Final == nil && len(o.Requests) > 0 && o.Client.Addr() == x.Server.Addr() {
			found = o
		}
	}
	return found
}

// cancelledBefore reports whether the request was taken back before it got its
// final response. A CANCEL that was sent again and again, or refused, was not
// taken: it changed nothing.
func (c *Case) cancelledBefore(x *Exchange) bool {
	for _, o := range c.Exchanges() {
		if o.Method != "CANCEL" || o.Number != x.Number || len(o.Requests) == 0 {
			continue
		}
		taken := o.Status()/100 == 2 || o.Final == nil && len(o.Requests) == 1
		if taken && o.Requests[0].Nanos <= x.Final.Nanos {
			return true
		}
	}
	return false
}

// afterWords says how long the final response took.
func (c *Case) afterWords(x *Exchange) string {
	if m := x.Request(); m != nil {
		return " after " + span(x.Final.Nanos-m.Nanos)
	}
	return ""
}

func byeUnanswered(c *Case) {
	for _, x := range c.unanswered() {
		if x.Method != "BYE" {
			continue
		}
		icmp := c.unreachable(x)
		if icmp == nil && (float64(len(x.Requests)) < c.Number("copies") || !c.Passed(x.Last().Nanos+4*second)) {
			continue
		}
		d := c.Find("BYE was sent %s from %s to %s%s and not answered.", times(len(x.Requests)), x.Client, x.Server, c.during(x.Requests[0].Nanos, x.Last().Nanos))
		for i, m := range x.Requests {
			d.Message(m, "%s to %s", nth(i, "BYE"), x.Server)
		}
		if icmp == nil {
			d.Absent(x.Server.Addr(), x.Client.Addr(), x.Last().Nanos)
			continue
		}
		d.Severity, d.Confidence = correlate.Error, correlate.Proven
		d.Likely = fmt.Sprintf("The other side is gone: %s says %q.", icmp.From, icmp.Text())
		d.Frame(firstOf(icmp.Frames), icmp.First, "ICMP %s from %s, %s", icmp.Text(), icmp.From, times(icmp.Count))
	}
}

func failover(c *Case) {
	type origin struct {
		client netip.Addr
		method string
	}
	failed := make(map[origin]*Exchange)
	for _, x := range c.Exchanges() {
		m := x.Request()
		if m == nil || x.Method == "ACK" || x.Method == "CANCEL" || x.InDialog() {
			continue
		}
		key := origin{x.Client.Addr(), x.Method}
		before := failed[key]
		switch {
		case before != nil && before.Server.Addr() != x.Server.Addr() && m.Nanos >= before.Requests[0].Nanos+second/2 && len(x.Responses) > 0:
			d := c.Find("%s did not work (%s); %s sent the %s to %s.", before.Server, c.howFailed(before), x.Client, x.Method, x.Server)
			d.Message(before.Requests[0], "%s to %s", x.Method, before.Server)
			d.Message(m, "%s to %s", x.Method, x.Server)
			d.Nanos = m.Nanos
			delete(failed, key)
		case x.Status() == 503, len(x.Responses) == 0:
			failed[key] = x
		}
	}
}

func (c *Case) howFailed(x *Exchange) string {
	if x.Final != nil {
		return fmt.Sprintf("%d %s", x.Status(), x.Final.Reason)
	}
	if icmp := c.unreachable(x); icmp != nil {
		return "ICMP " + icmp.Text()
	}
	return "no answer"
}
