package correlate

import (
	"fmt"
	"net/netip"
	"runtime"
	"strings"
	"testing"

	"sipsniff/decode"
	"sipsniff/decode/sip"
)

// What is remembered of a call besides its messages counts against the limit
// of memory: about other legs, about other calls, its story and its attempts.
func TestFactsAreCounted(t *testing.T) {
	numbers := func(i int) string {
		return fmt.Sprintf("P-Asserted-Identity: <sip:+4930%07d@a>\nRemote-Party-ID: <sip:+4940%07d@a>\nDiversion: <sip:+4950%07d@a>\nHistory-Info: <sip:+4960%07d@a>;index=1\n", i, i, i, i)
	}
	keys := func(i int) string {
		var b strings.Builder
		for n := range 8 {
			fmt.Fprintf(&b, "X-Asterisk-%d: other-%d-%d\nCisco-Guid: %d-%d-abcdef\n", n, i, n, i, n)
		}
		fmt.Fprintf(&b, "Session-ID: %032x;remote=%032x\n", 2*i+1, 2*i+2)
		return b.String()
	}
	for name, v := range map[string]struct {
		calls, messages int
		method          func(n int) string
		headers         func(i, n int) string
	}{
		"numbers": {2000, 1, invite, func(i, _ int) string { return numbers(i) }},
		"keys":    {2000, 1, invite, func(i, _ int) string { return keys(i) }},
		"one Session-ID for pairs": {2000, 1, invite, func(i, _ int) string {
			return fmt.Sprintf("Session-ID: %032x;remote=%032x\n", i/2+1, i/2+1_000_000)
		}},
		"one Session-ID for many": {2000, 1, invite, func(i, _ int) string {
			return fmt.Sprintf("Session-ID: %032x;remote=%032x\n", i/60+1, i/60+1_000_000)
		}},
		"transfers": {200, 17, func(n int) string {
			if n == 0 {
				return "INVITE"
			}
			return "REFER"
		}, func(i, n int) string {
			return fmt.Sprintf("Refer-To: <sip:%d.%d@b?Replaces=%d-%d%%3Bto-tag%%3Dx%%3Bfrom-tag%%3Dy>\n", i, n, i, n)
		}},
		"attempts": {20, 400, invite, func(int, int) string { return "" }},
	} {
		t.Run(name, func(t *testing.T) {
			tr := NewTracker(Config{})
			flood(t, tr, 1, 0)
			tr.Publish()
			before, counted := heap(), tr.memory+tr.streams.memory()
			for i := range v.calls {
				for n := range v.messages {
					feedHeaders(tr, i, n, v.method(n), v.headers(i, n))
				}
			}
			tr.Flush()
			tr.Publish()
			grown, counted := heap()-before, tr.memory+tr.streams.memory()-counted
			t.Logf("the heap grew by %d octets a call, %d are counted", grown/int64(v.calls), counted/int64(v.calls))
			if grown > counted*5/4 {
				t.Errorf("the heap grew by %d octets a call, %d are counted", grown/int64(v.calls), counted/int64(v.calls))
			}
			runtime.KeepAlive(tr)
		})
	}
}

func invite(int) string { return "INVITE" }

// feedHeaders gives a tracker message n of call i.
func feedHeaders(tr *Tracker, i, n int, method, headers string) {
	text := fmt.Sprintf("%s sip:+4970%07d@b SIP/2.0\nVia: SIP/2.0/UDP a;branch=z9hG4bK%d.%d\nFrom: <sip:+4980%07d@a>;tag=1\nTo: <sip:+4970%07d@b>\nCall-ID: call-%d\nCSeq: %d %s\nMax-Forwards: 70\n%s\n", method, i, i, n, i, i, i, n+1, method, headers)
	m, _ := sip.Parse(strings.ReplaceAll(text, "\n", "\r\n"))
	host := func(i int) netip.AddrPort {
		return netip.AddrPortFrom(netip.AddrFrom4([4]byte{198, 51, byte(i / 256), byte(i)}), 5060)
	}
	tr.Message(&decode.Packet{Nanos: scriptEpoch + int64(i)*second/10 + int64(n)*millisecond, Frame: i*1000 + n + 1, Transport: decode.UDP, Src: host(i), Dst: host(i + 1)}, m)
}
