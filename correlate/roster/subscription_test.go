package roster_test

import (
	"strings"
	"testing"

	"sipsniff/correlate/roster"
)

func onlySubscription(t testing.TB, r *roster.Roster) *roster.Subscription {
	t.Helper()
	if len(r.Subscriptions) != 1 {
		t.Fatalf("%d subscriptions, want 1", len(r.Subscriptions))
	}
	return r.Subscriptions[0]
}

// The tags of the two sides: alice subscribes with "a", the server has "s".
const (
	toServer   = "To: <sip:bob@example.com>;tag=s"
	fromServer = "From: <sip:bob@example.com>;tag=s"
	toAlice    = "To: <sip:alice@example.com>;tag=a"
	presence   = "Event: presence"
	open       = "\n<presence entity=\"sip:bob@example.com\"><tuple id=\"1\"><status><basic>open</basic></status></tuple></presence>"
	closed     = "\n<presence entity=\"sip:bob@example.com\"><tuple id=\"1\"><status><basic>closed</basic></status></tuple></presence>"
	pidf       = "Content-Type: application/pidf+xml"
)

// A life: challenged, accepted, notified, refreshed, notified, left.
func TestSubscription(t *testing.T) {
	s := newScene(t)
	s.message(0, "A>R", "one", "SUBSCRIBE 1", "To: <sip:bob@example.com>", presence, "Expires: 600", "User-Agent: phone")
	s.message(0.01, "R>A", "one", "401 SUBSCRIBE 1", "To: <sip:bob@example.com>;tag=x", challenge)
	s.message(0.02, "A>R", "one", "SUBSCRIBE 2", "To: <sip:bob@example.com>", presence, "Expires: 600", answer)
	s.message(0.03, "R>A", "one", "200 SUBSCRIBE 2", toServer, "Expires: 300")
	equal(t, "state when accepted", onlySubscription(t, s.until(0.04)).State, roster.Accepted)
	s.message(0.05, "R>A", "one", "NOTIFY 1", fromServer, toAlice, presence, "Subscription-State: pending;expires=299")
	s.message(0.06, "A>R", "one", "200 NOTIFY 1", fromServer, toAlice)
	r := onlySubscription(t, s.until(0.07))
	equal(t, "pending", words(r.State, r.FirstNotify), words("pending", ms(20)))
	s.message(1, "R>A", "one", "NOTIFY 2", fromServer, toAlice, presence, "Subscription-State: active;expires=298", pidf, open)
	s.message(1.01, "A>R", "one", "200 NOTIFY 2", fromServer, toAlice)
	s.message(200, "A>R", "one", "SUBSCRIBE 3", toServer, presence, "Expires: 600")
	s.message(200.01, "R>A", "one", "200 SUBSCRIBE 3", toServer, "Expires: 120")
	s.message(210, "R>A", "one", "NOTIFY 3", fromServer, toAlice, presence, "Subscription-State: active;expires=110", pidf, closed)
	s.message(210.01, "A>R", "one", "200 NOTIFY 3", fromServer, toAlice)
	r = onlySubscription(t, s.until(220))
	equal(t, "state", words(r.State, r.Reason), "active ")
	equal(t, "what", words(r.Package, r.Label, r.Origin, r.UserAgent), "presence presence subscribe phone")
	equal(t, "who", words(r.SubscriberURI, r.Resource, r.Subscriber, r.Notifier), words("sip:alice@example.com", "sip:bob@example.com", party('A'), party('R')))
	equal(t, "counts", words(r.Refreshes, r.Challenges, r.Notifications, r.NotifyRefused), "1 1 3 0")
	equal(t, "expires", words(r.Expires, r.ExpiresAt-at(320)), "110 0") // of the NOTIFY: it is later
	equal(t, "content", words(r.Words(), r.ContentFrame, r.ContentAt-at(210)), "closed 11 0")
	equal(t, "expired", onlySubscription(t, s.until(326)).State, roster.Expired)
	s.message(326, "A>R", "one", "SUBSCRIBE 4", toServer, presence, "Expires: 0")
	s.message(326.01, "R>A", "one", "200 SUBSCRIBE 4", toServer, "Expires: 0")
	s.message(326.02, "R>A", "one", "NOTIFY 4", fromServer, toAlice, presence, "Subscription-State: terminated;reason=timeout")
	r = onlySubscription(t, s.until(327))
	equal(t, "left", words(r.State, r.Reason, r.Ended-at(326.02)), "terminated unsubscribed 0")
	equal(t, "content stays", r.Words(), "closed")
	equal(t, "said first", words(r.Said[0].At-at(1), r.Said[0].Frame, r.Said[0].Words), "0 7 open")
	equal(t, "said then", words(r.Said[1].At-at(210), r.Said[1].Frame, r.Said[1].Words, len(r.Said)), "0 11 closed 2")
}

