package roster_test

import (
	"fmt"
	"strings"
	"testing"

	"sipsniff/correlate/roster"
)

const (
	contact   = "Contact: <sip:alice@192.0.2.10:5060>"
	challenge = `WWW-Authenticate: Digest realm="example.com", nonce="n1", algorithm=MD5, qop="auth"`
	answer    = `Authorization: Digest username="alice1", realm="example.com", nonce="n1", uri="sip:example.com", response="0", algorithm=MD5, qop=auth`
)

func onlyRegistration(t testing.TB, r *roster.Roster) *roster.Registration {
	t.Helper()
	if len(r.Registrations) != 1 {
		t.Fatalf("%d registrations, want 1", len(r.Registrations))
	}
	return r.Registrations[0]
}

// One round of digest: RRD is from the REGISTER with credentials to its 200
// (RFC 6076 §4.1), 18 ms, and not from the first, 40 ms.
func TestRegistrationWithDigest(t *testing.T) {
	s := newScene(t)
	s.message(0, "A>R", "one", "REGISTER 1", contact, "Expires: 600", "User-Agent: phone 1.0")
	s.message(0.020, "R>A", "one", "401 REGISTER 1", challenge)
	s.message(0.022, "A>R", "one", "REGISTER 2", contact, "Expires: 600", answer)
	s.message(0.040, "R>A", "one", "200 REGISTER 2",
		`Contact: <sip:alice@192.0.2.10:5060>;expires=120;q=0.5;+sip.instance="<urn:uuid:1>";reg-id=1, <sip:alice@192.0.2.99>;expires=900`,
		"Path: <sip:edge.example.com;lr>", "Server: registrar 2")
	r := onlyRegistration(t, s.until(100))
	equal(t, "state", r.State, roster.Registered)
	equal(t, "attempts", words(r.Attempts, r.Succeeded, r.Failed, r.Challenges, r.Refused), "1 1 0 1 0")
	equal(t, "delay", r.Delay, ms(18))
	equal(t, "expires", r.Expires, 120) // its own contact, not the 900 of the other
	equal(t, "expires at", r.ExpiresAt, at(120.040))
	equal(t, "refresh from", r.RefreshFrom, at(60.040))
	equal(t, "refresh by", r.RefreshBy, at(120.040))
	equal(t, "agent", r.UserAgent+", "+r.Server, "phone 1.0, registrar 2")
	equal(t, "path", joined(r.Path), "<sip:edge.example.com;lr>")
	equal(t, "auth", r.Auth, roster.Auth{Scheme: "Digest", Algorithm: "MD5", QOP: "auth", Realm: "example.com", Username: "alice1"})
	equal(t, "contacts", len(r.Contacts), 2)
	equal(t, "own contact", r.Contacts[0], roster.Contact{URI: "sip:alice@192.0.2.10:5060", Expires: 120, Until: at(120.040),
		Own: true, Listed: true, Instance: "<urn:uuid:1>", RegID: "1", Q: "0.5"})
	equal(t, "other contact is own", r.Contacts[1].Own, false)
	equal(t, "frames", joined(r.Frames), "1 2 3 4")
	equal(t, "NAT", len(r.NAT.Evidence), 0)
}

// Expired is later than the expiry and five seconds (spec §3.7).
func TestRegistrationExpires(t *testing.T) {
	for seconds, want := range map[float64]roster.State{64: roster.Registered, 65.01: roster.Registered, 65.02: roster.Expired} {
		s := newScene(t)
		s.message(0, "A>R", "one", "REGISTER 1", contact)
		s.message(0.010, "R>A", "one", "200 REGISTER 1", contact+";expires=60")
		equal(t, fmt.Sprintf("state at %g", seconds), onlyRegistration(t, s.until(seconds)).State, want)
	}
}

// A line whose end was not captured says nothing: "expires=36" may have been 3600.
func TestRegistrationCut(t *testing.T) {
	s := newScene(t)
	s.message(0, "A>R", "one", "REGISTER 1", contact, "Expires: 3600")
	s.missing = len("00\r\nContent-Length: 0\r\n\r\n")
	s.message(0.010, "R>A", "one", "200 REGISTER 1", contact+";expires=3600")
	r := onlyRegistration(t, s.until(100))
	equal(t, "state", r.State, roster.Registered)
	equal(t, "expires", r.Expires, 3600)
}

