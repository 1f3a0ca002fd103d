package vq

import (
	"math"
	"net/netip"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// session has every line of RFC 6035 §4.6, in the spellings that are allowed.
const session = "VQSessionReport: CallTerm\r\nCallID: 12345@192.0.2.1\r\nLocalID: Alice <sip:alice@example.org>\r\nRemoteID: <sip:bob@example.org>\r\n" +
	"OrigID:<sip:alice@example.org>\r\nLocalGroup: phones\r\nRemoteGroup: gateways\r\nLocalAddr: IP=192.0.2.1 PORT=4000 SSRC=1a3b5c7d\r\n" +
	"LocalMAC: 02:00:00:00:00:01\r\nRemoteAddr:IP=2001:db8::2 PORT=5000 SSRC=0x2468ABCD\r\nLocalMetrics:\r\n" +
	"Timestamps:START=2026-01-02T03:04:05Z STOP=2026-01-02T03:06:05Z\r\n" +
	"SessionDesc:PT=18 PD=G729 SR=8000 FD=20 FO=20 FPP=2 PPS=50 FMTP=\"annexb=no; x\" PLC=3 SSUP=on\r\n" +
	"JitterBuffer:JBA=3 JBR=2 JBN=40 JBM=80 JBX=120\r\nPacketLoss:NLR=5.0 JDR=2.0\r\nBurstGapLoss:BLD=0 BD=0 GLD=2.0 GD=500 GMIN=16\r\n" +
	"Delay:RTD=200 ESD=140 SOWD=100 IAJ=2 MAJ=10\r\nSignal:SL=-21 NL=-50 RERL=127\r\n" +
	"QualityEst:RLQ=90 RCQ=127 EXTRI= MOSLQ=4.3 MOSCQ=12.7 QoEEstAlg=P.564\r\nVendor:x=1\r\n" +
	"RemoteMetrics:\r\nPacketLoss:NLR=0.5\r\nDialogID:12345@192.0.2.1;to-tag=b;from-tag=a\r\n"

func TestParse(t *testing.T) {
	want := Report{
		Kind: "session", Detail: "CallTerm", CallID: "12345@192.0.2.1", LocalID: "Alice <sip:alice@example.org>", RemoteID: "<sip:bob@example.org>",
		OrigID: "<sip:alice@example.org>", LocalGroup: "phones", RemoteGroup: "gateways", LocalMAC: "02:00:00:00:00:01",
		DialogID: "12345@192.0.2.1;to-tag=b;from-tag=a",
		Local:    End{netip.MustParseAddrPort("192.0.2.1:4000"), 0x1A3B5C7D, true},
		Remote:   End{netip.MustParseAddrPort("[2001:db8::2]:5000"), 0x2468ABCD, true},
		LocalMetrics: &Metrics{
			Start: "2026-01-02T03:04:05Z", Stop: "2026-01-02T03:06:05Z",
			Texts: map[string]string{"codec": "G729", "fmtp": "annexb=no; x", "silence_suppression": "on", "algorithm": "P.564"},
			Numbers: map[string]float64{"payload_type": 18, "sample_rate": 8000, "frame_duration_ms": 20, "frame_octets": 20, "frames_per_packet": 2,
				"packets_per_second": 50, "plc": 3, "jitter_buffer_kind": 3, "jitter_buffer_rate": 2, "jitter_buffer_nominal_ms": 40,
				"jitter_buffer_max_ms": 80, "jitter_buffer_abs_max_ms": 120, "loss_percent": 5, "discard_percent": 2, "burst_loss_percent": 0,
				"burst_duration_ms": 0, "gap_loss_percent": 2, "gap_duration_ms": 500, "gmin": 16, "round_trip_ms": 200, "end_system_delay_ms": 140,
				"symmetric_one_way_ms": 100, "jitter_ms": 2, "mean_absolute_jitter_ms": 10, "signal_dbm0": -21, "noise_dbm0": -50, "r_lq": 90, "mos_lq": 4.3},
		},
		RemoteMetrics: &Metrics{Numbers: map[string]float64{"loss_percent": 0.5}},
	}
	for name, text := range map[string]string{"CRLF": session, "LF": strings.ReplaceAll(session, "\r\n", "\n"), "cut at the end": strings.TrimRight(session, "\r\n")} {
		got, ok := Parse(text)
		if d := cmp.Diff(want, got, cmp.Comparer(func(a, b netip.AddrPort) bool { return a == b })); d != "" || !ok {
			t.Errorf("%s: %v (-want +got)\n%s", name, ok, d)
		}
	}
}

func TestParseStrange(t *testing.T) {
	for _, text := range []string{"", "\n\n", "CallID: 1\nVQSessionReport: CallTerm\n", "v=0\r\n", strings.Repeat("\n", 10000) + session} {
		if r, ok := Parse(text); ok {
			t.Errorf("%.20q is a report: %+v", text, r)
		}
	}
	if r, ok := Parse("VQIntervalReport\nLocalMetrics:\nCallID:a\nLocalAddr:IP:192.0.2.1 PORT:4000 SSRC:0xA\nPacketLoss:NLR=1\n"); !ok || r.CallID != "a" || r.Kind != "interval" ||
		r.Local != (End{netip.MustParseAddrPort("192.0.2.1:4000"), 10, true}) || r.LocalMetrics.Numbers["loss_percent"] != 1 {
		t.Errorf("without colons and with: %v %+v", ok, r)
	}
	r, ok := Parse("VQAlertReport: Type=NLR Severity=Critical Dir=local\nCallID: a\nCallID: b\nPacketLoss:NLR=3\nLocalAddr:IP=nowhere PORT=99999 SSRC=xyz\n" +
		"LocalMetrics:\nPacketLoss:NLR=101 JDR=NaN\nQualityEst:MOSLQ=0\nDelay:RTD=-1 ESD=1e99 words without value IAJ=4\n")
	if !ok || r.Kind != "alert" || r.Detail != "Type=NLR Severity=Critical Dir=local" || r.CallID != "a" || r.Local != (End{}) {
		t.Errorf("%+v", r)
	}
	if d := cmp.Diff(&Metrics{Numbers: map[string]float64{"jitter_ms": 4}}, r.LocalMetrics); d != "" {
		t.Errorf("metrics (-want +got)\n%s", d)
	}
	if r, _ = Parse("VQSessionReport:\nCallID: " + strings.Repeat("x", 10000)); len(r.CallID) != maxText {
		t.Errorf("%d octets were kept", len(r.CallID))
	}
}

func TestParseStat(t *testing.T) {
	for _, tt := range []struct {
		text string
		want Metrics
		ok   bool
	}{
		{"PS=1038,OS=166080,PR=1037,OR=165920,PL=1,JI=10,LA=3,DU=20,EN=G711u,DE=G711a", Metrics{
			Numbers: map[string]float64{"packets_sent": 1038, "octets_sent": 166080, "packets_received": 1037, "octets_received": 165920,
				"packets_lost": 1, "jitter": 10, "latency_ms": 3, "duration_s": 20},
			Texts: map[string]string{"encoder": "G711u", "decoder": "G711a"}}, true},
		{" CS=0;PS=500;PR=498;PL=2,0;JI=1,7;EN=PCMA;IP=192.0.2.1:4000,192.0.2.2:5000", Metrics{
			Numbers: map[string]float64{"packets_sent": 500, "packets_received": 498, "packets_lost": 2, "jitter": 1}, Texts: map[string]string{"encoder": "PCMA"}}, true},
		{"EN=PCMA", Metrics{Texts: map[string]string{"encoder": "PCMA"}}, false},
		{"PS=,PR=x,OR=--1", Metrics{}, false},
		{"", Metrics{}, false},
	} {
		got, ok := ParseStat(tt.text)
		if d := cmp.Diff(tt.want, got); d != "" || ok != tt.ok {
			t.Errorf("%q: %v (-want +got)\n%s", tt.text, ok, d)
		}
	}
}

func TestParseAgent(t *testing.T) {
	r, ok := ParseAgent([]byte(`{"CORRELATION_ID":"c","RTP_SIP_CALL_ID":"call","SSRC":"0x10","SRC_IP":"192.0.2.1","SRC_PORT":4000,"DST_IP":"192.0.2.2","DST_PORT":"5000",
		"TOTAL_PK":490,"EXPECTED_PK":"500","PACKET_LOSS":10,"JITTER":1.5,"MOS":4.1,"MAX_DELTA":-1,"R_FACTOR":null,"DELTA":{},"CODEC_NAME":"PCMU","TYPE":"HANGUP"}`))
	want := Report{Kind: "quality", Detail: "HANGUP", CallID: "call", Remote: End{netip.MustParseAddrPort("192.0.2.1:4000"), 16, true},
		Local: End{Addr: netip.MustParseAddrPort("192.0.2.2:5000")}, LocalMetrics: &Metrics{Texts: map[string]string{"codec": "PCMU"},
			Numbers: map[string]float64{"packets_received": 490, "packets_expected": 500, "packets_lost": 10, "jitter_ms": 1.5, "mos_lq": 4.1}}}
	if d := cmp.Diff(want, r, cmp.Comparer(func(a, b netip.AddrPort) bool { return a == b })); d != "" || !ok {
		t.Errorf("%v (-want +got)\n%s", ok, d)
	}
	for _, text := range []string{"", "x", "[]", "{}", `{"SSRC":1}`, `{"MOS":"NaN"}`} {
		if r, ok := ParseAgent([]byte(text)); ok {
			t.Errorf("%q: %+v", text, r)
		}
	}
}

// What is as long as a compressed payload can become is no report of an agent,
// and costs next to nothing.
func TestLongAgentReport(t *testing.T) {
	b := []byte(`{"MOS":4.1,"SRC_PORT":[` + strings.Repeat("{},", 1<<18) + "1]}")
	if _, ok := ParseAgent(b); ok {
		t.Error("it is read")
	}
}

// Of two spellings of one figure the same counts each time.
func TestAgentReportIsSteady(t *testing.T) {
	for range 64 {
		if r, _ := ParseAgent([]byte(`{"RFACTOR":80,"R_FACTOR":90}`)); r.LocalMetrics.Numbers["r_lq"] != 90 {
			t.Fatalf("%v", r.LocalMetrics.Numbers)
		}
	}
}

func FuzzReport(f *testing.F) {
	for _, s := range []string{session, "VQAlertReport: Type=NLR\nLocalMetrics:\nQualityEst:MOSLQ=\"4", "PS=1,PL=2,JI=3", "CS=0;PS=500;PL=2,0", `{"MOS":4.1,"SSRC":"0x1"}`} {
		f.Add(s)
	}
	check := func(t *testing.T, m *Metrics) {
		if m == nil {
			return
		}
		for name, v := range m.Numbers {
			if math.IsNaN(v) || math.IsInf(v, 0) {
				t.Fatalf("%s is %g", name, v)
			}
		}
		for name, s := range m.Texts {
			if len(s) > maxText {
				t.Fatalf("%s has %d octets", name, len(s))
			}
		}
	}
	f.Fuzz(func(t *testing.T, text string) {
		r, _ := Parse(text)
		check(t, r.LocalMetrics)
		check(t, r.RemoteMetrics)
		a, _ := ParseAgent([]byte(text))
		check(t, a.LocalMetrics)
		m, _ := ParseStat(text)
		check(t, &m)
	})
}
