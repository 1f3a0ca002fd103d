package filter

import (
	"net/netip"
	"testing"
	"time"

	"sipsniff/correlate"
	"sipsniff/correlate/quality"
	"sipsniff/decode"
	"sipsniff/decode/sdp"
	"sipsniff/decode/sip"
)

// noon is 2026-03-10 12:05:30 UTC, when the first call began.
var noon = time.Date(2026, 3, 10, 12, 5, 30, 0, time.UTC)

func crlf(lines ...string) string {
	text := ""
	for _, l := range lines {
		text += l + "\r\n"
	}
	return text
}

// sample is four exchanges. What is known of each is written down here; the
// tests name the calls by their numbers.
//
//	1  a call that was answered, with two streams, encrypted, worst loss 5 %
//	2  a call that was rejected with 503, without media; one display name is not ASCII
//	3  a registration over TCP
//	4  a call that is up since 8.7 s, begun the day before the others, T.38
func sample() *correlate.Snapshot {
	start := noon.UnixNano()
	const ms = int64(time.Millisecond)
	invite := &correlate.Message{
		Interface: "eth0", VLAN: 5,
		Method: "INVITE", CSeq: sip.CSeq{Number: 101, Method: "INVITE"}, SDP: &sdp.Session{Media: []sdp.Media{{Type: "audio", Protocol: "RTP/SAVP"}}},
		Raw: crlf("INVITE sip:+34600111222@pbx.example SIP/2.0", "m: <sip:alice@192.0.2.10:5070>", "P-Asserted-Identity: <tel:+34911000111>",
			"X-Trunk: lon-2", "X-CID: leg-a", "CSeq: 101 INVITE", "Content-Type: application/sdp", "Content-Length: 32", "",
			"v=0", "m=audio 4000 RTP/SAVP 0"),
	}
	ok := &correlate.Message{
		StatusCode: 200, Reason: "OK", CSeq: sip.CSeq{Number: 101, Method: "INVITE"},
		Raw: crlf("SIP/2.0 200 OK", "Server: Kamailio", " (5.6)", "CSeq: 101 INVITE", ""),
	}
	again := *ok
	again.First, again.Raw = ok, crlf("SIP/2.0 200 OK", "X-Never: seen", "")
	up := (&correlate.Call{
		DTMF:  []correlate.Digit{{Key: "1"}, {Key: "4"}, {Key: "4", Again: true}, {Key: "#"}},
		Index: 1, CallID: "a84b4c76e66710@pc33", HasCallID: true, Method: "INVITE", State: correlate.StateCompleted,
		From: "sip:alice@office.example", FromDisplay: "Alice Cooper", To: "sip:+34600111222@pbx.example", RequestURI: "sip:+34600111222@pbx.example",
		Source: netip.MustParseAddrPort("192.0.2.10:5070"), Destination: netip.MustParseAddrPort("203.0.113.24:5060"),
		UserAgent: "Yealink SIP-T46S 66.86.0.15", Started: start, Answered: start + 2000*ms, Ended: start + 84500*ms,
		Ring: 1500 * ms, SessionRequestDelay: 430 * ms, Setup: 2000 * ms, Duration: 82500 * ms,
		MessageCount: 9, Retransmissions: 2, FinalStatus: 200, FinalReason: "OK", Cause: `Q.850;cause=16;text="Normal call clearing"`,
		StreamIDs: []int{1, 2}, EncryptedMedia: true,
	}).WithMessages([]*correlate.Message{invite, ok, &again})
	failed := (&correlate.Call{
		Index: 2, CallID: "2001-f81d@sales", HasCallID: true, Method: "INVITE", State: correlate.StateRejected,
		From: `sip:2001@[2001:db8::7]`, FromDisplay: "Jürgen", To: "sip:sales@office.example", RequestURI: "sip:900@10.20.30.40",
		Source: netip.MustParseAddrPort("[2001:db8::7]:5060"), Destination: netip.MustParseAddrPort("[2001:db8::1]:5061"), Transport: decode.TLS,
		Started: start + 60_000*ms, Ring: -1, SessionRequestDelay: 120 * ms, Setup: -1, Duration: -1,
		MessageCount: 4, Duplicates: 3, FinalStatus: 503, FinalReason: "Service Unavailable", Flags: []string{"no_ack", "media_gone"},
	}).WithMessages([]*correlate.Message{
		{Method: "INVITE", CSeq: sip.CSeq{Number: 7, Method: "INVITE"}, Raw: crlf("INVITE sip:900@10.20.30.40 SIP/2.0", ""),
			Findings: []sip.Finding{{Code: "bad_contact", Severity: sip.Error}}},
	})
	register := &correlate.Call{
		Index: 3, CallID: "reg-3", HasCallID: true, Method: "REGISTER", State: correlate.StateRegistered,
		From: "sip:bob@example.com", To: "sip:bob@example.com", RequestURI: "sip:example.com",
		Source: netip.MustParseAddrPort("10.20.1.5:40123"), Destination: netip.MustParseAddrPort("203.0.113.24:5060"), Transport: decode.TCP,
		Started: start + 10*60_000*ms, Ring: -1, SessionRequestDelay: -1, Setup: -1, Duration: -1, MessageCount: 2, FinalStatus: 200, FinalReason: "OK",
	}
	going := (&correlate.Call{
		Index: 4, CallID: "fax", HasCallID: true, Method: "INVITE", State: correlate.StateInCall,
		From: "tel:+49-30-901820", To: "sip:fax@office.example", RequestURI: "sip:fax@office.example",
		Source: netip.MustParseAddrPort("10.20.1.6:5060"), Destination: netip.MustParseAddrPort("10.20.1.7:5060"),
		Started: start - 24*3600_000*ms, Answered: start + 15*60_000*ms - 8700*ms, Ring: -1, SessionRequestDelay: 3000 * ms, Setup: 1, Duration: -1,
		MessageCount: 3, StreamIDs: []int{3}, FinalStatus: 200, FinalReason: "OK",
	}).WithMessages([]*correlate.Message{
		{Method: "INVITE", CSeq: sip.CSeq{Number: 1, Method: "INVITE"}, Raw: crlf("INVITE sip:fax@office.example SIP/2.0", ""),
			SDP: &sdp.Session{Media: []sdp.Media{{Type: "image", Protocol: "udptl"}}}},
	})
	stream := func(id int, call *correlate.Call, codec string, q quality.Report) *correlate.Stream {
		return &correlate.Stream{ID: id, SSRC: uint32(0x1A2B3C00 + id), Codec: codec, Call: &correlate.CallRef{Index: call.Index, CallID: call.CallID}, Quality: q}
	}
	streams := []*correlate.Stream{
		stream(1, up, "PCMU", quality.Report{Expected: 1000, Lost: 5, HasJitter: true, JitterMean: 3.5, PTime: 20}),
		stream(2, up, "opus", quality.Report{Expected: 1000, Lost: 50, HasJitter: true, JitterMean: 12, PTime: 30}),
		stream(3, going, "", quality.Report{}),
		{ID: 4, SSRC: 12345678},
	}
	streams[0].Secure = true
	up.Legs = []correlate.Leg{{Ref: correlate.CallRef{Index: 1}}, {Ref: correlate.CallRef{Index: 2}, With: correlate.CallRef{Index: 1}}, {Ref: correlate.CallRef{Index: 4}, Possible: true}}
	failed.Legs = up.Legs
	return &correlate.Snapshot{
		Calls: []*correlate.Call{up, failed, register, going}, Streams: streams, First: start - 24*3600_000*ms, Last: start + 15*60_000*ms,
	}
}

// matching returns the numbers of the calls that text lets through.
func matching(t *testing.T, text string, o Options) []int {
	t.Helper()
	snap := sample()
	return matchingIn(t, NewScope(snap, func(index int) bool { return index == 3 }), snap, text, o)
}

// matchingIn is matching of the calls of a snapshot.
func matchingIn(t *testing.T, in *Scope, snap *correlate.Snapshot, text string, o Options) []int {
	t.Helper()
	e, err := Parse(text, o)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	var numbers []int
	for _, c := range snap.Calls {
		if e.Match(in, c) {
			numbers = append(numbers, c.Index)
		}
	}
	return numbers
}
