package notice

import (
	"errors"
	"strings"
	"testing"
)

// The documents below are written after the examples of the RFCs; what they
// say was read off by hand.
const (
	pidf = `<?xml version="1.0" encoding="UTF-8"?>
<presence xmlns="urn:ietf:params:xml:ns:pidf" xmlns:dm="urn:ietf:params:xml:ns:pidf:data-model"
    xmlns:rpid="urn:ietf:params:xml:ns:pidf:rpid" entity="pres:someone@example.com">
  <tuple id="bs35r9"><status><basic>Closed</basic></status><contact priority="0.8">im:someone@mobile.example.net</contact>
    <note xml:lang="en">Don't Disturb
      Please!</note></tuple>
  <tuple id="eg92n8"><status><basic>open</basic></status><contact>mailto:someone@example.com</contact></tuple>
  <note>I'll be in Tokyo next week</note>
  <dm:person id="p1"><rpid:activities><rpid:on-the-phone/><rpid:other>fishing</rpid:other></rpid:activities><dm:note>away &amp; busy</dm:note></dm:person>
</presence>`

	dialogInfo = `<?xml version="1.0"?>
<dialog-info xmlns="urn:ietf:params:xml:ns:dialog-info" version="1" state="full" entity="sip:alice@example.com">
  <dialog id="as7d900as8" call-id="a84b4c76e66710" local-tag="1928301774" direction="recipient">
    <state event="rejected">Early</state>
    <local><identity>sip:alice@example.com</identity><target uri="sip:alice@pc33.example.com"><param pname="+sip.rendering" pval="yes"/></target></local>
    <remote><identity display="Bob">sip:bob@example.org</identity><target uri="sip:bobster@phone21.example.org"/></remote>
  </dialog>
</dialog-info>`

	reginfo = `<reginfo xmlns="urn:ietf:params:xml:ns:reginfo" version="0" state="full">
 <registration aor="sip:joe@example.com" id="as9" state="active">
  <contact id="76" state="active" event="registered" duration-registered="7322" q="0.8"><uri>sip:joe@pc887.example.com</uri></contact>
  <contact id="77" state="terminated" event="expired"><uri>sip:joe@university.edu</uri></contact>
 </registration></reginfo>`

	conference = `<?xml version="1.0"?>
<conference-info xmlns="urn:ietf:params:xml:ns:conference-info" entity="sips:conf233@example.com" state="full" version="1">
 <conference-description><subject>Agenda: This month's goals</subject></conference-description>
 <conference-state><user-count>33</user-count><active>true</active></conference-state>
 <users>
  <user entity="sip:bob@example.com" state="full"><display-text>Bob Hoskins</display-text><roles><entry>participant</entry></roles>
    <endpoint entity="sip:bob@pc33.example.com"><status>disconnected</status></endpoint></user>
  <user entity="sip:alice@example.com"><endpoint entity="sip:4kfk4j392jsu@example.com"><status>connected</status></endpoint></user>
 </users>
</conference-info>`

	summary = "Messages-Waiting: yes\r\nMessage-Account: sip:alice@vmail.example.com\r\nVoice-Message: 4/8 (1/2)\r\nFax-Message: 0/3 (0/0)\r\n" +
		"\r\nTo: <alice@atlanta.example.com>\r\nX-Message: 9/9\r\n"
)

