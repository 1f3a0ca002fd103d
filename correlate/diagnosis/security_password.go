package diagnosis

import (
	"net/netip"
	"slices"
	"strings"

	"sipsniff/correlate"
	"sipsniff/decode/sip"
	"sipsniff/internal/amount"
)

// passwordRules are about passwords that are tried out or badly protected.
func passwordRules() []*Rule {
	return []*Rule{
		{
			Code: "SEC-02", Name: "password-guessing", Title: "Someone tries out passwords",
			Severity: correlate.Error, Confidence: correlate.Strong, Needs: NeedRequests | NeedResponses, When: TraitChallenge | TraitFailure,
			Means:      "Requests with credentials are refused again and again: for one user from one source, from one source for any users, or for one user from many sources. Credentials that were merely out of date (stale) do not count.",
			Advice:     "Lock the account or slow the answers down, block the source (fail2ban), and see that all passwords are long.",
			Thresholds: []Threshold{{"account", 10, "", "attempts at one user from one source within the window"}, {"source", 50, "", "attempts from one source within the window"}, {"window", 60, "s", "the window"}, {"distributed", 50, "", "attempts at one user from many sources within the long window"}, {"sources", 10, "", "of such sources at least"}, {"long", 600, "s", "the long window"}},
			Survey:     guessing,
		},
		{
			Code: "SEC-08", Name: "weak-digest", Title: "Passwords are poorly protected",
			Severity: correlate.Warning, Confidence: correlate.Proven, Needs: NeedRequests | NeedResponses, When: TraitChallenge,
			Graded:     "info for MD5 without qop, which is common",
			Means:      "A server asks for Basic, or for MD5 without qop; a client counts a nonce backwards (nc); or a challenge inside a call is answered with credentials, which lets the other end try out the password at leisure.",
			Advice:     "Ask for qop=auth and SHA-256, use TLS, and let phones answer challenges of their own registrar only.",
			References: []string{"RFC 7616", "RFC 8760"},
			Check:      func(c *Case) { digestLeak(c); countsBack(c) },
			Survey:     weakDigest,
		},
	}
}

// A guess is credentials that were refused.
type guess struct {
	nanos  int64
	source netip.Addr
	user   string
	call   *correlate.Call
	frame  int // of the refusal
	status int
}

// maxGuesses bounds the guesses that are looked at, of one call and of all.
const (
	maxGuessesOfCall = 1000
	maxGuesses       = 200_000
)

// guesses lists the credentials that were refused, in order of time.
func (s *Survey) guesses() (list []guess) {
	for i := range s.Calls {
		if s.rows[i].traits&(TraitChallenge|TraitFailure) == 0 || len(list) >= maxGuesses {
			continue
		}
		list = append(list, s.rows[i].guesses()...)
	}
	slices.SortStableFunc(list, func(a, b guess) int { return int(min(max(a.nanos-b.nanos, -1), 1)) })
	return list
}

// guessesOf lists those of one call.
func guessesOf(c *correlate.Call) (list []guess) {
	refusals := 0
	for _, m := range c.Messages() {
		switch m.StatusCode {
		case 401, 403, 407:
			if m.First == nil {
				refusals++
			}
		}
	}
	if refusals == 0 || refusals == 1 && c.FinalStatus != 401 && c.FinalStatus != 403 && c.FinalStatus != 407 {
		return nil
	}
	for i, m := range c.Messages() {
		if m.First != nil || m.StatusCode != 401 && m.StatusCode != 403 && m.StatusCode != 407 || len(list) >= maxGuessesOfCall {
			continue
		}
		q := requestOf(c.Messages()[:i], m)
		if q == nil || !hasCredentials(q) || strings.Contains(strings.ToLower(m.Text()), "stale=true") {
			continue
		}
		list = append(list, guess{m.Nanos, q.Src.Addr(), account(c.To), c, m.Frame, m.StatusCode})
		if q.Method != "REGISTER" {
			list[len(list)-1].user = account(c.From)
		}
	}
	return list
}

// requestOf is the latest request that a response answers.
func requestOf(before []*correlate.Message, response *correlate.Message) *correlate.Message {
	for i := len(before) - 1; i >= 0; i-- {
		if q := before[i]; q.Method != "" && q.Branch == response.Branch && q.CSeq.Number == response.CSeq.Number && q.Src == response.Dst && q.First == nil {
			return q
		}
	}
	return nil
}

const minuteNanos = int64(60e9)