func TestSubscriptionEnds(t *testing.T) {
	subscribe := func(s *scene, answer string, headers ...string) {
		s.message(0, "A>R", "one", "SUBSCRIBE 1", "To: <sip:bob@example.com>", presence)
		if answer != "" {
			s.message(0.01, "R>A", "one", answer+" SUBSCRIBE 1", append(headers, toServer)...)
		}
	}
	notify := func(s *scene, state string) {
		s.message(1, "R>A", "one", "NOTIFY 1", fromServer, toAlice, presence, "Subscription-State: "+state)
	}
	for _, c := range []struct {
		name string
		play func(*scene)
		want string // state, reason, status, first NOTIFY missing
		at   float64
	}{
		{"rejected", func(s *scene) { subscribe(s, "403") }, "rejected  403 false", 1},
		{"bad event", func(s *scene) { subscribe(s, "489") }, "rejected  489 false", 1},
		{"no reply", func(s *scene) { subscribe(s, "") }, "no_reply  0 false", 32},
		{"still open", func(s *scene) { subscribe(s, "") }, "requested  0 false", 31},
		{"202", func(s *scene) { subscribe(s, "202") }, "accepted  202 false", 31},
		{"no NOTIFY", func(s *scene) { subscribe(s, "200") }, "accepted  200 true", 32.01},
		{"deactivated", func(s *scene) { subscribe(s, "200"); notify(s, "terminated;reason=deactivated") }, "terminated deactivated 200 false", 40},
		{"noresource", func(s *scene) { subscribe(s, "200"); notify(s, "terminated;reason=noresource;retry-after=5") }, "terminated noresource 200 false", 40},
		{"asked once", func(s *scene) { subscribe(s, "200", "Expires: 0"); notify(s, "terminated;reason=timeout") }, "terminated asked once 200 false", 40},
		{"asked once, said active", func(s *scene) { subscribe(s, "200", "Expires: 0"); notify(s, "active;expires=0") }, "terminated asked once 200 false", 40},
		{"default expiry", func(s *scene) { subscribe(s, "200"); notify(s, "active") }, "active  200 false", 3605},
		{"expired", func(s *scene) { subscribe(s, "200"); notify(s, "active") }, "expired  200 false", 3606},
		{"NOTIFY refused", func(s *scene) {
			subscribe(s, "200")
			notify(s, "active")
			s.message(1.01, "A>R", "one", "481 NOTIFY 1", fromServer, toAlice)
		}, "terminated unknown to the subscriber (481) 200 false", 40},
		{"refresh unknown", func(s *scene) {
			subscribe(s, "200")
			notify(s, "active")
			s.message(9, "A>R", "one", "SUBSCRIBE 2", toServer, presence)
			s.message(9.01, "R>A", "one", "481 SUBSCRIBE 2", toServer)
		}, "terminated unknown to the notifier (481) 481 false", 40},
		{"refresh refused", func(s *scene) {
			subscribe(s, "200")
			notify(s, "active")
			s.message(9, "A>R", "one", "SUBSCRIBE 2", toServer, presence)
			s.message(9.01, "R>A", "one", "500 SUBSCRIBE 2", toServer)
		}, "active  500 false", 40},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newScene(t)
			c.play(s)
			r := onlySubscription(t, s.until(c.at))
			equal(t, "it", words(r.State, r.Reason, r.Status, r.FirstNotifyMissing), c.want)
		})
	}
}

// A NOTIFY that overtakes the 200 is the first one all the same.
func TestEarlyNotify(t *testing.T) {
	s := newScene(t)
	s.message(0, "A>R", "one", "SUBSCRIBE 1", "To: <sip:bob@example.com>", presence)
	s.message(0.01, "R>A", "one", "NOTIFY 1", fromServer, toAlice, presence, "Subscription-State: active")
	s.message(0.02, "R>A", "one", "200 SUBSCRIBE 1", toServer)
	r := onlySubscription(t, s.until(60))
	equal(t, "first", words(r.State, r.FirstNotify, r.FirstNotifyMissing, r.Notifications), "active 0 false 1")
}

