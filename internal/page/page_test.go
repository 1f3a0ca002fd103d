package page

import (
	"encoding/xml"
	"errors"
	"io"
	"net/netip"
	"strings"
	"testing"

	"sipsniff/correlate"
	"sipsniff/correlate/diagnosis"
	"sipsniff/tui/ladder"
)

// evil is what a stranger may put where a name belongs.
const evil = "<script>alert(1)</script>\"'&;#\x1b[31m\x00\u202e\xff end ]]> -->"

func evilCall() *correlate.Call {
	a, b := netip.MustParseAddrPort("192.0.2.1:5060"), netip.MustParseAddrPort("192.0.2.9:5060")
	raw := "INVITE sip:" + evil + " SIP/2.0\r\nUser-Agent: " + evil + "\r\n\r\n"
	invite := &correlate.Message{Frame: 1, Nanos: 1e9, Src: a, Dst: b, Method: "INVITE", Raw: raw}
	invite.CSeq.Method = "INVITE"
	busy := &correlate.Message{Frame: 2, Nanos: 9e9, Src: b, Dst: a, StatusCode: 486, Reason: evil, Raw: "SIP/2.0 486 " + evil + "\r\n\r\n"}
	busy.CSeq.Method = "INVITE"
	self := &correlate.Message{Frame: 3, Nanos: 10e9, Src: a, Dst: a, Method: evil, Raw: evil}
	return (&correlate.Call{
		Index: 1, CallID: evil, HasCallID: true, Method: "INVITE", From: "sip:" + evil + "@h", To: "sip:" + evil + "@h", Source: a, Destination: b,
		UserAgent: evil, State: correlate.StateBusy, Started: 1e9, Duration: -1,
	}).WithMessages([]*correlate.Message{invite, busy, self})
}

func evilSnapshot() *correlate.Snapshot {
	return &correlate.Snapshot{Calls: []*correlate.Call{evilCall()}, First: 1e9, Last: 10e9}
}

// wellFormed fails when s is not XML, and returns the names of its elements.
func wellFormed(t *testing.T, s string) map[string]int {
	t.Helper()
	names := make(map[string]int)
	d := xml.NewDecoder(strings.NewReader(s))
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return names
		}
		if err != nil {
			t.Fatalf("%v in:\n%s", err, s)
		}
		if e, ok := token.(xml.StartElement); ok {
			names[e.Name.Local]++
		}
	}
}

func TestSVGOfHostileNamesIsXML(t *testing.T) {
	var b strings.Builder
	if err := SVG(&b, []ladder.Leg{{Call: evilCall()}}, Options{}); err != nil {
		t.Fatal(err)
	}
	names := wellFormed(t, b.String())
	if names["script"] > 0 || names["svg"] != 1 || names["a"] > 0 {
		t.Errorf("elements %v", names)
	}
	// Two arrows between hosts with a head each, one to itself, a silence of
	// eight seconds.
	for _, want := range []string{"8.0 s without SIP", `class="request"`, `class="response"`, "192.0.2.1:5060", "192.0.2.9:5060"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %q in\n%s", want, b.String())
		}
	}
	if got := strings.Count(b.String(), `class="head`); got != 3 {
		t.Errorf("%d heads of arrows, want 3", got)
	}
}

func TestPagesOfHostileNames(t *testing.T) {
	snap := evilSnapshot()
	in := Input{Version: "test", Sources: []string{evil}, Snapshot: snap, Diagnosis: diagnosis.New(diagnosis.Options{}).Run(snap), Filter: evil}
	for name, write := range map[string]func(io.Writer) error{
		"report":  func(w io.Writer) error { return Report(w, in, Options{}) },
		"ladders": func(w io.Writer) error { return Ladders(w, in, [][]ladder.Leg{{{Call: snap.Calls[0]}}}, Options{}) },
	} {
		var b strings.Builder
		if err := write(&b); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		s := b.String()
		for _, bad := range []string{"<script", "\x1b", "\x00", "\u202e", "\xff", "http://1", "src="} {
			if strings.Contains(s, bad) {
				t.Errorf("%s holds %q", name, bad)
			}
		}
		if !strings.Contains(s, `href="#m1-0"`) || !strings.Contains(s, `id="m1-0"`) {
			t.Errorf("%s: the arrow of the INVITE does not lead to its text", name)
		}
	}
}

func TestBodiesOfMessagesAreLeftOut(t *testing.T) {
	snap := evilSnapshot()
	m := *snap.Calls[0].Messages()[0]
	m.CSeq.Method, m.Raw = "MESSAGE", "MESSAGE sip:b SIP/2.0\r\n\r\nmeet me at noon"
	snap.Calls[0] = snap.Calls[0].WithMessages([]*correlate.Message{&m})
	in := Input{Snapshot: snap, Diagnosis: diagnosis.New(diagnosis.Options{}).Run(snap)}
	for _, show := range []bool{false, true} {
		in.ShowBodies = show
		var b strings.Builder
		if err := Report(&b, in, Options{}); err != nil {
			t.Fatal(err)
		}
		if got := strings.Contains(b.String(), "meet me at noon"); got != show {
			t.Errorf("body in the page: %v, asked for: %v", got, show)
		}
		if got := strings.Contains(b.String(), "15 octets of body left out"); got == show {
			t.Errorf("said to be left out: %v, asked for: %v", got, show)
		}
	}
}

func TestMermaid(t *testing.T) {
	var b strings.Builder
	if err := Mermaid(&b, []ladder.Leg{{Call: evilCall()}}, Options{}); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSuffix(b.String(), "\n"), "\n")
	// The head, two participants, three arrows and a silence.
	if len(lines) != 7 || lines[0] != "sequenceDiagram" {
		t.Fatalf("%d lines:\n%s", len(lines), b.String())
	}
	if want := "p0->>p1: 00:00:01.000 INVITE"; !strings.Contains(lines[3], want) {
		t.Errorf("%q does not hold %q", lines[3], want)
	}
	if !strings.Contains(lines[4], "Note over p0,p1: 8.0 s without SIP") || !strings.Contains(lines[5], "p1-->>p0:") || !strings.Contains(lines[6], "p0->>p0:") {
		t.Errorf("silence, response, self:\n%s", b.String())
	}
	for _, bad := range []string{"<script", "end", "\x1b"} {
		for _, l := range lines[1:] {
			if strings.Contains(l, bad) {
				t.Errorf("%q in %q", bad, l)
			}
		}
	}
}

func TestLargeCapturesMakePagesOfBoundedSize(t *testing.T) {
	snap := &correlate.Snapshot{First: 1, Last: 2}
	for i := range maxRows + 10 {
		c := evilCall()
		c.Index = i + 1
		snap.Calls = append(snap.Calls, c)
	}
	var b strings.Builder
	if err := Report(&b, Input{Snapshot: snap, Diagnosis: &diagnosis.Result{}}, Options{}); err != nil {
		t.Fatal(err)
	}
	s := b.String()
	if got := strings.Count(s, "<section"); got != maxDetails {
		t.Errorf("%d calls are drawn, want %d", got, maxDetails)
	}
	for _, want := range []string{"The table holds the first 5,000 of 5,010 calls", "200 calls are drawn, those with the worst findings first; 4,810 are not"} {
		if !strings.Contains(s, want) {
			t.Errorf("not said: %s", want)
		}
	}
}
