package report

import (
	"bytes"
	"encoding/json"
	"net/netip"
	"strings"
	"testing"

	"sipsniff/correlate"
	"sipsniff/decode"
	"sipsniff/decode/tls"
)

// encryptedExample is a connection that was read in part and one that failed.
func encryptedExample() []decode.TLSConnection {
	return []decode.TLSConnection{{
		Source: netip.MustParseAddrPort("192.0.2.1:40000"), Destination: netip.MustParseAddrPort("192.0.2.2:5061"),
		FirstFrame: 3, LastFrame: 9, First: start, Last: start + second, Sent: 1000, Received: 2000,
		Facts: tls.Facts{
			ServerName: "sip.example.com", Offered: []string{"sip"}, Protocol: "sip", Version: tls.TLS12, Suite: 0x009C,
			Names: []string{"sip.example.com"}, HasRandom: true, Random: tls.Random{0: 0xAB}, Protected: 9, Decrypted: 7, Opened: 5, Failed: 2,
		},
		Messages: 4, Closed: true, Reason: tls.Reason{Code: tls.RecordsLost, Text: "records \x1b[31m are missing"},
	}, {
		Source: netip.MustParseAddrPort("192.0.2.1:40001"), Destination: netip.MustParseAddrPort("192.0.2.3:443"), FirstFrame: 10, LastFrame: 11,
		First: start, Last: start,
		Facts:  tls.Facts{Alerts: []tls.Alert{{Fatal: true, Code: 40}}},
		Reason: tls.Reason{Code: tls.HandshakeFailed, Text: "the handshake failed"},
	}}
}

func TestEncryptedJSON(t *testing.T) {
	r := example()
	r.Status.Encrypted = encryptedExample()
	r.Snapshot.Input = correlate.Input{Encrypted: r.Status.Encrypted, KeyFaults: []string{"a.log: 2 lines are nothing of a key log"}}
	var b bytes.Buffer
	if err := JSON(&b, r); err != nil {
		t.Fatal(err)
	}
	var doc map[string]any
	if err := json.Unmarshal(b.Bytes(), &doc); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]any{
		"tls.0.source": "192.0.2.1:40000", "tls.0.destination": "192.0.2.2:5061", "tls.0.sni": "sip.example.com", "tls.0.alpn": "sip",
		"tls.0.version": "TLS 1.2", "tls.0.cipher": "TLS_RSA_WITH_AES_128_GCM_SHA256", "tls.0.certificate_names.0": "sip.example.com",
		"tls.0.octets": 3000.0, "tls.0.octets_sent": 1000.0, "tls.0.decrypted": true, "tls.0.records": 9.0, "tls.0.records_failed": 2.0,
		"tls.0.sip_messages": 4.0, "tls.0.reason_code": "tls_records_lost", "tls.0.client_random": "ab" + strings.Repeat("00", 31),
		"tls.1.decrypted": false, "tls.1.alerts.0.description": "handshake_failure", "tls.1.alerts.0.level": "fatal", "tls.1.alerts.0.from": "server",
		"findings.0.code": "INF-07", "findings.0.severity": "warning", "findings.0.confidence": "proven", "findings.0.frames.0": 3.0,
		"findings.1.title":       "Key log damaged or empty",
		"findings.1.explanation": "a.log: 2 lines are nothing of a key log",
	} {
		if got, ok := lookup(doc, path); !ok || got != want {
			t.Errorf("%s = %v (there: %v), want %v", path, got, ok, want)
		}
	}
	for _, path := range []string{"tls.1.sni", "tls.1.version", "tls.1.cipher", "tls.1.client_random", "findings.2"} {
		if got, ok := lookup(doc, path); ok {
			t.Errorf("%s = %v, must be absent", path, got)
		}
	}
}

func TestEncryptedText(t *testing.T) {
	r := example()
	r.Status.Encrypted = encryptedExample()
	r.Snapshot.Input.Encrypted = r.Status.Encrypted
	var b bytes.Buffer
	if err := Text(&b, r); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"192.0.2.1:40000       192.0.2.2:5061  sip.example.com  TLS 1.2  RSA_WITH_AES_128_GCM_SHA256   3,000    4  in part    3-9",
		"1 other encrypted connection: nothing there looks like SIP",
		"warning INF-07: Part of a TLS connection not read\n",
	} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %q in\n%s", want, b.String())
		}
	}
	if strings.Contains(b.String(), "\x1b") {
		t.Error("a control sequence from the wire")
	}
}