// Where the expiry is taken from, in the order of spec §3.7.
func TestEffectiveExpiry(t *testing.T) {
	for _, c := range []struct {
		name           string
		asked, told    []string
		expires        int64
		state          roster.State
		listed, exists bool
	}{
		{"contact of the 200", []string{contact + ";expires=10", "Expires: 20"}, []string{contact + ";expires=30", "Expires: 40"}, 30, roster.Registered, true, true},
		{"header of the 200", []string{contact + ";expires=10", "Expires: 20"}, []string{contact, "Expires: 40"}, 40, roster.Registered, true, true},
		{"contact of the request", []string{contact + ";expires=10", "Expires: 20"}, []string{contact}, 10, roster.Registered, true, true},
		{"header of the request", []string{contact, "Expires: 20"}, []string{contact}, 20, roster.Registered, true, true},
		{"nobody says", []string{contact}, []string{contact}, 3600, roster.Registered, true, true},
		{"the 200 lists nothing", []string{contact, "Expires: 20"}, nil, 20, roster.Registered, false, true},
		{"the 200 lists nothing but says how long", []string{contact, "Expires: 20"}, []string{"Expires: 15"}, 15, roster.Registered, false, true},
		{"compact form and bare URI", []string{"m: sip:alice@192.0.2.10:5060;expires=10"}, []string{"m: sip:alice@192.0.2.10;expires=50"}, 50, roster.Registered, true, true},
		{"rewritten contact", []string{contact}, []string{"Contact: <sip:x-17@192.0.2.5>;expires=70"}, 70, roster.Registered, true, true},
		{"removal", []string{contact + ";expires=0"}, nil, -1, roster.Unregistered, false, false},
		{"removal by header", []string{contact, "Expires: 0"}, []string{"Contact: <sip:alice@192.0.2.99>;expires=80"}, -1, roster.Unregistered, true, true},
		{"removal that the 200 echoes", []string{contact, "Expires: 0"}, []string{contact + ";expires=0"}, -1, roster.Unregistered, false, false},
		{"removal of all", []string{"Contact: *", "Expires: 0"}, nil, -1, roster.Unregistered, false, false},
		{"query", nil, []string{contact + ";expires=33"}, 33, roster.Registered, true, true},
		{"query of nothing", nil, nil, -1, roster.Unregistered, false, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newScene(t)
			s.message(0, "A>R", "one", "REGISTER 1", c.asked...)
			s.message(0.010, "R>A", "one", "200 REGISTER 1", c.told...)
			r := onlyRegistration(t, s.until(1))
			equal(t, "expires", r.Expires, c.expires)
			equal(t, "state", r.State, c.state)
			equal(t, "contacts", len(r.Contacts) > 0, c.exists)
			if c.exists {
				equal(t, "listed", r.Contacts[0].Listed, c.listed)
			}
		})
	}
}

// Attempts, failures and the row of them. A challenge is part of an attempt;
// 423 fails but is no part of a row (spec §7, SIG-14).
func TestRegistrationFailures(t *testing.T) {
	s := newScene(t)
	s.message(0, "A>R", "one", "REGISTER 1", contact) // 403 after a challenge: attempt 1
	s.message(0.010, "R>A", "one", "401 REGISTER 1", challenge)
	s.message(0.020, "A>R", "one", "REGISTER 2", contact, answer)
	s.message(0.030, "R>A", "one", "403 REGISTER 2")
	s.message(60, "A>R", "one", "REGISTER 3", contact) // 503: attempt 2
	s.message(60.010, "R>A", "one", "503 REGISTER 3")
	s.message(120, "A>R", "one", "REGISTER 4", contact, "Expires: 5") // too brief: attempt 3
	s.message(120.010, "R>A", "one", "423 REGISTER 4", "Min-Expires: 300")
	s.message(180, "A>R", "one", "REGISTER 5", contact) // no reply, with two retransmissions: attempt 4
	s.message(180.5, "A>R", "one", "REGISTER 5", contact)
	s.message(181.5, "A>R", "one", "REGISTER 5", contact)
	r := onlyRegistration(t, s.until(211.9))
	equal(t, "state before the time is out", r.State, roster.Rejected)
	r = onlyRegistration(t, s.until(212))
	equal(t, "state", r.State, roster.NoReply)
	equal(t, "attempts", words(r.Attempts, r.Succeeded, r.Failed, r.NoReplies), "4 0 4 1")
	equal(t, "row", words(r.FailureStreak, r.LongestStreak), "3 3")
	equal(t, "retransmissions", r.Retransmissions, 2)
	equal(t, "min-expires", r.MinExpires, 300)
	equal(t, "delay", r.Delay, -1)
	var states []string
	for _, a := range r.Recent {
		states = append(states, words(a.State, a.Status))
	}
	equal(t, "recent", strings.Join(states, ", "), "rejected 403, rejected 503, rejected 423, no_reply 0")
	equal(t, "changes", changes(r.Changes), "0.030 rejected 403, 60.010 rejected 503, 120.010 rejected 423, 180.000 no_reply 0")
	s.message(240, "A>R", "one", "REGISTER 6", contact)
	s.message(240.010, "R>A", "one", "200 REGISTER 6", contact)
	r = onlyRegistration(t, s.until(241))
	equal(t, "row after success", words(r.State, r.FailureStreak, r.LongestStreak), "registered 0 3")
}

