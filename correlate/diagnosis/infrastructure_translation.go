package diagnosis

import (
	"strconv"
	"strings"

	"sipsniff/correlate"
	"sipsniff/decode/sip"
)

// translationRules are about phones behind routers that translate addresses.
func translationRules() []*Rule {
	return []*Rule{{
		Code: "INF-10", Name: "no-keep-alive", Title: "A router may forget the way to a phone",
		Severity: correlate.Info, Confidence: correlate.Proven, Needs: NeedRequests | NeedResponses,
		Means:      "A phone that is registered over UDP from behind a translating router (its Via or Contact names another address than its packets come from) was quiet for longer than that, so that the router may close the way back.",
		Advice:     "Let the phone or the server send keep-alives every 25 s or less (OPTIONS, CRLF, STUN), or use TCP or TLS. Calls to the phone will fail now and then (SIG-16).",
		Thresholds: []Threshold{{"quiet", 30, "s", "without a packet in either direction"}},
		References: []string{"RFC 5626", "RFC 4787 §4.3"},
		Survey:     noKeepAlive,
	}}
}

// noKeepAlive is INF-10.
func noKeepAlive(s *Survey) {
	list := s.snap.Bindings
	for i := range list {
		b := &list[i]
		if float64(b.Quiet) <= s.Number("quiet")*1e9 {
			continue
		}
		c := s.CallOf(b.Call)
		if c == nil {
			continue
		}
		why, m := translated(c, b)
		if m == nil {
			continue
		}
		d := s.FindIn(b.Call, "The phone at %s is behind a router (%s) and nothing went between it and %s for %s.", b.Client, why, b.Server, span(b.Quiet))
		d.Message(m, "REGISTER from %s", m.Src).Frame(b.FromFrame, b.From, "the last packet before %s of silence", span(b.Quiet))
	}
}

// translated says by which a REGISTER shows that its sender is behind a router.
func translated(c *correlate.Call, b *correlate.Binding) (why string, request *correlate.Message) {
	for i := len(c.Messages()) - 1; i >= 0; i-- {
		m := c.Messages()[i]
		if m.Method != "REGISTER" || m.Src != b.Client {
			continue
		}
		s := m.SIP()
		if host, ok := s.Via.Addr(); ok && host != m.Src.Addr() {
			return "its Via says " + host.String(), m
		}
		port := s.Via.Port
		if port == 0 {
			port = 5060
		}
		if _, ok := s.Via.Addr(); ok && port != m.Src.Port() {
			return "its Via says port " + strconv.Itoa(int(port)), m
		}
		for a := range s.Addresses(sip.HeaderContact) {
			if host, ok := sip.ParseURI(a.URI).Addr(); ok && host != m.Src.Addr() && host.IsPrivate() && !m.Src.Addr().IsPrivate() && !strings.Contains(a.URI, ";ob") {
				return "its Contact says " + host.String(), m
			}
		}
		return "", nil
	}
	return "", nil
}
