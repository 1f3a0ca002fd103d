package sip

import (
	"errors"
	"slices"
	"strings"
	"testing"
)

// plain has all that a request must have; each case below spoils it.
const plain = "OPTIONS sip:b@example.com SIP/2.0\r\n" +
	"Via: SIP/2.0/UDP 192.0.2.1:5062;branch=z9hG4bK1\r\n" +
	"From: <sip:a@example.com>;tag=1\r\n" +
	"To: <sip:b@example.com>\r\n" +
	"Call-ID: 1@example.com\r\n" +
	"CSeq: 7 OPTIONS\r\n" +
	"Content-Length: 0\r\n" +
	"\r\n"

// replaced returns plain with one text replaced by another.
func replaced(old, new string) string {
	if !strings.Contains(plain, old) {
		panic("not in the message: " + old)
	}
	return strings.Replace(plain, old, new, 1)
}

func TestLeniences(t *testing.T) {
	for _, c := range []struct {
		name, raw string
		findings  []string
	}{
		{"nothing wrong", plain, nil},
		{"leading line ends", "\r\n\r\n" + plain, nil},
		{"leading junk", "\x00\x00 " + plain, []string{"warning leading_junk"}},
		{"LF only", strings.ReplaceAll(plain, "\r\n", "\n"), []string{"warning lf_line_end"}},
		{"CR only", strings.ReplaceAll(plain, "\r\n", "\r"), []string{"warning lf_line_end"}},
		{"CR CR LF", strings.ReplaceAll(plain, "\r\n", "\r\r\n"), []string{"warning lf_line_end"}},
		{"one LF", replaced("To: <sip:b@example.com>\r\n", "To: <sip:b@example.com>\n"), []string{"warning lf_line_end"}},
		{"LF inside a fold", replaced("1@example.com\r\n", "\n 1@example.com\r\n"), []string{"warning lf_line_end"}},
		{"tab in start line", replaced(" SIP/2.0\r\n", "\tSIP/2.0\r\n"), []string{"warning lws_start_line"}},
		{"lower-case version", replaced("com SIP/2.0\r\n", "com sip/2.0\r\n"), []string{"warning case"}},
		{"lower-case method", strings.ReplaceAll(plain, "OPTIONS", "options"), []string{"warning case"}},
		{"no URI", replaced(" sip:b@example.com SIP", " SIP"), []string{"error bad_request_uri"}},
		{"no scheme", replaced(" sip:b@example.com SIP", " b@example.com SIP"), []string{"error bad_request_uri"}},
		{"no host", replaced(" sip:b@example.com SIP", " sip:b@ SIP"), []string{"error bad_request_uri"}},
		{"port is no number", replaced(" sip:b@example.com SIP", " sip:b@example.com:x SIP"), []string{"error bad_request_uri"}},
		{"no empty line", strings.TrimSuffix(plain, "\r\n"), []string{"error no_header_end"}},
		{"open last line", strings.TrimSuffix(plain, "\r\n\r\n"), []string{"error no_header_end", "warning lf_line_end"}},
		{"8-bit octet", replaced("To: <", "To: \"\xff\" <"), []string{"warning binary_in_header"}},
		{"UTF-8", replaced("To: <", "To: \"é\" <"), []string{"info binary_in_header"}},
		{"NUL", replaced("To: <", "To: \"\x00\" <"), []string{"warning binary_in_header"}},
		{"no colon", replaced("To:", "garbage\r\nTo:"), []string{"error bad_header_line"}},
		{"name with space", replaced("To:", "bad name: x\r\nTo:"), []string{"error bad_header_line"}},
		{"empty name", replaced("To:", ": x\r\nTo:"), []string{"error bad_header_line"}},
		{"folded start line", replaced("Via", " more\r\nVia"), []string{"error folded_start_line"}},
		{"duplicate length, same", replaced("Content-Length: 0\r\n", "l: 0\r\nContent-Length: 0\r\n"), []string{"error duplicate_content_length"}},
		{"tag missing", replaced(";tag=1", ""), []string{"info rfc2543"}},
		{"no method in CSeq", replaced("7 OPTIONS", "7"), []string{"error bad_cseq"}},
		{"no number in CSeq", replaced("7 OPTIONS", "OPTIONS"), []string{"error bad_cseq"}},
		{"largest CSeq", replaced("7 OPTIONS", "2147483647 OPTIONS"), nil},
		{"CSeq too large", replaced("7 OPTIONS", "2147483648 OPTIONS"), []string{"error cseq_out_of_range"}},
		{"empty Call-ID", replaced("1@example.com\r\n", "\r\n"), []string{"error missing_call_id"}},
		{"no Via", replaced("Via:", "X-Via:"), []string{"error missing_via"}},
		{"no CSeq", replaced("CSeq:", "X-CSeq:"), []string{"error missing_cseq"}},
		{"cookie in other case", replaced("z9hG4bK1", "Z9hg4Bk1"), nil},
		{"comment in Via", replaced("z9hG4bK1", "z9hG4bK1, SIP/2.0/UDP a.example.com (a, b)"), nil},
		{"open angle", replaced("<sip:b@example.com>", "<sip:b@example.com"), []string{"error unbalanced_angle"}},
		{"text behind >", replaced("<sip:b@example.com>", "<sip:b@example.com> x"), []string{"error bad_to"}},
		{"empty From", replaced("<sip:a@example.com>;tag=1", ""), []string{"error bad_from", "info rfc2543"}},
		{"quote and no <", replaced("To: <sip:b@example.com>", "To: \"B\" sip:b@example.com"), []string{"error bad_display_name"}},
		{"zone", replaced("sip:b@example.com SIP", "sip:b@[fe80::1%eth0] SIP"), []string{"info ipv6_zone"}},
		{"body without type", replaced("Content-Length: 0\r\n\r\n", "Content-Length: 2\r\n\r\nhi"), []string{"warning missing_content_type"}},
		{"negative Expires", replaced("To:", "Expires: -1\r\nTo:"), []string{"error bad_expires"}},
		{"largest Expires", replaced("To:", "Expires: 4294967295\r\nTo:"), nil},
		{"Retry-After with comment", replaced("To:", "Retry-After: 18000 (soon);duration=3600\r\nTo:"), nil},
		{"Contact *", replaced("To:", "Contact: *\r\nTo:"), nil},
		{"good Date", replaced("To:", "Date: Sat, 13 Nov 2010 23:29:00 GMT\r\nTo:"), nil},
		{"two good Warnings", replaced("To:", "Warning: 307 a.example.com \"x, y\", 399 b \"z\"\r\nTo:"), nil},
		{"known Require", replaced("To:", "Require: 100rel, Timer\r\nTo:"), nil},
		{"two digits", "SIP/2.0 99 Low\r\n" + plain[strings.Index(plain, "Via"):], []string{"error bad_status_code"}},
		{"700", "SIP/2.0 700 High\r\n" + plain[strings.Index(plain, "Via"):], []string{"error bad_status_code"}},
		{"no space behind code", "SIP/2.0 100\r\n" + plain[strings.Index(plain, "Via"):], []string{"warning missing_reason_space"}},
		{"two spaces", "SIP/2.0  100 Trying\r\n" + plain[strings.Index(plain, "Via"):], []string{"warning lws_start_line"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			m, err := Parse(c.raw)
			if err != nil {
				t.Fatal(err)
			}
			if got := findings(m); !slices.Equal(got, c.findings) {
				t.Errorf("findings %q, want %q", got, c.findings)
			}
			if m.HasCallID && m.CallID != "1@example.com" {
				t.Errorf("Call-ID %q", m.CallID)
			}
		})
	}
}

