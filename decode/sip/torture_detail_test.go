package sip

import (
	"slices"
	"strings"
	"testing"
)

// torture parses a message of RFC 4475.
func torture(t *testing.T, name string) *Message {
	t.Helper()
	m, err := Parse(readMessage(t, "rfc4475/"+name))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func equal[T comparable](t *testing.T, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s: %q, want %q", what, any(got), any(want))
	}
}

func TestTortureFolding(t *testing.T) {
	m := torture(t, "wsinv")
	equal(t, "CSeq", m.CSeq.Number, 9)
	equal(t, "To", m.To.URI, "sip:vivekg@chair-dnrc.example.com")
	equal(t, "To tag", m.To.Tag, "1918181833n")
	equal(t, "From display", m.From.Display, `J Rosenberg \"`)
	equal(t, "top Via", m.Via.Host+" "+m.Via.Transport, "192.0.2.2 UDP")
	equal(t, "request URI", m.RequestURI, "sip:vivekg@chair-dnrc.example.com;unknownparam")
	subject, ok := m.Get(HeaderSubject)
	equal(t, "Subject", subject, "")
	equal(t, "has Subject", ok, true)
	fangled, _ := m.Header("newfangledheader")
	equal(t, "folded", fangled, "newfangled value continued newfangled value")
	var hosts []string
	for v := range m.Values(HeaderVia) {
		via := ParseVia(v)
		hosts = append(hosts, via.Host+" "+via.Branch)
	}
	want := []string{"192.0.2.2 390skdjuw", "spindle.example.com z9hG4bK9ikj8", "192.168.255.111 z9hG4bK30239"}
	if !slices.Equal(hosts, want) {
		t.Errorf("Vias %q, want %q", hosts, want)
	}
	for a := range m.Addresses(HeaderContact) {
		q, _ := a.Param("q")
		equal(t, "Contact", a.Display+" "+a.URI+" "+q, `Quoted string "" sip:jdrosen@example.com 0.33`)
	}
	sdp, ok := m.SDP()
	equal(t, "SDP", ok && strings.HasPrefix(sdp, "v=0\r\n") && strings.HasSuffix(sdp, "a=rtpmap:31 LPC\r\n"), true)
}

func TestTortureEscapes(t *testing.T) {
	m := torture(t, "intmeth")
	equal(t, "To display", m.To.Display, "BEL:\x07 NUL:\x00 DEL:\x7f")
	equal(t, "shown", Printable(m.To.Display), `BEL:\x07 NUL:\x00 DEL:\x7f`)
	equal(t, "From display", m.From.Display, "token1~` token2'+_ token3*%!.-")
	equal(t, "From", m.From.URI, "sip:mundane@example.com")
	u := ParseURI(m.RequestURI)
	equal(t, "user", u.User, "1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*")
	equal(t, "password", u.Password, "&it+has=1,weird!*pas$wo~d_too.(doesn't-it)")
	equal(t, "host", u.Host, "example.com")

	u = ParseURI(torture(t, "esc01").RequestURI)
	equal(t, "user", u.User, "sips%3Auser%40example.com")
	equal(t, "shown user", u.DisplayUser(), "sips:user@example.com")
	equal(t, "host", u.Host, "example.net")

	var users []string
	for a := range torture(t, "escnull").Addresses(HeaderContact) {
		users = append(users, ParseURI(a.URI).User+" "+ParseURI(a.URI).DisplayUser())
	}
	if want := []string{`%00 \x00`, `%00%00 \x00\x00`}; !slices.Equal(users, want) {
		t.Errorf("users %q, want %q", users, want)
	}

	m = torture(t, "esc02")
	equal(t, "display", m.From.Display, "%Z%45")
	equal(t, "contacts", len(slices.Collect(m.Values(HeaderContact))), 2)
	odd, ok := m.Header("C%6Fntact")
	equal(t, "unknown header", odd, "<sip:alias2@host2.example.com>")
	equal(t, "unknown header found", ok, true)
}

func TestTortureAddresses(t *testing.T) {
	a := torture(t, "lwsdisp").From
	equal(t, "lwsdisp", a.Display+" "+a.URI, "caller sip:caller@example.com")
	u := ParseURI(torture(t, "semiuri").RequestURI)
	equal(t, "semiuri", u.User+" "+u.Host, "user;par=u%40example.net example.com")
	a = torture(t, "quotbal").To
	equal(t, "quotbal", a.Display+" "+a.URI, "Mr. J. User sip:j.user@example.com")
	a = torture(t, "badaspec").To
	equal(t, "badaspec", a.Display+" "+a.URI, "Watson, Thomas sip:t.watson@example.org")
	a = torture(t, "baddn").From
	equal(t, "baddn", a.Display+" "+a.URI, "Bell, Alexander sip:a.g.bell@example.com")
	equal(t, "inv2543", torture(t, "inv2543").To.URI, "sip:+16505552222@ss1.example.net")
	for a := range torture(t, "regbadct").Addresses(HeaderContact) {
		u := ParseURI(a.URI)
		route, _ := u.Header("route")
		equal(t, "regbadct", u.User+" "+u.Host+" "+route, "user example.com <sip:sip.example.com>")
	}
	for a := range torture(t, "cparam01").Addresses(HeaderContact) {
		equal(t, "cparam01", a.URI+" "+a.Params, "sip:+19725552222@gw1.example.net unknownparam")
	}
	for a := range torture(t, "cparam02").Addresses(HeaderContact) {
		equal(t, "cparam02", a.URI+" "+a.Params, "sip:+19725552222@gw1.example.net;unknownparam ")
	}
	for a := range torture(t, "regescrt").Addresses(HeaderContact) {
		route, _ := ParseURI(a.URI).Header("Route")
		equal(t, "regescrt", route, "<sip:sip.example.com>")
	}
}

