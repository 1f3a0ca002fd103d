package diagnosis

import (
	"net/netip"
	"strings"
	"testing"

	"sipsniff/correlate"
	"sipsniff/decode"
	"sipsniff/decode/tls"
)

func encryptedTo(server string, frame int, reason tls.Reason, alerts ...tls.Alert) decode.TLSConnection {
	return decode.TLSConnection{
		Source: netip.MustParseAddrPort("192.0.2.1:40000"), Destination: netip.MustParseAddrPort(server), FirstFrame: frame,
		Facts: tls.Facts{Alerts: alerts}, Reason: reason,
	}
}

// encryptedIn is what is said of connections.
func encryptedIn(all []decode.TLSConnection) []correlate.Finding {
	return New(Options{}).Run(&correlate.Snapshot{Input: correlate.Input{Encrypted: all}}).Capture
}

func encryptedScenarios() []scenario {
	in := func(c ...decode.TLSConnection) *correlate.Snapshot {
		return &correlate.Snapshot{Input: correlate.Input{Encrypted: c}}
	}
	plain := encryptedTo("192.0.2.8:5060", 10, tls.Reason{})
	plain.Plain = true
	failed := tls.Reason{Code: tls.HandshakeFailed, Text: "the handshake failed"}
	return []scenario{
		{rule: "SIG-27", name: "TLS to a plain port", snapshot: in(plain), severity: "error"},
		{rule: "SIG-27", name: "TLS to a TLS port", snapshot: in(encryptedTo("192.0.2.8:5061", 10, tls.Reason{})), silent: true},
		{rule: "SIG-28", name: "fatal alert", snapshot: in(encryptedTo("192.0.2.6:5061", 6, failed, tls.Alert{Fatal: true, Code: 45})), severity: "error"},
		{rule: "SIG-28", name: "of a web server", snapshot: in(encryptedTo("192.0.2.6:443", 6, failed, tls.Alert{Fatal: true, Code: 45})), silent: true},
		{rule: "INF-07", name: "no key", snapshot: in(encryptedTo("192.0.2.6:5061", 6, tls.Reason{Code: tls.NoKey, Text: "supply a key"})), severity: "info"},
		{rule: "INF-07", name: "with keys", capture: "../../pcaps/tls13.pcap", silent: true},
	}
}

func TestEncryptedFindings(t *testing.T) {
	noKey := tls.Reason{Code: tls.NoKey, Text: "supply a key"}
	failed := tls.Reason{Code: tls.HandshakeFailed, Text: "the handshake failed: fatal certificate_expired from the client"}
	expired := tls.Alert{FromClient: true, Fatal: true, Code: 45}
	silent := tls.Reason{Code: tls.NoServerHello, Text: "no answer"}
	closed := encryptedTo("192.0.2.7:5061", 9, silent)
	closed.Closed = true
	plain := encryptedTo("192.0.2.8:5060", 10, tls.Reason{})
	plain.Plain = true
	sipInside := encryptedTo("192.0.2.9:443", 11, tls.Reason{Code: tls.RecordsLost, Text: "lost"})
	sipInside.Messages = 3
	negotiated := encryptedTo("192.0.2.10:443", 12, noKey)
	negotiated.Offered = []string{"h2", "sip"}

	findings := encryptedIn([]decode.TLSConnection{
		encryptedTo("192.0.2.5:5061", 1, noKey),
		encryptedTo("192.0.2.5:5061", 2, noKey),
		encryptedTo("192.0.2.5:443", 3, noKey), // a web page
		encryptedTo("192.0.2.5:5061", 4, tls.Reason{}),
		encryptedTo("192.0.2.5:5061", 5, tls.Reason{Code: tls.WrongKey, Text: "wrong"}),
		encryptedTo("192.0.2.6:5061", 6, failed, expired),
		encryptedTo("192.0.2.6:5061", 7, silent), // it may still come
		closed, plain, sipInside, negotiated,
	})
	var got []string
	for _, f := range findings {
		if f.Confidence != correlate.Proven || f.Advice == "" || f.Explanation == "" || len(f.Frames) == 0 {
			t.Errorf("%+v", f)
		}
		got = append(got, f.Code+" "+f.Severity.String()+" "+f.Title)
	}
	want := []string{
		"SIG-27 error One side speaks encrypted, the other plain", "SIG-28 error No secure connection", "SIG-28 error No secure connection",
		"INF-07 warning Key does not fit", "INF-07 warning Part of a TLS connection not read", "INF-07 info Encrypted SIP that cannot be read", "INF-07 info Encrypted SIP that cannot be read",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got %q, want %q", got, want)
	}
	if f := findings[5]; len(f.Frames) != 2 || f.Frames[1] != 2 || !strings.Contains(f.Explanation, "2 connections") || !strings.HasPrefix(f.Advice, "supply a key (") {
		t.Errorf("%+v", f)
	}
	if f := findings[1]; !strings.Contains(f.Explanation, "certificate_expired from the client") || !strings.Contains(f.Advice, "Renew the certificate") {
		t.Errorf("%+v", f)
	}
}

func TestEncryptedFindingsBounded(t *testing.T) {
	var all []decode.TLSConnection
	for i := range 5000 {
		c := encryptedTo("192.0.2.5:5061", i+1, tls.Reason{Code: tls.NoKey, Text: "x"})
		c.Destination = netip.AddrPortFrom(netip.AddrFrom4([4]byte{10, 0, 0, byte(i % 100)}), 5061)
		all = append(all, c)
	}
	findings := encryptedIn(all)
	if len(findings) != maxEncryptedFindings || len(findings[0].Frames) != maxEvidence || !strings.Contains(findings[0].Explanation, "50 connections") {
		t.Errorf("%d findings, %+v", len(findings), findings[0])
	}
}
