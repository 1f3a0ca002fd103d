package hide

import (
	"bytes"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"sipsniff/decode/sip"
)

// masked learns messages and returns them masked.
func masked(what What, messages ...string) []string {
	h := newHider(what, secret{7})
	for _, m := range messages {
		h.text([]byte(m), false)
	}
	h.settle()
	var out []string
	for _, m := range messages {
		b := []byte(m)
		h.text(b, false)
		out = append(out, string(b))
	}
	return out
}

const invite = "INVITE sip:+442079460018@203.0.113.7;user=phone SIP/2.0\r\n" +
	"Via: SIP/2.0/UDP 10.20.30.40:5060;branch=z9hG4bK-alicia-1;received=203.0.113.250\r\n" +
	"From: \"Alicia Wagner\" <sip:alicia@10.20.30.40>;tag=88\r\n" +
	"To: <sip:02079460018@[2001:db8::c0a8:1]:5060>\r\n" +
	"Call-ID: 4711-alicia@10.20.30.40\r\n" +
	"CSeq: 7654321 INVITE\r\n" +
	"X-Billing: acct 442079460018\r\n" +
	"Proxy-Authorization: Digest username=\"alicia\", realm=\"example.com\", nonce=\"84a4cc6f3082121f\",\r\n uri=\"sip:+442079460018@203.0.113.7\", response=\"7587245234b3434cc3412213e5f113a5\", qop=auth, nc=00000001\r\n" +
	"Content-Type: application/sdp\r\nContent-Length: 231\r\n\r\n" +
	"v=0\r\no=alicia 2890844526 2890844527 IN IP4 10.20.30.40\r\ns=-\r\nc=IN IP4 10.20.30.40\r\nt=0 0\r\n" +
	"m=audio 49170 RTP/SAVP 0\r\na=rtpmap:0 PCMU/8000\r\n" +
	"a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz|2^20\r\n"

func TestText(t *testing.T) {
	for _, tt := range []struct {
		what       What
		gone, kept []string
	}{
		{Numbers, []string{"442079460018", "02079460018", "alicia", "Alicia", "Wagner"}, []string{"10.20.30.40", "2001:db8::c0a8:1", "84a4cc6f3082121f", "inline:WVNf", "7587245234b3434c"}},
		{Addresses, []string{"10.20.30.40", "203.0.113.7", "203.0.113.250", "c0a8:1"}, []string{"sip:+442079460018@", "\"Alicia Wagner\" <sip:alicia@10.", "username=\"alicia\"", "4711-alicia@10."}},
		{Auth, []string{"username=\"alicia\"", "84a4cc6f3082121f", "7587245234b3434c", "WVNfX19z"}, []string{"sip:+442079460018@203.0.113.7", "From: \"Alicia Wagner\" <sip:alicia@10.20.30.40>"}},
		{Audio, nil, []string{invite}},
		{0, nil, []string{invite}},
	} {
		t.Run(tt.what.String(), func(t *testing.T) {
			got := masked(tt.what, invite)[0]
			for _, s := range tt.gone {
				if strings.Contains(got, s) {
					t.Errorf("%q is still there:\n%s", s, got)
				}
			}
			for _, s := range append(tt.kept, "CSeq: 7654321 INVITE", "realm=\"example.com\"", "nc=00000001", ";user=phone SIP/2.0", "m=audio 49170", "|2^20", " 2890844526 2890844527 ", ";tag=88") {
				if !strings.Contains(got, s) {
					t.Errorf("%q is gone:\n%s", s, got)
				}
			}
			if len(got) != len(invite) {
				t.Errorf("%d octets, were %d", len(got), len(invite))
			}
		})
	}
}

// What is one person or one host before is one afterwards, in every place.
func TestMasksAreConsistent(t *testing.T) {
	got := masked(Numbers|Addresses|Auth, invite)[0]
	m, err := sip.Parse(got)
	if err != nil {
		t.Fatal(err)
	}
	header := func(id sip.HeaderID) string { v, _ := m.Get(id); return v }
	uri := sip.ParseURI(m.RequestURI)
	to := sip.ParseURI(sip.ParseAddress(header(sip.HeaderTo)).URI)
	from := sip.ParseAddress(header(sip.HeaderFrom))
	auth := sip.ParseAuth(header(sip.HeaderProxyAuthorization))
	caller := sip.ParseURI(from.URI)
	if uri.Number()[3:] != to.Number()[1:] || to.Number()[0] != '0' || uri.Number()[0] != '+' { // but for country and trunk
		t.Errorf("the callee is %s and %s", uri.Number(), to.Number())
	}
	if auth.Username != caller.User || auth.URI != "sip:"+uri.User+"@"+uri.Host || !strings.EqualFold(strings.Fields(from.Display)[0], caller.User) {
		t.Errorf("the caller is %s, %s, %s; the callee %s, %s", auth.Username, caller.User, from.Display, auth.URI, m.RequestURI)
	}
	if want := "-" + caller.User + "@" + caller.Host; !strings.HasSuffix(m.CallID, want) {
		t.Errorf("Call-ID %s, want %s at its end", m.CallID, want)
	}
	if !strings.Contains(got, "o="+caller.User+" ") || !strings.Contains(got, "c=IN IP4 "+caller.Host+"\r\n") || !strings.Contains(got, "branch=z9hG4bK-"+caller.User+"-1") {
		t.Error(got)
	}
	if host, err := netip.ParseAddr(to.Host); err != nil || !host.Is6() {
		t.Errorf("host %q", to.Host)
	}
	if account, _ := m.Header("X-Billing"); account != "acct "+uri.Number()[1:] {
		t.Error(account)
	}
}

