package report

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/netip"
	"strings"
	"testing"

	"sipsniff/capture"
	"sipsniff/correlate"
	"sipsniff/correlate/quality"
	"sipsniff/decode"
	"sipsniff/internal/pipeline"
)

const second = int64(1e9)

// start is 2026-01-02 03:04:05.000000006 UTC.
const start = 1767323045*second + 6

func example() Result {
	caller, callee := netip.MustParseAddrPort("192.0.2.1:5060"), netip.MustParseAddrPort("[2001:db8::2]:5060")
	call := &correlate.Call{
		Index: 1, CallID: "a@example.com", HasCallID: true, Method: "INVITE", From: "sip:alice@example.com", To: "sip:bob@example.com",
		Source: caller, Destination: callee, State: correlate.StateCompleted, EndedBy: "callee",
		Started: start, Answered: start + second, Ended: start + 83*second,
		Ring: -1, SessionRequestDelay: 250_000_000, PostDialDelay: 350_000_000, Setup: second, Duration: 82 * second,
		MessageCount: 7, Duplicates: 3, FinalStatus: 200, FinalReason: "OK", StreamIDs: []int{1},
		Dialogs: []correlate.Dialog{{FromTag: "f", ToTag: "t", State: "terminated"}},
	}
	anonymous := &correlate.Call{
		Index: 2, Method: "OPTIONS", Source: callee, State: correlate.StatePending, Started: start,
		Ring: -1, SessionRequestDelay: -1, PostDialDelay: -1, Setup: -1, Duration: -1, MessageCount: 1,
	}
	stream := &correlate.Stream{
		ID: 1, Call: &correlate.CallRef{Index: 1, CallID: "a@example.com"}, SSRC: 0xABCDEF, Src: caller, Dst: callee, Media: "audio", Codec: "PCMA",
		PayloadType: 8, ClockRate: 8000, First: start, Last: start + 82*second, Packets: 97, Octets: 97 * 160, CaptureDuplicates: 4, DSCP: []uint8{46},
		Quality: quality.Report{Expected: 100, Received: 97, Unique: 95, Lost: 5, Duplicates: 2, HasJitter: true, JitterMean: 1.23456, JitterMax: 2},
	}
	return Result{
		Version: "1.0",
		Status: pipeline.Status{
			Frames: 104, Octets: 20000, First: start, Last: start + 83*second,
			Sources: []capture.SourceInfo{{Name: "a.pcap", Format: "pcap", LinkTypes: []capture.LinkType{1}, Frames: 104, Octets: 20000, Truncated: true, Warnings: []string{"cut in the last record"}}},
			Decode:  decode.Stats{Undecoded: map[string]uint64{"esp": 2, "arp": 9}},
		},
		Snapshot: &correlate.Snapshot{
			Totals:     correlate.Totals{SIPMessages: 8, Calls: 1, RTPPackets: 97, Streams: 1},
			Methods:    map[string]uint64{"INVITE": 1},
			Responses:  map[int]uint64{200: 2, 0: 1},
			Transports: map[decode.Transport]uint64{decode.UDP: 8},
			Calls:      []*correlate.Call{call, anonymous},
			Streams:    []*correlate.Stream{stream},
		},
	}
}

// The values were worked out by hand from example.
func TestJSON(t *testing.T) {
	var b bytes.Buffer
	if err := JSON(&b, example()); err != nil {
		t.Fatal(err)
	}
	var doc map[string]any
	if err := json.Unmarshal(b.Bytes(), &doc); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]any{
		"schema":                           1.0,
		"program.name":                     "sipsniff",
		"capture.sources.0.link_type":      "EN10MB",
		"capture.first":                    "2026-01-02T03:04:05.000000006Z",
		"capture.truncated":                true,
		"capture.kernel_dropped":           nil,
		"capture.undecoded.esp":            2.0,
		"totals.sip_messages":              8.0,
		"methods.INVITE":                   1.0,
		"responses.200":                    2.0,
		"responses.invalid":                1.0,
		"transports.udp":                   8.0,
		"transports.sctp":                  0.0,
		"calls.0.call_id":                  "a@example.com",
		"calls.0.destination":              "[2001:db8::2]:5060",
		"calls.0.state":                    "completed",
		"calls.0.session_request_delay_ms": 250.0,
		"calls.0.duration_ms":              82000.0,
		"calls.0.answered":                 "2026-01-02T03:04:06.000000006Z",
		"calls.0.dialogs.0.to_tag":         "t",
		"calls.1.call_id":                  nil,
		"streams.0.ssrc":                   "0x00ABCDEF",
		"streams.0.loss_percent":           5.0,
		"streams.0.jitter_ms.mean":         1.2346,
		"streams.0.kind":                   "rtp",
		"streams.0.duplicates":             2.0,
		"streams.0.capture_duplicates":     4.0,
		"calls.0.duplicates":               3.0,
		"capture.health.drops":             nil,
		"capture.health.undecoded_frames":  11.0,
		"capture.health.clock_steps.count": 0.0,
		"streams.0.dscp.0":                 46.0,
	} {
		if got, ok := lookup(doc, path); !ok || got != want {
			t.Errorf("%s = %v (there: %v), want %v", path, got, ok, want)
		}
	}
	// What is not known is not there, and what later versions find is not invented.
	for _, path := range []string{
		"calls.0.ring_ms", "calls.1.ended", "calls.1.duration_ms", "calls.1.final_status", "calls.0.mos_min", "calls.0.findings.0",
		"calls.0.dtmf", "calls.0.legs.0", "calls.0.leg_evidence", "streams.0.delta_ms", "capture.health.sources_apart_ms", "capture.health.clock_steps.largest_ms", "streams.0.mos", "streams.0.ptime_ms",
	} {
		if got, ok := lookup(doc, path); ok {
			t.Errorf("%s = %v, must be absent", path, got)
		}
	}
}

