package correlate

import (
	"fmt"
	"net/netip"
	"reflect"
	"slices"
	"strings"
	"testing"
	"unsafe"

	"sipsniff/decode"
	"sipsniff/decode/sip"
)

// wordy is a call with everything that is kept of the headers of rare messages.
func wordy(t *testing.T, tr *Tracker) {
	t.Helper()
	at := int64(0)
	feed := func(start, cseq, toTag, headers string, fromA bool) {
		at++
		text := fmt.Sprintf("%s\nVia: SIP/2.0/UDP a;branch=z9hG4bK%s\nFrom: \"Alice\" <sip:alice@a>;tag=a\nTo: \"Bob\" <sip:bob@b>%s\n"+
			"Call-ID: wordy\nCSeq: %s\n%sContent-Length: 0\n\n", start, strings.ReplaceAll(cseq, " ", ""), toTag, cseq, headers)
		m, err := sip.Parse(strings.ReplaceAll(text, "\n", "\r\n"))
		if err != nil {
			t.Fatal(err)
		}
		p := &decode.Packet{Nanos: scriptEpoch + at*millisecond, LastNanos: scriptEpoch + at*millisecond, Frame: int(at), LastFrame: int(at), Transport: decode.UDP,
			Src: netip.MustParseAddrPort("192.0.2.65:5060"), Dst: netip.MustParseAddrPort("192.0.2.66:5060")}
		if !fromA {
			p.Src, p.Dst = p.Dst, p.Src
		}
		tr.Message(p, m)
	}
	feed("INVITE sip:bob@b SIP/2.0", "1 INVITE", "", "User-Agent: Phone/1\nSession-ID: 0123456789abcdef0123456789abcdef;remote=fedcba9876543210fedcba9876543210\n"+
		"Cisco-Guid: 1-2-3-4\nX-Asterisk-CallID: other\nX-CID: x@y\nReplaces: abc;to-tag=7;from-tag=8\nDiversion: <sip:carol@a>;reason=busy\n"+
		"P-Asserted-Identity: \"N\" <sip:+4930100@a>\nHistory-Info: <sip:dave@a>;index=1\nContact: <sip:alice@192.0.2.1>\n", true)
	feed("SIP/2.0 183 Progressing", "1 INVITE", ";tag=b", "Reason: Q.850;cause=16;text=\"fine\"\n", false)
	feed("SIP/2.0 200 Fine", "1 INVITE", ";tag=b", "Contact: <sip:conf1@b>;isfocus\n", false)
	feed("ACK sip:bob@b SIP/2.0", "1 ACK", ";tag=b", "", true)
	feed("REFER sip:bob@b SIP/2.0", "2 REFER", ";tag=b", "Refer-To: <sip:zoe@b?Replaces=q1%3Bto-tag%3Dx%3Bfrom-tag%3Dy>\nReferred-By: <sip:alice@a>\n", true)
	feed("SIP/2.0 202 Accepted", "2 REFER", ";tag=b", "", false)
	feed("BYE sip:bob@b SIP/2.0", "3 BYE", ";tag=b", "Reason: SIP;cause=200;text=\"done\"\n", true)
	feed("SIP/2.0 200 OK", "3 BYE", ";tag=b", "", false)
}

// Once a call is packed, nothing that is kept of it is a part of its messages as
// they came, which would hold them.
func TestPackedCallHoldsNoOldText(t *testing.T) {
	tr := NewTracker(Config{Live: true})
	wordy(t, tr)
	r := tr.order[0]
	var texts []string
	for _, m := range r.messages {
		texts = append(texts, m.Raw)
	}
	if len(texts) != 8 {
		t.Fatalf("%d messages", len(texts))
	}
	tr.Advance(scriptEpoch + 1000*second)
	c := tr.Publish().Calls[0]
	if c.packed == nil || len(c.Transfers) != 1 || c.Conference == nil || r.leg == nil {
		t.Fatalf("packed %t, %d transfers, a conference %t, a leg %t", c.packed != nil, len(c.Transfers), c.Conference != nil, r.leg != nil)
	}
	looked := 0
	for name, v := range map[string]reflect.Value{"call": reflect.ValueOf(c), "record": reflect.ValueOf(r)} {
		eachString(v, name, map[uintptr]bool{}, func(path, s string) {
			looked++
			at := uintptr(unsafe.Pointer(unsafe.StringData(s)))
			if slices.ContainsFunc(texts, func(text string) bool {
				from := uintptr(unsafe.Pointer(unsafe.StringData(text)))
				return at >= from && at < from+uintptr(len(text))
			}) {
				t.Errorf("%s holds a message: %q", path, s)
			}
		})
	}
	if looked < 50 {
		t.Errorf("only %d strings were looked at", looked)
	}
}

// eachString visits the strings that a value holds, once each pointer.
func eachString(v reflect.Value, path string, seen map[uintptr]bool, visit func(path, s string)) {
	switch v.Kind() {
	case reflect.String:
		if v.Len() > 0 {
			visit(path, v.String())
		}
	case reflect.Pointer:
		if !v.IsNil() && !seen[v.Pointer()] {
			seen[v.Pointer()] = true
			eachString(v.Elem(), path, seen, visit)
		}
	case reflect.Interface:
		if !v.IsNil() {
			eachString(v.Elem(), path, seen, visit)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			eachString(v.Field(i), path+"."+v.Type().Field(i).Name, seen, visit)
		}
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			eachString(v.Index(i), path+"[]", seen, visit)
		}
	case reflect.Map:
		for _, k := range v.MapKeys() {
			eachString(k, path+" key", seen, visit)
			eachString(v.MapIndex(k), path+" value", seen, visit)
		}
	}
}
