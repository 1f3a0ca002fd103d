package diagnosis

import (
	"fmt"
	"net/netip"
	"slices"

	"sipsniff/correlate"
	"sipsniff/decode/sip"
)

func authenticationRules() []*Rule {
	return []*Rule{{
		Code: "SIG-13", Name: "authentication-failed", Title: "The server does not accept the password",
		Severity: correlate.Error, Confidence: correlate.Proven,
		Graded: "strong when the client just did not try again",
		Needs:  NeedRequests | NeedResponses, When: TraitChallenge,
		Means: "A request is challenged (401, 407) and in the end not accepted: refused again with the same nonce, challenged with new nonces so often " +
			"that it is a loop, refused with 403 after credentials, or not tried again in time. A nonce that is only out of date (stale=true) does not count.",
		Advice:     "Check the secret, the user name for authentication and the realm; then the uri in the digest, nc, the algorithm and the clock of the device.",
		Hides:      []string{"SIG-23"},
		References: []string{"RFC 3261 §22", "RFC 7616 §3.3"},
		Thresholds: []Threshold{
			{"rounds", 3, "", "challenges with a new nonce from which it is a loop"},
			{"wait", 32, "s", "without another try until the client has stopped"},
		},
		Check: authenticationFailed,
	}}
}

// A round is one try against a challenge.
type round struct {
	exchange  *Exchange
	tried     bool // with credentials
	nonce     string
	username  string
	challenge sip.Auth
	same      bool // challenged again with the nonce that was used
}

func authenticationFailed(c *Case) {
	if !c.Call.HasCallID {
		return // what belongs together is not sure
	}
	if c.letIn() {
		return
	}
	for _, a := range c.authentications() {
		rounds := a.rounds
		last := rounds[len(rounds)-1]
		challenges, same, fresh := 0, false, 0
		for i := range rounds {
			if status := rounds[i].exchange.Status(); status == 401 || status == 407 {
				challenges++
				same = same || rounds[i].same
				if !rounds[i].challenge.Stale && !rounds[i].same {
					fresh++
				}
			}
		}
		status := last.exchange.Status()
		var d *Draft
		switch refused := status == 401 || status == 407; {
		case status == 403 && last.tried && challenges > 0:
			d = c.Find("%s refused %s with 403 %s after it gave its credentials%s.", last.exchange.Server, last.exchange.Method, last.exchange.Final.Reason, last.who())
		case refused && last.tried && same:
			d = c.Find("%s asked for a password %s and did not accept it%s: the answer to a challenge was refused with the same challenge.", last.exchange.Server, times(challenges), last.who())
			d.Likely = "The password, the user name or the realm is wrong."
		case refused && float64(fresh) >= c.Number("rounds"):
			d = c.Find("%s asked for a password %s, each time anew, and did not accept it%s.", last.exchange.Server, times(challenges), last.who())
			d.Title = "The server asks for the password again and again"
			a.whyAgain(d)
		case refused && last.exchange.Request() != nil && c.Passed(last.exchange.Final.Nanos+int64(c.Number("wait")*1e9)):
			d = c.Find("%s asked for a password %s; the client did not try again%s.", last.exchange.Server, times(challenges), last.who())
			d.Confidence = correlate.Strong
			d.Absent(last.exchange.Client.Addr(), last.exchange.Server.Addr(), last.exchange.Final.Nanos+1e9)
			d.Likely = "The client has no password, or gave up."
			if last.tried {
				d.Likely = "The password, the user name or the realm is wrong."
			}
		default:
			continue
		}
		for i := range rounds {
			x := rounds[i].exchange
			if m := x.Request(); m != nil && rounds[i].tried {
				d.Message(m, "%s with credentials%s", m.Method, rounds[i].who())
			}
			d.Message(x.Final, "%d %s", x.Final.StatusCode, x.Final.Reason)
		}
		d.Nanos = last.exchange.Final.Nanos
	}
}

// whyAgain says what the reason may be when every answer meets a new challenge.
func (a *authentication) whyAgain(d *Draft) {
	if a.accepted != nil {
		d.Explanation += fmt.Sprintf(" It had accepted them before (frame %d).", a.accepted.Frame)
	}
	age := oldestNonce(a.rounds)
	switch {
	case age > 5*second && a.accepted != nil:
		d.Likely = fmt.Sprintf("The client answers a challenge %s late; the nonce is out of date by then, and the server does not say so (stale=true).", span(age))
	case age > 5*second:
		d.Likely = fmt.Sprintf("The client answers a challenge %s late; the nonce may be out of date (stale) by then, or the password is wrong.", span(age))
	case a.accepted != nil:
		d.Likely = "The password was changed, the server forgets its nonces, or several servers take turns."
	default:
		d.Likely = "The password is wrong, or the answer does not reach the server as it was sent."
	}
}