func changes(list []roster.Change) string {
	words := make([]string, len(list))
	for i, c := range list {
		words[i] = fmt.Sprintf("%.3f %s %d", float64(c.At-epoch)/1e9, c.State, c.Status)
	}
	return strings.Join(words, ", ")
}

// Refused counts credentials that answered a challenge and were challenged
// again; a stale nonce is no refusal.
func TestWrongPassword(t *testing.T) {
	s := newScene(t)
	s.message(0, "A>R", "one", "REGISTER 1", contact)
	s.message(0.01, "R>A", "one", "401 REGISTER 1", challenge)
	s.message(0.02, "A>R", "one", "REGISTER 2", contact, answer)
	s.message(0.03, "R>A", "one", "401 REGISTER 2", challenge+`, stale=true`)
	s.message(0.04, "A>R", "one", "REGISTER 3", contact, answer)
	s.message(0.05, "R>A", "one", "401 REGISTER 3", challenge)
	s.message(0.06, "A>R", "one", "REGISTER 4", contact, answer)
	s.message(0.07, "R>A", "one", "401 REGISTER 4", challenge)
	r := onlyRegistration(t, s.until(1))
	equal(t, "state", r.State, roster.Challenged)
	equal(t, "counts", words(r.Attempts, r.Failed, r.Challenges, r.StaleNonces, r.Refused), "1 0 4 1 2")
}

// A refresh in time, one that comes too late, and what is in between.
func TestRefreshes(t *testing.T) {
	s := newScene(t)
	for i, seconds := range []float64{0, 30, 60, 200} {
		cseq := words("REGISTER", i+1)
		s.message(seconds, "A>R", "one", cseq, contact, "Expires: 60")
		s.message(seconds+0.005, "R>A", "one", "200 "+cseq, contact+";expires=60")
	}
	r := onlyRegistration(t, s.until(201))
	equal(t, "refreshes", words(r.Refreshes, r.LateRefreshes, r.Attempts), "2 1 4")
	equal(t, "changes", changes(r.Changes), "0.005 registered 200, 125.005 expired 0, 200.005 registered 200")
}

// While a refresh is being challenged the binding holds; half a minute later
// nobody believes any more that the device goes on.
func TestChallengedRefresh(t *testing.T) {
	s := newScene(t)
	s.message(0, "A>R", "one", "REGISTER 1", contact)
	s.message(0.01, "R>A", "one", "200 REGISTER 1", contact+";expires=3600")
	s.message(100, "A>R", "one", "REGISTER 2", contact)
	s.message(100.01, "R>A", "one", "401 REGISTER 2", challenge)
	equal(t, "state at once", onlyRegistration(t, s.until(101)).State, roster.Registered)
	equal(t, "state later", onlyRegistration(t, s.until(140)).State, roster.Challenged)
}

// A device keeps its registration when its port, its Call-ID or both change,
// the latter by its instance. Another source with another Call-ID is another.
func TestDevices(t *testing.T) {
	const instance = `;+sip.instance="<urn:uuid:7>";reg-id=1`
	s := newScene(t)
	s.message(0, "A>R", "one", "REGISTER 1", contact+instance)
	s.message(0.01, "R>A", "one", "200 REGISTER 1", contact+instance)
	s.message(10, "B>R", "one", "REGISTER 2", contact+instance) // Call-ID
	s.message(10.01, "R>B", "one", "200 REGISTER 2", contact+instance)
	s.message(20, "C>R", "two", "REGISTER 1", contact+instance) // instance
	s.message(20.01, "R>C", "two", "200 REGISTER 1", contact+instance)
	s.message(30, "C>R", "three", "REGISTER 1", contact) // source
	s.message(30.01, "R>C", "three", "200 REGISTER 1", contact)
	s.message(40, "N>R", "four", "REGISTER 1", contact)
	s.message(40.01, "R>N", "four", "200 REGISTER 1", contact)
	s.message(50, "C>R", "five", "REGISTER 1", contact, "To: <sip:other@example.com>")
	r := s.until(51)
	equal(t, "registrations", len(r.Registrations), 3)
	equal(t, "attempts", words(r.Registrations[0].Attempts, r.Registrations[1].Attempts, r.Registrations[2].Attempts), "4 1 1")
	equal(t, "source", r.Registrations[0].Source, party('C'))
	equal(t, "calls", indexes(r.Registrations[0].Calls), "1 2 3")
	equal(t, "change", r.Registrations[0].Changes[1].Detail, "sip:alice@192.0.2.10:5060 from 192.0.2.20:5060")
	equal(t, "pending", r.Registrations[2].State, roster.Pending)
}

