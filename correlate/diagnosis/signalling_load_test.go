package diagnosis

import (
	"fmt"
	"strings"
)

// many writes n calls, one a second, of which every nth is written by odd.
func many(n, nth int, good, odd string) string {
	var b strings.Builder
	for i := range n {
		text := good
		if nth > 0 && i%nth == 0 {
			text = odd
		}
		for _, line := range strings.Split(strings.TrimSpace(text), "\n") {
			offset, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
			var at float64
			fmt.Sscan(offset, &at)
			fmt.Fprintf(&b, "%.3f %s id=c%d\n", 5+float64(i)*0.5+at, rest, i)
		}
	}
	return b.String()
}

func loadScenarios() []scenario {
	const good = "0.0 A>B INVITE 1 sdp\n0.01 B>A 100 INVITE 1\n0.1 B>A 180 INVITE 1\n0.2 B>A 200 INVITE 1 sdp\n0.21 A>B ACK 1\n0.3 A>B BYE 2\n0.31 B>A 200 BYE 2"
	const failed = "0.0 A>B INVITE 1 sdp\n0.01 B>A 100 INVITE 1\n0.1 B>A 500 INVITE 1\n0.11 A>B ACK 1 nack"
	const lossy = "0.0 A>B INVITE 1 sdp\n0.5 A>B INVITE 1 sdp\n0.6 B>A 180 INVITE 1\n0.7 B>A 200 INVITE 1 sdp\n0.71 A>B ACK 1\n0.8 A>B BYE 2\n1.3 A>B BYE 2\n1.4 B>A 200 BYE 2"
	copies := func(n int) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, "%.1f A>B INVITE 1 sdp\n", 0.5*float64(i))
		}
		return b.String() + "9.0 B>A 486 INVITE 1\n9.1 A>B ACK 1 nack"
	}
	return []scenario{
		{rule: "SIG-21", name: "503", severity: "error", confidence: "proven", says: []string{"503", "after 30 s"}, script: `
		0.0 A>B INVITE 1 sdp
		0.1 B>A 503 INVITE 1 +Retry-After:30
		0.2 A>B ACK 1 nack`},
		{rule: "SIG-21", name: "many 500", severity: "error", confidence: "suspect", says: []string{"10 % of 70 calls in one minute"}, script: many(100, 10, good, failed)},
		{rule: "SIG-21", name: "another server took over", silent: true, script: `
		0.0 A>B INVITE 1 sdp
		0.1 B>A 503 INVITE 1
		0.2 A>B ACK 1 nack
		0.9 A>C INVITE 2 sdp
		1.0 C>A 200 INVITE 2 sdp
		1.1 A>C ACK 2`},
		{rule: "SIG-21", name: "few 500", silent: true, script: many(100, 34, good, failed)},

		{rule: "SIG-25", name: "lossy", severity: "error", confidence: "proven", script: many(100, 2, good, lossy)},
		{rule: "SIG-25", name: "eight INVITEs", says: []string{"the same INVITE 8 times"}, script: copies(8)},
		{rule: "SIG-25", name: "seven INVITEs", silent: true, script: copies(7)},
		{rule: "SIG-25", name: "a little loss", silent: true, script: many(100, 20, good, lossy)},
	}
}
