package report

import (
	"bytes"
	"encoding/json"
	"net/netip"
	"strings"
	"testing"

	"sipsniff/correlate"
	"sipsniff/correlate/roster"
	"sipsniff/decode"
	"sipsniff/decode/notice"
)

// exampleRoster has one of each, with all that is shown.
func exampleRoster() *roster.Roster {
	alice, proxy := netip.MustParseAddrPort("192.0.2.10:5060"), netip.MustParseAddrPort("192.0.2.5:5060")
	call := &correlate.Call{Index: 3, CallID: "one", HasCallID: true}
	r := &roster.Roster{
		Registrations: []*roster.Registration{{
			AOR: "sip:alice@example.com", State: roster.Rejected, Source: alice, Registrar: proxy, Transport: decode.UDP, Calls: []*correlate.Call{call},
			Contacts: []roster.Contact{{URI: "sip:x@192.0.2.99:5070;ob", Expires: 60, Listed: true}, {URI: "sip:alice@10.0.0.1:5060", Expires: 120, Own: true, Listed: true}},
			Since:    start, Expires: 120, ExpiresAt: start + 120*second, RefreshFrom: start + 60*second, RefreshBy: start + 120*second,
			Delay: 18_000_000, DelayMean: 20_000_000, DelayMax: 22_000_000, Attempts: 7, Succeeded: 2, Failed: 3, NoReplies: 1,
			Challenges: 5, StaleNonces: 1, Refused: 2, FailureStreak: 3, LongestStreak: 3, Status: 403, Reason: "Forbidden", MinExpires: 300,
			Auth:    roster.Auth{Scheme: "Digest", Realm: "example.com", Username: "alice1"},
			NAT:     roster.NAT{Evidence: []string{"address_differs"}, SentBy: "10.0.0.1", SeenFrom: netip.MustParseAddrPort("203.0.113.9:0")},
			Recent:  []roster.Attempt{{At: start, Frame: 9, State: roster.NoReply, Delay: -1}},
			Changes: []roster.Change{{At: start, Frame: 9, State: roster.Rejected, Status: 403}},
		}},
		Trunks: []*roster.Trunk{
			{Source: alice, Destination: proxy, State: roster.Down, Since: start, Sent: 5, Answered: 1, Lost: 3, Open: 1,
				Responses: []roster.StatusCount{{Status: 200, Count: 1}}, DelayMin: 1_000_000, DelayMean: 2_500_000, DelayP95: 3_000_000, DelayMax: 4_000_000},
			{Source: proxy, Destination: alice, State: roster.Pending, Sent: 1, Open: 1, DelayMin: -1, DelayMean: -1, DelayP95: -1, DelayMax: -1},
		},
		Subscriptions: []*roster.Subscription{{
			Call: call, Package: "message-summary", Label: "message waiting", Origin: "unsolicited", State: roster.Active, RetryAfter: -1, Expires: -1,
			MinExpires: -1, FirstNotify: -1, Notifications: 1, Subscriber: alice, Notifier: proxy, Resource: "sip:alice@example.com",
			Contents: []roster.Content{{Content: notice.Read("application/simple-message-summary", "Messages-Waiting: yes\nVoice-Message: 2/8\n")}},
		}},
		Publications: []*roster.Publication{{Resource: "sip:bob@example.com", Package: "presence", Label: "presence", State: roster.Stale, Expires: -1, MinExpires: -1, StaleTags: 2}},
		Conversations: []*roster.Conversation{{
			A: "sip:alice@example.com", B: "sip:bob@example.com", Started: start, Last: start,
			AToB:         roster.Direction{Messages: 3, Delivered: 1, Relayed: 1, Failed: 1, Octets: 11, Failures: []roster.StatusCount{{Status: 480, Count: 1}}},
			ContentTypes: []roster.TypeCount{{Type: "text/plain", Count: 3}},
			Texts:        []roster.Text{{At: start, Frame: 4, FromA: true, Status: 200, ContentType: "text/plain", Octets: 6, Body: "secret\x1b[31m"}},
		}},
	}
	r.Omitted.Registrations = 12345
	return r
}