// lookup follows a path of keys and indexes.
func lookup(v any, path string) (any, bool) {
	for _, key := range strings.Split(path, ".") {
		switch node := v.(type) {
		case map[string]any:
			next, ok := node[key]
			if !ok {
				return nil, false
			}
			v = next
		case []any:
			i := int(key[0] - '0')
			if i >= len(node) {
				return nil, false
			}
			v = node[i]
		default:
			return nil, false
		}
	}
	return v, true
}

func TestJSONL(t *testing.T) {
	var b bytes.Buffer
	if err := JSONL(&b, example()); err != nil {
		t.Fatal(err)
	}
	var types []string
	for line := range strings.Lines(b.String()) {
		var object map[string]any
		if err := json.Unmarshal([]byte(line), &object); err != nil {
			t.Fatalf("%v in %s", err, line)
		}
		types = append(types, object["type"].(string))
		if object["type"] == "capture" && (object["calls"] != nil || object["streams"] != nil) {
			t.Error("the capture line repeats the calls or the streams")
		}
	}
	if got, want := strings.Join(types, " "), "capture call call stream"; got != want {
		t.Errorf("lines are %s, want %s", got, want)
	}
}

func TestErrorsAreReported(t *testing.T) {
	r := example()
	r.Status.Err = errors.New("damaged at offset 7")
	var b bytes.Buffer
	if err := JSON(&b, r); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(b.String(), `"error": "damaged at offset 7"`) {
		t.Error("the error is not in the JSON")
	}
}

// Text from the wire must reach a terminal neither as control sequences nor
// as direction overrides.
func TestTextIsClean(t *testing.T) {
	r := example()
	evil := *r.Snapshot.Calls[0]
	evil.From, evil.CallID = "sip:\x1b]0;owned\a@example.com", "id\u202e\x9b31m\r\nState"
	r.Snapshot.Calls[0] = &evil
	var b bytes.Buffer
	if err := Text(&b, r); err != nil {
		t.Fatal(err)
	}
	for _, c := range b.String() {
		if c != '\n' && (c < ' ' || c >= 0x7F && c < 0xA0 || c == '\u202e') {
			t.Errorf("%q in the report", c)
		}
	}
}

func TestText(t *testing.T) {
	var b bytes.Buffer
	if err := Text(&b, example()); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"COMPLETED   200  0.25  1:22    -    5.0   7⧉3  a@example.com",
		"PCMA     -     97⧉4     5    5.0    2      0        1.2  2.0          -  0x00ABCDEF",
		"warning: cut in the last record",
		"not decoded: arp 9, esp 2",
		"\n\nCapture health\n  2 frames were not opened: 2 encrypted by IPsec\n    there may be calls in them\n",
		"2026-01-02 03:04:05.000 to 2026-01-02 03:05:28.000 UTC",
	} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %q in\n%s", want, b.String())
		}
	}
}

func TestParty(t *testing.T) {
	for uri, want := range map[string]string{
		"sip:alice@example.com":           "alice",
		"sips:a;par=u%40b@example.com;lr": "a;par=u%40b",
		"sip:example.com;transport=tcp":   "example.com",
		"tel:+4930901820;ext=1":           "+4930901820",
		"":                                "",
		"sip:":                            "sip:",
	} {
		if got := Party(uri); got != want {
			t.Errorf("Party(%q) = %q, want %q", uri, got, want)
		}
	}
}

func TestDuration(t *testing.T) {
	for nanos, want := range map[int64]string{-1: "-", 0: "0:00", 82 * second: "1:22", 3723 * second: "1:02:03"} {
		if got := Duration(nanos); got != want {
			t.Errorf("Duration(%d) = %q, want %q", nanos, got, want)
		}
	}
}

// A filter names itself; what it hides is not missing from the capture.
func TestFiltered(t *testing.T) {
	r := example()
	snap := *r.Snapshot
	snap.Calls = snap.Calls[:1]
	r.Snapshot, r.Filter = &snap, &Filter{Expression: "from:alice\x1b", Matched: 1, Of: 2}
	var b bytes.Buffer
	if err := Text(&b, r); err != nil {
		t.Fatal(err)
	}
	if want := "1 of 2 calls match from:alice␛\nThe totals below are of the whole capture.\n\n#  Time"; !strings.HasPrefix(b.String(), want) {
		t.Errorf("got %q", b.String())
	}
	snap.Calls, r.Filter = nil, &Filter{Expression: "x", Of: 2}
	b.Reset()
	if err := Text(&b, r); err != nil {
		t.Fatal(err)
	}
	if text := b.String(); !strings.HasPrefix(text, "0 of 2 calls match x\n") || strings.Contains(text, "No SIP") || !strings.Contains(text, "1 call, 0 registrations") {
		t.Errorf("got %q", text)
	}
}
