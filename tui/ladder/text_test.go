package ladder

import (
	"bytes"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"sipsniff/correlate"
	"sipsniff/internal/cells"
	"sipsniff/internal/golden"
	"sipsniff/tui/glyph"
	"sipsniff/tui/internal/sample"
)

func text(t *testing.T, c *correlate.Call, streams []*correlate.Stream, o Options) string {
	t.Helper()
	var b bytes.Buffer
	if err := TextOfLegs(&b, []Leg{{Call: c, Streams: streams}}, o); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestTextGolden(t *testing.T) {
	bridged, streams := sample.Bridged(345)
	tests := []struct {
		name    string
		call    *correlate.Call
		streams []*correlate.Stream
		o       Options
	}{
		{"bridged", bridged, streams, Options{}},
		{"bridged-ascii", bridged, streams, Options{ASCII: true}},
		{"bridged-80", bridged, streams, Options{Width: 80}},
		{"cancelled", sample.Cancelled(2), nil, Options{}},
		{"cancelled-zone", sample.Cancelled(2), nil, Options{Location: time.FixedZone("", 2*3600)}},
		{"duplicates", duplicates(), nil, Options{}},
		{"loopback", loopback(), nil, Options{}},
		{"many", many(6), nil, Options{Width: 80}},
		{"evil", evil(), nil, Options{}},
		{"evil-ascii", evil(), nil, Options{ASCII: true}},
		{"ipv6", ipv6(), nil, Options{Width: 60}},
		{"empty", &correlate.Call{Index: 1}, nil, Options{}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			golden.Compare(t, filepath.Join("testdata", tt.name+".golden"), text(t, tt.call, tt.streams, tt.o))
		})
	}
}

// duplicates is a call of which every packet was captured twice.
func duplicates() *correlate.Call {
	const a, p = "192.0.2.1:5060", "192.0.2.9:5060"
	b := sample.New(1, "twice@192.0.2.1", "sip:anna@example.org", "sip:bert@example.org", 0)
	m := sample.WithSDP(b.Request(a, p, "INVITE"), "192.0.2.1:4000", "PCMA")
	b.After(0.3).Twin(m)
	m = b.After(100).Response(p, a, 486, "Busy Here", "INVITE")
	b.After(0.3).Twin(m)
	m = b.After(2).Request(a, p, "ACK")
	b.After(0.3).Twin(m).First = nil // an engine need not name the original
	b.Call.State = correlate.StateBusy
	return &b.Call
}

// loopback is a host that talks to itself from one port to another, and to
// its own port.
func loopback() *correlate.Call {
	const a, p = "127.0.0.1:5070", "127.0.0.1:5060"
	b := sample.New(1, "loop@127.0.0.1", "sip:anna@localhost", "sip:bert@localhost", 0)
	b.Request(a, p, "OPTIONS")
	b.After(1).Request(p, p, "OPTIONS")
	b.After(1).Request(a, a, "OPTIONS")
	b.After(1).Response(p, a, 200, "OK", "OPTIONS")
	b.Call.State = correlate.StateOK
	return &b.Call
}

// many is a request that passes n hosts, and its response straight back.
func many(n int) *correlate.Call {
	b := sample.New(7, "hops@example.org", "sip:anna@example.org", "sip:bert@example.org", 0)
	host := func(i int) string { return fmt.Sprintf("192.0.2.%d:5060", i+1) }
	for i := range n - 1 {
		b.After(1).Request(host(i), host(i+1), "INVITE", fmt.Sprintf("User-Agent: Hop %d", i))
	}
	b.After(5).Response(host(n-1), host(0), 200, "OK", "INVITE")
	b.Call.State = correlate.StateInCall
	return &b.Call
}

// evil tries to leave its column, to colour the screen and to name its window.
func evil() *correlate.Call {
	const a, p = "192.0.2.1:5060", "192.0.2.9:5060"
	b := sample.New(1, "\x1b]0;x\a@192.0.2.1", "sip:[red]x\u202e@example.org", "sip:日本語\xff@[fe:ab:b]", 0)
	b.Request(a, p, "[Sales] Ann", "User-Agent: \x1b[31mred\u200b")
	b.After(10).Response(p, a, 200, "好的 \x9b1;31m"+strings.Repeat("x", 300), "INVITE", "Server: "+strings.Repeat("日", 400))
	b.After(10).Response(p, a, 0, "\x1b[2J", "INVITE")
	b.Call.Method = "[Sales] Ann"
	return &b.Call
}

func ipv6() *correlate.Call {
	a, p, c := "[2001:db8:aaaa:bbbb:cccc:dddd:eeee:1]:5060", "[2001:db8:aaaa:bbbb:cccc:dddd:eeef:1]:5060", "[2001:db8:aaaa:bbbb:cccd:dddd:eeee:1]:5060"
	b := sample.New(1, "six@example.org", "sip:anna@example.org", "sip:bert@example.org", 0)
	b.Request(a, p, "INVITE")
	b.After(1).Request(p, c, "INVITE")
	return &b.Call
}