func TestWords(t *testing.T) {
	for _, c := range []struct{ name, kind, body, words string }{
		{"presence", "application/pidf+xml", pidf, `open, on-the-phone, fishing, "I'll be in Tokyo next week", "away & busy", "Don't Disturb Please!"`},
		{"presence closed", "application/pidf+xml", `<p:presence xmlns:p="x"><p:tuple><p:status><p:basic>closed</p:basic></p:status></p:tuple></p:presence>`, "closed"},
		{"presence without tuples", "application/PIDF+XML", `<presence/>`, "no state"},
		{"dialog", "application/dialog-info+xml", dialogInfo, "early, called by sip:bob@example.org"},
		{"no dialog", "application/dialog-info+xml", `<dialog-info state="full"/>`, "idle"},
		{"ended dialog", "application/dialog-info+xml", `<dialog-info><dialog id="1"><state event="remote-bye">terminated</state></dialog></dialog-info>`, "idle (remote-bye)"},
		{"dialog that says little", "application/dialog-info+xml", `<dialog-info><dialog id="1"><state>confirmed</state></dialog></dialog-info>`, "confirmed"},
		{"registrations", "application/reginfo+xml", reginfo, "sip:joe@example.com active: sip:joe@pc887.example.com (registered), sip:joe@university.edu (expired)"},
		{"conference", "application/conference-info+xml", conference, "33 users: Bob Hoskins (disconnected), sip:alice@example.com (connected)"},
		{"summary", "application/simple-message-summary", summary, "waiting: voice 4 new, 8 old (1 and 2 urgent), fax 0 new, 3 old"},
		{"nothing waits", "application/simple-message-summary", "messages-waiting:no\n", "none waiting"},
		{"fragment", "message/sipfrag", "SIP/2.0 180 Ringing\r\n", "SIP/2.0 180 Ringing"},
		{"other", "text/plain", "hello", "text/plain"},
		{"latin", "application/pidf+xml", "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><presence><note>B\xfcro</note></presence>", `no state, "Büro"`},
	} {
		content := Read(c.kind, c.body)
		if got := content.Words(); got != c.words || content.Problem != "" {
			t.Errorf("%s: %q (problem %q), want %q", c.name, got, content.Problem, c.words)
		}
	}
}

func TestFields(t *testing.T) {
	p, err := ParsePresence(pidf)
	if err != nil || p.Entity != "pres:someone@example.com" || len(p.Tuples) != 2 || p.Tuples[0].Basic != "closed" || p.Tuples[0].Contact != "im:someone@mobile.example.net" {
		t.Errorf("presence %+v, %v", p, err)
	}
	d, err := ParseDialogInfo(dialogInfo)
	want := Dialog{
		ID: "as7d900as8", CallID: "a84b4c76e66710", Direction: "recipient", State: "early", Event: "rejected",
		Local:  Party{Identity: "sip:alice@example.com", Target: "sip:alice@pc33.example.com"},
		Remote: Party{Identity: "sip:bob@example.org", Display: "Bob", Target: "sip:bobster@phone21.example.org"},
	}
	if err != nil || len(d.Dialogs) != 1 || d.Dialogs[0] != want || !d.Full {
		t.Errorf("dialog %+v, %v", d, err)
	}
	s, err := ParseSummary(summary)
	if err != nil || s.Waiting != "yes" || s.Account != "sip:alice@vmail.example.com" || len(s.Counts) != 2 ||
		s.Counts[0] != (Count{Class: "voice", New: 4, Old: 8, Urgent: true, NewUrgent: 1, OldUrgent: 2}) {
		t.Errorf("summary %+v, %v", s, err)
	}
	c, err := ParseConferenceInfo(conference)
	if err != nil || c.Subject != "Agenda: This month's goals" || c.Active != "true" || c.Users[0].Role != "participant" {
		t.Errorf("conference %+v, %v", c, err)
	}
}

// What is damaged gives what stood in front of the damage, and a reason.
func TestDamaged(t *testing.T) {
	for _, c := range []struct{ name, body, words, problem string }{
		{"cut", pidf[:strings.Index(pidf, "</tuple>")], `closed, "Don't Disturb Please!"`, "<tuple> does not end"},
		{"crossed", `<presence><tuple></presence></tuple>`, "no state", "</presence> where it does not belong"},
		{"empty", "", "application/pidf+xml: no element", "no element"},
		{"other root", "<html></html>", "application/pidf+xml: <html> instead of <presence>", "<html> instead of <presence>"},
		{"two roots", "<presence/><presence/>", "no state", "a second document"},
		{"deep", "<presence>" + strings.Repeat("<a>", 100), "no state", "too large: more than 32 levels"},
		{"many", "<presence>" + strings.Repeat("<a/>", 20000), "no state", "too large: more than 10000 elements"},
		{"large", "<presence>" + strings.Repeat(" ", 300000), "application/pidf+xml: too large: 300010 octets", "too large: 300010 octets"},
		{"encoding", `<?xml version="1.0" encoding="EBCDIC"?><presence/>`, `application/pidf+xml: xml: opening charset "EBCDIC": encoding "EBCDIC"`, `xml: opening charset "EBCDIC": encoding "EBCDIC"`},
	} {
		content := Read("application/pidf+xml", c.body)
		if got := content.Words(); got != c.words || content.Problem != c.problem {
			t.Errorf("%s: %q, problem %q; want %q, problem %q", c.name, got, content.Problem, c.words, c.problem)
		}
	}
	if _, err := ParsePresence(strings.Repeat(" ", maxSize+1)); !errors.Is(err, ErrTooLarge) {
		t.Errorf("%v is not ErrTooLarge", err)
	}
}