// A SUBSCRIBE that forked has as many subscriptions as there are notifiers;
// two ids in one dialog are two; events in one Call-ID do not mix.
func TestSubscriptionsApart(t *testing.T) {
	s := newScene(t)
	s.message(0, "A>R", "one", "SUBSCRIBE 1", "To: <sip:bob@example.com>", "Event: dialog;id=1")
	s.message(0.01, "R>A", "one", "200 SUBSCRIBE 1", toServer)
	s.message(0.02, "R>A", "one", "NOTIFY 1", fromServer, toAlice, "Event: dialog;id=1", "Subscription-State: active")
	s.message(0.03, "R>A", "one", "NOTIFY 1", "From: <sip:bob@example.com>;tag=fork", toAlice, "Event: dialog;id=1", "Subscription-State: active")
	s.message(1, "A>R", "one", "SUBSCRIBE 2", toServer, "Event: dialog;id=2")
	s.message(1.01, "R>A", "one", "200 SUBSCRIBE 2", toServer)
	s.message(2, "A>R", "one", "SUBSCRIBE 3", toServer, "Event: message-summary")
	s.message(2.01, "R>A", "one", "200 SUBSCRIBE 3", toServer)
	var got []string
	for _, r := range s.until(3).Subscriptions {
		got = append(got, words(r.Package, r.ID, r.Tags[1], r.Notifications, r.Origin))
	}
	equal(t, "list", strings.Join(got, ", "), "dialog 1 s 1 subscribe, dialog 1 fork 1 earlier, dialog 2 s 0 subscribe, message-summary  s 0 subscribe")
}

// NOTIFYs that nobody asked for, and those whose SUBSCRIBE is older than the
// capture.
func TestUnsolicited(t *testing.T) {
	s := newScene(t)
	s.message(0, "R>A", "one", "NOTIFY 1", fromServer, "To: <sip:alice@example.com>", "Event: message-summary", "Subscription-State: active",
		"Content-Type: application/simple-message-summary", "\nMessages-Waiting: yes\r\nVoice-Message: 2/8 (0/2)\r\n")
	s.message(0.01, "A>R", "one", "200 NOTIFY 1", fromServer, toAlice)
	s.message(0.5, "R>A", "three", "NOTIFY 1", fromServer, "To: <sip:alice@example.com>", "Event: message-summary", "Subscription-State: terminated",
		"Content-Type: application/simple-message-summary", "\nMessages-Waiting: no\r\n")
	s.message(1, "R>A", "two", "NOTIFY 7", fromServer, toAlice, "Event: check-sync;reboot=true")
	s.message(1.01, "A>R", "two", "489 NOTIFY 7", fromServer, toAlice)
	r := s.until(2).Subscriptions
	if len(r) != 2 {
		t.Fatalf("%d subscriptions", len(r))
	}
	equal(t, "first", words(r[0].Origin, r[0].Label, r[0].State, r[0].Notifications, r[0].Words()), "unsolicited message waiting terminated 2 none waiting")
	equal(t, "its ends", words(r[0].Subscriber, r[0].Notifier, r[0].Resource, r[0].Call.Index), words(party('A'), party('R'), "sip:alice@example.com", 2))
	equal(t, "second", words(r[1].Origin, r[1].Label, r[1].State, r[1].NotifyRefused, r[1].Words()), "earlier configuration active 1 ")
}