func TestNotSIP(t *testing.T) {
	var m Message
	for _, raw := range []string{
		"", "\r\n\r\n", "\x00", "hello", "GET / HTTP/1.1\r\n\r\n", "SIP/2.0", "SIP/2.0 \r\n", "SIP/2.0 OK\r\n", "SIP/2.0 200x\r\n",
		"SIP/2 200 OK\r\n", "SIP/.0 200 OK\r\n", "INVITE", "INVITE sip:a@b", "INVITE sip:a@b SIP/2.0x\r\n", "INVITE\r\nsip:a@b SIP/2.0\r\n",
		"IN(VITE sip:a@b SIP/2.0\r\n", " sip:a@b SIP/2.0\r\n", strings.Repeat("A", 65) + " sip:a@b SIP/2.0\r\n",
		"     INVITE sip:a@b SIP/2.0\r\n", "<134>x: SIP/2.0 200 OK\r\n",
	} {
		if err := ParseInto(&m, raw); !errors.Is(err, ErrNotSIP) {
			t.Errorf("%q: error %v, want ErrNotSIP", raw, err)
		}
	}
}

func TestFindingPlaces(t *testing.T) {
	raw := replaced("Content-Length: 0", "Content-Length: 9")
	m, _ := Parse("\r\n" + raw)
	equal(t, "offset", m.Findings[0].Offset, 2+strings.Index(raw, "Content-Length"))
	// Twice the same mistake is one finding, at the first place.
	raw = replaced("To:", "junk\r\nmore junk\r\nTo:")
	m, _ = Parse(raw)
	equal(t, "findings", len(m.Findings), 1)
	equal(t, "offset", m.Findings[0].Offset, strings.Index(raw, "junk"))
}