func TestTortureStartLines(t *testing.T) {
	equal(t, "ltgtruri", torture(t, "ltgtruri").RequestURI, "sip:user@example.com")
	equal(t, "lwsruri", torture(t, "lwsruri").RequestURI, "sip:user@example.com; lr")
	equal(t, "lwsstart", torture(t, "lwsstart").RequestURI, "sip:user@example.com")
	equal(t, "trws", torture(t, "trws").Version, "SIP/2.0")
	equal(t, "badvers", torture(t, "badvers").Version, "SIP/7.0")
	equal(t, "bigcode", torture(t, "bigcode").StatusText, "4294967301")
	equal(t, "bigcode", torture(t, "bigcode").Reason, "better not break the receiver")
	equal(t, "unreason", strings.HasSuffix(torture(t, "unreason").Reason, "- простое"), true)
	equal(t, "noreason", torture(t, "noreason").Reason+ReasonPhrase(100), "Trying")
	equal(t, "unkscm", ParseURI(torture(t, "unkscm").RequestURI).Opaque, "totallyopaquecontent")
	equal(t, "novelsc", ParseURI(torture(t, "novelsc").RequestURI).Scheme, "soap.beep")
	equal(t, "unksm2", torture(t, "unksm2").To.URI, "isbn:2983792873")
}

func TestTortureBodies(t *testing.T) {
	m := torture(t, "dblreq")
	equal(t, "dblreq body", m.Body, "")
	equal(t, "dblreq rest", strings.HasPrefix(m.Trailing, "INVITE sip:joe@example.com SIP/2.0\r\n"), true)
	equal(t, "dblreq offset", m.Findings[0].Offset, len(m.Raw)-len(m.Trailing))
	equal(t, "mcl01 body", torture(t, "mcl01").Body, "There's no way to know how many octets are supposed to be here.\r\n")
	equal(t, "scalar02 CSeq", torture(t, "scalar02").CSeq.Number, 1<<32-1)
	for _, name := range []string{"clerr", "ncl", "inv2543", "sdp01", "unreason", "insuf"} {
		sdp, ok := torture(t, name).SDP()
		equal(t, name, ok && strings.HasSuffix(sdp, "a=rtpmap:31 LPC\r\n"), true)
	}
	m = torture(t, "mpart01")
	tree := m.Parts()
	if len(tree) != 2 {
		t.Fatalf("mpart01: %d parts, want 2", len(tree))
	}
	equal(t, "first part", tree[0].ContentType+" "+tree[0].Body, "text/plain Hello")
	equal(t, "second part", mediaType(tree[1].ContentType), "application/pkcs7-signature")
	equal(t, "disposition", tree[1].Disposition, "attachment")
	equal(t, "binary octets", len(tree[1].Body), 300)
	_, ok := m.SDP()
	equal(t, "SDP", ok, false)
}

func TestIPv6(t *testing.T) {
	parse := func(name string) *Message {
		m, err := Parse(readMessage(t, "rfc5118/"+name))
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	addr := func(name string) string {
		u := ParseURI(parse(name).RequestURI)
		a, _ := u.Addr()
		return a.String()
	}
	equal(t, "good", addr("ipv6-good"), "2001:db8::10")
	equal(t, "bare", addr("ipv6-bad"), "2001:db8::10")
	equal(t, "ambiguous", addr("port-ambiguous"), "2001:db8::10:5070")
	equal(t, "ambiguous port", ParseURI(parse("port-ambiguous").RequestURI).Port, 0)
	equal(t, "port", ParseURI(parse("port-unambiguous").RequestURI).Port, 5070)
	equal(t, "received", parse("via-received-param-with-delim").Via.Received, "2001:db8::9:255")
	equal(t, "received bare", parse("via-received-param-no-delim").Via.Received, "2001:db8::9:255")
	equal(t, "triple colon", addr("ipv6-bug-abnf-3-colons"), "2001:db8::c000:201")
	via := parse("ipv4-mapped-ipv6").Via
	mapped, _ := via.Addr()
	equal(t, "mapped", mapped.String(), "192.0.2.10")
	top := parse("mult-ip-in-header").Via
	equal(t, "sent-by", top.Host, "2001:db8::9:1")
	equal(t, "sent-by port", top.Port, 6050)
}