// guessing is SEC-02. What is told of a user is not told of the source again.
func guessing(s *Survey) {
	all := s.guesses()
	window := int64(s.Number("window") * 1e9)
	least := int(min(s.Number("account"), s.Number("source"), s.Number("distributed")))
	if len(all) < least {
		return
	}
	bySource, byBoth, byUser := make(map[string][]guess), make(map[string][]guess), make(map[string][]guess)
	for _, g := range all {
		bySource[g.source.String()] = append(bySource[g.source.String()], g)
		byBoth[g.user+" from "+g.source.String()] = append(byBoth[g.user+" from "+g.source.String()], g)
		byUser[g.user] = append(byUser[g.user], g)
	}
	told := make(map[string]bool)
	for _, key := range namesIn(bySource) {
		if list := densestGuesses(bySource[key], window); float64(len(list)) >= s.Number("source") {
			s.guessed(key, list, "%s tried %s in %s: none was accepted.", key, amount.Of(len(list), "password"), span(list[len(list)-1].nanos-list[0].nanos))
			told[key] = true
		}
	}
	for _, key := range namesIn(byBoth) {
		list := densestGuesses(byBoth[key], window)
		if float64(len(list)) >= s.Number("account") && !told[list[0].source.String()] {
			s.guessed(list[0].source.String(), list, "%s tried %s for %s in %s: none was accepted.", list[0].source, amount.Of(len(list), "password"), list[0].user, span(list[len(list)-1].nanos-list[0].nanos))
		}
	}
	for _, key := range namesIn(byUser) {
		list := densestGuesses(byUser[key], int64(s.Number("long")*1e9))
		sources := make(map[netip.Addr]bool)
		for _, g := range list {
			sources[g.source] = true
		}
		if float64(len(list)) >= s.Number("distributed") && float64(len(sources)) >= s.Number("sources") {
			s.guessed(key, list, "%s sources together tried %s for %s in %s.", amount.Grouped(len(sources)), amount.Of(len(list), "password"), key, span(list[len(list)-1].nanos-list[0].nanos))
		}
	}
}

// guessed says it, with the first refusals as evidence.
func (s *Survey) guessed(about string, list []guess, text string, args ...any) {
	d := s.Find(text, args...)
	d.About, d.Count = about, len(list)
	indexes := make(map[int]bool)
	for _, g := range list {
		d.Frame(g.frame, g.nanos, "%d to credentials of %s from %s", g.status, g.user, g.source)
		indexes[g.call.Index] = true
	}
	d.Involve(sortedKeys(indexes)...)
}

// densestGuesses is the part of a list with the most guesses in some time.
func densestGuesses(list []guess, window int64) []guess {
	best, from := burst{}, 0
	for to := range list {
		for list[to].nanos-list[from].nanos > window {
			from++
		}
		if to+1-from > best.to-best.from {
			best = burst{from: from, to: to + 1}
		}
	}
	return list[best.from:best.to]
}

