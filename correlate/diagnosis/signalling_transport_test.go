package diagnosis

import (
	"net/netip"
	"slices"
	"testing"

	"sipsniff/correlate"
	"sipsniff/decode"
	"sipsniff/internal/scene"
)

func transportScenarios() []scenario {
	with := func(asks, answers decode.Opening, change func(*decode.TCPConnection)) *correlate.Snapshot {
		c := decode.TCPConnection{Client: netip.MustParseAddrPort("192.0.2.1:33000"), Server: netip.MustParseAddrPort("192.0.2.2:5061"), FirstFrame: 1, SYNs: 1, Established: 1e9}
		c.FromClient = decode.TCPSide{Opening: asks, OpeningFrame: 4, OpeningNanos: 2e9, Segments: 1}
		if answers != decode.OpeningNone {
			c.FromServer = decode.TCPSide{Opening: answers, OpeningFrame: 6, OpeningNanos: 3e9, Segments: 1, Code: 400}
		}
		if change != nil {
			change(&c)
		}
		return snapshotOf(correlate.Input{Connections: []decode.TCPConnection{c}})
	}
	return []scenario{
		{rule: "SIG-27", name: "SIP is answered by an alert", count: 1, frames: []int{4, 6}, says: []string{"192.0.2.1:33000 speaks SIP in the clear to 192.0.2.2:5061", "a TLS alert"}, snapshot: with(decode.OpeningSIP, decode.OpeningAlert, nil)},
		{rule: "SIG-27", name: "by a web server", says: []string{"HTTP 400"}, snapshot: with(decode.OpeningSIP, decode.OpeningHTTP, nil)},
		{rule: "SIG-27", name: "a hello is answered by SIP", says: []string{"wants TLS"}, snapshot: with(decode.OpeningHello, decode.OpeningSIP, nil)},
		{rule: "SIG-27", name: "by a reset of the port of TLS", says: []string{"hangs up"}, frames: []int{4, 9}, snapshot: with(decode.OpeningSIP, decode.OpeningNone, func(c *decode.TCPConnection) { c.FromServer.Reset, c.FromServer.ResetFrame = 2.1e9, 9 })},
		{rule: "SIG-27", name: "the port of TLS hangs up", count: 1, frames: []int{4, 8}, snapshot: with(decode.OpeningSIP, decode.OpeningNone, func(c *decode.TCPConnection) { c.FromServer.Fin, c.FromServer.FinFrame = 2.2e9, 8 })},
		{rule: "SIG-27", name: "the client hangs up", silent: true, snapshot: with(decode.OpeningSIP, decode.OpeningNone, func(c *decode.TCPConnection) {
			c.FromClient.Fin, c.FromServer.Fin, c.FromServer.FinFrame = 2.1e9, 2.2e9, 8
		})},
		{rule: "SIG-27", name: "the Via names another transport", severity: "error", confidence: "strong", count: 1, says: []string{"went over UDP, but its Via says TCP"}, script: `
		0.0 A>B OPTIONS 1 id=other
		0.1 B>A 200 OPTIONS 1 id=other
		1.0 A>B INVITE 1 sdp -Via +Via:SIP/2.0/TCP_192.0.2.65:5060;branch=z9hG4bK1
		1.5 A>B INVITE 1 sdp -Via +Via:SIP/2.0/TCP_192.0.2.65:5060;branch=z9hG4bK1
		2.5 A>B INVITE 1 sdp -Via +Via:SIP/2.0/TCP_192.0.2.65:5060;branch=z9hG4bK1
		4.5 A>B INVITE 1 sdp -Via +Via:SIP/2.0/TCP_192.0.2.65:5060;branch=z9hG4bK1
		40 end`},
		{rule: "SIG-27", name: "the Via names another transport, and it works", silent: true, script: `
		1.0 A>B OPTIONS 1 -Via +Via:SIP/2.0/TCP_192.0.2.65:5060;branch=z9hG4bK1
		1.1 B>A 200 OPTIONS 1 branch=z9hG4bK1
		40 end`},
		{rule: "SIG-27", name: "nobody answers, the Via is right", silent: true, script: `
		1.0 A>B OPTIONS 1
		1.5 A>B OPTIONS 1
		2.5 A>B OPTIONS 1
		4.5 A>B OPTIONS 1
		40 end`},
		{rule: "SIG-27", name: "both speak SIP", silent: true, snapshot: with(decode.OpeningSIP, decode.OpeningSIP, nil)},
		{rule: "SIG-27", name: "both speak TLS", silent: true, snapshot: with(decode.OpeningHello, decode.OpeningTLS, nil)},
		{rule: "SIG-27", name: "a reset much later", silent: true, snapshot: with(decode.OpeningSIP, decode.OpeningNone, func(c *decode.TCPConnection) { c.FromServer.Reset = 60e9 })},
	}
}

// A call over a connection whose sides speak differently is told why nobody
// answered it, and not that nobody did.
func TestMismatchExplainsSilence(t *testing.T) {
	snap := *scene.Play(t, `
		0.0 A>B OPTIONS 1 id=other
		0.1 B>A 200 OPTIONS 1 id=other
		1.0 A>B OPTIONS 1
		1.5 A>B OPTIONS 1
		2.5 A>B OPTIONS 1
		4.5 A>B OPTIONS 1
		40 end`)
	over := *snap.Calls[1]
	over.Transport = decode.TCP
	snap.Calls = []*correlate.Call{snap.Calls[0], &over}
	codes := func() (list []string) {
		for _, f := range New(Options{}).Run(&snap).ByCall[over.Index] {
			list = append(list, f.Code)
		}
		return list
	}
	if got := codes(); !slices.Equal(got, []string{"SIG-01"}) {
		t.Fatalf("%v is said of it without the connection, want SIG-01", got)
	}
	snap.Input.Connections = []decode.TCPConnection{{Client: over.Source, Server: over.Destination, FirstFrame: 3,
		FromClient: decode.TCPSide{Opening: decode.OpeningSIP, OpeningFrame: 3, OpeningNanos: over.Started, Segments: 1},
		FromServer: decode.TCPSide{Opening: decode.OpeningAlert, OpeningFrame: 4, OpeningNanos: over.Started + 1e6, Segments: 1}}}
	if got := codes(); !slices.Equal(got, []string{"SIG-27"}) {
		t.Errorf("%v is said of it, want SIG-27", got)
	}
}
