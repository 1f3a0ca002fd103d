package diagnosis

import (
	"fmt"
	"iter"
	"net/netip"
	"strings"

	"sipsniff/correlate"
	"sipsniff/decode/sdp"
	"sipsniff/decode/sip"
	"sipsniff/internal/amount"
)

func pathRules() []*Rule {
	return []*Rule{{
		Code: "SIG-08", Name: "wrong-next-hop", Title: "A message inside the call went to the wrong machine",
		Severity: correlate.Error, Confidence: correlate.Strong, Needs: NeedRequests | NeedResponses, When: TraitUnanswered | TraitFailure | TraitRepeated,
		Means: "A request inside the call (or the ACK to a 2xx) that came to nothing went neither to the address of its top Route nor to that of its Request-URI nor to that of the Contact " +
			"of the other side. Names, and private addresses behind NAT, cannot be compared and do not count.",
		Advice:     "Look at how the sender makes the route set: Record-Route in the opposite order, loose and strict routing, an outbound proxy that is set by hand.",
		References: []string{"RFC 3261 §12.2.1.1"},
		Check:      wrongNextHop,
	}, {
		Code: "SIG-09", Name: "private-address", Title: "The phone tells an address that works only in its network",
		Severity: correlate.Warning, Confidence: correlate.Strong, Needs: NeedRequests, When: TraitDescribed | TraitRegister,
		Means: "The host in Contact, top Via or c= of the SDP is a private address (RFC 1918, 100.64/10, 169.254/16, 127/8, fc00::/7, fe80::/10), the packet came from a public one or another private " +
			"network (other than 127/8: programs of one machine speak like that), there is no ICE, and the Via of the request has no rport, with which the sender shows that it knows of the NAT.",
		Advice:     "Look at the NAT settings of the device, far-end NAT traversal of the border controller, STUN or ICE.",
		References: []string{"RFC 3581", "RFC 5626", "RFC 8445"},
		Check:      privateAddress,
	}, {
		Code: "SIG-10", Name: "sip-alg", Title: "A router on the path rewrites SIP messages",
		Severity: correlate.Warning, Confidence: correlate.Suspect, Needs: NeedRequests | NeedSDP | NeedTwoSides, When: TraitDescribed,
		Graded: "proven when both sides of the router are captured, strong when the Content-Length is off by just the difference of two addresses",
		Means: "The same request on two links differs in Via, Contact or SDP though no Via was added; or Content-Length and body differ by exactly the difference in length of two addresses; or c= is public " +
			"while o= is private and the source of the packet; or the same message came again with other contents.",
		Advice:     "Switch off the SIP ALG (helper, fixup) of the router, or use TLS, or another port than 5060.",
		References: []string{"RFC 5389 §2"},
		Check:      sipALG,
	}}
}

func wrongNextHop(c *Case) {
	if c.Call.Method != "INVITE" {
		return
	}
	for _, x := range c.Exchanges() {
		m := x.Request()
		if m == nil || m.ToTag == "" || x.Method == "CANCEL" || !c.cameToNothing(x) {
			continue
		}
		next, from := c.nextHop(m)
		if !next.IsValid() || next == m.Dst.Addr().Unmap() || private(next) && network(next) != network(m.Dst.Addr()) {
			continue
		}
		uri, _ := sip.ParseURI(c.SIP(m).RequestURI).Addr()
		if uri.Unmap() == m.Dst.Addr().Unmap() || c.contactOf(m) == m.Dst.Addr().Unmap() {
			continue
		}
		d := c.Find("%s went to %s, but its %s says %s.", x.Method, m.Dst, from, next)
		d.Message(m, "%s to %s, %s %s", x.Method, m.Dst, from, next)
	}
}

// cameToNothing reports whether a request inside a call was not answered, or
// with a failure that says that it is in the wrong place; of an ACK, whether
// the 2xx was sent again after it.
func (c *Case) cameToNothing(x *Exchange) bool {
	if x.Method != "ACK" {
		switch x.Status() {
		case 0:
			return len(x.Responses) == 0 && len(x.Requests) >= 3
		case 403, 404, 405, 408, 416, 481, 604:
			return true
		}
		return false
	}
	for _, m := range c.Messages() {
		if m.Retransmission && m.StatusCode/100 == 2 && m.CSeq.Method == "INVITE" && m.CSeq.Number == x.Number && m.ToTag == x.First().ToTag && m.Nanos > x.First().Nanos+second/2 {
			return true
		}
	}
	return false
}

