package sip

import (
	"slices"
	"strings"
	"testing"
)

func TestParseAddress(t *testing.T) {
	for _, c := range []struct {
		in   string
		want Address
		f    fault
	}{
		{"<sip:a@b>", Address{URI: "sip:a@b"}, 0},
		{"sip:a@b", Address{URI: "sip:a@b"}, 0},
		{"*", Address{URI: "*"}, 0},
		{"sip:a@b;tag=1", Address{URI: "sip:a@b", Tag: "1", Params: "tag=1"}, 0},
		{"<sip:a@b;x=1>;tag=2;TAG=3", Address{URI: "sip:a@b;x=1", Tag: "2", Params: "tag=2;TAG=3"}, 0},
		{"<sip:a@b> ; Tag = t ; x", Address{URI: "sip:a@b", Tag: "t", Params: " Tag = t ; x"}, 0},
		{`"A \"q\" <x>, \\" <sip:a@b>`, Address{Display: `A "q" <x>, \`, URI: "sip:a@b"}, 0},
		{`"A"<sip:a@b>`, Address{Display: "A", URI: "sip:a@b"}, 0},
		{"A B<sip:a@b>", Address{Display: "A B", URI: "sip:a@b"}, 0},
		{"A\r\n B <sip:a@b>", Address{Display: "A B", URI: "sip:a@b"}, 0},
		{"A@B <sip:a@b>", Address{Display: "A@B", URI: "sip:a@b"}, faultDisplay},
		{`A "B" <sip:a@b>`, Address{Display: `A "B"`, URI: "sip:a@b"}, faultDisplay},
		{`"A" x <sip:a@b>`, Address{Display: "A", URI: "sip:a@b"}, faultDisplay},
		{`"A" sip:a@b;tag=1`, Address{Display: "A", URI: "sip:a@b", Tag: "1", Params: "tag=1"}, faultDisplay},
		{`"A <sip:x> <sip:a@b>;tag=1`, Address{Display: "A <sip:x>", URI: "sip:a@b", Tag: "1", Params: "tag=1"}, faultQuote},
		{`"A <sip:a@b>;x="y"`, Address{Display: "A", URI: "sip:a@b", Params: `x="y"`}, faultQuote},
		{`"A`, Address{URI: "A"}, faultQuote},
		{"< sip:a@b >", Address{URI: "sip:a@b"}, faultSpace},
		{"<sip:a b@c>", Address{URI: "sip:a b@c"}, faultSpace},
		{"<sip:a@b", Address{URI: "sip:a@b"}, faultAngle},
		{"<>", Address{}, faultSyntax},
		{"", Address{}, faultSyntax},
		{"<sip:a@b>tag=1", Address{URI: "sip:a@b"}, faultSyntax},
		{"<sip:a@b> x;tag=1", Address{URI: "sip:a@b", Tag: "1", Params: "tag=1"}, faultSyntax},
		{"<sip:a@b>;", Address{URI: "sip:a@b"}, faultSyntax},
		{"<sip:a@b>;;tag=1", Address{URI: "sip:a@b", Tag: "1", Params: ";tag=1"}, faultSyntax},
		{"sip:a@b?x=y;z", Address{URI: "sip:a@b?x=y", Params: "z"}, faultBrackets},
		{"sip:a,b@c", Address{URI: "sip:a,b@c"}, faultBrackets},
		{`sip:a@b;x="<y>;tag=2";tag=1`, Address{URI: "sip:a@b", Tag: "1", Params: `x="<y>;tag=2";tag=1`}, 0},
		{"tel:+1-201-555-0123;phone-context=x", Address{URI: "tel:+1-201-555-0123", Params: "phone-context=x"}, 0},
	} {
		got, f := parseAddress(c.in)
		if got != c.want || f != c.f {
			t.Errorf("%q:\n got %+v fault %b\nwant %+v fault %b", c.in, got, f, c.want, c.f)
		}
	}
}

func TestParseURI(t *testing.T) {
	for _, c := range []struct {
		in   string
		want URI
	}{
		{"sip:alice@example.com", URI{Scheme: "sip", User: "alice", Host: "example.com"}},
		{"sips:alice:pw@example.com:5061;transport=tcp?a=b&c=d", URI{Scheme: "sips", User: "alice", Password: "pw",
			Host: "example.com", Port: 5061, Params: "transport=tcp", Headers: "a=b&c=d"}},
		{"SIP:example.com", URI{Scheme: "SIP", Host: "example.com"}},
		{"sip:192.0.2.1:5070", URI{Scheme: "sip", Host: "192.0.2.1", Port: 5070}},
		{"sip:a@[2001:db8::1]:5070;lr", URI{Scheme: "sip", User: "a", Host: "2001:db8::1", Port: 5070, Params: "lr"}},
		{"sip:a@2001:db8::1", URI{Scheme: "sip", User: "a", Host: "2001:db8::1"}},
		{"sip:a@b@example.com", URI{Scheme: "sip", User: "a@b", Host: "example.com"}},
		{"sip:+1-555;phone-context=x@example.com;user=phone", URI{Scheme: "sip", User: "+1-555;phone-context=x",
			Host: "example.com", Params: "user=phone"}},
		{"sip:a?b@example.com", URI{Scheme: "sip", User: "a?b", Host: "example.com"}},
		{"sip:a@example.com?Replaces=x@192.0.2.1", URI{Scheme: "sip", User: "a", Host: "example.com", Headers: "Replaces=x@192.0.2.1"}},
		{"sip:@example.com", URI{Scheme: "sip", Host: "example.com"}},
		{"sip:a@example.com:99999", URI{Scheme: "sip", User: "a", Host: "example.com"}},
		{"tel:+1-201-555-0123;ext=7", URI{Scheme: "tel", User: "+1-201-555-0123", Params: "ext=7"}},
		{"urn:service:sos", URI{Scheme: "urn", Opaque: "service:sos"}},
		{"alice@example.com", URI{User: "alice", Host: "example.com"}},
		{"", URI{}},
	} {
		if got := ParseURI(c.in); got != c.want {
			t.Errorf("%q:\n got %+v\nwant %+v", c.in, got, c.want)
		}
	}
}

func TestURIParts(t *testing.T) {
	u := ParseURI("sip:%61lice%00@example.com;Transport=TCP;lr?Subject=a%20b&Priority=x")
	transport, _ := u.Param("transport")
	_, lr := u.Param("lr")
	_, none := u.Param("maddr")
	subject, _ := u.Header("subject")
	equal(t, "params", transport, "TCP")
	equal(t, "lr", lr, true)
	equal(t, "maddr", none, false)
	equal(t, "header", subject, "a b")
	equal(t, "user", u.DisplayUser(), `alice\x00`)
	for number, want := range map[string]string{
		"tel:+1-(201) 555.0123;ext=1": "+12015550123", "sip:4711;x=y@example.com": "4711", "sip:bob@example.com": "", "sip:*21#@example.com": "*21#",
		"sip:1+2@example.com": "",
	} {
		equal(t, number, ParseURI(number).Number(), want)
	}
	equal(t, "bad escapes", percentDecode("%4%zz%41%"), "%4%zzA%")
}

func TestParseHost(t *testing.T) {
	for in, want := range map[string]string{
		"192.0.2.1": "192.0.2.1", "[2001:DB8::1]": "2001:db8::1", "::ffff:192.0.2.1": "192.0.2.1",
		"2001:db8:::192.0.2.1": "2001:db8::c000:201", "fe80::1%eth0": "fe80::1",
	} {
		addr, ok := ParseHost(in)
		equal(t, in, addr.String(), want)
		equal(t, in, ok, true)
	}
	for _, in := range []string{"", "example.com", "300.0.0.1", "1.2.3", ":", "1"} {
		if addr, ok := ParseHost(in); ok {
			t.Errorf("%q: %v", in, addr)
		}
	}
}

func TestParseVia(t *testing.T) {
	for _, c := range []struct {
		in   string
		want Via
		f    fault
	}{
		{"SIP/2.0/UDP 192.0.2.1", Via{Transport: "UDP", Host: "192.0.2.1"}, 0},
		{"SIP/2.0/tls h:5061;rport;branch=z9hG4bKx", Via{Transport: "TLS", Host: "h", Port: 5061, Branch: "z9hG4bKx", HasRPort: true,
			Params: "rport;branch=z9hG4bKx"}, 0},
		{"SIP/2.0/UDP h ; branch = a ; received = 192.0.2.9 ; rport = 1024", Via{Transport: "UDP", Host: "h", Branch: "a",
			Received: "192.0.2.9", RPort: "1024", HasRPort: true, Params: " branch = a ; received = 192.0.2.9 ; rport = 1024"}, 0},
		{"SIP / 2.0 / XYZ h : 5070", Via{Transport: "XYZ", Host: "h", Port: 5070}, 0},
		{"SIP/2.0/UDP [2001:db8::1]:5070", Via{Transport: "UDP", Host: "2001:db8::1", Port: 5070}, 0},
		{"SIP/2.0/UDP 2001:db8::1", Via{Transport: "UDP", Host: "2001:db8::1"}, faultIPv6Bare},
		{"SIP/3.0/UDP h", Via{Transport: "UDP", Host: "h"}, faultVersion},
		{"SIP/2.0/UDP", Via{Transport: "UDP"}, faultSyntax | faultHost},
		{"SIP/2.0/UDP h:x", Via{Transport: "UDP", Host: "h"}, faultHost},
		{"SIP/2.0/UDP h;;", Via{Transport: "UDP", Host: "h", Params: ";"}, faultSyntax},
		{"UDP h", Via{Transport: "UDP", Host: "h"}, faultSyntax},
		{"", Via{}, faultSyntax | faultHost},
	} {
		got, f := parseVia(c.in)
		if got != c.want || f != c.f {
			t.Errorf("%q:\n got %+v fault %b\nwant %+v fault %b", c.in, got, f, c.want, c.f)
		}
	}
	via := ParseVia("SIP/2.0/UDP h;maddr=192.0.2.7;ttl=16;keep")
	maddr, _ := via.Param("MADDR")
	_, keep := via.Param("keep")
	equal(t, "maddr", maddr, "192.0.2.7")
	equal(t, "keep", keep, true)
}

func TestValues(t *testing.T) {
	raw := replaced("To:", `Contact: "a,b" <sip:a@b,c>, <sip:d@e>;x="y,z" , sip:f@g
m:<sip:h@i>
Warning: 399 a "x, y",
 301 b "z"
Subject: one, two
X-List: one, two
Supported:
k: a,, b,
Allow: A (x, y), B (z
To:`)
	m, err := Parse(raw)
	if err != nil {
		t.Fatal(err)
	}
	for id, want := range map[HeaderID][]string{
		HeaderContact:   {`"a,b" <sip:a@b,c>`, `<sip:d@e>;x="y,z"`, "sip:f@g", "<sip:h@i>"},
		HeaderWarning:   {`399 a "x, y"`, `301 b "z"`},
		HeaderSubject:   {"one, two"},
		Other:           {"one, two"},
		HeaderSupported: {"a", "b"},
		HeaderAllow:     {"A (x, y)", "B (z"},
		HeaderRoute:     nil,
	} {
		if got := slices.Collect(m.Values(id)); !slices.Equal(got, want) {
			t.Errorf("%v: %q, want %q", id, got, want)
		}
	}
	for range m.Values(HeaderContact) {
		break // a walk may end early
	}
	value, ok := m.Header("x-LIST")
	equal(t, "Header", value, "one, two")
	equal(t, "Header", ok, true)
	value, _ = m.Header("K")
	equal(t, "compact", value, "")
	_, ok = m.Header("X-Other")
	equal(t, "absent", ok, false)
}

func TestLookupHeader(t *testing.T) {
	for id := HeaderID(1); id < headerCount; id++ {
		name := id.String()
		if name == "" {
			t.Fatalf("header %d has no name", id)
		}
		for _, spelling := range []string{name, strings.ToLower(name), strings.ToUpper(name)} {
			if got := LookupHeader(spelling); got != id {
				t.Errorf("%s: %v", spelling, got)
			}
		}
		if LookupHeader(name+"x") == id || LookupHeader(name[1:]) == id {
			t.Errorf("%s: found by another name", name)
		}
	}
	// The table of spec §2.2.
	for compact, name := range map[string]string{
		"a": "Accept-Contact", "b": "Referred-By", "c": "Content-Type", "d": "Request-Disposition", "e": "Content-Encoding", "f": "From",
		"i": "Call-ID", "j": "Reject-Contact", "k": "Supported", "l": "Content-Length", "m": "Contact", "n": "Identity-Info", "o": "Event",
		"r": "Refer-To", "s": "Subject", "t": "To", "u": "Allow-Events", "v": "Via", "x": "Session-Expires", "y": "Identity",
	} {
		equal(t, compact, LookupHeader(compact).String(), name)
		equal(t, strings.ToUpper(compact), LookupHeader(strings.ToUpper(compact)).String(), name)
	}
	for _, unknown := range []string{"", "z", "g", "h", "p", "q", "w", "\xff", "C%6Fntact", "Vi", "CallID"} {
		equal(t, unknown, LookupHeader(unknown), Other)
	}
}

func TestParseAuth(t *testing.T) {
	want := Auth{Scheme: "Digest", Username: "bob", Realm: `a, "b"`, Nonce: "n=", URI: "sip:b", Response: "6629fae4", QOP: "auth",
		NC: "00000001", CNonce: "0a4f", Algorithm: "SHA-256", Opaque: "o", Stale: true}
	got := ParseAuth("Digest username=\"bob\",\r\n realm=\"a, \\\"b\\\"\", nonce = \"n=\",uri=\"sip:b\",response=\"6629fae4\",qop=auth," +
		"nc=00000001,cnonce=\"0a4f\",algorithm=SHA-256,opaque=\"o\",STALE=TRUE,realm=\"second\"")
	equal(t, "credentials", got, want)
	equal(t, "challenge", ParseAuth(`Digest realm="x",nonce="y",qop="auth,auth-int",stale=false`),
		Auth{Scheme: "Digest", Realm: "x", Nonce: "y", QOP: "auth,auth-int"})
	equal(t, "empty", ParseAuth(""), Auth{})
}

func TestSmallHeaders(t *testing.T) {
	equal(t, "Reason", ParseReason(`Q.850 ;cause=16 ;text="Terminated; ok"`), Reason{"Q.850", 16, "Terminated; ok"})
	equal(t, "Reason without cause", ParseReason("SIP"), Reason{"SIP", -1, ""})
	equal(t, "Reason with nonsense", ParseReason("SIP;cause=9999999999;text"), Reason{"SIP", -1, ""})
	se, ok := ParseSessionExpires("1800 ; refresher=uas")
	equal(t, "Session-Expires", se, SessionExpires{1800, "uas"})
	equal(t, "Session-Expires", ok, true)
	_, ok = ParseSessionExpires(";refresher=uas")
	equal(t, "Session-Expires without number", ok, false)
	rack, ok := ParseRAck("776656 1 INVITE")
	equal(t, "RAck", rack, RAck{776656, CSeq{1, "1", "INVITE"}})
	equal(t, "RAck", ok, true)
	_, ok = ParseRAck("776656 INVITE")
	equal(t, "short RAck", ok, false)
	rseq, ok := ParseRSeq("4294967295")
	equal(t, "RSeq", rseq, 4294967295)
	equal(t, "RSeq", ok, true)
	_, ok = ParseRSeq("4294967296")
	equal(t, "large RSeq", ok, false)
	equal(t, "Event", ParseEvent("presence.winfo;id=7"), Event{"presence", "winfo", "7"})
	equal(t, "Event", ParseEvent("dialog"), Event{Package: "dialog"})
	equal(t, "Subscription-State", ParseSubscriptionState("active;expires=3600"), SubscriptionState{"active", "", 3600, -1})
	equal(t, "Subscription-State", ParseSubscriptionState("terminated ;reason=probation;retry-after=8"),
		SubscriptionState{"terminated", "probation", -1, 8})
	equal(t, "Warning", ParseWarning(`307 a.example.com "no \"rate\""`), WarningValue{307, "a.example.com", `no "rate"`})
	equal(t, "Warning", ParseWarning("1812 x"), WarningValue{0, "x", ""})
}

func TestReplaces(t *testing.T) {
	want := Replaces{CallID: "12@192.0.2.1", ToTag: "7", FromTag: "8", EarlyOnly: true}
	equal(t, "Replaces", ParseReplaces("12@192.0.2.1 ;from-tag=8;to-tag=7;early-only"), want)
	refer := ParseAddress("<sip:c@example.com?Replaces=12%40192.0.2.1%3Bto-tag%3D7%3Bfrom-tag%3D8%3Bearly-only&X=y>")
	got, ok := ReferReplaces(refer)
	equal(t, "inside Refer-To", got, want)
	equal(t, "inside Refer-To", ok, true)
	_, ok = ReferReplaces(ParseAddress("<sip:c@example.com>"))
	equal(t, "blind", ok, false)
	equal(t, "Target-Dialog", ParseReplaces("x;local-tag=a;remote-tag=b"), Replaces{CallID: "x", ToTag: "a", FromTag: "b"})
}

func TestReasonPhrase(t *testing.T) {
	for code, want := range map[int]string{
		100: "Trying", 183: "Session Progress", 486: "Busy Here", 499: "Bad Request", 299: "OK", 699: "Busy Everywhere", 155: "", 0: "", 700: "", -5: "",
	} {
		equal(t, "phrase", ReasonPhrase(code), want)
	}
}

func TestUnfold(t *testing.T) {
	for in, want := range map[string]string{
		"a": "a", "a\r\n b": "a b", "a \r\n\t\r\n  b": "a b", "a\n b\r c": "a b c", "a\r\n": "a", "": "",
	} {
		equal(t, in, Unfold(in), want)
	}
}
