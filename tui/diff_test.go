package tui

import (
	"fmt"
	"net/netip"
	"strings"
	"testing"

	"sipsniff/correlate"
	"sipsniff/decode/sdp"
	"sipsniff/decode/sip"
	"sipsniff/tui/internal/sample"
	"sipsniff/tui/ladder"
)

// shown writes what a comparison found, what is the same left out.
func shown(d *difference) string {
	var b strings.Builder
	mark := func(list []piece) string {
		text := ""
		for _, p := range list {
			if p.changed {
				text += "[" + p.text + "]"
			} else {
				text += p.text
			}
		}
		return text
	}
	for _, l := range d.lines {
		if l.kind != diffSame && l.kind != diffSection {
			fmt.Fprintf(&b, "%s %s: %s / %s\n", l.kind.sign(), l.name, mark(l.a), mark(l.b))
		}
	}
	return b.String()
}

func TestDiffMessages(t *testing.T) {
	a := &correlate.Message{Method: "INVITE", Raw: "INVITE sip:1@b SIP/2.0\r\nVia: SIP/2.0/UDP a;branch=z9hG4bK1\r\nv: SIP/2.0/UDP old;branch=z9hG4bK0\r\n" +
		"Allow: INVITE, ACK,BYE\r\nCSeq: 1 INVITE\r\nX-Trunk: lon-2\r\nMax-Forwards: 70\r\n\r\n"}
	b := &correlate.Message{Method: "INVITE", Raw: "INVITE sip:2@b SIP/2.0\r\nCSeq: 2 INVITE\r\nVia: SIP/2.0/UDP a;branch=z9hG4bK2\r\nVia: SIP/2.0/UDP old;branch=z9hG4bK0\r\n" +
		"Allow: ack, BYE, INVITE\r\nX-New: y\r\nMax-Forwards: 70\r\n\r\n"}
	d := diffMessages(a, b, false)
	want := `~ Request: INVITE sip:[1]@b / INVITE sip:[2]@b
~ CSeq: [1] INVITE / [2] INVITE
~ Via: SIP/2.0/UDP a;branch=[z9hG4bK1] / SIP/2.0/UDP a;branch=[z9hG4bK2]
+ X-New:  / y
- X-Trunk: lon-2 / ` + "\n"
	if got := shown(&d); !strings.HasPrefix(got, want) {
		t.Errorf("%s\nwant\n%s", got, want)
	}
	if d.changed != 3 || d.onlyA != 1 || d.onlyB != 1 || d.same != 3 || !d.order {
		t.Errorf("%d changed, %d in A, %d in B, %d same, order %v", d.changed, d.onlyA, d.onlyB, d.same, d.order)
	}
	wire := diffMessages(a, b, true)
	if wire.lines[1].name != "Via" || wire.lines[2].name != "v 2" && wire.lines[2].name != "Via 2" {
		t.Errorf("in the order of the wire: %q, %q", wire.lines[1].name, wire.lines[2].name)
	}
	same := diffMessages(a, a, false)
	if same.changed+same.onlyA+same.onlyB != 0 || same.order {
		t.Errorf("a message differs from itself: %s", shown(&same))
	}
}

// What a description means is compared, not how it is written.
func TestDiffSessions(t *testing.T) {
	media := func(port uint16, direction sdp.Direction, codecs ...string) *sdp.Session {
		m := sdp.Media{Type: "audio", Port: port, Protocol: "RTP/AVP", Address: netip.MustParseAddr("192.0.2.1"), Direction: direction, PTime: 20}
		for i, c := range codecs {
			m.Codecs = append(m.Codecs, sdp.Codec{PayloadType: uint8(i), Name: c})
		}
		return &sdp.Session{Media: []sdp.Media{m}}
	}
	var d difference
	d.sessions(media(4000, sdp.SendRecv, "PCMA", "PCMU"), media(4000, sdp.SendOnly, "PCMA"))
	if got := shown(&d); got != "~ SDP audio: 192.0.2.1:4000 PCMA [PCMU] ptime 20 / 192.0.2.1:4000 PCMA [sendonly] ptime 20\n" {
		t.Errorf("%s", got)
	}
	d = difference{}
	d.sessions(media(4000, sdp.SendRecv, "PCMA"), media(4000, sdp.SendRecv, "PCMA"))
	if d.same != 1 || d.changed != 0 {
		t.Errorf("%s", shown(&d))
	}
	d.sessions(media(0, sdp.SendRecv), nil)
	if d.onlyA != 1 {
		t.Errorf("%s", shown(&d))
	}
}

