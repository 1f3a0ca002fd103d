package diagnosis

import (
	"fmt"
	"net/netip"
	"strings"

	"sipsniff/correlate"
)

func sizeScenarios() []scenario {
	fat := "+X-Much:" + strings.Repeat("a", 1400)
	dead := func(n int, rest string) string {
		var b strings.Builder
		for i := range n {
			for _, at := range []float64{0, 0.5, 1.5} {
				fmt.Fprintf(&b, "%.1f A>B INVITE 1 id=c%d %s\n", 10*float64(i)+at, i, rest)
			}
		}
		return b.String() + "1.0 A>B OPTIONS 1 id=o\n1.1 B>A 200 OPTIONS 1 id=o\n11.0 A>B OPTIONS 2 id=o\n11.1 B>A 200 OPTIONS 2 id=o\n21.0 A>B OPTIONS 3 id=o\n21.1 B>A 200 OPTIONS 3 id=o\n60 end"
	}
	return []scenario{
		{rule: "SIG-26", name: "large ones", severity: "error", confidence: "strong", count: 3, says: []string{"3 requests of more than 1300 octets"}, script: dead(3, fat)},
		{rule: "SIG-26", name: "ICMP", confidence: "proven", script: "0.0 A>B INVITE 1 sdp " + fat + "\n0.1 C>A icmp 3/4 1"},
		{rule: "SIG-26", name: "first fragments only", severity: "error", confidence: "proven", count: 1, says: []string{"Of 2 messages from 192.0.2.1 to 192.0.2.2 only the first fragment came"}, snapshot: fragmentsOnly(2)},
		{rule: "SIG-26", name: "one first fragment", silent: true, snapshot: fragmentsOnly(1)},
		{rule: "SIG-26", name: "small ones", silent: true, script: dead(3, "")},
		{rule: "SIG-26", name: "two large ones", silent: true, script: dead(2, fat)},
		{rule: "SIG-26", name: "port unreachable", silent: true, script: "0.0 A>B INVITE 1 sdp " + fat + "\n0.1 B>A icmp 3/3 1"},
	}
}

// fragmentsOnly is an INVITE of which only first fragments came.
func fragmentsOnly(copies int) *correlate.Snapshot {
	var list []*correlate.Message
	for i := range copies {
		list = append(list, &correlate.Message{
			Frame: i + 1, Nanos: int64(i+1) * second, Method: "INVITE", Retransmission: i > 0, Cut: "ip_fragment_lost",
			Src: netip.MustParseAddrPort("192.0.2.1:5060"), Dst: netip.MustParseAddrPort("192.0.2.2:5060"),
		})
	}
	return &correlate.Snapshot{Calls: []*correlate.Call{(&correlate.Call{Index: 1, Method: "INVITE"}).WithMessages(list)}, Last: 60 * second}
}