func rosterText(t *testing.T, showBodies bool) string {
	t.Helper()
	var b bytes.Buffer
	if err := writeRoster(&b, exampleRoster(), showBodies); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestRosterText(t *testing.T) {
	text := rosterText(t, false)
	for _, want := range []string{
		"alice         10.0.0.1:5060  192.0.2.10:5060  192.0.2.5:5060  REJECTED   403      120    18.0      7       3  credentials refused ×2, stale nonce ×1, " +
			"3 failures in a row, no reply ×1, registrar wants 300 s at least, NAT (address differs) 10.0.0.1 seen as 203.0.113.9, 1 other contact\nand 12,345 more\n",
		"192.0.2.10:5060  192.0.2.5:5060   DOWN     03:04:05.000        5         1     3     1     1.0   2.5  3.0  4.0  -            200×1\n",
		"192.0.2.5:5060   192.0.2.10:5060  PENDING  -                   1         0     0     1       -     -    -    -  -\n",
		"message waiting (message-summary)  192.0.2.10:5060  192.0.2.5:5060  alice     ACTIVE     -        -          0         1  waiting: voice 2 new, 8 old  nobody asked\n",
		"STALE", "tag not known any more ×2",
		"alice         bob   03:04:05.000  03:04:05.000      3          2     0          0      11        0       0  480×1   text/plain\n",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	if strings.Contains(text, "secret") {
		t.Error("what people wrote is not masked")
	}
	if shown := rosterText(t, true); !strings.Contains(shown, "  03:04:05.000  alice: secret␛[31m\n") {
		t.Errorf("the text is not shown, or not clean:\n%s", shown)
	}
}

// Sections without entries leave nothing, not even a heading.
func TestEmptyRosterText(t *testing.T) {
	var b bytes.Buffer
	if err := writeRoster(&b, &roster.Roster{}, true); err != nil || b.Len() > 0 {
		t.Errorf("%q, %v", b.String(), err)
	}
}

func TestRosterJSON(t *testing.T) {
	r := exampleRoster()
	b, err := json.Marshal(map[string]any{
		"registration": newRegistration(r.Registrations[0]), "trunk": newTrunk(r.Trunks[0]), "silent": newTrunk(r.Trunks[1]),
		"subscription": newSubscription(r.Subscriptions[0]), "publication": newPublication(r.Publications[0]),
		"conversation": newConversation(r.Conversations[0], false), "shown": newConversation(r.Conversations[0], true),
	})
	if err != nil {
		t.Fatal(err)
	}
	var doc map[string]any
	if err := json.Unmarshal(b, &doc); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]any{
		"registration.state": "rejected", "registration.call_ids.0": "one", "registration.registration_delay_ms": 18.0,
		"registration.expires_s": 120.0, "registration.expires_at": "2026-01-02T03:06:05.000000006Z", "registration.contacts.1.own": true,
		"registration.nat.seen_from": "203.0.113.9", "registration.auth.username": "alice1", "registration.credentials_refused": 2.0,
		"registration.recent_attempts.0.state": "no_reply", "registration.changes.0.status": 403.0, "registration.min_expires_s": 300.0,
		"trunk.response_ms.p95": 3.0, "trunk.responses.200": 1.0, "trunk.since": "2026-01-02T03:04:05.000000006Z", "silent.open": 1.0,
		"subscription.call_id": "one", "subscription.content.0.words": "waiting: voice 2 new, 8 old", "subscription.content.0.message_waiting.waiting": true,
		"subscription.content.0.message_waiting.counts.0.new": 2.0, "publication.stale_tags": 2.0, "publication.state": "stale",
		"conversation.a_to_b.failures.480": 1.0, "conversation.content_types.text/plain": 3.0, "conversation.messages.0.from": "a",
		"conversation.messages.0.octets": 6.0, "shown.messages.0.text": "secret\x1b[31m",
	} {
		if got, ok := lookup(doc, path); !ok || got != want {
			t.Errorf("%s = %v (there: %v), want %v", path, got, ok, want)
		}
	}
	for _, path := range []string{ // what is not known is not there
		"silent.since", "silent.response_ms", "silent.last_answer", "subscription.expires_s", "subscription.first_notify_ms", "subscription.final_status",
		"publication.expires_s", "conversation.messages.0.text", "registration.recent_attempts.0.delay_ms", "subscription.content.0.message_waiting.counts.0.new_urgent",
	} {
		if got, ok := lookup(doc, path); ok {
			t.Errorf("%s = %v, must be absent", path, got)
		}
	}
}

// The lists stand at the top of the document and are never null; as lines they
// have a type.
func TestRosterInDocument(t *testing.T) {
	r := example()
	var b bytes.Buffer
	if err := JSON(&b, r); err != nil {
		t.Fatal(err)
	}
	for _, list := range []string{"registrations", "trunks", "subscriptions", "publications", "conversations"} {
		if !strings.Contains(b.String(), `"`+list+`": []`) {
			t.Errorf("no list of %s", list)
		}
	}
	if strings.Contains(b.String(), `"omitted"`) {
		t.Error("nothing is omitted")
	}
	b.Reset()
	lines := rosterJSON{Registrations: []registration{{}}, Trunks: []trunk{{}}, Subscriptions: []subscription{{}}, Publications: []publication{{}}, Conversations: []conversation{{}}}
	if err := lines.lines(newEncoder(&b)); err != nil {
		t.Fatal(err)
	}
	var types []string
	for line := range strings.Lines(b.String()) {
		var object struct{ Type string }
		if err := json.Unmarshal([]byte(line), &object); err != nil {
			t.Fatal(err)
		}
		types = append(types, object.Type)
	}
	if got := strings.Join(types, " "); got != "registration trunk subscription publication conversation" {
		t.Errorf("lines are %s", got)
	}
}
