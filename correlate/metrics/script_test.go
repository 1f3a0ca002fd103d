package metrics

import (
	"fmt"
	"net/netip"
	"strconv"
	"strings"
	"testing"

	"sipsniff/correlate"
	"sipsniff/decode"
	"sipsniff/decode/sip"
)

// epoch is a whole second, as the rate counts by the clock.
const epoch = 1_700_000_000 * second

func at(s float64) int64 { return epoch + int64(s*1e6+0.5)*1000 }

func host(name string) netip.Addr { return netip.AddrFrom4([4]byte{192, 0, 2, name[0]}) }

// snapshot plays a script, one message a line in the order of time:
//
//	1.250 B>A 183 INVITE 1 call
//
// is a response 183 to INVITE with CSeq number 1 from B to A under the Call-ID
// "call". "nack" behind it is the ACK to a failure, "end" alone lets the
// capture go on until then.
func snapshot(t testing.TB, text string) *correlate.Snapshot {
	t.Helper()
	tr := correlate.NewTracker(correlate.Config{})
	for i, line := range strings.Split(strings.TrimSpace(text), "\n") {
		f := strings.Fields(line)
		s, err := strconv.ParseFloat(f[0], 64)
		if err != nil {
			t.Fatal(err)
		}
		if f[1] == "end" {
			tr.Advance(at(s))
			continue
		}
		p, m := message(t, f, i+1, at(s))
		tr.Message(p, m)
	}
	tr.Flush()
	return tr.Publish()
}

func message(t testing.TB, f []string, frame int, nanos int64) (*decode.Packet, *sip.Message) {
	src, dst, _ := strings.Cut(f[1], ">")
	first, status := f[2]+" sip:b@example.org SIP/2.0", ""
	if f[2][0] <= '9' {
		status, first = f[2], "SIP/2.0 "+f[2]+" Text"
		f = append(f[:2:2], f[3:]...)
	}
	method, number, id := f[2], f[3], f[4]
	link := src + dst
	if dst < src {
		link = dst + src
	}
	family := method
	if method == "CANCEL" || len(f) > 5 && f[5] == "nack" {
		family = "INVITE"
	}
	from, to := "a", ";tag=b"
	if method == "BYE" && (dst == "A") == (status == "") {
		from, to = "b", ";tag=a" // of the callee
	} else if status == "" && method != "ACK" && method != "BYE" || status == "100" {
		to = ""
	}
	text := fmt.Sprintf("%s\r\nVia: SIP/2.0/UDP h.example.org;branch=z9hG4bK%s%s%s\r\nFrom: <sip:a@example.org>;tag=%s\r\nTo: <sip:b@example.org>%s\r\n"+
		"Call-ID: %s\r\nCSeq: %s %s\r\nContact: <sip:a@example.org>\r\nContent-Length: 0\r\n\r\n", first, link, family, number, from, to, id, number, method)
	m, err := sip.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	p := &decode.Packet{Frame: frame, LastFrame: frame, Nanos: nanos, LastNanos: nanos,
		Src: netip.AddrPortFrom(host(src), 5060), Dst: netip.AddrPortFrom(host(dst), 5060)}
	return p, m
}