// nextHop is the address that a request has to go to, and the header that says
// so; invalid when it is a name.
func (c *Case) nextHop(m *correlate.Message) (netip.Addr, string) {
	s := c.SIP(m)
	for r := range s.Addresses(sip.HeaderRoute) {
		addr, _ := sip.ParseURI(r.URI).Addr()
		return addr.Unmap(), "Route"
	}
	addr, _ := sip.ParseURI(s.RequestURI).Addr()
	return addr.Unmap(), "Request-URI"
}

// contactOf is the address in the latest Contact of the side that a request is
// for, before that request.
func (c *Case) contactOf(m *correlate.Message) (addr netip.Addr) {
	for _, o := range c.Messages() {
		if o.Nanos >= m.Nanos {
			break
		}
		fromPeer := o.Method != "" && o.FromTag == m.ToTag || o.Method == "" && o.StatusCode/100 == 2 && o.CSeq.Method == "INVITE" && o.ToTag == m.ToTag
		if fromPeer {
			if a := c.contactAddr(o); a.IsValid() {
				addr = a.Unmap()
			}
		}
	}
	return addr
}

func privateAddress(c *Case) {
	var told map[netip.Addr]bool
	for _, m := range c.Messages() {
		src := m.Src.Addr()
		if told[src] || src.Unmap().IsLoopback() || !introduces(m) || !c.mentionsForeign(m) {
			continue
		}
		if told == nil {
			told = make(map[netip.Addr]bool)
		}
		s := c.SIP(m)
		if passedOn(m, s) {
			continue // what it says is of somebody behind its sender
		}
		if _, knows := s.Via.Param("rport"); m.Method != "" && knows {
			told[src] = true
			continue
		}
		where, a := c.foreignIn(m, s)
		if where == "" || m.SDP != nil && hasICE(m.SDP) {
			continue
		}
		told[src] = true
		d := c.Find("%s says in %s that it is at %s, which nobody outside of its network can reach; the message came from %s.", party(sideURI(s)), where, a, m.Src)
		d.Message(m, "%s: %s, from %s", where, a, m.Src)
		d.Likely = "The device is behind NAT and does not know its public address."
	}
}

// introduces reports whether a message is one in which its sender says where it
// is: the first ones of a call or registration.
func introduces(m *correlate.Message) bool {
	if m.Retransmission || m.Duplicate {
		return false
	}
	if m.Method != "" {
		return m.Method == "REGISTER" || m.Method == "INVITE"
	}
	return m.StatusCode/100 == 2 && m.CSeq.Method == "INVITE"
}

// passedOn reports whether a message comes from a proxy or, as the response to
// a REGISTER, has the contacts of the other side.
func passedOn(m *correlate.Message, s *sip.Message) bool {
	if m.Method != "" {
		return s.ViaCount > 1
	}
	_, routed := s.Get(sip.HeaderRecordRoute)
	return routed || m.CSeq.Method == "REGISTER" || m.CSeq.Method == "SUBSCRIBE"
}

// sideURI is the URI of who sent a message.
func sideURI(s *sip.Message) string {
	if s.IsRequest() {
		return s.From.URI
	}
	return s.To.URI
}

// mentionsForeign reports quickly whether a message may tell an address of
// another network than it came from.
func (c *Case) mentionsForeign(m *correlate.Message) bool {
	src := m.Src.Addr()
	if m.SDP != nil {
		for i := range m.SDP.Media {
			if foreign(m.SDP.Media[i].Address, src) {
				return true
			}
		}
	}
	if !m.Elsewhere {
		return false
	}
	contact, via := false, m.Method == ""
	for line := range headerLines(m.Text()) {
		switch name, value := nameAndValue(line); {
		case !contact && (name == "m" || strings.EqualFold(name, "Contact")):
			contact = true
			if foreign(sip.ContactLiteral(value), src) {
				return true
			}
		case !via && (name == "v" || strings.EqualFold(name, "Via")):
			via = true
			if foreign(sip.ViaLiteral(value), src) {
				return true
			}
		}
		if contact && via {
			return false
		}
	}
	return false
}

