package roster_test

import (
	"fmt"
	"reflect"
	"testing"

	"sipsniff/correlate/roster"
)

// The grammar of FuzzOf: each message is four octets, which choose a line of
// a dialogue.
var (
	fuzzAsked = []string{"REGISTER 1", "REGISTER 2", "OPTIONS 1", "SUBSCRIBE 1", "SUBSCRIBE 2", "NOTIFY 1", "NOTIFY 2", "PUBLISH 1", "MESSAGE 1", "REFER 1", "BENOTIFY 3", "INVITE 1"}
	fuzzTold  = []string{"200", "202", "401", "403", "412", "423", "481", "489", "503", "100"}
	fuzzWays  = []string{"A>R", "R>A", "B>R", "R>B", "A>P", "P>A", "P>R", "R>P"}
	fuzzMore  = [][]string{
		nil, {contact}, {contact, "Expires: 30"}, {"Contact: *", "Expires: 0"}, {contact + ";expires=0"}, {contact, answer}, {challenge},
		{presence}, {presence, toServer}, {fromServer, toAlice, presence, "Subscription-State: active;expires=60", pidf, open},
		{fromServer, toAlice, "Event: refer", "Subscription-State: terminated"}, {presence, "SIP-If-Match: e"}, {"SIP-ETag: e", "Expires: 9"},
		{"Content-Type: text/plain", "\nhello"}, {"Content-Type: message/cpim", "\nFrom: <im:a@b>\n\nContent-Type: message/imdn+xml\n\n" + imdnXML},
		{"Content-Type: application/dialog-info+xml", "\n<dialog-info state=\"partial\"><dialog id=\"1\"><state>early</state></dialog></dialog-info>"},
		{"Via:", "From:", "To:", "CSeq:"}, {"Via:", "CSeq:", contact},
	}
	fuzzPauses = []float64{0.001, 0.5, 5, 33, 700}
)

// FuzzOf checks that no dialogue brings the roster down, that the same
// Snapshot gives the same answer, and that its counts are consistent.
func FuzzOf(f *testing.F) {
	f.Add([]byte{0, 0, 1, 0, 130, 1, 6, 0, 1, 0, 5, 1, 128, 1, 1, 0})
	f.Add([]byte{3, 0, 7, 0, 128, 1, 8, 1, 5, 1, 9, 0, 6, 1, 15, 2})
	f.Add([]byte{2, 0, 0, 3, 2, 0, 0, 3, 2, 0, 0, 3, 2, 0, 0, 3})
	f.Add([]byte{7, 0, 7, 0, 128, 1, 12, 0, 7, 0, 11, 2, 132, 1, 0, 0, 8, 0, 13, 0, 8, 1, 14, 4})
	f.Add([]byte{0, 0, 16, 0, 130, 1, 16, 0, 0, 0, 17, 0, 128, 1, 17, 0})
	f.Fuzz(func(t *testing.T, octets []byte) {
		s, now, asked := newScene(t), 0.0, "OPTIONS 1"
		for ; len(octets) >= 4 && s.frame < 60; octets = octets[4:] {
			what, way, more, when := octets[0], octets[1], octets[2], octets[3]
			now += fuzzPauses[int(when)%len(fuzzPauses)]
			line := ""
			if what < 128 {
				asked = fuzzAsked[int(what)%len(fuzzAsked)]
				line = asked
			} else {
				line = fuzzTold[int(what)%len(fuzzTold)] + " " + asked
			}
			s.message(now, fuzzWays[int(way)%len(fuzzWays)], fmt.Sprint("call-", int(way)/64), line, fuzzMore[int(more)%len(fuzzMore)]...)
		}
		s.tracker.Advance(at(now + 1))
		snapshot := s.tracker.Publish()
		r := roster.Of(snapshot)
		if !reflect.DeepEqual(r, roster.Of(snapshot)) {
			t.Fatal("two answers to one Snapshot")
		}
		checkRoster(t, r)
	})
}

func checkRoster(t *testing.T, r *roster.Roster) {
	for _, g := range r.Registrations {
		if g.Succeeded > g.Attempts || g.Failed > g.Attempts || g.State == "" || (g.State == roster.Registered) && g.ExpiresAt == 0 {
			t.Fatalf("%+v", g)
		}
	}
	for _, k := range r.Trunks {
		if k.Sent != k.Answered+k.Lost+k.Open || k.DelayMin > k.DelayMean || k.DelayMean > k.DelayMax || k.DelayP95 > k.DelayMax {
			t.Fatalf("%+v", k)
		}
	}
	for _, b := range r.Subscriptions {
		if b.State == "" || b.NotifyRefused+b.NotifyUnanswered > b.Notifications {
			t.Fatalf("%+v", b)
		}
	}
	for _, p := range r.Publications {
		if p.State == "" && p.Status == 0 {
			t.Fatalf("%+v", p)
		}
	}
	for _, v := range r.Conversations {
		for _, d := range []roster.Direction{v.AToB, v.BToA} {
			if d.Messages != d.Delivered+d.Relayed+d.Failed+d.Unanswered+d.Open {
				t.Fatalf("%+v", v)
			}
		}
	}
}

// BenchmarkOf makes the roster of 100,000 exchanges, most of them REGISTERs
// with a challenge.
func BenchmarkOf(b *testing.B) {
	s := newScene(b)
	for i := range 25_000 {
		id, to := fmt.Sprint("call-", i), fmt.Sprintf("To: <sip:user%d@example.com>", i)
		now := float64(i) / 100
		s.message(now, "A>R", id, "REGISTER 1", to, contact)
		s.message(now+0.001, "R>A", id, "401 REGISTER 1", to, challenge)
		s.message(now+0.002, "A>R", id, "REGISTER 2", to, contact, answer)
		s.message(now+0.003, "R>A", id, "200 REGISTER 2", to, contact+";expires=3600")
		s.ping(now+0.004, "A>R", "200", 0.001)
		s.write(now+0.005, "A>B", fmt.Sprintf("<sip:user%d@example.com>", i), bob, "200", "text/plain", "hello")
		id = fmt.Sprint("sub-", i)
		s.message(now+0.005, "A>R", id, "SUBSCRIBE 1", to, presence)
		s.message(now+0.006, "R>A", id, "200 SUBSCRIBE 1", toServer)
		s.message(now+0.007, "R>A", id, "NOTIFY 1", fromServer, toAlice, presence, pidf, open)
		s.message(now+0.008, "A>R", id, "200 NOTIFY 1", fromServer, toAlice)
	}
	s.tracker.Advance(at(1000))
	snapshot := s.tracker.Publish()
	b.ReportAllocs()
	for b.Loop() {
		roster.Of(snapshot)
	}
}
