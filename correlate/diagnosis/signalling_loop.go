package diagnosis

import (
	"net/netip"
	"strconv"
	"strings"

	"sipsniff/correlate"
	"sipsniff/decode/sip"
)

func loopRules() []*Rule {
	return []*Rule{{
		Code: "SIG-18", Name: "loop", Title: "The call runs in circles between servers",
		Severity: correlate.Error, Confidence: correlate.Proven, Needs: NeedRequests | NeedResponses, When: TraitInvite | TraitFailure,
		Means: "482 or 483 refuses a request; or the same request (Call-ID, CSeq, Request-URI, From tag) came to one host at least three times under different branches, with a longer Via each time; " +
			"or its Max-Forwards is down to 5. A call that was answered found its way.",
		Advice:     "Look at the rules of forwarding and routing of the servers that the request went through.",
		Hides:      []string{"SIG-25"},
		References: []string{"RFC 3261 §16.3", "RFC 5393"},
		Thresholds: []Threshold{{"visits", 3, "", "times that the same request comes to a host"}, {"hops", 5, "", "Max-Forwards that is left"}},
		Check:      loop,
	}, {
		Code: "SIG-19", Name: "redirect-failed", Title: "The call was forwarded in circles, or to nowhere",
		Severity: correlate.Warning, Confidence: correlate.Proven, Needs: NeedRequests | NeedResponses, When: TraitRedirect,
		Graded:     "strong when nobody followed the redirection",
		Means:      "At least five 3xx under one Call-ID, a Contact that had been tried already, or no new INVITE within 10 s.",
		Advice:     "Look at the forward settings of the devices that redirected, and whether the caller may follow.",
		References: []string{"RFC 3261 §8.1.3.4"},
		Thresholds: []Threshold{{"redirections", 5, "", "under one Call-ID"}, {"wait", 10, "s", "for a new INVITE"}},
		Check:      redirectFailed,
	}}
}

func loop(c *Case) {
	if c.answered() {
		return // it found its way
	}
	if c.Has(TraitFailure) {
		for _, x := range c.Refusals(func(x *Exchange) bool { return x.Status() == 482 || x.Status() == 483 }) {
			d := c.Find("%s found that %s goes in circles: %d %s.", x.Final.Src, x.Method, x.Status(), x.Final.Reason)
			d.refusedWith(x)
			return
		}
	}
	c.visits()
}

// visits looks for a request that comes to a host again and again.
func (c *Case) visits() {
	if len(c.Messages()) < 3 {
		return
	}
	type visit struct {
		to     netip.AddrPort
		number uint32
		from   string
	}
	invites := 0
	for _, m := range c.Messages() {
		if m.Method == "INVITE" && m.ToTag == "" && !m.Retransmission && !m.Duplicate {
			invites++
		}
	}
	if float64(invites) < c.Number("visits") {
		return
	}
	seen := make(map[visit][]*Exchange)
	for _, x := range c.Exchanges() {
		m := x.Request()
		if x.Method != "INVITE" || m == nil || m.ToTag != "" {
			continue
		}
		if left, err := strconv.Atoi(strings.TrimSpace(c.Header(m, "Max-Forwards"))); err == nil && float64(left) <= c.Number("hops") {
			d := c.Find("An INVITE to %s may go on for %d hops only: it has been through many servers.", m.Dst, left)
			d.Message(m, "INVITE with Max-Forwards: %d", left)
			return
		}
		key := visit{m.Dst, x.Number, m.FromTag}
		seen[key] = append(seen[key], x)
		if list := c.circle(seen[key]); float64(len(list)) >= c.Number("visits") {
			d := c.Find("The same INVITE came to %s %s: servers send it around in a circle.", m.Dst, times(len(list)))
			for _, o := range list {
				d.Message(o.Requests[0], "INVITE to %s through %d hops", o.Server, c.SIP(o.Requests[0]).ViaCount)
			}
			return
		}
	}
}

// circle are those of the visits that have the Request-URI and the top Route of
// the last one (RFC 5393 §4.2), and each more Vias than the one before.
func (c *Case) circle(list []*Exchange) (same []*Exchange) {
	last := list[len(list)-1].Requests[0]
	uri, route, vias := c.SIP(last).RequestURI, c.Header(last, "Route"), -1
	for _, x := range list {
		if m := c.SIP(x.Requests[0]); m.RequestURI == uri && m.ViaCount > vias && c.Header(x.Requests[0], "Route") == route {
			same, vias = append(same, x), m.ViaCount
		}
	}
	return same
}

func redirectFailed(c *Case) {
	list := c.Refusals(func(x *Exchange) bool { return x.Status() < 400 && x.Method == "INVITE" })
	if len(list) == 0 {
		return
	}
	last := list[len(list)-1]
	if float64(len(list)) >= c.Number("redirections") {
		d := c.Find("The call was redirected %s.", times(len(list)))
		for _, x := range list {
			d.Message(x.Final, "%d to %s", x.Status(), c.contactURI(x.Final))
		}
		return
	}
	for _, x := range list {
		if to := c.contactURI(x.Final); to != "" && c.triedBefore(to, x) {
			d := c.Find("%s redirected the call to %s, where it had been already.", x.Final.Src, to)
			d.refusedWith(x)
			return
		}
	}
	if step := c.step(correlate.StepRedirectNotFollowed); step != nil && c.Passed(last.Final.Nanos+int64(c.Number("wait")*1e9)) {
		d := c.Find("%s redirected the call to %s, and nobody followed.", last.Final.Src, c.contactURI(last.Final))
		d.Confidence = correlate.Strong
		d.refusedWith(last)
		d.Absent(last.Client.Addr(), last.Server.Addr(), last.Final.Nanos)
	}
}

// contactURI is the first Contact of a message, "" when there is none.
func (c *Case) contactURI(m *correlate.Message) string {
	for a := range c.SIP(m).Addresses(sip.HeaderContact) {
		return a.URI
	}
	return ""
}

// triedBefore reports whether an INVITE for a URI was refused, or redirected,
// before a redirection.
func (c *Case) triedBefore(uri string, redirect *Exchange) bool {
	wanted := sip.ParseURI(uri)
	for _, x := range c.Exchanges() {
		m := x.Request()
		if x.Method != "INVITE" || m == nil || m.Nanos > redirect.Final.Nanos {
			continue
		}
		u := sip.ParseURI(c.SIP(m).RequestURI)
		if strings.EqualFold(u.User, wanted.User) && strings.EqualFold(u.Host, wanted.Host) && u.Port == wanted.Port {
			return true
		}
	}
	return false
}