func TestStreamOptions(t *testing.T) {
	var m Message
	for _, c := range []struct {
		name, raw string
		o         Options
		body      string
		findings  []string
	}{
		{"length missing", replaced("Content-Length: 0\r\n", ""), Options{Stream: true}, "", []string{"error missing_content_length"}},
		{"compact length", replaced("Content-Length: 0", "l : 0"), Options{Stream: true}, "", nil},
		{"bad length", replaced("Content-Length: 0", "l: x"), Options{Stream: true}, "", []string{"error bad_content_length"}},
		{"stream cut", replaced("Length: 0\r\n\r\n", "Length: 9\r\nc: a/b\r\n\r\nhi"), Options{Stream: true, Cut: true}, "hi", nil},
		{"framer took another length", replaced("Length: 0\r\n\r\n", "Length: 1\r\nc: a/b\r\n\r\nhi"), Options{Stream: true}, "hi", nil},
		{"datagram without length", replaced("Content-Length: 0\r\n\r\n", "c: a/b\r\n\r\nhi"), Options{}, "hi", nil},
		{"datagram cut in body", replaced("Length: 0\r\n\r\n", "Length: 9\r\nc: a/b\r\n\r\nhi"), Options{Cut: true}, "hi", nil},
		{"cut in headers", plain[:strings.Index(plain, "Call-ID: 1")+10], Options{Cut: true}, "", nil},
		{"cut in start line", "OPTIONS sip:b@example.com SIP/2.0", Options{Cut: true}, "", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			if err := ParseWith(&m, c.raw, c.o); err != nil {
				t.Fatal(err)
			}
			equal(t, "body", m.Body, c.body)
			if got := findings(&m); !slices.Equal(got, c.findings) {
				t.Errorf("findings %q, want %q", got, c.findings)
			}
		})
	}
	// Half a Call-ID would be the key of another call.
	if err := ParseWith(&m, plain[:strings.Index(plain, "Call-ID: 1")+10], Options{Cut: true}); err != nil || m.HasCallID {
		t.Errorf("a cut Call-ID was taken: %q, %v", m.CallID, err)
	}
}

func TestCutSDP(t *testing.T) {
	var m Message
	raw := replaced("Length: 0\r\n\r\n", "Length: 40\r\nContent-Type: application/sdp\r\n\r\nv=0\r\nm=audio 40")
	if err := ParseWith(&m, raw, Options{Cut: true}); err != nil {
		t.Fatal(err)
	}
	sdp, ok := m.SDP()
	equal(t, "complete lines", sdp, "v=0\r\n")
	equal(t, "ok", ok, true)
}

func TestManyHeaders(t *testing.T) {
	m, err := Parse(replaced("To:", strings.Repeat("X: y\r\n", 2000)+"To:"))
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "headers", len(m.Headers), maxHeaders)
	equal(t, "finding", slices.Contains(findings(m), "error oversize_headers"), true)
}

// TestReuse checks that nothing of one message shows in the next.
func TestReuse(t *testing.T) {
	names := []string{"wsinv", "multi01", "noreason", "insuf", "mpart01", "scalarlg", "dblreq", "bigcode"}
	var m Message
	for _, first := range names {
		for _, second := range names {
			if ParseInto(&m, readMessage(t, "rfc4475/"+first)) != nil || ParseInto(&m, readMessage(t, "rfc4475/"+second)) != nil {
				t.Fatal("not SIP")
			}
			checkSame(t, &m, torture(t, second))
		}
	}
}

func checkSame(t *testing.T, a, b *Message) {
	t.Helper()
	x, y := *a, *b
	if !slices.Equal(x.Headers, y.Headers) || !slices.Equal(x.Findings, y.Findings) {
		t.Fatalf("headers or findings differ:\n%v\n%v", x, y)
	}
	x.Headers, x.Findings, y.Headers, y.Findings = nil, nil, nil, nil
	if !sameFields(&x, &y) {
		t.Fatalf("messages differ:\n%+v\n%+v", x, y)
	}
}

func sameFields(a, b *Message) bool {
	return a.Raw == b.Raw && a.Method == b.Method && a.RequestURI == b.RequestURI && a.Version == b.Version &&
		a.StatusCode == b.StatusCode && a.StatusText == b.StatusText && a.Reason == b.Reason && a.Body == b.Body &&
		a.Trailing == b.Trailing && a.CallID == b.CallID && a.HasCallID == b.HasCallID && a.From == b.From && a.To == b.To &&
		a.CSeq == b.CSeq && a.Via == b.Via && a.ViaCount == b.ViaCount && a.ContentLength == b.ContentLength &&
		a.ContentType == b.ContentType && a.cut == b.cut
}