// The subscription that a REFER implies, with its progress; and those that
// are declined.
func TestRefer(t *testing.T) {
	const refer = "Event: refer"
	s := newScene(t)
	s.message(0, "A>B", "one", "REFER 5", toServer, "Refer-To: <sip:carol@example.com>")
	s.message(0.01, "B>A", "one", "202 REFER 5", toServer)
	s.message(0.02, "B>A", "one", "NOTIFY 1", fromServer, toAlice, refer, "Subscription-State: active", "Content-Type: message/sipfrag", "\nSIP/2.0 100 Trying\r\n")
	s.message(1, "B>A", "one", "NOTIFY 2", fromServer, toAlice, refer, "Subscription-State: terminated;reason=noresource", "Content-Type: message/sipfrag", "\nSIP/2.0 200 OK\r\n")
	s.message(2, "A>B", "one", "REFER 6", toServer, "Refer-Sub: false")
	s.message(2.01, "B>A", "one", "202 REFER 6", toServer)
	s.message(3, "A>B", "one", "REFER 7", toServer, "Require: norefersub")
	s.message(3.01, "B>A", "one", "202 REFER 7", toServer)
	s.message(4, "A>B", "one", "REFER 8", toServer)
	s.message(4.01, "B>A", "one", "603 REFER 8", toServer)
	r := onlySubscription(t, s.until(60))
	equal(t, "it", words(r.Origin, r.State, r.Reason, r.Notifications, r.Words()), "refer terminated noresource 2 SIP/2.0 200 OK")
}

// A busy lamp: partial information adds to what was said before.
func TestBusyLamp(t *testing.T) {
	const dialog, kind = "Event: dialog", "Content-Type: application/dialog-info+xml"
	s := newScene(t)
	s.message(0, "A>R", "one", "SUBSCRIBE 1", "To: <sip:bob@example.com>", dialog)
	s.message(0.01, "R>A", "one", "200 SUBSCRIBE 1", toServer)
	s.message(0.02, "R>A", "one", "NOTIFY 1", fromServer, toAlice, dialog, "Subscription-State: active", kind,
		"\n<dialog-info version=\"0\" state=\"full\" entity=\"sip:bob@example.com\"><dialog id=\"x\" direction=\"recipient\"><state>confirmed</state><remote><identity>sip:carol@example.com</identity></remote></dialog></dialog-info>")
	s.message(1, "R>A", "one", "NOTIFY 2", fromServer, toAlice, dialog, "Subscription-State: active", kind,
		"\n<dialog-info version=\"1\" state=\"partial\" entity=\"sip:bob@example.com\"><dialog id=\"y\"><state>early</state></dialog></dialog-info>")
	r := onlySubscription(t, s.until(2))
	equal(t, "words", r.Words(), "confirmed, called by sip:carol@example.com; early")
	equal(t, "label", r.Label, "busy lamp")
}

// A list of resources (RFC 4662): each part by its entity.
func TestResourceList(t *testing.T) {
	part := func(kind, body string) string {
		return "--b\r\nContent-Type: " + kind + "\r\n\r\n" + body + "\r\n"
	}
	s := newScene(t)
	s.message(0, "R>A", "one", "NOTIFY 1", fromServer, toAlice, presence, "Subscription-State: active", "Content-Type: multipart/related;boundary=b",
		"\n"+part("application/rlmi+xml", "<list/>")+
			part("application/pidf+xml;charset=UTF-8", open[1:])+
			part("application/pidf+xml", "<presence entity=\"sip:dave@example.com\"/>")+"--b--\r\n")
	equal(t, "words", onlySubscription(t, s.until(1)).Words(), "bob@example.com: open; dave@example.com: no state")
}

// Many subscriptions of one Call-ID are counted, not kept.
func TestSubscriptionBound(t *testing.T) {
	s := newScene(t)
	for i := range 1200 {
		s.message(float64(i)/1000, "R>A", "one", words("NOTIFY", i+1), "From: <sip:bob@example.com>;tag=s"+words(i), toAlice, presence)
	}
	r := s.until(2)
	equal(t, "list", words(len(r.Subscriptions), r.Omitted.Subscriptions), "200 1000")
}

// A SUBSCRIBE in a dialog that began before the capture refreshes something.
// That no NOTIFY follows is no news: nothing changed.
func TestEarlierSubscription(t *testing.T) {
	s := newScene(t)
	s.message(0, "A>R", "one", "SUBSCRIBE 9", toServer, "Event: dialog;sla", "Expires: 300")
	equal(t, "before the answer", onlySubscription(t, s.until(0)).State, roster.Active)
	s.message(0.01, "R>A", "one", "200 SUBSCRIBE 9", toServer, "Expires: 300")
	r := onlySubscription(t, s.until(100))
	equal(t, "it", words(r.State, r.Origin, r.Label, r.Refreshes, r.Expires, r.FirstNotifyMissing), "active earlier shared line 1 300 false")
}