func TestFoldingSeparatesCopiesAfterAFinalResponse(t *testing.T) {
	got := text(t, sample.Cancelled(2), nil, Options{})
	for _, want := range []string{
		"INVITE sdp PCMU,PCMA,iLBC,+2 ↻2 ", "31.9 s without SIP", "── CANCEL ↻2 ──", "CANCEL ↻8 same transaction",
		"408 Request Timeout (INVITE)", "408 Request Timeout (CANCEL)", "◀─ 100 trying -- your call is importa… │",
		"+31.903", "Some SIP IP Phone 2.0.51.16", "Sip EXpress router 0.8.12",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
	if strings.Count(got, "CANCEL") != 4 { // state, two rows, one response
		t.Errorf("CANCEL is there %d times:\n%s", strings.Count(got, "CANCEL"), got)
	}
}

func TestNoColumnHeaderIsLikeAnother(t *testing.T) {
	l := Build([]Leg{{Call: ipv6()}}, Choice{})
	for width := 10; width < 60; width++ {
		seen := map[string]bool{}
		for _, head := range l.Heads(width, glyph.Unicode()) {
			if seen[head] || cells.Width(head) > width {
				t.Errorf("width %d: header %q", width, head)
			}
			seen[head] = true
		}
	}
}

func TestEveryLaneHasItsWidth(t *testing.T) {
	bridged, streams := sample.Bridged(1)
	legs := [][]Leg{{{Call: bridged, Streams: streams}}, {{Call: evil()}}, {{Call: many(9)}}, {{Call: loopback()}}, {{Call: sample.Cancelled(1)}}}
	for _, set := range []glyph.Set{glyph.Unicode(), glyph.ASCII()} {
		for _, of := range legs {
			for mode := SDPCodecs; mode < sdpModes; mode++ {
				l := Build(of, Choice{ASCII: set.ASCII, SDP: mode, UnfoldAll: true})
				for first := range l.Participants {
					g := Geometry{Edge: 12, Left: 20, Span: 18, Width: 60, First: first, Count: min(3, len(l.Participants)-first)}
					checkWidths(t, l, mode, g, set)
				}
			}
		}
	}
}

func checkWidths(t *testing.T, l *Ladder, mode SDPMode, g Geometry, set glyph.Set) {
	t.Helper()
	for i := range l.Rows {
		for n := range l.Rows[i].Lines(mode) {
			line := ""
			for _, s := range l.Lanes(&l.Rows[i], n, mode, g, set) {
				line += s.Text
			}
			if cells.Width(line) != g.Width {
				t.Errorf("row %d line %d is %d wide: %q", i, n, cells.Width(line), line)
			}
			if set.ASCII && !isASCII(line) {
				t.Errorf("row %d line %d is not ASCII: %q", i, n, line)
			}
		}
	}
}

func isASCII(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r < ' ' || r > '~' }) < 0
}

func TestMergedLegsAreInOrderOfTime(t *testing.T) {
	bridged, streams := sample.Bridged(1)
	l := Build([]Leg{{Call: sample.Cancelled(2)}, {Call: bridged, Streams: streams}}, Choice{})
	legs := map[int]bool{}
	for i := range l.Rows {
		legs[l.Rows[i].Leg] = true
		if i > 0 && l.Rows[i].Nanos < l.Rows[i-1].Nanos {
			t.Errorf("row %d is before row %d", i, i-1)
		}
	}
	if len(legs) != 2 || len(l.Participants) != 5 {
		t.Errorf("%d legs, %d participants", len(legs), len(l.Participants))
	}
}

func TestChoices(t *testing.T) {
	call, streams := sample.Bridged(1)
	rows := func(c Choice) int { return len(Build([]Leg{{Call: call, Streams: streams}}, c).Rows) }
	// 14 messages, 4 streams, 1 silence
	for name, tt := range map[string]struct {
		choice Choice
		want   int
	}{
		"all":          {Choice{}, 19},
		"no streams":   {Choice{NoStreams: true}, 15},
		"only streams": {Choice{OnlyStreams: true}, 4},
		"only SDP":     {Choice{OnlySDP: true}, 4},
		"active":       {Choice{ActiveSince: streams[1].Last}, 17},
	} {
		if got := rows(tt.choice); got != tt.want {
			t.Errorf("%s: %d rows, want %d", name, got, tt.want)
		}
	}
}

func TestUnfold(t *testing.T) {
	call := sample.Cancelled(2)
	folded := Build([]Leg{{Call: call}}, Choice{})
	one := Build([]Leg{{Call: call}}, Choice{Unfolded: map[correlate.MessageKey]bool{call.Messages()[0].Key(): true}})
	all := Build([]Leg{{Call: call}}, Choice{UnfoldAll: true})
	if n := len(one.Rows) - len(folded.Rows); n != 2 {
		t.Errorf("unfolding the INVITE adds %d rows, want 2", n)
	}
	// INVITE 2, CANCEL 2, and 7 of the 8 CANCELs after the final response.
	if n := len(all.Rows) - len(folded.Rows); n != 11 {
		t.Errorf("unfolding all adds %d rows, want 11", n)
	}
}