// Entities that a document defines are not expanded.
func TestNoEntities(t *testing.T) {
	const laughs = `<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "haha"><!ENTITY b "&a;&a;&a;">]><presence><note>&b;</note></presence>`
	c := Read("application/pidf+xml", laughs)
	if strings.Contains(c.Words(), "haha") || !strings.Contains(c.Problem, "invalid character entity &b;") {
		t.Errorf("%q, problem %q", c.Words(), c.Problem)
	}
}

func TestPartialDialogs(t *testing.T) {
	first, _ := ParseDialogInfo(`<dialog-info state="full"><dialog id="1"><state>confirmed</state></dialog><dialog id="2"><state>early</state></dialog></dialog-info>`)
	then, _ := ParseDialogInfo(`<dialog-info state="partial"><dialog id="2"><state>terminated</state></dialog><dialog id="3"><state>trying</state></dialog></dialog-info>`)
	now := then.After(first)
	if got := now.Words(); got != "confirmed; trying" {
		t.Errorf("%q", got)
	}
	last, _ := ParseDialogInfo(`<dialog-info state="partial"><dialog id="1"><state>terminated</state></dialog></dialog-info>`)
	if got := last.After(now).Words(); got != "trying" {
		t.Errorf("%q", got)
	}
	if got := first.After(now).Words(); got != "confirmed; early" {
		t.Errorf("full information leaves nothing of what was: %q", got)
	}
}

func TestPartialConference(t *testing.T) {
	first, _ := ParseConferenceInfo(conference)
	then, _ := ParseConferenceInfo(`<conference-info state="partial"><conference-state><user-count>2</user-count></conference-state><users>
		<user entity="sip:bob@example.com" state="deleted"/>
		<user entity="sip:alice@example.com" state="partial"><display-text>Alice</display-text></user>
		<user entity="sip:carol@example.com"><endpoint><status>on-hold</status></endpoint></user></users></conference-info>`)
	if got := then.After(first).Words(); got != "2 users: Alice (connected), sip:carol@example.com (on-hold)" {
		t.Errorf("%q", got)
	}
	if got := first.Words(); got != "33 users: Bob Hoskins (disconnected), sip:alice@example.com (connected)" {
		t.Errorf("what was before changed: %q", got)
	}
}

func TestSummaryCounts(t *testing.T) {
	for value, ok := range map[string]bool{"1/2": true, " 1 / 2 ": true, "1/2 (0/0)": true, "1": false, "-1/2": false, "1234567890/1": false, "a/b": false} {
		if _, got := parseCount(value); got != ok {
			t.Errorf("%q: %v, want %v", value, got, ok)
		}
	}
	if s, err := ParseSummary("Hello\n"); s != nil || err == nil {
		t.Error("what is no summary was read")
	}
}

const cpim = "From: Alice <im:alice@example.com>\r\nTo: Bob <im:bob@example.com>\r\nNS: imdn <urn:ietf:params:imdn>\r\n" +
	"imdn.Message-ID: 34jk324j\r\nimdn.Disposition-Notification: positive-delivery, display\r\n\r\n" +
	"Content-Type: text/plain; charset=utf-8\r\nContent-Length: 12\r\n\r\nHello World\n"

func TestCPIM(t *testing.T) {
	c, ok := ParseCPIM(cpim)
	want := CPIM{From: "im:alice@example.com", To: "im:bob@example.com", MessageID: "34jk324j", Disposition: "positive-delivery, display",
		ContentType: "text/plain", Content: "Hello World\n"}
	if !ok || c != want {
		t.Errorf("%+v", c)
	}
	if _, ok := ParseCPIM("no header here"); ok {
		t.Error("what has no headers was read")
	}
}

func TestDeliveryReport(t *testing.T) {
	r, err := ParseDeliveryReport(`<?xml version="1.0"?><imdn xmlns="urn:ietf:params:xml:ns:imdn"><message-id>34jk324j</message-id><datetime>2026-01-01T00:00:00Z</datetime>
		<display-notification><status><displayed/></status></display-notification></imdn>`)
	if err != nil || *r != (DeliveryReport{MessageID: "34jk324j", Kind: "display", Status: "displayed"}) {
		t.Errorf("%+v, %v", r, err)
	}
}
