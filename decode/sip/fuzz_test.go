package sip

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// samples returns all messages of testdata.
func samples(t testing.TB) []string {
	t.Helper()
	files, err := filepath.Glob("testdata/rfc*/*.sip")
	if err != nil || len(files) < 60 {
		t.Fatalf("%d messages in testdata, %v", len(files), err)
	}
	var messages []string
	for _, name := range files {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		messages = append(messages, string(b))
	}
	return append(messages, invite, answer)
}

// checkMessage parses raw in every way and checks what must hold for any
// octets. m holds whatever was parsed before.
func checkMessage(t *testing.T, m *Message, raw string) {
	t.Helper()
	for _, o := range []Options{{Stream: true}, {Cut: true}, {Stream: true, Cut: true}, {}} {
		if err := ParseWith(m, raw, o); err != nil {
			if m.Method != "" || m.StatusText != "" || len(m.Headers) > 0 || len(m.Findings) > 0 {
				t.Fatalf("what is no message left something behind: %+v", *m)
			}
			continue
		}
		checkText(t, m)
		checkPlaces(t, m)
		checkDecoders(m)
		var fresh Message
		if ParseWith(&fresh, raw, o) != nil {
			t.Fatal("the second time it is no message")
		}
		checkSame(t, m, &fresh)
	}
}

// checkText checks that all text is part of the message.
func checkText(t *testing.T, m *Message) {
	t.Helper()
	for _, s := range []string{
		m.Method, m.RequestURI, m.Version, m.StatusText, m.Reason, m.CallID, m.ContentType, m.From.URI, m.From.Tag, m.From.Params,
		m.To.URI, m.To.Tag, m.To.Params, m.CSeq.Text, m.CSeq.Method, m.Via.Host, m.Via.Branch, m.Via.Received, m.Via.RPort, m.Via.Params,
	} {
		if !strings.Contains(m.Raw, s) {
			t.Fatalf("%q is not in the message", s)
		}
	}
	if !strings.HasSuffix(m.Raw, m.Body+m.Trailing) {
		t.Fatal("body and trailing octets are not the end of the message")
	}
	if m.IsRequest() == (m.StatusText != "") || (m.StatusCode != 0 && (m.StatusCode < 100 || m.StatusCode > 699)) {
		t.Fatalf("method %q, status %d %q", m.Method, m.StatusCode, m.StatusText)
	}
	if m.ViaCount == 0 && m.Via != (Via{}) || m.HasCallID != (m.CallID != "") {
		t.Fatal("a key without its header")
	}
}

// checkPlaces checks the offsets and that nothing grows without bound.
func checkPlaces(t *testing.T, m *Message) {
	t.Helper()
	if len(m.Headers) > maxHeaders || len(m.Findings) > 100 {
		t.Fatalf("%d headers, %d findings", len(m.Headers), len(m.Findings))
	}
	for _, h := range m.Headers {
		if !strings.HasPrefix(m.Raw[h.Offset:], h.Name) || !strings.Contains(m.Raw[h.Offset:], h.Value) || h.ID != LookupHeader(h.Name) {
			t.Fatalf("header %+v", h)
		}
	}
	for i, f := range m.Findings {
		if f.Offset < 0 || f.Offset > len(m.Raw) {
			t.Fatalf("finding %+v in %d octets", f, len(m.Raw))
		}
		if slices.ContainsFunc(m.Findings[:i], func(g Finding) bool { return g.Code == f.Code }) {
			t.Fatalf("two findings %q", f.Code)
		}
	}
}

// checkDecoders runs every decoder over every header: none may panic.
func checkDecoders(m *Message) {
	m.SDP()
	m.Parts()
	for _, h := range m.Headers {
		for value := range m.Values(h.ID) {
			a := ParseAddress(value)
			u := ParseURI(a.URI)
			u.Addr()
			u.DisplayUser()
			u.Number()
			u.Header("Replaces")
			ReferReplaces(a)
			ParseVia(value)
			break
		}
		ParseURI(h.Value)
		ParseAuth(h.Value)
		ParseReason(h.Value)
		ParseSessionExpires(h.Value)
		ParseRAck(h.Value)
		ParseRSeq(h.Value)
		ParseEvent(h.Value)
		ParseSubscriptionState(h.Value)
		ParseReplaces(h.Value)
		ParseWarning(h.Value)
	}
}

// TestOneOctet takes every octet of every sample away, and changes it into
// others that mean something to the grammar.
func TestOneOctet(t *testing.T) {
	var m Message
	for _, raw := range samples(t) {
		for i := range raw {
			_ = ParseInto(&m, raw[:i])
			_ = ParseInto(&m, raw[:i]+raw[i+1:])
			for _, c := range []byte("\x00\r\n ;,<\"\\\xff") {
				_ = ParseInto(&m, raw[:i]+string([]byte{c})+raw[i+1:])
				m.SDP()
			}
		}
	}
}

// TestHostileText reads long text made of what parsers trip over, of the size of
// the largest datagram. It takes a second; a decoder with quadratic time would
// show as minutes.
func TestHostileText(t *testing.T) {
	var m Message
	for _, unit := range []string{
		`"\";\`, `"`, `("`, `(`, "<", `<"`, ",", ";", "\r", "\r\n ", "a\r", `\`, "@", "?", "[", "%", ":", "--a\r\n", "&a=", "=", "\xff", "\x00", `";"`, `"\"\`,
	} {
		long := strings.Repeat(unit, 60000/len(unit))
		for _, name := range []string{"Via: SIP/2.0/UDP h;", "Contact: ", "From: ", "Authorization: Digest ", "Content-Type: multipart/mixed;boundary=a\r\n\r\n", ""} {
			checkMessage(t, &m, replaced("To:", name+long+"\r\nTo:"))
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, raw := range samples(f) {
		f.Add(raw)
	}
	for _, raw := range captured(f, 300) {
		f.Add(raw)
	}
	var m Message
	f.Fuzz(func(t *testing.T, raw string) { checkMessage(t, &m, raw) })
}

func FuzzAddress(f *testing.F) {
	for _, s := range []string{`"a \"b" <sip:a@b;c=d?e=f>;tag=1;x="y;z"`, "sip:a@[::1]:5060;tag=1", `"a <b>`, "a,b <c", "*"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		a := ParseAddress(s)
		if !strings.Contains(s, a.URI) || !strings.Contains(s, a.Tag) || !strings.Contains(s, a.Params) {
			t.Fatalf("%+v is not in %q", a, s)
		}
		u := ParseURI(a.URI)
		for _, part := range []string{u.Scheme, u.User, u.Password, u.Host, u.Params, u.Headers, u.Opaque} {
			if !strings.Contains(a.URI, part) {
				t.Fatalf("%q is not in %q", part, a.URI)
			}
		}
		for _, r := range u.DisplayUser() {
			if r < ' ' {
				t.Fatalf("control character in %q", u.DisplayUser())
			}
		}
	})
}
