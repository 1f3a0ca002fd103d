package diagnosis

import (
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"sipsniff/correlate"
	"sipsniff/decode"
	"sipsniff/decode/sip"
	"sipsniff/internal/amount"
)

func registrationRules() []*Rule {
	return []*Rule{{
		Code: "SIG-14", Name: "registration-failing", Title: "The phone cannot log in and is not reachable",
		Severity: correlate.Error, Confidence: correlate.Proven, Needs: NeedRequests | NeedResponses,
		Graded:     "strong when the attempts were not answered at all",
		Means:      "At least three REGISTER of one address of record in a row failed: refused other than by 401, 407 and 423, or not answered in time.",
		Advice:     "Look at the code of the refusal, the account, and whether the registrar is reachable.",
		Hides:      []string{"SIG-01"},
		References: []string{"RFC 3261 §10.2"},
		Thresholds: []Threshold{{"row", 3, "", "failures in a row"}},
		Survey:     registrationFailing,
	}, {
		Code: "SIG-15", Name: "registration-flapping", Title: "The phone keeps losing and regaining its login",
		Severity: correlate.Warning, Confidence: correlate.Strong, Needs: NeedRequests | NeedResponses,
		Means: "Within 10 minutes one address of record goes at least four times from registered to not registered or back, or changes the address or port of its contact at least three times; " +
			"or a refresh comes after the registration ran out.",
		Advice:     "Look at NAT timeouts, the wireless network, and whether two devices use the account.",
		References: []string{"RFC 3261 §10.2.4"},
		Thresholds: []Threshold{{"changes", 4, "", "from registered to not registered or back"}, {"moves", 3, "", "of the contact"}, {"window", 600, "s", "in which they are counted"}},
		Survey:     registrationFlapping,
	}, {
		Code: "SIG-16", Name: "nat-binding-expired", Title: "The router forgot the phone before it renewed its address",
		Severity: correlate.Error, Confidence: correlate.Strong, Needs: NeedRequests | NeedResponses,
		Means: "A request over UDP to the address that a phone registered from was not answered after more than 30 s without a packet from there, and later the phone registers from " +
			"another port.",
		Advice:     "Let the phone send keep-alives at least every 25 s, register more often, or use TCP or TLS.",
		Hides:      []string{"SIG-01", "SIG-20"},
		References: []string{"RFC 5626 §4.4", "RFC 4787 §4.3"},
		Thresholds: []Threshold{{"idle", 30, "s", "without a packet of the phone"}},
		Survey:     bindingExpired,
	}}
}

// A login is one REGISTER that has its final response, or none in time.
type login struct {
	call     *correlate.Call
	exchange *Exchange
	nanos    int64
	ok       bool // 2xx
	failed   bool // refused, or not answered
	contact  string
	expires  int64 // seconds, 0: the registration was removed; -1 unknown
}

// accountsOf are the REGISTERs of each address of record in the order of time:
// of calls that want says are worth it. Accounts that one of these calls
// belongs to have all their logins.
func (s *Survey) accountsOf(want func(*correlate.Call, Trait) bool) (names []string, logins map[string][]login) {
	wanted := make(map[string]bool)
	for i, c := range s.Calls {
		if t := s.rows[i].traits; t&TraitRegister != 0 && c.To != "" && want(c, t) {
			wanted[c.To] = true
		}
	}
	if len(wanted) == 0 {
		return nil, nil
	}
	logins = make(map[string][]login)
	for i, c := range s.Calls {
		if s.rows[i].traits&TraitRegister == 0 || !wanted[c.To] {
			continue
		}
		k := s.caseOf(s.rows[i])
		for _, x := range k.Exchanges() {
			if l, ok := s.login(k, x); ok {
				if logins[c.To] == nil {
					names = append(names, c.To)
				}
				logins[c.To] = append(logins[c.To], l)
			}
		}
	}
	for _, list := range logins {
		slices.SortStableFunc(list, func(a, b login) int { return int(min(max(a.nanos-b.nanos, -1), 1)) })
	}
	return names, logins
}

// login reads one REGISTER on the hop nearest to the phone; ok is false for
// those that are undecided or only challenged.
func (s *Survey) login(k *Case, x *Exchange) (l login, ok bool) {
	m := x.Request()
	if x.Method != "REGISTER" || m == nil || x.Client.Addr() != k.Call.Source.Addr() {
		return l, false
	}
	l = login{call: k.Call, exchange: x, nanos: m.Nanos, expires: -1}
	switch status := x.Status(); {
	case status == 401 || status == 407 || status == 423:
		return l, false
	case status/100 == 2:
		l.ok = true
		l.contact, l.expires = binding(k, x)
	case status >= 300, len(x.Responses) == 0 && k.Call.HasCallID && s.Now >= m.Nanos+32*second:
		l.failed = true
	default:
		return l, false
	}
	return l, true
}

