package roster_test

import (
	"testing"

	"sipsniff/correlate/roster"
)

// A chain: published, changed, refreshed, its tag forgotten, published anew,
// removed. Each PUBLISH has a Call-ID of its own, as phones do it.
func TestPublication(t *testing.T) {
	const bob = "To: <sip:bob@example.com>"
	s := newScene(t)
	step := func(seconds float64, id, status, match, tag, expires, body string, more ...string) *roster.Publication {
		t.Helper()
		asked := append([]string{bob, presence, "Expires: " + expires, "Content-Type: application/pidf+xml", "\n" + body}, more...)
		if match != "" {
			asked = append(asked, "SIP-If-Match: "+match)
		}
		s.message(seconds, "A>R", id, "PUBLISH 1", asked...)
		told := []string{bob + ";tag=s"}
		if tag != "" {
			told = append(told, "SIP-ETag: "+tag, "Expires: 60")
		}
		s.message(seconds+0.01, "R>A", id, status+" PUBLISH 1", told...)
		r := s.until(seconds + 1)
		if len(r.Publications) != 1 {
			t.Fatalf("%d publications", len(r.Publications))
		}
		return r.Publications[0]
	}
	p := step(0, "p1", "200", "", "e1", "300", open[1:])
	equal(t, "published", words(p.State, p.Tag, p.Expires, p.ExpiresAt-at(60.01), p.Content.Words()), "published e1 60 0 open")
	p = step(10, "p2", "200", "e1", "e2", "300", closed[1:])
	equal(t, "changed", words(p.State, p.Tag, p.Changed, p.Content.Words()), "published e2 1 closed")
	p = step(20, "p3", "200", "e2", "e3", "300", "")
	equal(t, "refreshed", words(p.Tag, p.Refreshed, p.Content.Words()), "e3 1 closed")
	p = step(30, "p4", "412", "e3", "", "300", "")
	equal(t, "forgotten", words(p.State, p.Tag, p.StaleTags, p.Status), "stale  1 412")
	p = step(40, "p5", "401", "", "", "300", open[1:], challenge)
	equal(t, "challenged", p.State, roster.Stale)
	p = step(50, "p6", "200", "", "e4", "300", open[1:], answer)
	equal(t, "anew", words(p.State, p.Initial, p.Resource, p.Package), "published 2 sip:bob@example.com presence")
	p = step(60, "p7", "200", "elsewhere", "e5", "300", "")
	equal(t, "another tag", p.Broken, 1)
	p = s.until(125.02).Publications[0]
	equal(t, "expired", p.State, roster.Expired)
	p = step(130, "p8", "200", "e5", "e6", "0", "")
	equal(t, "removed", words(p.State, p.Removals, p.Tag, p.Expires), "removed 1  -1")
	equal(t, "calls", indexes(p.Calls), "1 2 3 4 5 6 7 8")
}

// The tag holds a chain together when the source changes; other sources of
// the same resource are other publications.
func TestPublicationsApart(t *testing.T) {
	s := newScene(t)
	s.message(0, "A>R", "one", "PUBLISH 1", presence, pidf, open)
	s.message(0.01, "R>A", "one", "200 PUBLISH 1", "SIP-ETag: e1", "Expires: 60")
	s.message(1, "B>R", "two", "PUBLISH 1", presence, "SIP-If-Match: e1")
	s.message(1.01, "R>B", "two", "200 PUBLISH 1", "SIP-ETag: e2", "Expires: 60")
	s.message(2, "C>R", "three", "PUBLISH 1", presence, pidf, open)
	s.message(3, "C>R", "four", "PUBLISH 1", "Event: dialog")
	s.message(3.01, "R>C", "four", "423 PUBLISH 1", "Min-Expires: 90")
	r := s.until(40).Publications
	if len(r) != 3 {
		t.Fatalf("%d publications", len(r))
	}
	equal(t, "first", words(r[0].State, r[0].Refreshed, r[0].Publisher), words("published", 1, party('B')))
	equal(t, "second", r[1].State, roster.NoReply)
	equal(t, "third", words(r[2].State, r[2].MinExpires, r[2].Failed), "rejected 90 1")
}
