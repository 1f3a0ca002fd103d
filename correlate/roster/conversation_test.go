package roster_test

import (
	"fmt"
	"testing"
)

const (
	alice   = "<sip:alice@example.com>"
	bob     = "<sip:bob@example.com>"
	imdnXML = "<imdn xmlns=\"urn:ietf:params:xml:ns:imdn\"><message-id>m1</message-id><delivery-notification><status><delivered/></status></delivery-notification></imdn>"
)

// write sends one MESSAGE with a Call-ID of its own.
func (s *scene) write(seconds float64, way, from, to, status, kind, body string) {
	id := fmt.Sprint("message-", s.frame)
	s.message(seconds, way, id, "MESSAGE 1", "From: "+from+";tag=x", "To: "+to, "Content-Type: "+kind, "\n"+body)
	if status != "" {
		s.message(seconds+0.01, way[2:]+">"+way[:1], id, status+" MESSAGE 1", "From: "+from+";tag=x", "To: "+to+";tag=y")
	}
}

// Both directions of a pair are one conversation; spelling of the host and
// parameters do not matter. Reports and typing are no messages.
func TestConversation(t *testing.T) {
	s := newScene(t)
	s.write(0, "A>B", alice, bob, "200", "text/plain", "hello")
	s.write(1, "B>A", "<sip:bob@EXAMPLE.com;transport=udp>", alice, "202", "text/plain;charset=utf-8", "how are you")
	s.write(2, "A>B", alice, bob, "480", "text/plain", "fine")
	s.write(3, "A>B", alice, bob, "401", "text/plain", "fine")
	s.write(4, "A>B", alice, bob, "", "text/html", "<b>x</b>")
	s.write(5, "A>B", alice, bob, "200", "application/im-iscomposing+xml", "<isComposing/>")
	s.write(6, "A>B", alice, bob, "200", "message/cpim",
		"From: "+alice+"\r\nTo: "+bob+"\r\nimdn.Message-ID: m1\r\nimdn.Disposition-Notification: positive-delivery\r\n\r\nContent-Type: text/plain\r\n\r\nwrapped")
	s.write(7, "B>A", bob, alice, "200", "message/cpim", "From: "+bob+"\r\nTo: "+alice+"\r\n\r\nContent-Type: message/imdn+xml\r\n\r\n"+imdnXML)
	s.write(606, "A>B", alice, bob, "", "text/plain", "ten minutes later")
	r := s.until(607)
	if len(r.Conversations) != 1 {
		t.Fatalf("%d conversations, want 1", len(r.Conversations))
	}
	v := r.Conversations[0]
	equal(t, "between", words(v.A, v.B, v.Source, v.Destination), words("sip:alice@example.com", "sip:bob@example.com", party('A'), party('B')))
	a := v.AToB
	equal(t, "there", words(a.Messages, a.Delivered, a.Relayed, a.Failed, a.Unanswered, a.Open, a.Reports, a.Typing), "5 2 0 1 1 1 0 1")
	equal(t, "failures", joined(a.Failures), "{480 1}")
	b := v.BToA
	equal(t, "back", words(b.Messages, b.Delivered, b.Relayed, b.Reports, b.Octets > 100), "1 0 1 1 true")
	equal(t, "challenges", v.Challenges, 1)
	equal(t, "types", joined(v.ContentTypes), "{text/plain 5} {text/html 1} {application/im-iscomposing+xml 1} {message/imdn+xml 1}")
	equal(t, "time", words(v.Started-at(0), v.Last-at(606)), "0 0")
	wrapped, report := v.Texts[5], v.Texts[6]
	equal(t, "wrapped", words(wrapped.Body, wrapped.MessageID, wrapped.Wants), "wrapped m1 positive-delivery")
	equal(t, "report", words(report.Report.MessageID, report.Report.Kind, report.Report.Status), "m1 delivery delivered")
}

// After more than ten minutes of silence it is another conversation, and so it
// is with another party.
func TestConversationsApart(t *testing.T) {
	s := newScene(t)
	s.write(0, "A>B", alice, bob, "200", "text/plain", "one")
	s.write(600, "B>A", bob, alice, "200", "text/plain", "two")
	s.write(1200.1, "B>A", bob, alice, "200", "text/plain", "three")
	s.write(1201, "B>C", bob, "<sip:carol@example.com>", "200", "text/plain", "four")
	var got []string
	for _, v := range s.until(1300).Conversations {
		got = append(got, words(v.A, v.AToB.Messages, v.BToA.Messages))
	}
	equal(t, "list", joined(got), "sip:alice@example.com 1 1 sip:bob@example.com 1 0 sip:bob@example.com 1 0")
}

// Only the latest texts are kept, all are counted.
func TestConversationBound(t *testing.T) {
	s := newScene(t)
	for i := range 60 {
		s.write(float64(i), "A>B", alice, bob, "200", "text/plain", fmt.Sprint(i))
	}
	v := s.until(61).Conversations[0]
	equal(t, "texts", words(len(v.Texts), v.Earlier, v.Texts[0].Body, v.AToB.Messages), "50 10 10 60")
	equal(t, "frames", words(len(v.Frames), v.Frames[49]), "50 120")
}

// Through a proxy a MESSAGE is one message.
func TestConversationOverProxy(t *testing.T) {
	s := newScene(t)
	s.message(0, "A>P", "one", "MESSAGE 1", "To: "+bob, "Content-Type: text/plain", "\nhi")
	s.message(0.001, "P>B", "one", "MESSAGE 1", "To: "+bob, "Content-Type: text/plain", "Via: SIP/2.0/UDP 192.0.2.6;branch=z9hG4bKp", "\nhi")
	s.message(0.003, "B>P", "one", "200 MESSAGE 1", "To: "+bob+";tag=b", "Via: SIP/2.0/UDP 192.0.2.6;branch=z9hG4bKp")
	s.message(0.004, "P>A", "one", "200 MESSAGE 1", "To: "+bob+";tag=b")
	v := s.until(1).Conversations[0]
	equal(t, "counts", words(v.AToB.Messages, v.AToB.Delivered), "1 1")
}