// Of what nobody knows what it is nothing stays.
func TestBodies(t *testing.T) {
	message := func(kind, body string) string {
		return fmt.Sprintf("MESSAGE sip:bertha@example.com SIP/2.0\r\nFrom: <sip:4930123456@example.com>\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s", kind, len(body), body)
	}
	for _, tt := range []struct{ name, kind, body, gone, kept string }{
		{"words", "text/plain", "meet me, Bertha", "meet", "\r\n\r\nx"},
		{"numbers in octets", "application/isup", "\x01\x49\x30\x12\x34", "\x30\x12", "application/isup"},
		{"packed", "application/sdp\r\nContent-Encoding: gzip", "\x1f\x8b\x08abc", "abc", "gzip"},
		{"xml", "application/dialog-info+xml", `<dialog call-id="1"><remote><identity display="Bertha B">sip:bertha@example.com</identity></remote></dialog>`, "ertha", `<dialog call-id="1">`},
		{"place", "application/pidf+xml", `<presence><gp:geopriv><cl:civicAddress><cl:A3>Springfield</cl:A3></cl:civicAddress></gp:geopriv></presence>`, "Springfield", "pidf+xml"},
		{"who is asked", "application/sdp", "v=0\r\no=- 1 1 IN IP4 192.0.2.99\r\ns=-\r\ni=a talk of Bertha\r\ne=b@example.com (Bertha Braun)\r\np=+49 30 123456\r\n", "Braun", "v=0\r\no=- 1 1 IN"},
		{"fragment", "message/sipfrag", "SIP/2.0 486 Busy\r\nTo: <sip:bertha@example.com>\r\n", "bertha", "SIP/2.0 486 Busy"},
		{"parts", "multipart/mixed;boundary=b1", "--b1\r\nContent-Type: application/sdp\r\n\r\nv=0\r\no=bertha 1 1 IN IP4 192.0.2.99\r\n--b1\r\nContent-Type: application/isup\r\n\r\n\x01\x49\x30\x12\r\n--b1--\r\n", "192.0.2.99", "v=0\r\no="},
		{"quality", "application/vq-rtcpxr", "VQSessionReport: CallTerm\r\nRemoteID: <sip:bertha@example.com>\r\nLocalMetrics:\r\nTimestamps:START=2025-10-14T18:23:43Z\r\nRemoteAddr: IP=192.0.2.99 PORT=5678901 SSRC=1234567890\r\n", "192.0.2.99", "SSRC=1234567890"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			raw := message(tt.kind, tt.body)
			got := masked(Numbers|Addresses, raw)[0]
			if strings.Contains(got, tt.gone) || !strings.Contains(got, tt.kept) || len(got) != len(raw) {
				t.Errorf("%q", got)
			}
		})
	}
}

// Statements that are encoded go, their parameters stay.
func TestEncodedHeaders(t *testing.T) {
	raw := "INVITE sip:bertha@h SIP/2.0\r\nIdentity: eyJhbGciOiJFUzI1NiJ9.eyJvcmlnIjp7fX0.c2ln;info=<https://cert.example.org/a.cer>;alg=ES256\r\nUser-to-User: 00343930313233343536;encoding=hex\r\n\r\n"
	got := masked(Numbers, raw)[0]
	if strings.Contains(got, "eyJ") || strings.Contains(got, "c2ln") || strings.Contains(got, "3439303132") || !strings.Contains(got, ";alg=ES256\r\n") || !strings.Contains(got, ";encoding=hex\r\n") || len(got) != len(raw) {
		t.Error(got)
	}
}

// More than one message in a datagram, and something behind the last.
func TestWhatStandsBehind(t *testing.T) {
	one := "OPTIONS sip:bertha@192.0.2.99 SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.98\r\nFrom: <sip:bertha@h>\r\nTo: <sip:b@h>\r\nCall-ID: 1\r\nCSeq: 1 OPTIONS\r\nAuthorization: Basic YWxpY2U6cGFzcw==\r\nContent-Length: 0\r\n\r\n"
	got := masked(Numbers|Addresses|Auth, one+one+"secret bertha")[0]
	if strings.Contains(got, "bertha") || strings.Contains(got, "192.0.2.9") || strings.Contains(got, "YWxp") || strings.Contains(got, "secret") || strings.Count(got, "OPTIONS sip:") != 2 {
		t.Error(got)
	}
}