// Contact: * of one device ends what others registered at the same place.
func TestClear(t *testing.T) {
	s := newScene(t)
	s.message(0, "A>R", "one", "REGISTER 1", contact)
	s.message(0.01, "R>A", "one", "200 REGISTER 1", contact)
	s.message(1, "B>R", "two", "REGISTER 1", "Contact: *", "Expires: 0")
	s.message(1.01, "R>B", "two", "200 REGISTER 1")
	r := s.until(2)
	first, second := r.Registrations[0], r.Registrations[1]
	equal(t, "first", words(first.State, first.ClearedElsewhere), "unregistered true")
	equal(t, "second", words(second.State, second.Cleared), "unregistered 1")
}

// A REGISTER through a proxy is one attempt, measured where the device is.
func TestRegistrationOverProxy(t *testing.T) {
	const below = "SIP/2.0/UDP 192.0.2.10:5060;branch=z9hG4bK-one-AP-REGISTER-1"
	s := newScene(t)
	s.message(0, "A>P", "one", "REGISTER 1", contact)
	s.message(0.002, "P>R", "one", "REGISTER 1", contact, "Via: SIP/2.0/UDP 192.0.2.6:5060;branch=z9hG4bKp, "+below)
	s.message(0.012, "R>P", "one", "200 REGISTER 1", contact, "Via: SIP/2.0/UDP 192.0.2.6:5060;branch=z9hG4bKp, "+below)
	s.message(0.015, "P>A", "one", "200 REGISTER 1", contact)
	r := onlyRegistration(t, s.until(1))
	equal(t, "attempts", r.Attempts, 1)
	equal(t, "ways", words(r.Source, r.Registrar, r.Further), words(party('A'), party('P'), party('R')))
	equal(t, "delay", r.Delay, ms(15))
}

func TestNAT(t *testing.T) {
	const inside = "Contact: <sip:alice@10.0.0.7:5060>"
	for _, c := range []struct {
		name, way, via, told, contact, evidence, seen string
	}{
		{"none", "A>R", "192.0.2.10:5060;branch=z9hG4bK1", "", contact, "", "invalid AddrPort"},
		{"addresses of the packets", "N>R", "10.0.0.7:5060;branch=z9hG4bK1", "", inside, "address_differs contact_private", "203.0.113.77:41022"},
		{"received and rport", "A>R", "192.0.2.10:5060;branch=z9hG4bK1;rport", ";received=203.0.113.9;rport=9999", contact, "address_differs", "203.0.113.9:9999"},
		{"port only", "N>R", "203.0.113.77:5060;branch=z9hG4bK1", "", contact, "port_differs", "203.0.113.77:41022"},
		{"carrier", "N>R", "203.0.113.77:41022;branch=z9hG4bK1", "", "Contact: <sip:alice@100.64.1.1>", "contact_private", "203.0.113.77:41022"},
		{"a name in the Via", "N>R", "host.example.org;branch=z9hG4bK1", "", contact, "", "invalid AddrPort"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newScene(t)
			via := "Via: SIP/2.0/UDP " + c.via
			s.message(0, c.way, "one", "REGISTER 1", c.contact, via)
			s.message(0.01, c.way[2:]+">"+c.way[:1], "one", "200 REGISTER 1", c.contact, strings.Replace(via, ";rport", "", 1)+c.told)
			r := onlyRegistration(t, s.until(1))
			equal(t, "evidence", joined(r.NAT.Evidence), c.evidence)
			equal(t, "seen from", r.NAT.SeenFrom.String(), c.seen)
		})
	}
}

// A 200 whose REGISTER was not captured tells of the bindings all the same.
func TestResponseOnly(t *testing.T) {
	s := newScene(t)
	s.message(0, "R>A", "one", "200 REGISTER 1", contact+";expires=60")
	r := onlyRegistration(t, s.until(1))
	equal(t, "state", words(r.State, r.Expires, r.Source), "registered 60 "+party('A').String())
	equal(t, "delay", r.Delay, -1)
}