func namesIn[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

func sortedKeys(m map[int]bool) []int {
	keys := make([]int, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// countsBack is SEC-08 of a client whose credentials were used before: the same
// nonce with a lower count (nc).
func countsBack(c *Case) {
	type used struct {
		count string
		m     *correlate.Message
	}
	latest := make(map[string]used)
	for _, m := range c.Messages() {
		if m.First != nil || m.Method == "" || m.Method == "ACK" || m.Method == "CANCEL" {
			continue
		}
		if !hasCredentials(m) {
			continue
		}
		_, line, _ := strings.Cut(m.Text(), "uthorization:")
		line, _, _ = strings.Cut(line, "\r\n")
		nonce, count := parameter(line, `nonce="`, `"`), parameter(line, "nc=", ", ")
		if nonce == "" || len(count) != 8 {
			continue
		}
		key := nonce + m.FromTag
		if before, known := latest[key]; known && before.m.CSeq.Number != m.CSeq.Number && count < before.count {
			c.Find("%s used the same nonce again with count %s after %s: somebody may have repeated what was sent before.", m.Src, count, before.count).
				Message(before.m, "nc=%s", before.count).Message(m, "nc=%s", count)
			return
		}
		latest[key] = used{count, m}
	}
}

// parameter is what stands behind a name up to one of some octets.
func parameter(line, name, end string) string {
	_, value, ok := strings.Cut(line, name)
	if !ok {
		return ""
	}
	if i := strings.IndexAny(value, end); i >= 0 {
		value = value[:i]
	}
	return strings.TrimSpace(value)
}

// digestLeak is SEC-08 of one call: credentials that the other end of it
// asked for.
func digestLeak(c *Case) {
	for i, m := range c.Messages() {
		if m.First != nil || m.StatusCode != 401 && m.StatusCode != 407 {
			continue
		}
		q := requestOf(c.Messages()[:i], m)
		if q == nil || q.ToTag == "" || m.Src.Addr() != calleeEnd(c.Call, q) {
			continue
		}
		for _, again := range c.Messages()[i+1:] {
			if again.Method == q.Method && again.CSeq.Number > q.CSeq.Number && again.Src == q.Src && hasCredentials(again) {
				c.Find("%s asked %s inside the call for a password, and got credentials by which it can try to find that out.", m.Src, q.Src).
					Message(q, "%s without credentials", q.Method).Message(m, "%d from the other end", m.StatusCode).Message(again, "%s with credentials", again.Method)
				return
			}
		}
	}
}

// hasCredentials reports whether a request says who sends it.
func hasCredentials(m *correlate.Message) bool {
	return m.Headers.Has(sip.HeaderAuthorization) || m.Headers.Has(sip.HeaderProxyAuthorization)
}

// calleeEnd is the address of the other end of a call for who sent a request:
// where its Contact says that it is. A proxy on the way is not meant.
func calleeEnd(call *correlate.Call, q *correlate.Message) netip.Addr {
	for _, m := range call.Messages() {
		if m.Src.Addr() == q.Dst.Addr() && m.FromTag != "" && m.ToTag != "" && m.SDP != nil {
			for a := range m.SIP().Addresses(sip.HeaderContact) {
				if host, ok := sip.ParseURI(a.URI).Addr(); ok && host == m.Src.Addr() {
					return host
				}
			}
		}
	}
	return netip.Addr{}
}

// weakDigest is SEC-08 of servers: how they ask for passwords.
func weakDigest(s *Survey) {
	type asked struct {
		first *demand
		call  []*correlate.Call
	}
	found := make(map[string]*asked)
	for i, c := range s.Calls {
		if s.rows[i].traits&TraitChallenge == 0 {
			continue
		}
		if x := s.rows[i].demanded(); x.weak != "" {
			key := x.server.Addr().String() + " " + x.weak
			a := found[key]
			if a == nil {
				a = &asked{first: x}
				found[key] = a
			}
			a.call = append(a.call, c)
		}
	}
	for _, key := range namesIn(found) {
		a := found[key]
		server := a.first.server.Addr()
		d := s.Find("%s asks for passwords by %s (%s).", server, a.first.weak, amount.Of(len(a.call), "time"))
		if a.first.weak != basic {
			d.Severity = correlate.Info
		}
		d.About, d.Count = server.String(), len(a.call)
		d.Frame(a.first.frame, a.first.nanos, "%d from %s", a.first.status, a.first.server)
		indexes := make(map[int]bool)
		for _, c := range a.call {
			indexes[c.Index] = true
		}
		d.Involve(sortedKeys(indexes)...)
	}
}

const (
	basic    = "Basic, which sends them in the clear"
	plainMD5 = "MD5 without qop"
)

// A demand is how a server asked for a password.
type demand struct {
	server netip.AddrPort
	frame  int
	nanos  int64
	status int
	weak   string // what is weak in it, "" when nothing is
}

// fine is a demand without fault.
var fine demand

// demandOf is the first challenge of a call, as far as anything is weak in it.
func demandOf(c *correlate.Call) *demand {
	for _, m := range c.Messages() {
		if m.StatusCode != 401 && m.StatusCode != 407 {
			continue
		}
		if weak := weakness(m.Text()); weak != "" {
			return &demand{m.Src, m.Frame, m.Nanos, m.StatusCode, weak}
		}
		break
	}
	return &fine
}

// weakness is what is weak in the challenge of a response, "" when nothing is.
func weakness(raw string) string {
	at := strings.Index(raw, "-Authenticate:")
	if at < 0 {
		return ""
	}
	line, _, _ := strings.Cut(raw[at+len("-Authenticate:"):], "\r\n")
	line = strings.ToLower(strings.TrimSpace(line))
	switch {
	case strings.HasPrefix(line, "basic"):
		return basic
	case !strings.HasPrefix(line, "digest"), strings.Contains(line, "qop="), strings.Contains(line, "sha-"), strings.Contains(line, "aka"):
		return ""
	}
	return plainMD5
}