// Two calls, of which the second is refused after it was asked for a password.
func TestDiffCalls(t *testing.T) {
	const phone, server = "192.0.2.1:5060", "192.0.2.9:5060"
	good, bad := sample.New(1, "g", "sip:a@x", "sip:b@x", 0), sample.New(2, "b", "sip:a@x", "sip:b@x", 60)
	for _, b := range []*sample.Builder{good, bad} {
		m := b.Request(phone, server, "INVITE")
		sample.WithSDP(m, "192.0.2.1:4000", "PCMA")
		b.After(20).Response(server, phone, 100, "Trying", "INVITE")
	}
	good.After(300).Response(server, phone, 180, "Ringing", "INVITE")
	good.After(2000).Response(server, phone, 200, "OK", "INVITE")
	good.After(5).Request(phone, server, "ACK")
	bad.After(4000).Response(server, phone, 503, "Unavailable", "INVITE")
	bad.After(5).Request(phone, server, "ACK")
	good.Call.FinalStatus, good.Call.FinalReason = 200, "OK"
	bad.Call.FinalStatus, bad.Call.FinalReason = 503, "Unavailable"
	r := newRig(t, rigOptions{w: 80, h: 24, snap: &correlate.Snapshot{Calls: []*correlate.Call{&good.Call, &bad.Call}}, status: fileStatus()})
	d := diffCalls(r.UI, ladder.Leg{Call: &good.Call}, ladder.Leg{Call: &bad.Call})
	got := shown(&d)
	for _, want := range []string{
		"~ Final answer: [200] [OK] / [503] [Unavailable]\n",
		"- < 180 INVITE: +0.320 Ringing  frame 103 / \n", "- < 200 INVITE: +2.320 OK  frame 104 / \n", "+ < 503 INVITE:  / +4.020 Unavailable  frame 203\n",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is missing in\n%s", want, got)
		}
	}
	if strings.Contains(got, "> ACK") || strings.Contains(got, "100 INVITE") || strings.Contains(got, "SDP audio") {
		t.Errorf("what is the same counts as different:\n%s", got)
	}
	r.press("Space", "Down", "Space", "=").has("Compare  A #1", "B #2", "only in A", "steps (time since the first message)", "descriptions: the same")
	r.press("x").has("Compare  A #2").press("D").has("> ACK").press("Esc").has("#")
}

func FuzzChangedPieces(f *testing.F) {
	f.Add("a;b=1", "a;b=2")
	f.Add("\xff日", "日\x00")
	f.Fuzz(func(t *testing.T, a, b string) {
		pa, pb := changedPieces(a, b)
		if joinPieces(pa) != a || joinPieces(pb) != b {
			t.Fatalf("%q, %q became %q, %q", a, b, joinPieces(pa), joinPieces(pb))
		}
		kept := func(list []piece) string {
			text := ""
			for _, p := range list {
				if !p.changed {
					text += p.text
				}
			}
			return text
		}
		if kept(pa) != kept(pb) {
			t.Fatalf("the same of %q and %q: %q and %q", a, b, kept(pa), kept(pb))
		}
	})
}

// The line with something wrong in it is underlined, and the status row says
// what it is; a tag has the same colour wherever it stands.
func TestWrongThingsAreUnderlined(t *testing.T) {
	raw := "INVITE sip:1@b SIP/2.0\r\nVia: SIP/2.0/UDP a;branch=z9hG4bK1\r\nContent-Length: 99\r\n\r\n"
	m := &correlate.Message{Method: "INVITE", Raw: raw, Findings: []sip.Finding{{Code: "content_length_too_large", Offset: strings.Index(raw, "99")}}}
	r := newRig(t, rigOptions{w: 80, h: 24, snap: rows(1), status: fileStatus()})
	for _, wire := range []bool{true, false} {
		for _, line := range messageText(r.UI, m, textKey{m: m, width: 70, wire: wire, syntax: true}) {
			wrong := len(line) > 0 && line[0].role == roleWrong
			if want := strings.HasPrefix(line.String(), "Content-Length"); wrong != want {
				t.Errorf("wire %v: %q underlined %v, want %v", wire, line, wrong, want)
			}
		}
	}
	r.push(newMessageView(r.UI, []*correlate.Message{m}, m))
	r.has("✗ content length too large")
	colours := map[role]bool{}
	for _, tag := range []string{"8c1", "8c2", "8c3", "8c4", "as71", "z9hG4bK77ef"} {
		colours[roleOfTag(tag)] = true
	}
	if len(colours) < 2 {
		t.Error("tags are not told apart by colour")
	}
}