// Where one direction of a link is not in the capture, no reply means nothing.
func TestOneSided(t *testing.T) {
	s := newScene(t)
	s.message(0, "R>A", "other", "OPTIONS 1")
	s.message(0.1, "A>R", "other", "200 OPTIONS 1")
	for i := range 3 {
		s.message(float64(1+i), "B>C", fmt.Sprint("x", i), "REGISTER 1", contact)
		s.message(float64(1+i)+0.5, "B>C", fmt.Sprint("y", i), "200 OPTIONS 1") // answers something that was not captured
	}
	r := s.until(100)
	if len(r.Registrations) != 1 {
		t.Fatalf("%d registrations", len(r.Registrations))
	}
	equal(t, "state", r.Registrations[0].State, roster.Unknown)
	equal(t, "failed", r.Registrations[0].Failed, 0)
}

// A phone that takes 17 s to answer a challenge is challenged again, though
// its password is right; after 34 s it still answers the same challenge.
func TestOldNonce(t *testing.T) {
	s := newScene(t)
	s.message(0, "A>R", "one", "REGISTER 1", contact)
	s.message(0.1, "R>A", "one", "401 REGISTER 1", challenge)
	s.message(17, "A>R", "one", "REGISTER 2", contact, answer)
	s.message(17.1, "R>A", "one", "401 REGISTER 2", challenge)
	s.message(51.2, "A>R", "one", "REGISTER 3", contact, answer)
	s.message(51.3, "R>A", "one", "200 REGISTER 3", contact)
	r := onlyRegistration(t, s.until(60))
	equal(t, "counts", words(r.State, r.Attempts, r.Challenges, r.OldNonces, r.Refused), "registered 1 2 1 0")
}

// Two Call-IDs of one device whose challenges overlap are two attempts.
func TestInterleaved(t *testing.T) {
	s := newScene(t)
	for _, id := range []string{"one", "two"} {
		s.message(float64(s.frame)/100, "A>R", id, "REGISTER 1", contact)
		s.message(float64(s.frame)/100, "R>A", id, "401 REGISTER 1", challenge)
	}
	for _, id := range []string{"one", "two"} {
		s.message(float64(s.frame)/100, "A>R", id, "REGISTER 2", contact, answer)
		s.message(float64(s.frame)/100, "R>A", id, "200 REGISTER 2", contact)
	}
	r := onlyRegistration(t, s.until(1))
	equal(t, "counts", words(r.State, r.Attempts, r.Succeeded, r.Challenges, len(r.Recent)), "registered 2 2 2 2")
}

// A registrar may list more bindings than anybody wants to see, and a hostile
// one more than can be compared.
func TestManyContacts(t *testing.T) {
	const n = 3000
	many := make([]string, n)
	for i := range many {
		many[i] = fmt.Sprintf("<sip:%d@192.0.2.1>", i)
	}
	all := "Contact: " + strings.Join(many, ", ")
	s := newScene(t)
	s.message(0, "A>R", "one", "REGISTER 1", all)
	s.message(0.01, "R>A", "one", "200 REGISTER 1", all, "Expires: 60")
	r := onlyRegistration(t, s.until(1))
	equal(t, "contacts", words(len(r.Contacts), r.MoreContacts, r.Contacts[0].Own, r.State), "50 2950 true registered")
}

// An answer that came back on another way than the request went.
func TestAnotherWayBack(t *testing.T) {
	s := newScene(t)
	s.message(0, "A>R", "one", "REGISTER 1", contact)
	s.message(0.01, "P>A", "one", "200 REGISTER 1", contact, "Via: SIP/2.0/UDP 192.0.2.10:5060;branch=z9hG4bK-one-AR-REGISTER-1")
	r := onlyRegistration(t, s.until(60))
	equal(t, "it", words(r.State, r.Attempts, r.Delay, r.Registrar), words("registered", 1, ms(10), party('R')))
}

// There are programs that send hardly any headers.
func TestBareMessages(t *testing.T) {
	without := []string{"Via:", "From:", "To:", "Call-ID:", "CSeq:"}
	s := newScene(t)
	s.message(0, "A>R", "one", "REGISTER 1", append(without, contact)...)
	s.message(0.01, "R>A", "one", "401 REGISTER 1", append(without, challenge)...)
	s.message(0.02, "A>R", "one", "REGISTER 2", append(without, contact, answer)...)
	s.message(0.03, "R>A", "one", "200 REGISTER 2", without...)
	r := onlyRegistration(t, s.until(60))
	equal(t, "it", words(r.AOR, r.State, r.Succeeded, r.Status, r.Delay), words("sip:example.com", "registered", 1, 200, ms(10)))
}
