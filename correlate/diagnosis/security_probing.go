package diagnosis

import (
	"net/netip"
	"strings"

	"sipsniff/correlate"
	"sipsniff/internal/amount"
)

// probingRules are about strangers who look around.
func probingRules() []*Rule {
	return []*Rule{
		{
			Code: "SEC-01", Name: "scanner", Title: "Someone is looking for open phone systems",
			Severity: correlate.Warning, Confidence: correlate.Proven, Needs: NeedRequests,
			Graded:     "strong when only the behaviour tells",
			Means:      "The User-Agent or the From names a known scanner; or one source asks for as many users, or as many hosts, within the window, and nearly all of it fails.",
			Advice:     "Block the source at the firewall, and limit the rate of requests from strangers. The name is easily forged.",
			Thresholds: []Threshold{{"users", 20, "", "different users asked for within the window"}, {"hosts", 20, "", "different hosts asked within the window"}, {"window", 60, "s", "the window"}, {"failures", 90, "%", "of these, that come to nothing"}},
			Lists: []List{{"names", []string{"friendly-scanner", "sipvicious", "sipcli", "sipsak", "sundayddr", "sip-scan", "iwar", "smap", "vaxsipuseragent", "pplsip", "sipscan", "sivus", "custom sip scanner"},
				"what the User-Agent or From of scanners contains, in any case"}},
			Survey: scanners,
		},
		{
			Code: "SEC-03", Name: "user-enumeration", Title: "Someone tries out which users exist",
			Severity: correlate.Warning, Confidence: correlate.Strong, Needs: NeedRequests | NeedResponses,
			Means:      "One source asks for as many different users within the window, and the answers tell them apart: some are 404, others 401, 403 or 407.",
			Advice:     "Answer for users that exist and users that do not in the same way; block the source.",
			Thresholds: []Threshold{{"users", 20, "", "different users within the window"}, {"window", 60, "s", "the window"}},
			Survey:     enumeration,
		},
	}
}

// scannerNames finds the names of scanners in texts. Most calls share a few
// User-Agents, so what was said of one is remembered.
type scannerNames struct {
	names []string
	known map[string]string
}

// mostAgents bounds what is remembered.
const mostAgents = 10_000

// of is the scanner that a text names, "" when it names none.
func (n *scannerNames) of(text string) string {
	if text == "" {
		return ""
	}
	name, ok := n.known[text]
	if ok {
		return name
	}
	lower := strings.ToLower(text)
	for _, s := range n.names {
		if strings.Contains(lower, strings.ToLower(s)) {
			name = s
			break
		}
	}
	if len(n.known) < mostAgents {
		n.known[text] = name
	}
	return name
}

// scanners is SEC-01: one finding for each source.
func scanners(s *Survey) {
	names := scannerNames{s.Words("names"), make(map[string]string)}
	named := make(map[netip.Addr][]*correlate.Call)
	says := make(map[netip.Addr]string)
	for i, c := range s.Calls {
		name := s.rows[i].scannerBy(&names)
		if name != "" && len(c.Messages()) > 0 && c.Messages()[0].Method != "" {
			a := c.Source.Addr()
			named[a] = append(named[a], c)
			if says[a] == "" {
				says[a] = name
			}
		}
	}
	for _, a := range sourcesOf(named, 1) {
		list := named[a]
		d := s.Find("%s names itself %s and sent %s.", a, says[a], amount.Of(len(list), "request"))
		d.About, d.Count = a.String(), len(list)
		d.callsIn(list)
	}
	for _, a := range sourcesOf(s.troubles(), int(min(s.Number("users"), s.Number("hosts")))) {
		if len(named[a]) == 0 {
			s.scansBy(a)
		}
	}
}

// turnedAway reports whether a status is what strangers are answered.
func turnedAway(status int) bool {
	switch status {
	case 401, 403, 404, 405, 407, 410, 484, 604:
		return true
	}
	return false
}

// scansBy looks whether one source behaves like a scanner.
func (s *Survey) scansBy(a netip.Addr) {
	list, window := s.troubles()[a], int64(s.Number("window")*1e9)
	at := func(i int) int64 { return list[i].Started }
	users := densest(len(list), window, at, func(i int) string {
		if !turnedAway(list[i].FinalStatus) {
			return "" // nobody is refused by a server that is down
		}
		return askedUser(list[i])
	})
	hosts := densest(len(list), window, at, func(i int) string { return list[i].Destination.Addr().String() })
	best, what := users, "users"
	if float64(hosts.distinct) >= s.Number("hosts") && (float64(users.distinct) < s.Number("users") || hosts.distinct > users.distinct) {
		best, what = hosts, "hosts"
	}
	if float64(best.distinct) < s.Number(what) {
		return
	}
	found := list[best.from:best.to]
	good := 0
	for _, c := range s.Calls {
		if c.Started >= found[0].Started && c.Started <= found[len(found)-1].Started && c.Source.Addr() == a && !failed(c) {
			good++
		}
	}
	if float64(100*len(found)) < s.Number("failures")*float64(len(found)+good) {
		return
	}
	d := s.Find("%s asked for %s different %s within %s; %s of %s requests came to nothing.", a, amount.Grouped(best.distinct), what,
		span(found[len(found)-1].Started-found[0].Started), amount.Grouped(len(found)), amount.Grouped(len(found)+good))
	d.Confidence, d.About, d.Count = correlate.Strong, a.String(), len(found)
	d.callsIn(found)
}

// enumeration is SEC-03.
func enumeration(s *Survey) {
	least := s.Number("users")
	for _, a := range sourcesOf(s.troubles(), int(least)) {
		list := s.troubles()[a]
		told := make([]string, len(list)) // the users of those that were answered one way or the other
		for i, c := range list {
			switch c.FinalStatus {
			case 401, 403, 404, 407:
				told[i] = askedUser(c)
			}
		}
		best := densest(len(list), int64(s.Number("window")*1e9), func(i int) int64 { return list[i].Started }, func(i int) string { return told[i] })
		if float64(best.distinct) < least {
			continue
		}
		found := list[best.from:best.to]
		unknown, known := 0, 0
		for _, c := range found {
			switch c.FinalStatus {
			case 404:
				unknown++
			case 401, 403, 407:
				known++
			}
		}
		if unknown == 0 || known == 0 {
			continue
		}
		d := s.Find("%s asked for %s different users within %s: %s do not exist (404), %s do (401, 403 or 407).", a, amount.Grouped(best.distinct),
			span(found[len(found)-1].Started-found[0].Started), amount.Grouped(unknown), amount.Grouped(known))
		d.About, d.Count = a.String(), len(found)
		d.callsIn(found)
	}
}

// askedUser is the user that a request is about: of a REGISTER that of the To.
func askedUser(c *correlate.Call) string {
	if c.Method == "REGISTER" {
		return userOf(c.To)
	}
	return userOf(c.RequestURI)
}