// headerLines are the lines of the header of a message behind the first, but
// those that cannot be Contact or Via by their first letter.
func headerLines(raw string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for {
			end := strings.IndexByte(raw, '\n')
			if end < 0 || end+1 >= len(raw) {
				return
			}
			switch raw = raw[end+1:]; raw[0] {
			case '\r', '\n':
				return
			case 'C', 'c', 'M', 'm', 'V', 'v':
				line, _, _ := strings.Cut(raw, "\n")
				if !yield(line) {
					return
				}
			}
		}
	}
}

// nameAndValue divides a line of a header.
func nameAndValue(line string) (name, value string) {
	name, value, _ = strings.Cut(line, ":")
	return strings.TrimRight(name, " \t"), strings.TrimLeft(value, " \t")
}

// foreignIn finds the private address that a message tells of its sender.
func (c *Case) foreignIn(m *correlate.Message, s *sip.Message) (where string, a netip.Addr) {
	src := m.Src.Addr()
	if a = c.contactAddr(m); foreign(a, src) && !ofSomebodyElse(m, s) {
		return "Contact", a
	}
	if m.Method != "" {
		if a, _ = s.Via.Addr(); foreign(a, src) {
			return "Via", a
		}
	}
	if m.SDP != nil {
		for i := range m.SDP.Media {
			if l := &m.SDP.Media[i]; l.Port != 0 && foreign(l.Address, src) {
				return "c= of the SDP", l.Address
			}
		}
	}
	return "", netip.Addr{}
}

// ofSomebodyElse reports a response whose Contact is not about its sender: a
// registrar repeats the bindings, a proxy passes on what was said behind it.
func ofSomebodyElse(m *correlate.Message, s *sip.Message) bool {
	if m.Method != "" {
		return false
	}
	_, routed := s.Get(sip.HeaderRecordRoute)
	return routed || m.CSeq.Method == "REGISTER"
}

func hasICE(s *sdp.Session) bool {
	for i := range s.Media {
		if len(s.Media[i].Candidates) > 0 {
			return true
		}
	}
	return false
}

func sipALG(c *Case) {
	if c.Has(TraitLinks) && c.changedOnTheWay() {
		return
	}
	for _, m := range c.Messages() {
		if m.SDP == nil || m.Duplicate {
			continue
		}
		if c.wrongLength(m) {
			return
		}
		if !private(m.Src.Addr()) || len(m.SDP.Media) == 0 || private(m.SDP.Media[0].Address) {
			continue
		}
		origin := originAddr(m.SDP)
		if origin.IsValid() && private(origin) && origin == m.Src.Addr().Unmap() && m.SDP.Media[0].Address.IsValid() &&
			!private(m.SDP.Media[0].Address) && !m.SDP.Media[0].Address.IsUnspecified() && !hasICE(m.SDP) {
			d := c.Find("The SDP from %s has a public address for the media, %s, but the private one of its sender in the origin (o=).", m.Src, m.SDP.Media[0].Address)
			d.Message(m, "o= %s, c= %s", origin, m.SDP.Media[0].Address)
			d.Likely = "A router rewrote c= and forgot o=; or the device learned its public address by STUN."
			return
		}
	}
	if c.flagged("modified_retransmission") {
		c.modified()
	}
}

// comparedExchanges bounds the exchanges that are compared with each other.
const comparedExchanges = 100