func TestBrand(t *testing.T) {
	for agent, want := range map[string]string{
		"":                                   "",
		"Carrier-SBC/8.2":                    "Carrier-SBC/8.2",
		"Some Phone Version 2.0.51":          "Some Phone 2.0.51",
		"Some Router (0.8.12 (i386/linux))":  "Some Router 0.8.12",
		"kamailio (5.6.3 (x86_64/linux))":    "kamailio 5.6.3",
		"Softphone (Linux)":                  "Softphone",
		"(strange)":                          "(strange)",
		"Broken (":                           "Broken",
		"Phone/1.0 (belle-sip/1.6.3) (beta)": "Phone/1.0",
	} {
		if got := brand(agent); got != want {
			t.Errorf("brand(%q) = %q, want %q", agent, got, want)
		}
	}
}

func TestUser(t *testing.T) {
	for uri, want := range map[string]string{
		"sip:+442079460018@carrier.example": "+442079460018",
		"sips:anna:secret@example.org":      "anna",
		"sip:1234;phone-context=+44@host":   "1234",
		"tel:+49309018;phone-context=x":     "+49309018",
		"sip:host.example;transport=tcp":    "host.example",
		"urn:service:sos":                   "urn:service:sos",
		"anna":                              "anna",
		"":                                  "",
		"sip:a@b@c":                         "a@b",
	} {
		if got := User(uri); got != want {
			t.Errorf("User(%q) = %q, want %q", uri, got, want)
		}
	}
}

// twoLegs is a call through a host that makes another call of it.
func twoLegs() []Leg {
	const a, p, c = "192.0.2.1:5060", "192.0.2.9:5060", "192.0.2.2:5060"
	first := sample.New(3, "first@192.0.2.1", "sip:+4930123456@example.org", "sip:+4989654321@example.org", 0)
	second := sample.New(4, "second@192.0.2.9", "sip:030123456@192.0.2.9", "sip:089654321@192.0.2.2", 0.02)
	sample.WithSDP(first.Request(a, p, "INVITE"), "192.0.2.1:4000", "PCMA")
	sample.WithSDP(second.Request(p, c, "INVITE"), "192.0.2.9:4000", "PCMA")
	second.After(100).Response(c, p, 486, "Busy Here", "INVITE")
	second.After(1).Request(p, c, "ACK")
	first.After(125).Response(p, a, 486, "Busy Here", "INVITE")
	first.After(2).Request(a, p, "ACK")
	first.Call.State, second.Call.State = correlate.StateBusy, correlate.StateBusy
	first.Call.Legs = []correlate.Leg{
		{Ref: correlate.CallRef{Index: 3, CallID: "first@192.0.2.1"}},
		{Ref: correlate.CallRef{Index: 4, CallID: "second@192.0.2.9"}, With: correlate.CallRef{Index: 3}, Score: 85, Reasons: []string{"192.0.2.9 received one and sent the other", "0.020 s later"}},
		{Ref: correlate.CallRef{Index: 7}, With: correlate.CallRef{Index: 4}, Score: 50, Possible: true},
	}
	second.Call.Legs = first.Call.Legs
	return []Leg{{Call: &first.Call}, {Call: &second.Call}}
}

func TestTextOfLegs(t *testing.T) {
	legs := twoLegs()
	byIndex := map[int]*correlate.Call{3: legs[0].Call, 4: legs[1].Call}
	found := LegsOf(legs[1].Call, func(i int) *correlate.Call { return byIndex[i] }, func(*correlate.Call) []*correlate.Stream { return nil })
	if len(found) != 2 || found[0].Call != legs[0].Call {
		t.Fatalf("legs of the second: %v", found)
	}
	for name, o := range map[string]Options{"legs": {Width: 100}, "legs-ascii": {Width: 100, ASCII: true}} {
		var b bytes.Buffer
		if err := TextOfLegs(&b, found, o); err != nil {
			t.Fatal(err)
		}
		golden.Compare(t, filepath.Join("testdata", name+".golden"), b.String())
	}
}

func TestLetters(t *testing.T) {
	for leg, want := range map[int]string{0: "A", 25: "Z", 26: "AA", 63: "BL"} {
		if got := Letter(leg); got != want {
			t.Errorf("leg %d: %s, want %s", leg, got, want)
		}
	}
	for n, want := range map[int]string{1: "A", 3: "A+B+C", 13: "A to M"} {
		if got := Letters(n); got != want {
			t.Errorf("%d legs: %s, want %s", n, got, want)
		}
	}
}
