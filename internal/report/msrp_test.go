package report

import (
	"bytes"
	"encoding/json"
	"net/netip"
	"strings"
	"testing"

	"sipsniff/correlate"
	"sipsniff/decode"
)

// withMSRP is example with a message session in its call and one of strangers.
func withMSRP() Result {
	r := example()
	a, b := netip.MustParseAddrPort("192.0.2.1:7001"), netip.MustParseAddrPort("192.0.2.2:7002")
	m := &correlate.MSRP{
		Source: a, Destination: b, Transport: decode.TLS, First: start, Last: start + second, FirstFrame: 3, LastFrame: 9,
		FromSource: correlate.MSRPCount{Sends: 4, Empty: 1, Octets: 70, Messages: 2, Copies: 5}, FromDestination: correlate.MSRPCount{Sends: 1, Aborted: 1, Reports: 2},
		Responses: map[int]uint64{200: 4, 413: 1}, Reports: map[int]uint64{200: 2}, ContentTypes: map[string]uint64{"text/plain": 3},
	}
	stranger := &correlate.MSRP{Source: b, Destination: a, First: start, FirstFrame: 4, Sessions: []string{"x\x1b[1m", "y"}, Responses: map[int]uint64{7: 1}}
	r.Snapshot.Calls[0].MSRP = m
	r.Snapshot.MSRP = []*correlate.MSRP{stranger}
	r.Snapshot.Totals.MSRPMessages = 12
	r.Status.Decode.Signalling.MSRPLost = 3
	return r
}

func TestMSRPInJSON(t *testing.T) {
	var b bytes.Buffer
	if err := JSON(&b, withMSRP()); err != nil {
		t.Fatal(err)
	}
	var doc map[string]any
	if err := json.Unmarshal(b.Bytes(), &doc); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]any{
		"totals.msrp_messages":             12.0,
		"capture.msrp_lost":                3.0,
		"calls.0.msrp.transport":           "tls",
		"calls.0.msrp.source":              "192.0.2.1:7001",
		"calls.0.msrp.sent.sends":          4.0,
		"calls.0.msrp.sent.messages":       2.0,
		"calls.0.msrp.sent.copies":         5.0,
		"calls.0.msrp.received.aborted":    1.0,
		"calls.0.msrp.responses.413":       1.0,
		"calls.0.msrp.report_statuses.200": 2.0,
		"msrp_sessions.0.session_ids.1":    "y",
		"msrp_sessions.0.responses.007":    1.0,
	} {
		if got, ok := lookup(doc, path); !ok || got != want {
			t.Errorf("%s: %v, want %v", path, got, want)
		}
	}
	if _, ok := lookup(doc, "calls.1.msrp"); ok {
		t.Error("the call without message sessions has some")
	}
}

func TestMSRPInText(t *testing.T) {
	var b bytes.Buffer
	r := withMSRP()
	r.Snapshot.EvictedMSRP = 6
	if err := Text(&b, r); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(b.String(), "\n6 MSRP sessions without a call left to make room\n") {
		t.Error("sessions that left are not told of")
	}
	var got [][]string
	for _, line := range strings.Split(b.String(), "\n") {
		if strings.Contains(line, ":7001") {
			got = append(got, strings.Fields(line))
		}
	}
	want := "03:04:05.000 1 192.0.2.1:7001 192.0.2.2:7002 tls 2/0 70/0 0/1 0/2 200 4, 413 1"
	if len(got) != 2 || strings.Join(got[0], " ") != want || got[1][1] != none {
		t.Errorf("got %q", got)
	}
}