// binding is the contact that a REGISTER asks for, and how long the registrar
// keeps it.
func binding(k *Case, x *Exchange) (contact string, expires int64) {
	m := k.SIP(x.Requests[0])
	expires = -1
	for a := range m.Addresses(sip.HeaderContact) {
		u := sip.ParseURI(a.URI)
		contact = u.Host
		if u.Port != 0 {
			contact = fmt.Sprintf("%s:%d", u.Host, u.Port)
		}
		break
	}
	for _, from := range []*sip.Message{k.SIP(x.Final), m} {
		for a := range from.Addresses(sip.HeaderContact) {
			if value, ok := a.Param("expires"); ok && strings.Contains(a.URI, strings.Split(contact, ":")[0]) {
				expires = seconds(value, expires)
			}
		}
		if value, ok := from.Get(sip.HeaderExpires); ok && expires < 0 {
			expires = seconds(value, expires)
		}
		if expires >= 0 {
			break
		}
	}
	return contact, expires
}

func registrationFailing(s *Survey) {
	names, accounts := s.accountsOf(func(_ *correlate.Call, t Trait) bool { return t&(TraitFailure|TraitUnanswered) != 0 })
	for _, name := range names {
		var row []login
		for _, l := range accounts[name] {
			if l.ok {
				row = nil
			} else if l.failed {
				row = append(row, l)
			}
		}
		if float64(len(row)) < s.Number("row") {
			continue
		}
		last := row[len(row)-1]
		d := s.FindIn(last.call.Index, "%s could not register %s in a row: %s.", party(name), times(len(row)), fate(last.exchange))
		answered := false
		for _, l := range row {
			answered = answered || len(l.exchange.Responses) > 0
			d.Message(l.exchange.Requests[0], "REGISTER: %s", fate(l.exchange))
		}
		d.About, d.Count, d.Nanos = party(name), len(row), last.nanos
		if !answered {
			d.Confidence = correlate.Strong
			d.Absent(last.exchange.Server.Addr(), last.exchange.Client.Addr(), last.nanos)
		}
	}
}

// fate says what became of a request.
func fate(x *Exchange) string {
	if x.Final == nil {
		return fmt.Sprintf("%s did not answer", x.Server)
	}
	return fmt.Sprintf("%s answered %d %s", x.Final.Src, x.Status(), x.Final.Reason)
}

func registrationFlapping(s *Survey) {
	busy := make(map[string]int)
	for i, c := range s.Calls {
		if s.rows[i].registered > 0 {
			busy[c.To] += s.rows[i].registered
		}
	}
	names, accounts := s.accountsOf(func(c *correlate.Call, _ Trait) bool { return busy[c.To] >= 2 })
	window := int64(s.Number("window") * 1e9)
	for _, name := range names {
		list := accounts[name]
		for _, look := range []func([]login, int64) ([]login, string){s.removals, s.moves, late} {
			if at, words := look(list, window); at != nil {
				last := at[len(at)-1]
				d := s.FindIn(last.call.Index, "%s %s.", party(name), words)
				for _, l := range at {
					d.Message(l.exchange.Requests[0], "REGISTER of %s, expires %d", l.contact, l.expires)
				}
				d.About, d.Count, d.Nanos = party(name), len(at), last.nanos
				break
			}
		}
	}
}

// removals are the changes between registered and not, when there are enough in
// the window.
func (s *Survey) removals(list []login, window int64) ([]login, string) {
	return within(list, window, int(s.Number("changes")), func(before, l login) bool { return before.ok && l.ok && (before.expires == 0) != (l.expires == 0) },
		"went %s from registered to not registered or back in %s")
}

// moves are the changes of the contact.
func (s *Survey) moves(list []login, window int64) ([]login, string) {
	return within(list, window, int(s.Number("moves")), func(before, l login) bool {
		return before.ok && l.ok && before.contact != "" && l.contact != "" && before.contact != l.contact && before.expires != 0 && l.expires != 0
	}, "changed its contact %s in %s")
}

func within(list []login, window int64, least int, changed func(before, l login) bool, words string) ([]login, string) {
	var at []login
	for i := 1; i < len(list); i++ {
		if !changed(list[i-1], list[i]) {
			continue
		}
		at = append(at, list[i])
		for list[i].nanos-at[0].nanos > window {
			at = at[1:]
		}
		if len(at) >= least {
			return at, fmt.Sprintf(words, amount.Of(len(at), "time"), span(at[len(at)-1].nanos-at[0].nanos))
		}
	}
	return nil, ""
}

