package pipeline_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"sipsniff/correlate/roster"
)

// What the captures show besides calls, worked out by hand from what tshark
// prints of their messages: frames, times in µs.
func TestRosterOfCaptures(t *testing.T) {
	for name, want := range map[string]string{
		"options": "trunk 192.0.2.30:5060 192.0.2.10:5060 up sent 5 answered 5 lost 0 µs 269 299 344 344\n",
		"register-digest": "registration sip:alice@example.com unregistered attempts 2 succeeded 2 failed 0 challenges 2 refused 0 µs 421 mean 746\n" +
			"registration sip:bob@example.com challenged attempts 1 succeeded 0 failed 0 challenges 16 refused 15 µs -1 mean -1\n",
		"message": "conversation sip:alice@192.0.2.10 sip:bob@192.0.2.20 there 1 of 1 back 1 of 1\n",
		"presence": "registration sip:alice@example.com unregistered attempts 2 succeeded 2 failed 0 challenges 2 refused 0 µs 225 mean 701\n" +
			"registration sip:bob@example.com unregistered attempts 2 succeeded 2 failed 0 challenges 2 refused 0 µs 303 mean 322\n" +
			"subscription presence sip:bob@example.com terminated notified 4 first after µs 211: 15 open; 21 closed\n" +
			"publication presence sip:bob@example.com removed new 1 changed 0 removed 1: open\n",
		"blf": "registration sip:alice@example.com registered attempts 1 succeeded 1 failed 0 challenges 1 refused 0 µs 3163 mean 3163\n" +
			"registration sip:bob@example.com registered attempts 1 succeeded 1 failed 0 challenges 1 refused 0 µs 13019 mean 13019\n" +
			"subscription dialog sip:bob@example.com terminated notified 5 first after µs 176: " +
			"18 early, called by sip:alice@example.com; 23 confirmed, called by sip:alice@example.com; 238 idle\n",
		"mwi": "registration sip:alice@example.com unregistered attempts 2 succeeded 2 failed 0 challenges 2 refused 0 µs 173 mean 412\n" +
			"subscription message-summary sip:alice@example.com terminated notified 4 first after µs 337: " +
			"11 waiting: voice 2 new, 8 old (1 and 0 urgent); 15 none waiting: voice 0 new, 10 old\n" +
			"publication message-summary sip:alice@example.com published new 1 changed 1 removed 0: none waiting: voice 0 new, 10 old\n",
		"transferred": "subscription refer sip:bob@192.0.2.20 terminated notified 2 first after µs 28: 218 SIP/2.0 100 Trying; 307 SIP/2.0 200 OK\n",
		"call-audio":  "",
	} {
		t.Run(name, func(t *testing.T) {
			result := analyse(t, open(t, filepath.Join(corpus, name+".pcap")), false)
			if got := rosterLines(roster.Of(result.Snapshot)); got != want {
				t.Errorf("got\n%swant\n%s", got, want)
			}
		})
	}
}

func rosterLines(r *roster.Roster) string {
	var b strings.Builder
	for _, g := range r.Registrations {
		fmt.Fprintf(&b, "registration %s %s attempts %d succeeded %d failed %d challenges %d refused %d µs %d mean %d\n", g.AOR, g.State,
			g.Attempts, g.Succeeded, g.Failed, g.Challenges, g.Refused, micros(g.Delay), micros(g.DelayMean))
	}
	for _, k := range r.Trunks {
		fmt.Fprintf(&b, "trunk %s %s %s sent %d answered %d lost %d µs %d %d %d %d\n", k.Source, k.Destination, k.State, k.Sent, k.Answered, k.Lost,
			micros(k.DelayMin), micros(k.DelayMean), micros(k.DelayP95), micros(k.DelayMax))
	}
	for _, s := range r.Subscriptions {
		var said []string
		for _, w := range s.Said {
			said = append(said, fmt.Sprint(w.Frame, " ", w.Words))
		}
		fmt.Fprintf(&b, "subscription %s %s %s notified %d first after µs %d: %s\n", s.Package, s.Resource, s.State, s.Notifications,
			micros(s.FirstNotify), strings.Join(said, "; "))
	}
	for _, p := range r.Publications {
		fmt.Fprintf(&b, "publication %s %s %s new %d changed %d removed %d: %s\n", p.Package, p.Resource, p.State, p.Initial, p.Changed, p.Removals, p.Content.Words())
	}
	for _, v := range r.Conversations {
		fmt.Fprintf(&b, "conversation %s %s there %d of %d back %d of %d\n", v.A, v.B, v.AToB.Delivered, v.AToB.Messages, v.BToA.Delivered, v.BToA.Messages)
	}
	return b.String()
}

func micros(nanos int64) int64 {
	if nanos < 0 {
		return -1
	}
	return nanos / 1000
}
