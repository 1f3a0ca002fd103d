package main

import (
	"strings"
	"testing"

	"sipsniff/decode"
)

// One of a thing is said in the singular, and large numbers are grouped.
func TestDecodeLinesCountInWords(t *testing.T) {
	one := decode.Stats{Fragments: 1, Reassembled: 1, ICMPErrors: 1}
	one.Signalling.Connections, one.Signalling.Gaps, one.Signalling.KeepAlives = 1, 1, 1
	many := decode.Stats{Fragments: 20_000}
	many.Signalling.Connections, many.Signalling.TLS = 43_210, 10_001
	for _, c := range []struct {
		stats decode.Stats
		want  []string
	}{
		{one, []string{
			"1 IP fragment, 1 datagram put together, 0 incomplete",
			"1 TCP connection, 0 of them TLS, 0 WebSocket; 1 gap", "1 keep-alive of SIP flows", "1 ICMP error about SIP or media",
		}},
		{many, []string{
			"20,000 IP fragments, 0 datagrams put together, 0 incomplete",
			"43,210 TCP connections, 10,001 of them TLS, 0 WebSocket; 0 gaps",
		}},
	} {
		if got := strings.Join(decodeLines(&c.stats), "\n"); got != strings.Join(c.want, "\n") {
			t.Errorf("got\n%s\nwant\n%s", got, strings.Join(c.want, "\n"))
		}
	}
}

func TestLimitsAreGrouped(t *testing.T) {
	const want = "calls 2 of 100,000, memory for calls and streams up to 1 GiB; the oldest leave first"
	if got := limitsText(2, 100_000, 1<<30); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestSpoolText(t *testing.T) {
	const minute = int64(60e9)
	for want, since := range map[string]int64{
		"1.5 MiB of 64 MiB, all media, in /s":                0,
		"1.5 MiB of 64 MiB, media of the last 14m00s, in /s": 6 * minute,
		"1.5 MiB of 64 MiB, media of the last 0 s, in /s":    21 * minute,
	} {
		if got := spoolText(3<<19, 64<<20, since, 20*minute, "/s"); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}