// late finds a refresh that came after the registration had run out, by the
// same call: phones keep the Call-ID of their registration (RFC 3261 §10.2.4).
func late(list []login, _ int64) ([]login, string) {
	for i := 1; i < len(list); i++ {
		before, l := list[i-1], list[i]
		over := l.nanos - before.nanos - before.expires*second
		if before.ok && l.ok && before.expires > 0 && l.expires != 0 && l.call == before.call && l.contact == before.contact && over > 2*second {
			return []login{before, l}, fmt.Sprintf("renewed its registration %s after it had run out", span(over))
		}
	}
	return nil, ""
}

func bindingExpired(s *Survey) {
	var dead []*entry
	registers := false
	for i, c := range s.Calls {
		t := s.rows[i].traits
		registers = registers || t&TraitRegister != 0
		if t&TraitUnanswered != 0 && t&TraitRegister == 0 && c.Transport == decode.UDP {
			dead = append(dead, s.rows[i])
		}
	}
	if !registers || len(dead) == 0 {
		return
	}
	called := make(map[netip.Addr]bool)
	for _, e := range dead {
		called[e.call.Destination.Addr()] = true
	}
	_, accounts := s.accountsOf(func(c *correlate.Call, _ Trait) bool { return called[c.Source.Addr()] })
	if len(accounts) == 0 {
		return
	}
	byAddress := make(map[netip.AddrPort][]login)
	byHost := make(map[netip.Addr][]login)
	for _, list := range accounts {
		for _, l := range list {
			if l.ok && l.expires != 0 {
				byAddress[l.exchange.Client] = append(byAddress[l.exchange.Client], l)
				byHost[l.exchange.Client.Addr()] = append(byHost[l.exchange.Client.Addr()], l)
			}
		}
	}
	heard := s.heardFrom(byAddress)
	for _, e := range dead {
		k := s.caseOf(e)
		for _, x := range k.unanswered() {
			s.forgotten(k, x, byAddress, byHost, heard)
		}
	}
}

// forgotten judges one request that was not answered.
func (s *Survey) forgotten(k *Case, x *Exchange, byAddress map[netip.AddrPort][]login, byHost map[netip.Addr][]login, heard map[netip.AddrPort][]int64) {
	at := x.Requests[0].Nanos
	var known *login
	for i := range byAddress[x.Server] {
		if l := &byAddress[x.Server][i]; l.nanos < at && (known == nil || l.nanos > known.nanos) {
			known = l
		}
	}
	if known == nil || float64(at-before(heard[x.Server], at)) < s.Number("idle")*1e9 {
		return
	}
	for _, l := range byHost[x.Server.Addr()] {
		if l.nanos > at && l.call.To == known.call.To && l.exchange.Client.Port() != x.Server.Port() {
			d := s.FindIn(k.Call.Index, "%s registered from %s; %s later %s to it was not answered, and later it registered from port %d.",
				party(known.call.To), x.Server, span(at-known.nanos), x.Method, l.exchange.Client.Port())
			d.Message(known.exchange.Requests[0], "REGISTER from %s", x.Server)
			d.Message(x.Requests[0], "%s to it, sent %s", x.Method, times(len(x.Requests)))
			d.Message(l.exchange.Requests[0], "REGISTER from %s", l.exchange.Client)
			d.Nanos = at
			return
		}
	}
}

// heardFrom are the times of the messages from some addresses, ascending.
func (s *Survey) heardFrom(addresses map[netip.AddrPort][]login) map[netip.AddrPort][]int64 {
	heard := make(map[netip.AddrPort][]int64, len(addresses))
	for _, c := range s.Calls {
		for _, m := range c.Messages() {
			if _, ok := addresses[m.Src]; ok {
				heard[m.Src] = append(heard[m.Src], m.Nanos)
			}
		}
	}
	for _, times := range heard {
		slices.Sort(times)
	}
	return heard
}

// before is the latest of ascending times before a moment, 0 when there is none.
func before(times []int64, moment int64) int64 {
	i, _ := slices.BinarySearch(times, moment)
	if i == 0 {
		return 0
	}
	return times[i-1]
}

// seconds reads a number of seconds; what is none leaves the value as it was.
func seconds(s string, otherwise int64) int64 {
	n, err := strconv.ParseInt(strings.TrimSpace(s), 10, 64)
	if err != nil || n < 0 {
		return otherwise
	}
	return n
}