// Any octets at all are masked without a panic, keep their length, and are the same the second time.
func TestTextOfAnything(t *testing.T) {
	pieces := []string{invite, "sip:", "<", "\"", "@", ";", "=", "%", "%4", "\r\n", "\r\n\r\n", "tel:+49-30", "::1", "fe80::1%e", "10.0.0.1.", "1.2.3", "From: ", "c: multipart/x;boundary=", "--", "Via: branch=", "Authorization: Digest ", "\xff\xc3", "a=crypto:1 ", "s:", "Content-Type: application/x+xml\r\n\r\n<note ", "SIP/2.0 "}
	rapid.Check(t, func(t *rapid.T) {
		var b bytes.Buffer
		for range rapid.IntRange(1, 12).Draw(t, "pieces") {
			b.WriteString(rapid.SampledFrom(pieces).Draw(t, "piece"))
			b.WriteString(rapid.StringN(0, 6, -1).Draw(t, "text"))
		}
		raw := b.String()
		got := masked(Numbers|Addresses|Auth, raw, raw)
		if len(got[0]) != len(raw) || got[0] != got[1] {
			t.Fatalf("%q and %q of %q", got[0], got[1], raw)
		}
	})
}

// Nobody gets the name of somebody else, as long as there are others.
func TestNames(t *testing.T) {
	s := secret{9}
	n := newNames(&s)
	var all []string
	for i := range 300 {
		all = append(all, fmt.Sprint(100+i), fmt.Sprintf("4930%07d", i))
	}
	all = append(all, "alice", "bob", "Zoë")
	for _, word := range all {
		n.learn([]byte(word))
	}
	n.settle()
	seen := map[string]string{}
	for _, word := range all {
		b := []byte(word)
		n.cover(b)
		m := string(b)
		if len(m) != len(word) || slices.Contains(all, m) || seen[m] != "" {
			t.Errorf("%s is %s, as %s is", word, m, seen[m])
		}
		seen[m] = word
	}
}

func TestNobody(t *testing.T) {
	got := masked(Numbers, "OPTIONS sip:bertha@h SIP/2.0\r\nFrom: \"Anonymous\" <sip:anonymous@anonymous.invalid>\r\n\r\n")[0]
	if !strings.Contains(got, `"Anonymous" <sip:anonymous@anonymous.invalid>`) {
		t.Error(got)
	}
}

func TestAddresses(t *testing.T) {
	for _, text := range []string{"10.1.2.3", "192.168.17.250", "172.16.0.9", "100.64.1.1", "169.254.3.4", "8.8.8.8", "203.0.113.199", "239.1.2.3", "2001:db8::1", "2001:db8:0:0:0:0:0:9", "fe80::21b:63ff:feab:1", "fd00::1:abcd", "2001:0DB8::00A1", "::ffff:192.0.2.77", "255.255.255.255", "127.0.0.1", "::", "::1", "0.0.0.0", "010.020.030.040"} {
		line := []byte("c=IN " + text + " x")
		h := newHider(Addresses, secret{3})
		h.addressesIn(bytes.Clone(line), make([]byte, len(line)))
		h.settle()
		got := bytes.Clone(line)
		h.addressesIn(got, make([]byte, len(got)))
		shown := string(got[5 : len(got)-2])
		if text == "010.020.030.040" {
			if shown == text || len(shown) != len(text) {
				t.Errorf("%s is %s", text, shown)
			}
			continue
		}
		was, is := netip.MustParseAddr(text), netip.MustParseAddr(shown)
		switch {
		case len(shown) != len(text), kindOf(was) != kindOf(is) && !was.Is4In6():
			t.Errorf("%s is %s", text, is)
		case (was == is) != (kindOf(was) == kindNobody):
			t.Errorf("%s is %s", text, is)
		case is != h.addresses.mask(was):
			t.Errorf("%s is %s in a text and %s elsewhere", text, is, h.addresses.mask(was))
		}
	}
}

// An address is found although digits that are not part of it touch it, if it is known from elsewhere.
func TestAddressBesideDigits(t *testing.T) {
	h := newHider(Addresses, secret{3})
	h.addresses.learn(netip.MustParseAddr("192.0.2.55"))
	h.settle()
	for _, text := range []string{"9192.0.2.55", "192.0.2.557", "id192.0.2.55x", "[192.0.2.55]:5060", "192.0.2.55.", "1.192.0.2.55"} {
		b := []byte(text)
		h.addressesIn(b, make([]byte, len(b)))
		if strings.Contains(string(b), "192.0.2.55") || len(b) != len(text) {
			t.Errorf("%s is %s", text, b)
		}
	}
}

func TestWhat(t *testing.T) {
	var w What
	if err := w.Set("numbers, AUTH"); err != nil || w != Numbers|Auth || w.String() != "numbers,auth" {
		t.Error(w, err)
	}
	if err := w.Set("all"); err != nil || w != Numbers|Addresses|Auth|Audio {
		t.Error(w, err)
	}
	if err := w.Set("names"); err == nil {
		t.Error("no error")
	}
}
