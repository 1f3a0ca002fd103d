package roster_test

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"sipsniff/correlate"
	"sipsniff/correlate/roster"
	"sipsniff/decode"
	"sipsniff/decode/sip"
)

// A scene is a capture written by hand: messages between a few parties, fed
// through the tracker.
type scene struct {
	t       testing.TB
	tracker *correlate.Tracker
	frame   int
	missing int // octets at the end of the next message that were not captured
}

const (
	second = int64(1e9)
	epoch  = int64(1_700_000_000) * second
)

func at(seconds float64) int64 { return epoch + int64(seconds*1e6+0.5)*1000 }

func ms(milliseconds float64) int64 { return int64(milliseconds * 1e6) }

// parties are the ends of a way such as "A>R".
var parties = map[byte]string{
	'A': "192.0.2.10:5060", 'B': "192.0.2.20:5060", 'C': "192.0.2.30:5060", 'R': "192.0.2.5:5060", 'P': "192.0.2.6:5060",
	'N': "203.0.113.77:41022",
}

func party(letter byte) netip.AddrPort { return netip.MustParseAddrPort(parties[letter]) }

func newScene(t testing.TB) *scene {
	return &scene{t: t, tracker: correlate.NewTracker(correlate.Config{})}
}

// message sends one message. what is "REGISTER 1" or "401 REGISTER 1".
// Headers replace those that are made; a last line that begins with a line
// feed is the body, and a name without a value leaves the header out. {call}, {from} and {to} stand in the defaults.
func (s *scene) message(seconds float64, way, callID, what string, headers ...string) {
	s.t.Helper()
	s.frame++
	src, dst := party(way[0]), party(way[2])
	start, cseq, client := "", what, way[0]
	if what[0] >= '1' && what[0] <= '9' {
		cseq = what[4:]
		start, client = "SIP/2.0 "+what[:3]+" Reason "+what[:3], way[2]
	} else {
		method, _, _ := strings.Cut(what, " ")
		start = method + " sip:example.com SIP/2.0"
	}
	method, number, _ := strings.Cut(cseq, " ")
	link := []byte{way[0], way[2]}
	if link[0] > link[1] {
		link[0], link[1] = link[1], link[0]
	}
	lines := []string{
		fmt.Sprintf("Via: SIP/2.0/UDP %s;branch=z9hG4bK-%s-%s-%s-%s", party(client), callID, link, method, number),
		"From: <sip:alice@example.com>;tag=a", "To: <sip:alice@example.com>",
		"Call-ID: " + callID, "CSeq: " + number + " " + method, "Max-Forwards: 70",
	}
	body := ""
	for _, h := range headers {
		if strings.HasPrefix(h, "\n") {
			body = h[1:]
			continue
		}
		lines = replaced(lines, h)
	}
	lines = slices.DeleteFunc(lines, func(line string) bool { return strings.HasSuffix(line, ":") })
	text := start + "\r\n" + strings.Join(lines, "\r\n") + fmt.Sprintf("\r\nContent-Length: %d\r\n\r\n%s", len(body), body)
	p := decode.Packet{Frame: s.frame, LastFrame: s.frame, Nanos: at(seconds), LastNanos: at(seconds), Src: src, Dst: dst}
	if s.missing > 0 {
		text, p.Cut = text[:len(text)-s.missing], "snaplen"
		s.missing = 0
	}
	m := new(sip.Message)
	if err := sip.ParseWith(m, text, sip.Options{Cut: p.Cut != ""}); err != nil {
		s.t.Fatal(err)
	}
	if strings.Contains(lines[0], "SIP/2.0/TCP") {
		p.Transport = decode.TCP
	}
	s.tracker.Message(&p, m)
}

// replaced puts a header in the place of the one with its name, which is only
// done to those that may stand once.
func replaced(lines []string, header string) []string {
	name, _, _ := strings.Cut(header, ":")
	for i, line := range lines[:6] {
		if strings.HasPrefix(line, name+":") {
			lines[i] = header
			return lines
		}
	}
	return append(lines, header)
}

// until lets the time pass and says how it stands.
func (s *scene) until(seconds float64) *roster.Roster {
	s.tracker.Advance(at(seconds))
	s.tracker.Flush()
	return roster.Of(s.tracker.Publish())
}

func equal[T comparable](t testing.TB, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s is %v, want %v", what, got, want)
	}
}

func joined[T any](list []T) string { return strings.Trim(fmt.Sprint(list), "[]") }

func words(values ...any) string { return strings.TrimSuffix(fmt.Sprintln(values...), "\n") }

// indexes are the numbers of calls in the list.
func indexes(calls []*correlate.Call) string {
	var list []int
	for _, c := range calls {
		list = append(list, c.Index)
	}
	return joined(list)
}