// changedOnTheWay looks for the same request on two links with as many Vias,
// but other contents.
func (c *Case) changedOnTheWay() bool {
	list := c.Exchanges()
	list = list[:min(len(list), comparedExchanges)] // a router does it from the beginning
	for i, x := range list {
		a := x.Request()
		if a == nil || a.Branch == "" || x.Method == "ACK" {
			continue
		}
		for _, y := range list[i+1:] {
			b := y.Request()
			if b == nil || y.Branch != x.Branch || y.Number != x.Number || y.Method != x.Method || b.FromTag != a.FromTag || y.Client.Addr() == x.Client.Addr() && y.Server.Addr() == x.Server.Addr() {
				continue
			}
			s, t := c.SIP(a), c.SIP(b)
			if s.ViaCount != t.ViaCount {
				continue
			}
			if what := difference(c, a, b, s, t); what != "" {
				d := c.Find("The same %s has another %s behind the router than before it, though nobody added a Via.", x.Method, what)
				d.Confidence = correlate.Proven
				d.Message(a, "%s from %s", x.Method, a.Src)
				d.Message(b, "the same from %s", b.Src)
				return true
			}
		}
	}
	return false
}

// difference names what differs of two copies of a request that only a router
// that reads SIP changes.
func difference(c *Case, a, b *correlate.Message, s, t *sip.Message) string {
	switch {
	case s.Via.Host != t.Via.Host:
		return fmt.Sprintf("Via (%s, %s)", s.Via.Host, t.Via.Host)
	case c.contactURI(a) != c.contactURI(b):
		return fmt.Sprintf("Contact (%s, %s)", c.contactURI(a), c.contactURI(b))
	case a.SDP != nil && b.SDP != nil && len(a.SDP.Media) > 0 && len(b.SDP.Media) > 0 && a.SDP.Media[0].Address != b.SDP.Media[0].Address:
		return fmt.Sprintf("media address (%s, %s)", a.SDP.Media[0].Address, b.SDP.Media[0].Address)
	}
	return ""
}

// wrongLength looks for a Content-Length that is off by the difference of the
// address in the SDP and the private one that was there before.
func (c *Case) wrongLength(m *correlate.Message) bool {
	off := false
	for i := range m.Findings {
		off = off || m.Findings[i].Code == "content_length_too_large" || m.Findings[i].Code == "trailing_bytes"
	}
	if !off || m.Cut != "" || len(m.SDP.Media) == 0 {
		return false
	}
	s := c.SIP(m)
	value, _ := s.Header("Content-Length")
	length, _ := decimal(value)
	_, body, found := strings.Cut(m.Text(), "\r\n\r\n")
	if !found || length == len(body) {
		return false
	}
	now := m.SDP.Media[0].Address
	for _, was := range []netip.Addr{originAddr(m.SDP), c.contactAddr(m), viaAddr(s)} {
		if !was.IsValid() || !now.IsValid() || was == now {
			continue
		}
		if grew := len(now.String()) - len(was.String()); grew != 0 && (len(body)-length)%grew == 0 && (len(body)-length)/grew >= 1 && (len(body)-length)/grew <= 2 {
			d := c.Find("The body of the message from %s is %s octets long, its Content-Length says %d: just the difference between %s and %s.", m.Src, amount.Grouped(len(body)), length, was, now)
			d.Confidence = correlate.Strong
			d.Message(m, "Content-Length: %d, body of %s octets", length, amount.Grouped(len(body)))
			return true
		}
	}
	return false
}

func viaAddr(s *sip.Message) netip.Addr {
	a, _ := s.Via.Addr()
	return a
}

// decimal reads digits; ok is false when there are none.
func decimal(s string) (n int, ok bool) {
	for _, r := range strings.TrimSpace(s) {
		if r < '0' || r > '9' || n > 1<<24 {
			return n, ok
		}
		n, ok = n*10+int(r-'0'), true
	}
	return n, ok
}

// originAddr is the address in o=, invalid when there is none or a name.
func originAddr(s *sdp.Session) netip.Addr {
	fields := strings.Fields(s.Origin)
	if len(fields) < 6 {
		return netip.Addr{}
	}
	a, _ := netip.ParseAddr(fields[5])
	return a.Unmap()
}

// modified tells of a request that came again with other contents.
func (c *Case) modified() {
	for _, x := range c.Exchanges() {
		for _, m := range x.Requests[min(1, len(x.Requests)):] {
			if m.Text() != x.Requests[0].Text() {
				d := c.Find("The %s from %s came again with other contents.", x.Method, x.Client)
				d.Message(x.Requests[0], "%s", x.Method)
				d.Message(m, "the same again, with other contents")
				return
			}
		}
	}
}