// letIn reports quickly whether every request that was challenged was let in
// in the end.
func (c *Case) letIn() bool {
	var challenged, let [4]string // methods
	n := 0
	for _, m := range c.Messages() {
		if m.Method != "" || m.StatusCode < 200 || m.Duplicate {
			continue
		}
		method := m.CSeq.Method
		i := slices.Index(challenged[:n], method)
		switch challenge := m.StatusCode == 401 || m.StatusCode == 407; {
		case challenge && i < 0 && n == len(challenged):
			return false
		case challenge && i < 0:
			challenged[n] = method
			n++
		case challenge:
			let[i] = ""
		case i >= 0 && m.StatusCode != 403:
			let[i] = method
		}
	}
	return challenged == let
}

// oldestNonce is how old a nonce was at most when it was answered.
func oldestNonce(rounds []round) (age int64) {
	for i := 1; i < len(rounds); i++ {
		if m := rounds[i].exchange.Request(); m != nil && rounds[i].nonce != "" && rounds[i].nonce == rounds[i-1].challenge.Nonce {
			age = max(age, m.Nanos-rounds[i-1].exchange.Final.Nanos)
		}
	}
	return age
}

func (r *round) who() string {
	switch {
	case r.username != "" && r.challenge.Realm != "":
		return fmt.Sprintf(" (user %q, realm %q)", r.username, r.challenge.Realm)
	case r.challenge.Realm != "":
		return fmt.Sprintf(" (realm %q)", r.challenge.Realm)
	case r.username != "":
		return fmt.Sprintf(" (user %q)", r.username)
	}
	return ""
}

// An authentication is the tries of one kind of request on one hop since it was
// accepted last.
type authentication struct {
	rounds   []round
	accepted *correlate.Message // request with credentials that was accepted before; nil when none was
}

// authentications are the tries of each request that was challenged and whose
// last try was not accepted, by method and by the hop on which it was. OPTIONS
// only asks whether somebody is there: a challenge answers it.
func (c *Case) authentications() []*authentication {
	type hop struct {
		method         string
		client, server netip.Addr
	}
	var order []hop
	tries := make(map[hop]*authentication)
	for _, x := range c.Exchanges() {
		if x.Final == nil || x.Method == "OPTIONS" || x.Method == "ACK" || x.Method == "CANCEL" {
			continue
		}
		key := hop{x.Method, x.Client.Addr(), x.Server.Addr()}
		a := tries[key]
		if a == nil {
			a = &authentication{}
			tries[key] = a
			order = append(order, key)
		}
		r := c.round(x)
		if n := len(a.rounds); n > 0 && r.tried && r.nonce != "" && r.challenge.Nonce == r.nonce && r.challenge.Realm == a.rounds[n-1].challenge.Realm {
			r.same = !r.challenge.Stale
		}
		switch status := x.Status(); {
		case status/100 == 2 && r.tried:
			a.rounds, a.accepted = nil, x.Request()
		case status < 300 || status >= 400 && status != 401 && status != 407 && status != 403:
			a.rounds = nil // accepted, or refused for another reason
		default:
			a.rounds = append(a.rounds, r)
		}
	}
	var failed []*authentication
	for _, key := range order {
		if a := tries[key]; len(a.rounds) > 0 && (a.rounds[0].exchange.Status() != 403 || len(a.rounds) > 1) {
			failed = append(failed, a)
		}
	}
	return failed
}

// round reads the credentials of a request and the challenge that it met.
func (c *Case) round(x *Exchange) round {
	r := round{exchange: x}
	if x.Status() == 401 || x.Status() == 407 {
		r.challenge = c.authOf(x.Final, sip.HeaderWWWAuthenticate, sip.HeaderProxyAuthenticate)
	}
	if m := x.Request(); m != nil {
		given := c.authOf(m, sip.HeaderAuthorization, sip.HeaderProxyAuthorization)
		r.tried, r.nonce, r.username = given.Response != "" || given.Scheme != "" && given.Nonce == "", given.Nonce, given.Username
	}
	return r
}

func (c *Case) authOf(m *correlate.Message, headers ...sip.HeaderID) sip.Auth {
	for _, id := range headers {
		if value, ok := c.SIP(m).Get(id); ok {
			return sip.ParseAuth(value)
		}
	}
	return sip.Auth{}
}
